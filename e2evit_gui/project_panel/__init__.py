"""PROJECT and JOBS: the slides of a project as a list, and the queue of those that are analyzed.

``presenter`` (open, take slides in, find them again, remove; no widgets),
``slide_model`` and ``slide_delegate`` (the list's rows, their drawing), ``panel`` (the dock), ``batch_presenter`` (what is asked of
the queue), ``jobs_panel`` (the queue's dock). May import viewer, forms, dialogs and what lies below; not the other pages.
"""
