"""Values of tiles to a picture with alpha in level-0 coordinates, with scales, colors and a color bar; no torch."""
