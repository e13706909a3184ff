"""The literal strip: the reference that the fast way is held against, and a picture of what is never built whole."""

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError
from e2evit_model.slides.protocol import Pixels, Slide
from e2evit_model.strip.patches import check_patches, parts_of_tile
from e2evit_model.strip.tiles import tile_pixels
from e2evit_model.tiling.grid import TileGrid

__all__ = ["LARGEST_STRIP_PX", "literal_strip", "naive_sums", "tile_pixels"]

LARGEST_STRIP_PX = 2**26
"""The literal strip may have this many pixels (192 MiB; 1 337 tiles of 224 px)."""


def literal_strip(slide: Slide, grid: TileGrid) -> Pixels:
    """Put the tiles of a small grid side by side in the grid's order, (tile_px, tile_px * N, 3).

    Raises
    ------
    OptionError
        When the strip would have more than ``LARGEST_STRIP_PX`` pixels.
    SlideError
        When a tile touches damaged data.
    """
    most = LARGEST_STRIP_PX // grid.tile_px**2
    if len(grid) > most:
        raise OptionError(
            f"A strip of {len(grid)} tiles of {grid.tile_px} px is too large to be built whole.",
            hint=f"Choose a region of at most {most} tiles; the model itself needs no such strip.",
        )
    strip = np.empty((grid.tile_px, grid.tile_px * len(grid), 3), np.uint8)
    for index in range(len(grid)):
        strip[:, index * grid.tile_px : (index + 1) * grid.tile_px] = tile_pixels(slide, grid, index)
    return strip


def naive_sums(strip: Pixels, *, patch_px: int, splits: int = 1) -> NDArray[np.int64]:
    """Add up the patches of every part of every tile of a literal strip, one by one, (N, splits, P, P, 3)."""
    tile_px = len(strip)
    check_patches(tile_px, (patch_px,), splits)
    below, beside = parts_of_tile(splits)
    high, wide = tile_px // below, tile_px // beside
    tiles = strip.shape[1] // tile_px
    sums = np.zeros((tiles, splits, patch_px, patch_px, 3), np.int64)
    for tile in range(tiles):
        for top in range(0, tile_px, patch_px):
            for left in range(0, tile_px, patch_px):
                x = tile * tile_px + left
                part = (top // high) * beside + left // wide
                sums[tile, part] += strip[top : top + patch_px, x : x + patch_px]
    return sums
