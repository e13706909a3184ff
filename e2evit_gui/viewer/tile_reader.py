"""Read painted tiles in threads: what is wanted now, and nothing that was wanted a moment ago."""

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtGui import QColorSpace, QColorTransform, QImage

from e2evit_gui.jobs.giving_way import thread_gives_way
from e2evit_gui.viewer.pyramid import DAMAGED_GRAY, Pyramid, TileKey
from e2evit_gui.viewer.tile_cache import TileCache
from e2evit_model.errors import E2EViTError
from e2evit_model.slides.protocol import Pixels

_log = logging.getLogger(__name__)

THREADS = min(4, os.cpu_count() or 1)

RETRY_S = 2.0
"""A tile that could not be read is not asked of the file again before: a drive that is gone would keep every thread busy."""


class TileReader:
    """Threads that fill a cache.

    Each client (the slide, the strip) has one list of wanted tiles; a new list replaces the one before it, so a request that has
    gone stale is dropped before it is decoded. Its threads know no Qt object but images, so they can outlive the window's: whoever
    waits for tiles looks with :meth:`news`.
    """

    def __init__(
        self,
        pyramid: Pyramid,
        cache: TileCache,
        icc: bytes | None,
        on_end: Callable[[], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pyramid = pyramid
        self._cache = cache
        self._transform = display_transform(icc)
        self._on_end = on_end
        self._state = threading.Condition()
        self._wanted: dict[str, list[TileKey]] = {}
        self._reading: set[TileKey] = set()
        self._stopped = False
        self._arrived = False
        self._failure: Exception | None = None
        self._told_failure = False
        self._clock = clock
        self._given_up: dict[TileKey, float] = {}  # when a tile could not be read
        self._threads = [threading.Thread(target=self._work, name=f"tiles-{n}", daemon=True) for n in range(THREADS)]
        self._running = len(self._threads)
        for thread in self._threads:
            thread.start()

    @property
    def idle(self) -> bool:
        """Whether nothing is wanted or read."""
        with self._state:
            return not self._reading and not any(self._wanted.values())

    @property
    def waits(self) -> bool:
        """Whether tiles that could not be read wait for another attempt."""
        with self._state:
            return bool(self._given_up)

    def forgive(self) -> bool:
        """Let tiles be wanted again whose time is over; say whether there are any."""
        with self._state:
            over = [key for key, when in self._given_up.items() if self._clock() - when >= RETRY_S]
            for key in over:
                del self._given_up[key]
        return bool(over)

    def news(self) -> tuple[bool, Exception | None]:
        """Say whether tiles arrived since the last call, and the first error once, until a tile can be read again."""
        with self._state:
            arrived, self._arrived = self._arrived, False
            failure, self._failure = self._failure, None
        return arrived, failure

    def want(self, client: str, keys: Sequence[TileKey]) -> None:
        """Replace what a client wants, most urgent first; tiles that are cached already are left out."""
        missing = [key for key in keys if key not in self._cache]
        with self._state:
            missing = [key for key in missing if key not in self._given_up]
            self._wanted[client] = missing[::-1]  # taken from the end
            if missing:
                self._state.notify_all()

    def stop(self) -> None:
        """Read no more; the last thread to end calls ``on_end``."""
        with self._state:
            self._stopped = True
            self._wanted.clear()
            self._state.notify_all()

    def join(self, timeout_s: float = 10.0) -> None:
        """Wait for the threads to end."""
        for thread in self._threads:
            thread.join(timeout_s)

    def _take(self) -> TileKey | None:
        """Wait for something to read; None at the end."""
        with self._state:
            while not self._stopped:
                for wanted in self._wanted.values():
                    while wanted:
                        key = wanted.pop()
                        if key not in self._reading and key not in self._cache:
                            self._reading.add(key)
                            return key
                self._state.wait()
            return None

    def _work(self) -> None:
        thread_gives_way()
        while (key := self._take()) is not None:
            try:
                self._image(key)
            except E2EViTError as error:
                self._give_up(key, error)
            except Exception as error:  # noqa: BLE001 - the last line of the thread; it must go on with other tiles
                _log.exception("Tile %s could not be read", key)
                self._give_up(key, error)
            with self._state:
                self._told_failure = self._told_failure and bool(self._given_up)
                self._reading.discard(key)
                self._arrived = True
        with self._state:
            self._running -= 1
            last = self._running == 0
        if last:
            self._on_end()

    def _image(self, key: TileKey) -> QImage | None:
        """Return a tile and see that it is cached; finer ones that it is made of are cached on the way. None at the end."""
        cached = self._cache.get(key)
        if cached is not None or self._stopped:
            return cached
        level = self._pyramid.levels[key.level]
        image = as_image(self._pyramid.read(key, self._pixels))
        # children came out of the cache with the transform applied, so it is applied at the file's own levels alone
        if self._transform is not None and level.file_level is not None:
            image.applyColorTransform(self._transform)
        if not self._stopped:
            self._cache.put(key, image, pin=key.level == self._pyramid.coarsest)
        return image

    def _pixels(self, key: TileKey) -> Pixels:
        """Return the pixels of a tile that another one is averaged from."""
        image = self._image(key)
        return np.full((1, 1, 3), DAMAGED_GRAY, np.uint8) if image is None else as_array(image)

    def _give_up(self, key: TileKey, error: Exception) -> None:
        with self._state:
            self._given_up[key] = self._clock()
            if not self._told_failure and not self._stopped:
                self._told_failure, self._failure = True, error


def display_transform(icc: bytes | None) -> QColorTransform | None:
    """Return the way from a slide's colors to sRGB; none where it has no profile, an unusable one, or is sRGB itself."""
    if not icc:
        return None
    space = QColorSpace.fromIccProfile(icc)
    target = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if not space.isValid() or space == target:
        return None
    transform = space.transformationToColorSpace(target)
    return None if transform.isIdentity() else transform


def as_image(pixels: Pixels) -> QImage:
    """Copy (h, w, 3) pixels into an image of the format that is painted fastest."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def as_array(image: QImage) -> Pixels:
    """Return (h, w, 3) pixels of a painted tile."""
    height, width = image.height(), image.width()
    view = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine() // 4, 4)
    return np.ascontiguousarray(view[:, :width, 2::-1])
