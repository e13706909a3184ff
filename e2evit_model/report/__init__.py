"""A slide's result to figures and files.

``low_power`` (overview and small tiles), ``sheet`` (the page), ``overlay_figure``, ``tissue_figure``, ``strip_figure``, and
``slide_files`` (everything one analysis writes). May import ``inference`` and what lies below it; no torch, no Qt.
"""
