"""Keep the tiles decoded last, limited in bytes, for several threads."""

import threading
from collections import OrderedDict

from e2evit_model.slides.protocol import Pixels

CACHE_BYTES = 64 << 20
"""Some 340 tiles of 256 px: a screen of 4k and what lies around it (choice)."""

Key = tuple[int, int, int]


class TileCache:
    """Tiles by (level, column, row); what was used least recently goes first."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._held = 0
        self._tiles: OrderedDict[Key, Pixels] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def held_bytes(self) -> int:
        """Bytes of pixels that are kept now."""
        return self._held

    def get(self, key: Key) -> Pixels | None:
        """Return a tile that is kept; not to be written into."""
        with self._lock:
            tile = self._tiles.get(key)
            if tile is not None:
                self._tiles.move_to_end(key)
            return tile

    def put(self, key: Key, tile: Pixels) -> None:
        """Keep a tile, and let go of the oldest ones beyond the limit."""
        with self._lock:
            before = self._tiles.pop(key, None)
            if before is not None:
                self._held -= before.nbytes
            self._tiles[key] = tile
            self._held += tile.nbytes
            while self._held > self._limit and len(self._tiles) > 1:
                self._held -= self._tiles.popitem(last=False)[1].nbytes

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._tiles.clear()
            self._held = 0
