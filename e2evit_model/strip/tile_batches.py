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

_AHEAD = 3
"""So many batches may wait decoded: a model is far slower than the decoder, so that this only evens out."""
_LOOK_S = 0.1


@dataclass(frozen=True, kw_only=True)
class TileBatch:
    """Some tiles of a grid: which ones (b,), and their pixels (b, tile_px, tile_px, 3). Tiles on damaged data are in no batch."""

    index: NDArray[np.int64]
    pixels: Pixels


class _StoppedError(Exception):
    """Nobody wants the rest."""


class _Decoder:
    """Decodes in a thread of its own, and puts tiles where the one who computes takes them."""

    def __init__(self, slide: Slide, grid: TileGrid, *, room: int, threads: int) -> None:
        self._slide, self._grid, self._threads = slide, grid, threads
        self._ready: queue.Queue[tuple[int, Pixels] | None] = queue.Queue(room)
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._decode, name="tiles ahead", daemon=True)
        self._thread.start()

    def take(self) -> tuple[int, Pixels] | None:
        """Return the next tile, ``None`` after the last; raises what decoding raised."""
        found = self._ready.get()
        if found is None and self._failure is not None:
            raise self._failure
        return found

    def close(self) -> None:
        """Stop decoding, and wait for the thread's end."""
        self._stop.set()
        self._thread.join()

    def _put(self, what: tuple[int, Pixels] | None) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(queue.Full):
                self._ready.put(what, timeout=_LOOK_S)
                return
        raise _StoppedError

    def _give(self, index: int, pixels: Pixels | None) -> None:
        if pixels is not None:
            self._put((index, pixels))

    def _decode(self) -> None:
        try:
            each_tile(self._slide, self._grid, self._give, threads=self._threads)
        except BaseException as error:  # noqa: BLE001 - raised again where tiles are taken
            self._failure = error
        with contextlib.suppress(_StoppedError):
            self._put(None)


def tile_batches(slide: Slide, grid: TileGrid, size: int, *, threads: int | None = None) -> Generator[TileBatch]:
    """Yield the tiles of a grid in batches of ``size`` (the last may be smaller), each block of the slide decoded once.

    The order is that of the slide, roughly. Close the iterator when it is left early (``contextlib.closing``).

    Raises
    ------
    SlideError
        When the slide cannot be read.
    """
    decoder = _Decoder(slide, grid, room=_AHEAD * size, threads=threads or usable_cores())
    try:
        done = False
        while not done:
            taken: list[tuple[int, Pixels]] = []
            while len(taken) < size:
                found = decoder.take()
                if found is None:
                    done = True
                    break
                taken.append(found)
            if taken:
                yield TileBatch(
                    index=np.array([index for index, _ in taken], np.int64),
                    pixels=np.stack([pixels for _, pixels in taken]),
                )
    finally:
        decoder.close()
