"""Painted tiles in memory, limited in bytes; written by reader threads, read by the window's."""

import threading
from collections import OrderedDict

from PySide6.QtGui import QImage

from e2evit_gui.viewer.pyramid import TileKey

MOST_BYTES = 256 << 20
"""A 4K screen of tiles at the worst zoom is 130 MB; the rest is what was seen just before (choice)."""


class TileCache:
    """The least recently used tile goes first; pinned ones stay."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._tiles: OrderedDict[TileKey, QImage] = OrderedDict()
        self._pinned: dict[TileKey, QImage] = {}
        self._lock = threading.Lock()

    @property
    def held_bytes(self) -> int:
        """Bytes that are held now, pinned ones included."""
        return self._held

    def __contains__(self, key: TileKey) -> bool:
        return key in self._pinned or key in self._tiles

    def __len__(self) -> int:
        return len(self._pinned) + len(self._tiles)

    def get(self, key: TileKey) -> QImage | None:
        """Return a tile, or none."""
        with self._lock:
            pinned = self._pinned.get(key)
            if pinned is not None:
                return pinned
            image = self._tiles.get(key)
            if image is not None:
                self._tiles.move_to_end(key)
            return image

    def put(self, key: TileKey, image: QImage, *, pin: bool = False) -> None:
        """Take a tile; older ones go when there is no room."""
        with self._lock:
            if key in self._pinned or key in self._tiles:
                return
            (self._pinned if pin else self._tiles)[key] = image
            self._held += image.sizeInBytes()
            self._shrink()

    def limit(self, most_bytes: int) -> None:
        """Change the limit, as while a model needs the memory."""
        with self._lock:
            self._most = most_bytes
            self._shrink()

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._tiles.clear()
            self._pinned.clear()
            self._held = 0

    def _shrink(self) -> None:
        while self._held > self._most and len(self._tiles) > 1:
            _, image = self._tiles.popitem(last=False)
            self._held -= image.sizeInBytes()
