"""Regions that people draw on a slide: shapes, classes, notes, and what they mean for the strip.

``region`` (the type and its measures), ``slide_regions`` (all of one slide), ``document`` (as one JSON document), ``geojson`` (as
QuPath reads and writes them), ``selection`` (which tiles are kept, what was corrected on the tissue mask). May import ``tiling``
and what lies below it; no torch, no Qt.
"""
