"""One small picture of a whole slide's tiles, one pixel a tile, with the place where it lies on the slide.

A window paints it in one call with a color table; range, colors and opacity change without touching a tile.
"""

from dataclasses import dataclass

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
    if positions.shape != (count,):
        raise OptionError(f"There are {positions.size} values for {count} tiles.", hint="Analyze the slide again.")
    if count == 0:
        nothing = np.zeros((0, 0), np.uint8)
        return TilePicture(
            index=nothing, alpha=nothing, tile=np.zeros((0, 0), np.int32), x=0.0, y=0.0, pixel=grid.width
        )
    first_column, first_row = int(grid.column.min()), int(grid.row.min())
    column, row = grid.column - first_column, grid.row - first_row
    shape = (int(row.max()) + 1, int(column.max()) + 1)
    index, alpha = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    tile = np.full(shape, NO_TILE, np.int32)
    there = np.isfinite(positions)
    tile[row, column] = np.arange(count, dtype=np.int32)
    index[row, column] = np.round(np.where(there, positions, 0.0) * 255).astype(np.uint8)
    alpha[row, column] = np.where(there, 255, 0)
    # corners are whole pixels while a tile's side may not be: the mean over all tiles finds the raster they were cut from
    x = float(np.mean(grid.x - column * grid.width))
    y = float(np.mean(grid.y - row * grid.width))
    return TilePicture(index=index, alpha=alpha, tile=tile, x=x, y=y, pixel=grid.width)


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
    rgba = table[picture.index]
    rgba[..., 3] = picture.alpha if opacity == 1 else np.round(picture.alpha * np.float32(opacity))
    return rgba
