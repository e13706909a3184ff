"""The manager of models: which are here, what they need, their licences; getting, adding, checking and removing them.

``presenter`` acts in a process of its own, ``manager`` is the window, ``model_list`` and ``details`` are its two sides,
``add_question`` asks what a file is of, ``token_row`` takes a token. May import ``dialogs``, ``forms`` and what lies below.
"""
