"""Sums over patches, taken from pieces of a picture in whatever sizes a slide's file has them.

All patches of a tile are added up, pixel (v, u) of each to pixel (v, u) of the sum. Tiles begin at multiples of the patch size, so
a pixel's place in its patch (its phase) is its coordinate modulo the patch size, wherever a piece begins: the rows of a piece are
added up by phase at once over its whole width, and only those sums, a sixteenth of the data, are added up along the row.
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
    """Add up patches in the cells of a window: cells are tiles, or the halves or quarters of tiles.

    Not for several threads at a time.

    Parameters
    ----------
    result_types
        For each patch size P the type of its sums, which must hold those of a whole cell. P divides the cell's sides.
    cell_width, cell_height
        The sides of a cell in px; cells begin at multiples of them.
    first_column, columns
        The cell columns of the window; pieces must lie inside them. Rows are open-ended.
    """

    def __init__(
        self,
        result_types: Mapping[int, SumType],
        *,
        cell_width: int,
        cell_height: int,
        first_column: int,
        columns: int,
    ) -> None:
        self.first_column = first_column
        self._result_types = result_types
        self._cell_width = cell_width
        self._cell_height = cell_height
        self._columns = columns
        # all sums over the rows of a cell fit one type; taking it at once makes every later addition one of equal types, which
        # numpy does three times faster
        self._row_type = sum_type(max(cell_height // patch_px for patch_px in result_types))
        self._wide = np.empty((0, 0), self._row_type)
        # by cell row, then by patch size and the piece's first and last pixel: (P, width * 3)
        self._open: dict[int, dict[tuple[int, int, int], Sums]] = {}

    def add(self, pixels: Pixels, x: int, y: int) -> None:
        """Add a piece, (h, w, 3) uint8, whose upper left pixel is (x, y) of the picture; pieces must not overlap."""
        height, width = pixels.shape[:2]
        if self._wide.shape != (height, width * 3):
            self._wide = np.empty((height, width * 3), self._row_type)
        np.copyto(self._wide, pixels.reshape(height, width * 3))
        top = 0
        while top < height:
            cell_row = (y + top) // self._cell_height
            bottom = min(height, (cell_row + 1) * self._cell_height - y)
            sums = self._open.setdefault(cell_row, {})
            for patch_px in self._result_types:
                summed = self._sum_rows(self._wide[top:bottom], (y + top) % patch_px, patch_px)
                key = (patch_px, x, x + width)
                if key in sums:
                    sums[key] += summed
                else:
                    sums[key] = summed
            top = bottom

    def complete_rows(self, bottom: int | None = None) -> list[int]:
        """Return the begun cell rows that end at or above ``bottom`` px; all of them without ``bottom``."""
        return sorted(row for row in self._open if bottom is None or (row + 1) * self._cell_height <= bottom)

    def take(self, cell_row: int) -> dict[int, Sums]:
        """Return the sums of a cell row by patch size, (columns, P, P, 3) each, and forget the row."""
        left, width = self.first_column * self._cell_width, self._columns * self._cell_width
        rows = {patch_px: np.zeros((patch_px, width * 3), self._row_type) for patch_px in self._result_types}
        for (patch_px, begin, end), summed in self._open.pop(cell_row).items():
            rows[patch_px][:, (begin - left) * 3 : (end - left) * 3] = summed
        return {patch_px: self._sum_along(patch_px, row_sums) for patch_px, row_sums in rows.items()}

    def _sum_rows(self, rows: Sums, phase: int, patch_px: int) -> Sums:
        """Return the (P, width * 3) sums by phase of rows, the first of which has ``phase``."""
        head = min(-phase % patch_px, len(rows))
        whole = (len(rows) - head) // patch_px
        if whole:
            periods = rows[head : head + whole * patch_px].reshape(whole, -1)
            # without its type, numpy would add up in 64 bits
            summed: Sums = np.add.reduce(periods, axis=0, dtype=self._row_type).reshape(patch_px, -1)
        else:
            summed = np.zeros((patch_px, rows.shape[1]), self._row_type)
        if head:
            summed[phase : phase + head] += rows[:head]
        tail = rows[head + whole * patch_px :]
        if len(tail):
            summed[: len(tail)] += tail
        return summed

    def _sum_along(self, patch_px: int, row_sums: Sums) -> Sums:
        """Add up the patches side by side in each cell: (P, columns * cell width * 3) -> (columns, P, P, 3)."""
        along = self._cell_width // patch_px
        parts = row_sums.astype(self._result_types[patch_px], copy=False)
        # halved while it can be, since long inner loops are what numpy is fast at
        while along % 2 == 0:
            along //= 2
            parts = parts.reshape(patch_px, self._columns, 2, along * patch_px * 3)
            parts = parts[:, :, 0] + parts[:, :, 1]
        parts = parts.reshape(patch_px, self._columns, along, patch_px * 3)
        sums: Sums = np.add.reduce(parts, axis=2, dtype=parts.dtype)
        return sums.reshape(patch_px, self._columns, patch_px, 3).transpose(1, 0, 2, 3)
