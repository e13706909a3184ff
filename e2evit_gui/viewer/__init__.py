"""The slide on screen, and its strip.

``viewport`` (where one looks), ``pyramid`` (the levels that are painted), ``tile_cache`` and ``tile_reader`` (tiles in threads),
``scaled_tiles`` (at their size on screen), ``slide_tiles`` (all for one open slide), ``canvas`` (the widget), ``layers`` (what
lies over the slide), ``furniture`` (scale bar, location, color bar), ``overview``, ``strip_view``,
``strip_cells`` (its drawn tiles), ``thumbnails``. Everything is painted in device pixels; coordinates of the slide are level-0
pixels. Regions: ``regions_layer`` (painted in one pass), ``tool_hand`` (events go to the tool first), ``tools``, ``tool_brush``
and ``tool_select``; ``display_range`` is for the eye only.
"""
