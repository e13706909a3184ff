"""Read a slide into mean patches in a single pass, at decoding speed.

The work unit is a window of some blocks by some. Every block that a tile of the grid touches is decoded exactly once and added to
the sums of all tiles under it; blocks without tiles are skipped. Since a tile's sums may come from several windows, in any order,
the order of the strip is free.
"""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Pixels, Slide
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.strip.patches import check_patches, parts_of_tile
from e2evit_model.strip.phase_sums import PhaseSums, Sums, sum_type
from e2evit_model.strip.pixels import GridPixels
from e2evit_model.strip.tiles import each_tile
from e2evit_model.strip.workers import in_threads, units_to_fetch, usable_cores
from e2evit_model.tiling.grid import TileGrid

log = logging.getLogger(__name__)

STEP = "Reading tiles"

_WINDOW_TILES = 8
"""The side of a window. Blocks of 256 px and tiles of 224 px then have their borders in common (7 blocks, 8 tiles)."""

_LARGEST_WINDOW_PX = 2**22
"""A column of blocks is kept whole until it is summed: 12 MB where blocks are 16 384 px wide."""


def mean_patches(
    slide: Slide,
    grid: TileGrid,
    *,
    patch_sizes: tuple[int, ...] = (14, 16),
    splits: int = 1,
    threads: int | None = None,
    progress: Progress = silent,
) -> PatchStack:
    """Read the tiles of a grid and add up the patches of each.

    Parameters
    ----------
    patch_sizes
        The patch sizes P in px, all from the same pass.
    splits
        Parts of a tile that are kept apart: 1, 2 (halves) or 4 (quadrants).
    threads
        How many blocks are decoded at a time; the usable cores by default.
    progress
        Hears of the tiles read; ``Cancelled`` from it takes effect after the blocks being decoded.

    Returns
    -------
    PatchStack
        Exact sums in the order of the grid. Tiles that touch a damaged block are not ``readable``.

    Raises
    ------
    OptionError
        When a patch size or the number of parts does not fit the tile size.
    SlideError
        When the slide cannot be read at all.
    """
    patch_sizes = check_patches(grid.tile_px, patch_sizes, splits)
    began = time.perf_counter()
    threads = threads or usable_cores()
    single, where = _without_repeats(grid)
    sums = _TileSums(single, patch_sizes, splits)
    progress(STEP, 0, len(grid))
    if grid.scale.resample == 1:
        _Pass(slide, single, sums).run(threads, progress)
    else:
        each_tile(slide, single, sums.add_tile, threads=threads, progress=progress, step=STEP)
    stack = sums.stack()
    log.info(
        "%d tiles read in %.2f s, %d of them damaged",
        len(grid),
        time.perf_counter() - began,
        int((~stack.readable).sum()),
    )
    return stack if where is None else stack.subset(where)


def _without_repeats(grid: TileGrid) -> tuple[TileGrid, NDArray[np.int64] | None]:
    """Return the grid with every tile once, and where each tile of the given one is in it (``None``: nothing was repeated)."""
    places = np.stack([grid.row, grid.column], axis=1)
    _, first, where = np.unique(places, axis=0, return_index=True, return_inverse=True)
    if len(first) == len(grid):
        return grid, None
    return grid.subset(first), where.reshape(-1)


