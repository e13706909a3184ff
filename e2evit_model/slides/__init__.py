"""Open a slide file, say how large a pixel is, read a region. One file a library behind one ``Slide`` Protocol.

``protocol`` (the types), ``opening`` (``open_slide``), one reader a library, ``jpeg_tiles`` (the fast path), ``scale`` (which
level for a resolution). May import ``options``, ``progress``, ``files``, ``units``, ``errors``.
"""
