"""Everything that takes longer than a frame: threads of the window, and the model's own process.

``failure`` (what went wrong, as a sentence), ``worker`` (the one class for threads), ``model_child`` (what runs in the model's
process; never imports Qt), ``model_process`` (the window's end of it). Imports ``e2evit_model`` and nothing of the window.
"""

TRAINING_CHILD = "--training-child"
"""The first word with which a built application becomes the process that trains: it has no Python to give a module to."""