class _TileSums:
    """The sums of all tiles, which several threads add to."""

    def __init__(self, grid: TileGrid, patch_sizes: tuple[int, ...], splits: int) -> None:
        self._tile_px = grid.tile_px
        self._splits = splits
        self._below, self._beside = parts_of_tile(splits)
        self._column, self._row = grid.column, grid.row
        self._sums: dict[int, Sums] = {
            p: np.zeros((len(grid), splits, p, p, 3), sum_type((grid.tile_px // p) ** 2)) for p in patch_sizes
        }
        self._readable = np.ones(len(grid), bool)
        self._lock = threading.Lock()
        self._first_row, self._first_column = _first(grid.row), _first(grid.column)
        shape = (
            int(grid.row.max(initial=self._first_row)) - self._first_row + 1,
            int(grid.column.max(initial=self._first_column)) - self._first_column + 1,
        )
        self._index = np.full(shape, -1, np.int32)  # -1 where the grid has no tile
        self._index[grid.row - self._first_row, grid.column - self._first_column] = np.arange(len(grid), dtype=np.int32)

    def window(self, columns: range, rows: range) -> PhaseSums:
        """Return empty sums for all tiles that have pixels in some columns and rows of pixels."""
        width, height = self._tile_px // self._beside, self._tile_px // self._below
        return PhaseSums(
            {p: values.dtype.type for p, values in self._sums.items()},
            cell_width=width,
            cell_height=height,
            columns=range(columns.start // width, -(-columns.stop // width)),
            rows=range(rows.start // height, -(-rows.stop // height)),
        )

    def add(self, window: PhaseSums) -> None:
        """Add what a window holds to the tiles that its cells belong to."""
        row = np.arange(window.rows.start, window.rows.stop)[:, None]
        column = np.arange(window.columns.start, window.columns.stop)
        at = (row // self._below - self._first_row, column // self._beside - self._first_column)
        inside = (at[0] >= 0) & (at[0] < self._index.shape[0]) & (at[1] >= 0) & (at[1] < self._index.shape[1])
        # -1, where there is no tile, is also what cells outside the index get
        tile = np.where(inside, self._index[np.where(inside, at[0], 0), np.where(inside, at[1], 0)], -1)
        part = (row % self._below) * self._beside + column % self._beside
        wanted = tile >= 0
        for patch_px, values in window.take().items():
            chosen = values[wanted]
            with self._lock:
                self._sums[patch_px][tile[wanted], part[wanted]] += chosen

    def add_tile(self, index: int, pixels: Pixels | None) -> None:
        """Add the pixels of one tile; ``None`` when it cannot be read."""
        if pixels is None:
            self._readable[index] = False
            return
        x, y = int(self._column[index]) * self._tile_px, int(self._row[index]) * self._tile_px
        window = self.window(range(x, x + self._tile_px), range(y, y + self._tile_px))
        window.add(np.ascontiguousarray(pixels), x)
        self.add(window)

    def drop(self, tiles: NDArray[np.bool_]) -> None:
        """Take note that tiles cannot be read."""
        self._readable &= ~tiles

    def stack(self) -> PatchStack:
        """Return what was added up."""
        for values in self._sums.values():
            values[~self._readable] = 0
        return PatchStack(sums=self._sums, readable=self._readable, tile_px=self._tile_px, splits=self._splits)


@dataclass(frozen=True, kw_only=True)
class _Unit:
    """A window of blocks: its rows, its columns, and which of its blocks a tile touches."""

    rows: range
    columns: range
    needed: NDArray[np.bool_]

    def places(self) -> Iterator[tuple[int, int]]:
        """Yield the column and the row of each needed block."""
        for row, column in np.argwhere(self.needed).tolist():
            yield self.columns.start + column, self.rows.start + row


class _Pass:
    """The single pass over the blocks of a level that is taken as it is."""

    def __init__(self, slide: Slide, grid: TileGrid, sums: _TileSums) -> None:
        self._source = GridPixels(slide, grid)
        self._sums = sums
        self._tiles = len(grid)
        self._tile_px = grid.tile_px
        self._columns, self._rows = self._source.touching(grid)
        self._damaged: list[tuple[int, int]] = []
        self._blocks_done = 0
        self._count_lock = threading.Lock()
        self._needed = _touched(self._columns, self._rows)

    def run(self, threads: int, progress: Progress) -> None:
        """Read every needed block once."""
        blocks = int(np.count_nonzero(self._needed))
        units = list(self._units())

        def work(number: int, stop: threading.Event) -> None:
            ahead = units_to_fetch(number, len(units))
            self._source.prefetch(place for n in ahead for place in units[n].places())
            self._read_unit(units[number], stop)

        in_threads(
            range(len(units)),
            work,
            threads=threads,
            report=lambda: progress(STEP, self._tiles * self._blocks_done // max(blocks, 1), self._tiles),
        )
        for column, row in self._damaged:
            across = (self._columns[:, 0] <= column) & (column <= self._columns[:, 1])
            self._sums.drop(across & (self._rows[:, 0] <= row) & (row <= self._rows[:, 1]))

    def _units(self) -> Iterator[_Unit]:
        wide, high = self._window_blocks()
        first_row, first_column = _first(self._rows), _first(self._columns)
        past_row, past_column = first_row + self._needed.shape[0], first_column + self._needed.shape[1]
        # windows begin at multiples of their size, where the borders of blocks and tiles may meet
        for row in range(first_row // high * high, past_row, high):
            for column in range(first_column // wide * wide, past_column, wide):
                rows = range(max(row, first_row), min(row + high, past_row))
                columns = range(max(column, first_column), min(column + wide, past_column))
                needed = self._needed[
                    rows.start - first_row : rows.stop - first_row,
                    columns.start - first_column : columns.stop - first_column,
                ]
                if needed.any():
                    yield _Unit(rows=rows, columns=columns, needed=needed)

    def _window_blocks(self) -> tuple[int, int]:
        """Return how many blocks a window is wide and high."""
        side = _WINDOW_TILES * self._tile_px
        wide = max(1, round(side / self._source.block_width))
        side = min(side, _LARGEST_WINDOW_PX // (wide * self._source.block_width))
        return wide, max(1, round(side / self._source.block_height))

    def _read_unit(self, unit: _Unit, stop: threading.Event) -> None:
        wide, high = self._source.block_width, self._source.block_height
        window = self._sums.window(
            range(unit.columns.start * wide, unit.columns.stop * wide),
            range(unit.rows.start * high, unit.rows.stop * high),
        )
        # a column of blocks under each other; what lies under a block that is not needed belongs to no tile
        lines = np.empty((window.height, wide, 3), np.uint8)
        begin = unit.rows.start * high - window.top
        lines[:begin] = lines[begin + len(unit.rows) * high :] = 0  # the windows above and below have these rows
        for column, needed in zip(unit.columns, unit.needed.T, strict=True):
            if not needed.any():
                continue
            for row in np.flatnonzero(needed).tolist():
                if stop.is_set():
                    return
                top = begin + row * high
                if not self._source.read_into(column, unit.rows.start + row, lines[top : top + high]):
                    self._damaged.append((column, unit.rows.start + row))
            window.add(lines, column * wide)
            with self._count_lock:
                self._blocks_done += int(np.count_nonzero(needed))
        self._sums.add(window)


def _first(places: NDArray[np.integer[Any]]) -> int:
    return int(places.min()) if places.size else 0


def _touched(columns: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which blocks lie under a tile, from the first block row and column of any tile on."""
    if not len(rows):
        return np.zeros((0, 0), bool)
    origin_row, origin_column = _first(rows), _first(columns)
    # a tile adds 1 at its first block and takes it away past its last one: the sums along both axes count tiles over each block
    steps = np.zeros((int(rows.max()) - origin_row + 2, int(columns.max()) - origin_column + 2), np.int32)
    top, past_bottom = rows[:, 0] - origin_row, rows[:, 1] - origin_row + 1
    left, past_right = columns[:, 0] - origin_column, columns[:, 1] - origin_column + 1
    for y, x, step in ((top, left, 1), (top, past_right, -1), (past_bottom, left, -1), (past_bottom, past_right, 1)):
        np.add.at(steps, (y, x), step)
    counts: NDArray[np.int32] = steps.cumsum(axis=0).cumsum(axis=1)[:-1, :-1]
    return counts > 0
