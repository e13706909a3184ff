"""Sums over patches, taken from pieces of a picture in whatever sizes a slide's file has them.

All patches of a tile are added up, pixel (v, u) of each to pixel (v, u) of the sum. Tiles begin at multiples of the patch size, so
a pixel's column in its patch is its coordinate modulo the patch size, wherever a piece begins: the rows of a tile are added up at
once over the whole width of a piece, and only those sums, a sixteenth of the data, are added up along the row.
"""

import math
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
        # the rows of one cell under one column of pieces, row r added to row r modulo the period; small enough to stay in the
        # core's cache beside the piece that was just decoded
        self._period = _period(cell_height, tuple(result_types))
        self._fold: Sums = np.empty((self._period, 0), self._row_type)
        self._open: tuple[int, int] | None = None  # cell row, and x of the pieces
        self._filled = 0  # rows of the fold that hold something

    def add(self, pixels: Pixels, x: int, y: int) -> None:
        """Add a piece, (h, w, 3) uint8, whose upper left pixel is (x, y) of the picture.

        Pieces lie inside the window and come in columns of equal width, each from top to bottom.
        """
        height, width = pixels.shape[0], pixels.shape[1] * 3
        lines = pixels.reshape(height, width)
        top = 0
        while top < height:
            cell_row, begin = divmod(y + top, self._cell_height)
            if self._open != (cell_row, x):
                self._close_cell()
                self._open = (cell_row, x)
                if self._fold.shape[1] != width:
                    self._fold = np.empty((self._period, width), self._row_type)
            first = begin % self._period
            last = min(first + height - top, self._period)
            self._add_rows(lines[top : top + last - first], first, last)
            top += last - first

    def take(self) -> dict[int, Sums]:
        """Return the sums of the window by patch size, (rows, columns, P, P, 3) each; nothing can be added any more."""
        self._close_cell()
        return {patch_px: self._sum_along(patch_px) for patch_px in self._result_types}

    def _add_rows(self, lines: NDArray[np.uint8], first: int, last: int) -> None:
        """Add rows to rows ``first`` to ``last`` of the fold."""
        rows = self._fold[first:last]
        if first >= self._filled:
            self._fold[self._filled : first] = 0
            np.copyto(rows, lines)
        else:
            self._fold[self._filled : last] = 0
            np.add(rows, lines, out=rows)
        self._filled = max(self._filled, last)

    def _close_cell(self) -> None:
        """Add up the rows of the open cell by phase."""
        if self._open is None:
            return
        self._fold[self._filled :] = 0
        cell_row, x = self._open
        width = self._fold.shape[1]
        begin = x * 3 - self.columns.start * self._cell_width * 3
        for patch_px, row_sums in self._row_sums.items():
            # without its type, numpy would add up in 64 bits
            summed = np.add.reduce(self._fold.reshape(-1, patch_px * width), axis=0, dtype=self._row_type)
            row_sums[cell_row - self.rows.start, :, begin : begin + width] = summed.reshape(patch_px, width)
        self._open = None
        self._filled = 0

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


def _period(cell_height: int, patch_sizes: tuple[int, ...]) -> int:
    """Return the longest part of a cell, but not all of it where that can be, that each patch size divides."""
    shared = math.lcm(*patch_sizes)
    parts = cell_height // shared
    return shared * max((part for part in range(1, parts) if parts % part == 0), default=parts)
