"""Regions put together from JPEG tiles: each tile decoded once for all threads, into memory that is used again and again.

Memory decides how fast this is: new memory comes from the system page by page, which costs half of a tile's decoding. So the tiles
that are kept lie in one piece of memory, which numpy asks for in large pages, and a tile that goes leaves its place to the next.
No lock is held while a tile is decoded; a thread that needs a tile that another one is decoding decodes its own tiles first.
"""

import threading
from collections import OrderedDict
from itertools import product

import numpy as np

from e2evit_model.slides.jpeg_tiles import JpegLevel
from e2evit_model.slides.protocol import Pixels

CACHE_BYTES = 64 << 20
"""Some 340 tiles of 256 px: two rows of tiles of a slide of 40 000 px (choice)."""

ROWS_KEPT = 2
"""Regions in reading order touch a row of tiles and the one below it; what is older is not asked for again. More memory is slower:
half of its cost is that it is not in the processor's cache."""

HELD_AT_ONCE = 16
"""Tiles of one region that are in use at a time, so that a huge region does not need huge memory beside its own."""

Place = tuple[int, int]


class _Kept:
    """A tile: its memory, how many regions are being copied from it, and whether it was decoded."""

    __slots__ = ("decoded", "pixels", "ready", "users")

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = pixels
        self.users = 0
        self.decoded = False
        self.ready = threading.Lock()  # held by the thread that decodes it
        self.ready.acquire()


class TileRegions:
    """Regions of a level of JPEG tiles. Every method may be called from several threads.

    Parameters
    ----------
    level
        The tiles.
    limit
        The most bytes of decoded tiles that are kept, those used last; ``ROWS_KEPT`` rows of them when that is less.
    """

    def __init__(self, level: JpegLevel, limit: int = CACHE_BYTES) -> None:
        self.level = level
        self._shape = (level.tile_height, level.tile_width, 3)
        rows = ROWS_KEPT * level.columns + 2 * HELD_AT_ONCE
        self._most = max(min(limit // (level.tile_height * level.tile_width * 3), rows), 1)
        self._lock = threading.Lock()
        self._kept: OrderedDict[Place, _Kept] = OrderedDict()
        self._memory: Pixels | None = None
        self._taken = 0  # places of the memory that were given out
        self._free: list[Pixels] = []

    @property
    def held_bytes(self) -> int:
        """Bytes of the tiles that are kept now."""
        return sum(kept.pixels.nbytes for kept in tuple(self._kept.values()))

    def read(self, left: int, top: int, width: int, height: int) -> Pixels:
        """Read a region inside the level.

        Raises
        ------
        DamagedPixelsError
            When a tile under it cannot be decoded.
        SlideError
            When the slide was closed, or the file is out of reach.
        """
        tile_height, tile_width, _ = self._shape
        row, column = top // tile_height, left // tile_width
        is_tile = (left, top) == (column * tile_width, row * tile_height) and (width, height) == (
            min(tile_width, self.level.width - left),
            min(tile_height, self.level.height - top),
        )
        if is_tile and (column, row) not in self._kept:
            return self.level.read(column, row)  # straight into the result
        rows = range(row, (top + height - 1) // tile_height + 1)
        columns = range(column, (left + width - 1) // tile_width + 1)
        places = [(c, r) for r, c in product(rows, columns)]
        if self.level.is_far and len(places) > 1:
            self.level.prefetch(place for place in places if place not in self._kept)
        pixels = np.empty((height, width, 3), dtype=np.uint8)
        for begin in range(0, len(places), HELD_AT_ONCE):
            self._copy(places[begin : begin + HELD_AT_ONCE], left, top, pixels)
        return pixels

    def clear(self) -> None:
        """Let go of all tiles."""
        with self._lock:
            self._kept.clear()
            self._free.clear()
            self._memory = None
            self._most = 0  # what is still being read is not kept

    def _copy(self, places: list[Place], left: int, top: int, pixels: Pixels) -> None:
        """Copy what some tiles have of a region that begins at (left, top)."""
        tiles, own = self._hold(places)
        try:
            for (column, row), kept in own:
                self.level.read_into(column, row, kept.pixels)
                kept.decoded = True
                kept.ready.release()
            for place, kept in zip(places, tiles, strict=True):
                _copy_tile(self._decoded(place, kept), place, (left, top), pixels)
        finally:
            self._let_go(tiles, own)

    def _decoded(self, place: Place, kept: _Kept) -> Pixels:
        """Return a tile's pixels, after the thread that decodes it; decode it here when that one failed."""
        if not kept.decoded:
            with kept.ready:
                pass
        if kept.decoded:
            return kept.pixels
        pixels = np.empty(self._shape, dtype=np.uint8)
        self.level.read_into(*place, pixels)
        return pixels

    def _hold(self, places: list[Place]) -> tuple[list[_Kept], list[tuple[Place, _Kept]]]:
        """Return tiles that stay until they are let go of, and which of them the caller has to decode."""
        tiles, own = [], []
        with self._lock:
            for place in places:
                kept = self._kept.get(place)
                if kept is None:
                    kept = self._kept[place] = _Kept(self._room())
                    own.append((place, kept))
                else:
                    self._kept.move_to_end(place)
                kept.users += 1
                tiles.append(kept)
        return tiles, own

    def _let_go(self, tiles: list[_Kept], own: list[tuple[Place, _Kept]]) -> None:
        failed = [(place, kept) for place, kept in own if not kept.decoded]
        with self._lock:
            for kept in tiles:
                kept.users -= 1
            for place, kept in failed:
                if self._kept.get(place) is kept:
                    del self._kept[place]
                    self._free.append(kept.pixels)
            while len(self._kept) > self._most and self._oldest_unused() is not None:
                pass
        for _, kept in failed:
            kept.ready.release()

    def _room(self) -> Pixels:
        """Return memory for a tile: never used, of a tile that failed, of the tile used longest ago, or new."""
        if self._free:
            return self._free.pop()
        if self._taken < self._most:
            if self._memory is None:
                # the system gives it when it is written to; in large pages, since it is one piece
                self._memory = np.empty((self._most, *self._shape), dtype=np.uint8)
            self._taken += 1
            room: Pixels = self._memory[self._taken - 1]
            return room
        oldest = self._oldest_unused()
        return np.empty(self._shape, dtype=np.uint8) if oldest is None else oldest

    def _oldest_unused(self) -> Pixels | None:
        """Take away the tile that nobody uses and that was used longest ago, and return its memory."""
        place = next((place for place, kept in self._kept.items() if kept.users == 0), None)
        return None if place is None else self._kept.pop(place).pixels


def _copy_tile(tile: Pixels, place: Place, corner: Place, pixels: Pixels) -> None:
    """Copy what a tile has of a region whose upper left corner is ``corner`` in the level."""
    # the tile's upper left corner as seen from the region's
    x, y = place[0] * tile.shape[1] - corner[0], place[1] * tile.shape[0] - corner[1]
    x0, x1 = max(x, 0), min(x + tile.shape[1], pixels.shape[1])
    y0, y1 = max(y, 0), min(y + tile.shape[0], pixels.shape[0])
    pixels[y0:y1, x0:x1] = tile[y0 - y : y1 - y, x0 - x : x1 - x]
