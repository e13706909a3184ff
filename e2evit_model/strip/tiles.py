"""The pixels of a grid's tiles, each block of the slide decoded once, in several threads.

What ``mean_patches`` does for resampled grids, and what pictures of tiles are made from.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import SlideError
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Pixels, Slide
from e2evit_model.strip.area_average import Taps, average_area
from e2evit_model.strip.pixels import GridPixels
from e2evit_model.strip.workers import in_threads, units_to_fetch, usable_cores
from e2evit_model.tiling.grid import TileGrid

_UNIT_TILES = 16  # tiles of one row of the slide, side by side


def tile_pixels(slide: Slide, grid: TileGrid, index: int) -> Pixels:
    """Read one tile, (tile_px, tile_px, 3).

    Raises
    ------
    SlideError
        When the tile touches damaged data, or the slide cannot be read.
    """
    source = GridPixels(slide, grid)
    column, row = int(grid.column[index]), int(grid.row[index])
    blocks: dict[tuple[int, int], Pixels | None] = {}
    for block in _blocks_of(source, column, row):
        blocks[block] = source.read(*block)
    pixels = _cut_tile(source, grid, column, row, blocks)
    if pixels is None:
        raise SlideError(
            f"Tile {index} lies on damaged data of the slide and cannot be read.",
            hint="Copy the slide again from where it came from, or go on without this tile.",
        )
    return pixels


def each_tile(
    slide: Slide,
    grid: TileGrid,
    take: Callable[[int, Pixels | None], None],
    *,
    threads: int | None = None,
    progress: Progress = silent,
    step: str = "Reading tiles",
) -> None:
    """Call ``take(index, pixels)`` for every tile, from several threads and in the order of the slide's rows.

    ``pixels`` is (tile_px, tile_px, 3), or ``None`` for a tile on damaged data. Blocks are kept until the last tile that touches
    them is done, so each is decoded once.
    """
    source = GridPixels(slide, grid)
    units = list(_units(grid))
    of_unit = [_blocks_of_unit(source, grid, unit) for unit in units]
    first_unit = {block: number for number, blocks in reversed(list(enumerate(of_unit))) for block in blocks}
    shared = _SharedBlocks(source, Counter(block for blocks in of_unit for block in blocks))
    done = [0] * len(units)

    def work(number: int, stop: threading.Event) -> None:
        ahead = units_to_fetch(number, len(units))
        source.prefetch(block for n in ahead for block in of_unit[n] if first_unit[block] == n)
        held: dict[tuple[int, int], Pixels | None] = {}
        for block in of_unit[number]:
            if stop.is_set():
                return
            held[block] = shared.take(block)
        for index in units[number]:
            if stop.is_set():
                return
            take(int(index), _cut_tile(source, grid, int(grid.column[index]), int(grid.row[index]), held))
            done[number] += 1

    in_threads(
        range(len(units)),
        work,
        threads=threads or usable_cores(),
        report=lambda: progress(step, sum(done), len(grid)),
    )


def _units(grid: TileGrid) -> Iterator[NDArray[np.intp]]:
    """Cut the tiles into runs of neighbours in a row, in the order of the slide."""
    order = np.lexsort((grid.column, grid.row))
    row, column = grid.row[order], grid.column[order]
    breaks = np.flatnonzero((np.diff(row) != 0) | (np.diff(column) > 2)) + 1
    for run in np.split(order, breaks):
        for begin in range(0, len(run), _UNIT_TILES):
            yield run[begin : begin + _UNIT_TILES]


def _blocks_of(source: GridPixels, column: int, row: int) -> list[tuple[int, int]]:
    columns, rows = source.blocks_under(column, row)
    return [(block_column, block_row) for block_row in rows for block_column in columns]


def _blocks_of_unit(source: GridPixels, grid: TileGrid, unit: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return the blocks under some tiles, each once, row by row."""
    found = {block for tile in unit for block in _blocks_of(source, int(grid.column[tile]), int(grid.row[tile]))}
    return sorted(found, key=lambda block: (block[1], block[0]))


def _cut_tile(
    source: GridPixels, grid: TileGrid, column: int, row: int, blocks: dict[tuple[int, int], Pixels | None]
) -> Pixels | None:
    """Put a tile together from its blocks and bring it to its size; ``None`` when one of them is damaged."""
    left, right = source.span(column, column)
    top, bottom = source.span(row, row)
    area = np.empty((bottom - top, right - left, 3), np.uint8)
    for block in _blocks_of(source, column, row):
        pixels = blocks[block]
        if pixels is None:
            return None
        x, y = block[0] * source.block_width - left, block[1] * source.block_height - top
        from_x, from_y = max(0, -x), max(0, -y)
        part = pixels[from_y : area.shape[0] - y, from_x : area.shape[1] - x]
        area[y + from_y : y + from_y + part.shape[0], x + from_x : x + from_x + part.shape[1]] = part
    factor = grid.scale.resample
    if factor == 1:
        return area
    return average_area(
        area,
        rows=Taps.cover(row * source.tile_width - top, factor, grid.tile_px, len(area)),
        columns=Taps.cover(column * source.tile_width - left, factor, grid.tile_px, area.shape[1]),
    )


@dataclass
class _Shared:
    """A block on its way through the units that need it."""

    units_left: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    read: bool = False
    pixels: Pixels | None = None


class _SharedBlocks:
    """Decode each block for the first unit that needs it, and keep it until the last one has taken it."""

    def __init__(self, source: GridPixels, units: Counter[tuple[int, int]]) -> None:
        self._source = source
        self._units = units
        self._shared: dict[tuple[int, int], _Shared] = {}
        self._lock = threading.Lock()

    def take(self, block: tuple[int, int]) -> Pixels | None:
        """Return a block; called once a unit."""
        with self._lock:
            shared = self._shared.setdefault(block, _Shared(self._units[block]))
        with shared.lock:
            if not shared.read:
                shared.pixels = self._source.read(*block)
                shared.read = True
            pixels = shared.pixels
            shared.units_left -= 1
            if shared.units_left == 0:
                shared.pixels = None
                with self._lock:
                    del self._shared[block]
        return pixels
