"""The window of results: all slides of a project beside each other.

``page`` (the window and its tabs), ``result_model`` (the table and its export), ``gallery`` (tiles across slides),
``embedding_map`` (slides that look alike to the model), ``survival_tab`` (the training cohort's curves with a slide's place),
``compare`` (slides side by side).
"""
