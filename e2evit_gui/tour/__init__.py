"""The tour of the window: cards beside its parts, on a slide that the program paints itself."""
