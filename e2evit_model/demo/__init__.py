"""What the program paints itself: a slide that looks like H&E, and a model for trying things out."""
