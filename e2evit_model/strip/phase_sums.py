"""Sums over patches, taken from pieces of a picture in whatever sizes a slide's file has them.

All patches of a tile are added up, pixel (v, u) of each to pixel (v, u) of the sum. Tiles begin at multiples of the patch size, so
a pixel's place in its patch (its phase) is its coordinate modulo the patch size, wherever a piece begins: the rows of a piece are
added up by phase at once over its whole width, and only those sums, a sixteenth of the data, are added up along the row.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.slides.protocol import Pixels

_LARGEST_UINT16_COUNT = 65535 // 255

Sums = NDArray[np.unsignedinteger[Any]]


def sum_type(pixels: int) -> type[np.unsignedinteger[Any]]:
    """Return the smallest unsigned type that holds the sum of so many 8-bit pixels."""
    return np.uint16 if pixels <= _LARGEST_UINT16_COUNT else np.uint32


class PhaseSums:
    """Add up patches in the cells of a window: cells are tiles, or the halves or quarters of tiles.

    Parameters
    ----------
    patch_px
        P, the side of a patch; divides the cell's sides.
    cell_width, cell_height
        The sides of a cell in px; cells begin at multiples of them.
    first_column, columns
        The cell columns of the window; pieces must lie inside them. Rows are open-ended.
    result_type
        The type of the sums; must hold the sum of a whole cell.
    """

    def __init__(
        self,
        patch_px: int,
        *,
        cell_width: int,
        cell_height: int,
        first_column: int,
        columns: int,
        result_type: type[np.unsignedinteger[Any]],
    ) -> None:
        self._patch_px = patch_px
        self._cell_width = cell_width
        self._cell_height = cell_height
        self._left = first_column * cell_width
        self._columns = columns
        self._row_type = sum_type(cell_height // patch_px)
        self._result_type = result_type
        self._open: dict[int, Sums] = {}
        self._spare: list[Sums] = []

    def add(self, pixels: Pixels, x: int, y: int) -> None:
        """Add a piece, (h, w, 3) uint8, whose upper left pixel is (x, y) of the picture."""
        rows = np.ascontiguousarray(pixels).reshape(len(pixels), -1)
        begin = (x - self._left) * 3
        top = 0
        while top < len(rows):
            cell_row = (y + top) // self._cell_height
            bottom = min(len(rows), (cell_row + 1) * self._cell_height - y)
            window = self._row_sums(cell_row)[:, begin : begin + rows.shape[1]]
            self._add_rows(window, rows[top:bottom], (y + top) % self._patch_px)
            top = bottom

    def complete_rows(self, bottom: int | None = None) -> list[int]:
        """Return the begun cell rows that end at or above ``bottom`` px; all of them without ``bottom``."""
        return sorted(row for row in self._open if bottom is None or (row + 1) * self._cell_height <= bottom)

    def take(self, cell_row: int) -> Sums:
        """Return the sums of a cell row, (columns, P, P, 3), and forget the row."""
        patch_px = self._patch_px
        row_sums = self._open.pop(cell_row)
        along = self._cell_width // patch_px
        # (P, columns, patches along the cell, P * 3); halved while it can be, since long inner loops are what numpy is fast at
        parts = row_sums.reshape(patch_px, self._columns, along, patch_px * 3).astype(self._result_type, copy=False)
        while along % 2 == 0:
            along //= 2
            parts = parts.reshape(patch_px, self._columns, 2, along * patch_px * 3)
            parts = parts[:, :, 0] + parts[:, :, 1]
        parts = parts.reshape(patch_px, self._columns, along, patch_px * 3)
        sums: Sums = np.add.reduce(parts, axis=2, dtype=self._result_type)
        self._spare.append(row_sums)
        return sums.reshape(patch_px, self._columns, patch_px, 3).transpose(1, 0, 2, 3)

    def _row_sums(self, cell_row: int) -> Sums:
        """Return the (P, width * 3) sums over rows of a cell row, zero when it is new."""
        if cell_row not in self._open:
            if self._spare:
                self._open[cell_row] = self._spare.pop()
                self._open[cell_row].fill(0)
            else:
                shape = (self._patch_px, self._columns * self._cell_width * 3)
                self._open[cell_row] = np.zeros(shape, self._row_type)
        return self._open[cell_row]

    def _add_rows(self, window: Sums, rows: Sums, phase: int) -> None:
        """Add rows, the first of which has ``phase``, to the window of row sums."""
        patch_px = self._patch_px
        whole = len(rows) // patch_px
        if whole > 1:
            periods = rows[: whole * patch_px].reshape(whole, -1)
            summed = np.add.reduce(periods, axis=0, dtype=self._row_type).reshape(patch_px, -1)
            _add_rotated(window, summed, phase)
            rows = rows[whole * patch_px :]
        for top in range(0, len(rows), patch_px):
            _add_rotated(window, rows[top : top + patch_px], phase)


def _add_rotated(window: Sums, rows: Sums, phase: int) -> None:
    """Add at most P rows to the P rows of the window, the first one to row ``phase``, and on from row 0 below the last."""
    before = min(len(window) - phase, len(rows))
    window[phase : phase + before] += rows[:before]
    if before < len(rows):
        window[: len(rows) - before] += rows[before:]
