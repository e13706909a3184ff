"""A slide at low power, and small pictures of its tiles, read at the cheapest level that is fine enough."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Pixels, Slide, SlideInfo
from e2evit_model.slides.scale import Scale, choose_scale
from e2evit_model.strip.tiles import each_tile
from e2evit_model.tiling.grid import TileGrid

UNREADABLE = 200
"""Grey of what cannot be read."""

_SQUARE_PX = 64


def low_power(slide: Slide, longest_px: int, *, progress: Progress = silent) -> tuple[Pixels, float]:
    """Read the whole slide so that its longer side has at most ``longest_px`` pixels.

    Works without a pyramid too, in memory for the result only. What is damaged is grey.

    Returns
    -------
    tuple[Pixels, float]
        The picture, (h, w, 3), and level-0 pixels a pixel of it.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    """
    info = slide.info
    downsample = max(1.0, max(info.width, info.height) / longest_px)
    width, height = math.ceil(info.width / downsample - 1e-6), math.ceil(info.height / downsample - 1e-6)
    row, column = np.mgrid[0 : math.ceil(height / _SQUARE_PX), 0 : math.ceil(width / _SQUARE_PX)].reshape(2, -1)
    grid = _squares(info, column, row, downsample)
    picture = np.full((int(row.max() + 1) * _SQUARE_PX, int(column.max() + 1) * _SQUARE_PX, 3), UNREADABLE, np.uint8)

    def paste(index: int, pixels: Pixels | None) -> None:
        if pixels is not None:
            y, x = int(row[index]) * _SQUARE_PX, int(column[index]) * _SQUARE_PX
            picture[y : y + _SQUARE_PX, x : x + _SQUARE_PX] = pixels

    each_tile(slide, grid, paste, progress=progress, step="Reading the overview")
    return np.ascontiguousarray(picture[:height, :width]), downsample


def tile_thumbnails(slide: Slide, grid: TileGrid, side_px: int, *, progress: Progress = silent) -> Pixels:
    """Read all tiles of a grid small: (N, side, side, 3), grey where data is damaged.

    ``side_px`` is lowered to what the slide has where a tile is smaller.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    """
    side = max(1, min(side_px, math.floor(grid.width)))
    small = replace(grid, tile_px=side, scale=_scale(slide.info, grid.width / side))
    pictures = np.full((len(grid), side, side, 3), UNREADABLE, np.uint8)

    def keep(index: int, pixels: Pixels | None) -> None:
        if pixels is not None:
            pictures[index] = pixels

    each_tile(slide, small, keep, progress=progress, step="Reading small pictures of the tiles")
    return pictures


def _scale(info: SlideInfo, downsample: float) -> Scale:
    """Choose how pixels are made that cover exactly ``downsample`` level-0 pixels, also where the resolution is unknown."""
    mpp = info.mpp or 1.0
    return choose_scale(replace(info, mpp=mpp), mpp * downsample, tolerance=0.0)


def _squares(info: SlideInfo, column: NDArray[np.int64], row: NDArray[np.int64], downsample: float) -> TileGrid:
    """Cover the slide with squares of ``_SQUARE_PX`` result pixels."""
    side = _SQUARE_PX * downsample
    return TileGrid(
        column=column.astype(np.int32),
        row=row.astype(np.int32),
        x=np.round(column * side).astype(np.int64),
        y=np.round(row * side).astype(np.int64),
        tissue=np.ones(len(column), np.float32),
        width=side,
        tile_px=_SQUARE_PX,
        order="row",
        scale=_scale(info, downsample),
    )
