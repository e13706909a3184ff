"""Tiles in batches for a model, decoded ahead in threads of their own while the model computes."""

import contextlib
import queue
import threading
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from e2evit_model.slides.protocol import Pixels, Slide
from e2evit_model.strip.tiles import each_tile
from e2evit_model.strip.workers import usable_cores
from e2evit_model.tiling.grid import TileGrid

_AHEAD = 2
"""So many batches may wait ready. The threads that decode put them together, so that whoever computes only takes them."""
_LOOK_S = 0.1


@dataclass(frozen=True, kw_only=True)
class TileBatch:
    """Some tiles of a grid: which ones (b,), and their pixels (b, tile_px, tile_px, 3). Tiles on damaged data are in no batch."""

    index: NDArray[np.int64]
    pixels: Pixels


class _StoppedError(Exception):
    """Nobody wants the rest."""


class _Decoder:
    """Decodes in threads of its own, and puts batches where the one who computes takes them."""

    def __init__(self, slide: Slide, grid: TileGrid, size: int, *, threads: int) -> None:
        self._slide, self._grid, self._size, self._threads = slide, grid, size, threads
        self._ready: queue.Queue[TileBatch | None] = queue.Queue(_AHEAD)
        self._begun: list[tuple[int, Pixels]] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._decode, name="tiles ahead", daemon=True)
        self._thread.start()

    def take(self) -> TileBatch | None:
        """Return the next batch, ``None`` after the last; raises what decoding raised."""
        found = self._ready.get()
        if found is None and self._failure is not None:
            raise self._failure
        return found

    def close(self) -> None:
        """Stop decoding, and wait for the thread's end."""
        self._stop.set()
        self._thread.join()

    def _put(self, what: TileBatch | None) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(queue.Full):
                self._ready.put(what, timeout=_LOOK_S)
                return
        raise _StoppedError

    def _give(self, index: int, pixels: Pixels | None) -> None:
        if pixels is None:
            return
        with self._lock:
            self._begun.append((index, pixels))
            if len(self._begun) < self._size:
                return
            full, self._begun = self._begun, []
        self._put(_batch_of(full))

    def _decode(self) -> None:
        try:
            each_tile(self._slide, self._grid, self._give, threads=self._threads)
            if self._begun:
                self._put(_batch_of(self._begun))
        except BaseException as error:  # noqa: BLE001 - raised again where tiles are taken
            self._failure = error
        with contextlib.suppress(_StoppedError):
            self._put(None)


def _batch_of(taken: list[tuple[int, Pixels]]) -> TileBatch:
    return TileBatch(
        index=np.array([index for index, _ in taken], np.int64), pixels=np.stack([pixels for _, pixels in taken])
    )


def tile_batches(slide: Slide, grid: TileGrid, size: int, *, threads: int | None = None) -> Generator[TileBatch]:
    """Yield the tiles of a grid in batches of ``size`` (the last may be smaller), each block of the slide decoded once.

    The order is that of the slide, roughly. Close the iterator when it is left early (``contextlib.closing``).

    Raises
    ------
    SlideError
        When the slide cannot be read.
    """
    decoder = _Decoder(slide, grid, size, threads=threads or usable_cores())
    try:
        while (batch := decoder.take()) is not None:
            yield batch
    finally:
        decoder.close()
