"""``analyze_slide``: the one call of window and command line, from a slide file to a ``SlideResult``.

``settings`` and ``result`` do not import torch; for that reason this package imports nothing by itself.
"""
