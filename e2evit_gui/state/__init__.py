"""What is open and chosen now, as objects that tell when they change.

``session`` (slide, mask, grid, result, settings, model, the tile under the cursor), ``overlay`` (what is painted over the slide,
and how), ``preferences`` (what is remembered from one start to the next), ``log`` (log records for the window). No widgets.
"""
