"""One small picture of a whole slide's tiles, one pixel a tile, with the place where it lies on the slide.

A window paints it in one call with a color table; range, colors and opacity change without touching a tile.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError
from e2evit_model.tiling.grid import TileGrid

NO_TILE = -1


@dataclass(frozen=True, kw_only=True)
class TilePicture:
    """Colors of tiles by number, and where they lie.

    ``index`` (rows, columns) uint8 is the place in a color table, ``alpha`` (rows, columns) uint8 is 255 where there is a value
    and 0 elsewhere, ``tile`` (rows, columns) int32 the tile's number in strip order or ``NO_TILE``. The picture's upper left
    corner is at level-0 coordinates (``x``, ``y``), and each of its pixels covers ``pixel`` x ``pixel`` level-0 pixels.
    """

    index: NDArray[np.uint8]
    alpha: NDArray[np.uint8]
    tile: NDArray[np.int32]
    x: float
    y: float
    pixel: float

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        """x, y, width and height in level-0 pixels: where to paint it."""
        rows, columns = self.index.shape
        return self.x, self.y, columns * self.pixel, rows * self.pixel

    def repainted(self, positions: NDArray[np.float32]) -> "TilePicture":
        """Return the picture of other values of the same tiles, ``positions`` as in :func:`paint_tiles`, many times faster.

        Raises
        ------
        OptionError
            When there are not as many values as tiles.
        """
        _refuse_other_number(positions, int(np.count_nonzero(self.tile != NO_TILE)))
        index, alpha = _placed(positions, self.tile)
        return replace(self, index=index, alpha=alpha)

    def tile_at(self, x: float, y: float) -> int | None:
        """Return the number of the tile at level-0 coordinates, ``None`` where there is none."""
        column, row = int((x - self.x) // self.pixel), int((y - self.y) // self.pixel)
        rows, columns = self.tile.shape
        if not (0 <= row < rows and 0 <= column < columns):
            return None
        number = int(self.tile[row, column])
        return None if number == NO_TILE else number


def paint_tiles(positions: NDArray[np.float32], grid: TileGrid) -> TilePicture:
    """Paint one pixel a tile.

    Parameters
    ----------
    positions
        (N,) in 0..1, of :func:`~e2evit_model.overlay.values.scale_values`; NaN is left transparent.
    grid
        The N tiles in the same order.

    Raises
    ------
    OptionError
        When there are not as many values as tiles.
    """
    count = len(grid)
    _refuse_other_number(positions, count)
    if count == 0:
        nothing = np.zeros((0, 0), np.uint8)
        return TilePicture(
            index=nothing, alpha=nothing, tile=np.zeros((0, 0), np.int32), x=0.0, y=0.0, pixel=grid.width
        )
    first_column, first_row = int(grid.column.min()), int(grid.row.min())
    column, row = grid.column - first_column, grid.row - first_row
    shape = (int(row.max()) + 1, int(column.max()) + 1)
    tile = np.full(shape, NO_TILE, np.int32)
    tile[row, column] = np.arange(count, dtype=np.int32)
    index, alpha = _placed(positions, tile)
    # corners are whole pixels while a tile's side may not be: the mean over all tiles finds the raster they were cut from
    x = float(np.mean(grid.x - column * grid.width))
    y = float(np.mean(grid.y - row * grid.width))
    return TilePicture(index=index, alpha=alpha, tile=tile, x=x, y=y, pixel=grid.width)


def _refuse_other_number(positions: NDArray[np.float32], count: int) -> None:
    if positions.shape != (count,):
        raise OptionError(f"There are {positions.size} values for {count} tiles.", hint="Analyze the slide again.")


def as_bytes(positions: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return places in a color table and alpha, (N,) each, for positions in 0..1: 0 and 0 for NaN."""
    there = np.isfinite(positions)
    return np.round(np.where(there, positions, 0) * np.float32(255)).astype(np.uint8), there * np.uint8(255)


def _placed(positions: NDArray[np.float32], tile: NDArray[np.int32]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Put values where their tiles lie; the number of no tile takes the 0 behind the last."""
    index, alpha = (np.append(values, np.uint8(0)) for values in as_bytes(positions))
    return index[tile], alpha[tile]


def to_rgba(picture: TilePicture, table: NDArray[np.uint8], *, opacity: float = 1.0) -> NDArray[np.uint8]:
    """Color a picture of tiles: (rows, columns, 4) uint8 RGBA, not premultiplied.

    ``table`` is (256, 4) of :func:`~e2evit_model.overlay.colors.color_table`; ``opacity`` 0..1 is that of every tile with a value.

    Raises
    ------
    OptionError
        When the opacity is not between 0 and 1.
    """
    if not 0 <= opacity <= 1:
        raise OptionError(f"The opacity is {opacity:g}, but must be between 0 and 1.")
    rgba = look_up(table, picture.index)
    rgba[..., 3] = picture.alpha if opacity == 1 else np.round(picture.alpha * np.float32(opacity))
    return rgba


def look_up(table: NDArray[np.uint8], index: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the colors (..., 4) of places in a table (256, 4), taken as whole words."""
    words = np.ascontiguousarray(table).view(np.uint32)[:, 0]
    return words[index][..., None].view(np.uint8)
