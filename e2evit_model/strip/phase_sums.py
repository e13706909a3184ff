"""Sums over patches, taken from pieces of a picture in whatever sizes a slide's file has them.

All patches of a tile are added up, pixel (v, u) of each to pixel (v, u) of the sum. Tiles begin at multiples of the patch size, so
a pixel's column in its patch is its coordinate modulo the patch size, wherever a piece begins: the rows of a tile are added up at
once over the whole width of a column of pieces, and only those sums, a sixteenth of the data, are added up along the row.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.slides.protocol import Pixels

_LARGEST_UINT16_COUNT = 65535 // 255

Sums = NDArray[np.unsignedinteger[Any]]
SumType = type[np.unsignedinteger[Any]]


def sum_type(pixels: int) -> SumType:
    """Return the smallest unsigned type that holds the sum of so many 8-bit pixels."""
    return np.uint16 if pixels <= _LARGEST_UINT16_COUNT else np.uint32


class PhaseSums:
    """Add up the patches in each cell of a window: cells are tiles, or the halves or quarters of tiles.

    Not for several threads at a time.

    Parameters
    ----------
    result_types
        For each patch size P the type of its sums, which must hold those of a whole cell. P divides the cell's sides.
    cell_width, cell_height
        The sides of a cell in px; cells begin at multiples of them.
    columns, rows
        The cells of the window.
    """

    def __init__(
        self, result_types: Mapping[int, SumType], *, cell_width: int, cell_height: int, columns: range, rows: range
    ) -> None:
        self.columns = columns
        self.rows = rows
        self._result_types = result_types
        self._cell_width = cell_width
        self._cell_height = cell_height
        # by patch size: sums over the rows of each cell row, by phase, (rows, P, width * 3)
        self._row_sums: dict[int, Sums] = {
            patch_px: np.zeros((len(rows), patch_px, len(columns) * cell_width * 3), sum_type(cell_height // patch_px))
            for patch_px in result_types
        }

    @property
    def top(self) -> int:
        """The picture's row of pixels at which the window begins."""
        return self.rows.start * self._cell_height

    @property
    def height(self) -> int:
        """Rows of pixels of the window."""
        return len(self.rows) * self._cell_height

    def add(self, pixels: Pixels, x: int) -> None:
        """Add a column of the window, (height, w, 3) uint8 without gaps in memory, that begins at column ``x`` of the picture.

        Columns do not overlap. All rows of it are added up in one step: many small ones would let threads wait for each other.
        """
        width = pixels.shape[1] * 3
        begin = (x - self.columns.start * self._cell_width) * 3
        for patch_px, row_sums in self._row_sums.items():
            patches = pixels.reshape(len(self.rows), -1, patch_px * width)
            # without its type, numpy would add up in 64 bits
            summed = np.add.reduce(patches, axis=1, dtype=row_sums.dtype)
            row_sums[:, :, begin : begin + width] = summed.reshape(-1, patch_px, width)

    def take(self) -> dict[int, Sums]:
        """Return the sums of the window by patch size, (rows, columns, P, P, 3) each; nothing can be added any more."""
        return {patch_px: self._sum_along(patch_px) for patch_px in self._result_types}

    def _sum_along(self, patch_px: int) -> Sums:
        """Add up the patches side by side in each cell: (rows, P, width * 3) -> (rows, columns, P, P, 3)."""
        rows, columns = len(self.rows), len(self.columns)
        halves = self._row_sums.pop(patch_px).reshape(rows, patch_px, columns, -1)
        halves = halves.astype(self._result_types[patch_px], copy=False)
        patches = self._cell_width // patch_px
        # half of the patches onto the other half: reads the memory once, where adding one patch after the other goes through
        # all of it for each; numpy's own sum along an axis takes twice as long as either
        while patches % 2 == 0:
            patches //= 2
            width = patches * patch_px * 3
            halves = np.add(halves[..., :width], halves[..., width:], out=halves[..., :width])
        side_by_side = halves.reshape(rows, patch_px, columns, patches, patch_px * 3)
        sums: Sums = side_by_side[:, :, :, 0].copy()
        for patch in range(1, patches):
            sums += side_by_side[:, :, :, patch]
        return sums.reshape(rows, patch_px, columns, patch_px, 3).transpose(0, 2, 1, 3, 4)
