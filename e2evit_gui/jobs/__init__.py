"""Everything that takes longer than a frame: threads of the window, and the model's own process.

``failure`` (what went wrong, as a sentence), ``worker`` (the one class for threads), ``model_child`` (what runs in the model's
process; never imports Qt), ``model_process`` (the window's end of it). Imports ``e2evit_model`` and nothing of the window.
"""
