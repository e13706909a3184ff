"""Open a slide file, say how large a pixel is, read a region. One file a library behind one ``Slide`` Protocol.

``protocol`` (the types), ``scale`` (which level for a resolution), ``opening`` (``open_slide``), ``opened`` (the open slide on
top of a reader). Readers: ``openslide_reader``, ``tifffile_reader`` (with ``tiff_picture``, ``tiff_metadata``), ``flat_reader``;
``reading`` says what a reader offers. The fast path for JPEG tiles: ``jpeg_tiles``, ``tile_regions``, ``jpeg_stream``,
``tile_table``, ``tiff_structure``, ``file_bytes``, ``read_ahead``, ``tile_cache``, ``reducing``. Judging files: ``file_kind``,
``refusals``, ``resolution``, ``fingerprint``, ``dicom_colors``.

May import ``options``, ``progress``, ``files``, ``units``, ``errors``.
"""
