"""The page of one slide: canvas and panels, and the presenter that acts for them.

``presenter`` (opens, masks, tiles, runs; no widgets), ``page`` (canvas, notices, empty state), one file a panel, ``preflight`` (what
is checked before a run), ``model_facts`` (what is known of a model without loading it), ``estimate`` (memory and time). Panels emit
``*_requested`` and redraw when the session tells; all connections are made in ``wiring``.
"""
