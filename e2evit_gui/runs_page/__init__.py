"""The runs: what trains, how it learns, what came of it.

``snapshot`` (what the files of a run say now; no Qt), ``presenter`` (looks every second, stops, resumes; no widgets), ``curves``
(fold x epoch), ``run_view`` (one run), ``page`` (the list, and the chosen runs side by side). Imports
``forms``, ``jobs``, ``theme``.
"""
