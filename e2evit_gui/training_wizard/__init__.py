"""From a folder of slides and a table to a training that runs: six pages.

``draft`` (everything chosen, and its template), ``presenter`` (checks, folds, starts) and ``slide_presenter`` (looks at slides and
the model) have no widgets; ``wizard`` is the window with its steps; one file a page. ``words`` are choices in words, ``estimate``
the time of a training. Imports ``forms``, ``jobs``, ``theme``; knows nothing of the other pages of the window.
"""
