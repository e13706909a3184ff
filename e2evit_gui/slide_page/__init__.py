"""The page of one slide: canvas and panels, and the presenters that act for them.

``presenter`` (opens, masks, tiles) and ``model_presenter`` (chooses and runs the model) have no widgets; ``page`` holds canvas,
notices and the empty state; one file a panel. ``preflight`` is what is checked before a run, ``model_facts`` what is known of a
model without loading it, ``region_*`` and ``regions_*`` what is drawn on the slide (tools, counts,
questions to the model, panel), ``estimate`` memory and time, ``command`` the same analysis on the command line. Panels emit
``*_requested`` and redraw when the session tells.
"""
