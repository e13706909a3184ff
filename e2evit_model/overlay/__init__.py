"""Values of tiles to a picture with alpha in level-0 coordinates, with scales, colors and a color bar; no torch, no Qt.

``values`` (scales, limits, percentiles), ``colors`` (color tables), ``picture`` (one pixel a tile, where it lies, RGBA),
``color_bar`` (ticks with numbers), ``contours`` (lines of equal value), ``geojson`` (tiles for QuPath), ``ome_tiff`` (a pyramid
that lies on the slide). May import ``tiling`` and what lies below it.
"""
