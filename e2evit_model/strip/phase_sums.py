"""Sums over patches, taken from pieces of a picture in whatever sizes a slide's file has them.

All patches of a tile are added up, pixel (v, u) of each to pixel (v, u) of the sum. Tiles begin at multiples of the patch size, so
a pixel's column in its patch is its coordinate modulo the patch size, wherever a piece begins: the rows of a tile are added up at
once over the whole width of a piece, and only those sums, a sixteenth of the data, are added up along the row.
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
        self._row_type = sum_type(max(cell_height // patch_px for patch_px in result_types))
        # by patch size: sums over the rows of each cell row, by phase, (rows, P, width * 3)
        self._row_sums: dict[int, Sums] = {
            patch_px: np.zeros((len(rows), patch_px, len(columns) * cell_width * 3), self._row_type)
            for patch_px in result_types
        }
        # the rows of one cell under one column of pieces, in the type of their sums: additions of equal types are three times
        # as fast, and what was just converted is still in the core's cache
        self._cell: Sums = np.empty((cell_height, 0), self._row_type)
        self._open: tuple[int, int] | None = None  # cell row, and x of the pieces
        self._filled = 0

    def add(self, pixels: Pixels, x: int, y: int) -> None:
        """Add a piece, (h, w, 3) uint8, whose upper left pixel is (x, y) of the picture.

        Pieces lie inside the window and come in columns of equal width, each from top to bottom.
        """
        height, width = pixels.shape[0], pixels.shape[1] * 3
        lines = pixels.reshape(height, width)
        top = 0
        while top < height:
            cell_row = (y + top) // self._cell_height
            cell_top = cell_row * self._cell_height
            bottom = min(height, cell_top + self._cell_height - y)
            if self._open != (cell_row, x):
                self._close_cell()
                self._open = (cell_row, x)
            if self._cell.shape[1] != width:
                self._cell = np.empty((self._cell_height, width), self._row_type)
            begin = y + top - cell_top
            if begin > self._filled:
                self._cell[self._filled : begin] = 0
            self._filled = begin + bottom - top
            np.copyto(self._cell[begin : self._filled], lines[top:bottom])
            top = bottom

    def take(self) -> dict[int, Sums]:
        """Return the sums of the window by patch size, (rows, columns, P, P, 3) each; nothing can be added any more."""
        self._close_cell()
        return {patch_px: self._sum_along(patch_px) for patch_px in self._result_types}

    def _close_cell(self) -> None:
        """Add up the rows of the open cell by phase."""
        if self._open is None:
            return
        if self._filled < self._cell_height:
            self._cell[self._filled :] = 0
        cell_row, x = self._open
        width = self._cell.shape[1]
        begin = x * 3 - self.columns.start * self._cell_width * 3
        for patch_px, row_sums in self._row_sums.items():
            # without its type, numpy would add up in 64 bits
            summed = np.add.reduce(self._cell.reshape(-1, patch_px * width), axis=0, dtype=self._row_type)
            row_sums[cell_row - self.rows.start, :, begin : begin + width] = summed.reshape(patch_px, width)
        self._open = None
        self._filled = 0

    def _sum_along(self, patch_px: int) -> Sums:
        """Add up the patches side by side in each cell: (rows, P, width * 3) -> (rows, columns, P, P, 3)."""
        rows, columns = len(self.rows), len(self.columns)
        patches = self._row_sums.pop(patch_px).reshape(rows, patch_px, columns, -1, patch_px * 3)
        sums: Sums = patches[:, :, :, 0].astype(self._result_types[patch_px])
        # one patch after the other: numpy's own sum along an axis takes half as long again
        for patch in range(1, patches.shape[3]):
            sums += patches[:, :, :, patch]
        return sums.reshape(rows, patch_px, columns, patch_px, 3).transpose(0, 2, 1, 3, 4)
