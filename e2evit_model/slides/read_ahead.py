"""Fetch the bytes of tiles before they are asked for: what makes a slide on a distant drive as fast as one on a near one."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass

from e2evit_model.slides.file_bytes import FileBytes

THREADS = 8
"""Reads that wait at the same time; they wait for the drive, not for a processor."""

LARGEST_SPAN = 1 << 20
LARGEST_GAP = 64 << 10
"""Pieces this close in the file are fetched with one read: 64 KB more take less time than one more way to the drive."""

LARGEST_HELD = 64 << 20
"""Bytes that are fetched and not yet used; what was asked for first is let go of beyond that."""


@dataclass(frozen=True)
class _Span:
    offset: int
    data: Future[bytes]


class ReadAhead:
    """Bytes of a file, some of them fetched ahead. Every method may be called from several threads."""

    def __init__(self, source: FileBytes) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._spans: OrderedDict[tuple[int, int], _Span] = OrderedDict()
        self._held = 0
        self._closed = False

    @property
    def held_bytes(self) -> int:
        """Bytes that were fetched, or are on their way, and have not been asked for."""
        return self._held

    @property
    def is_slow(self) -> bool:
        """Whether the file answers so slowly that it pays to fetch ahead."""
        return self._source.is_slow

    def fetch(self, pieces: Iterable[tuple[int, int]]) -> None:
        """Begin to fetch pieces (offset, size); returns at once, and does nothing while the file answers quickly anyway."""
        if not self.is_slow:
            return
        with self._lock:
            if self._closed:
                return
            if self._pool is None:
                self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="read-ahead")
            new = sorted({piece for piece in pieces if piece[1] > 0 and piece not in self._spans})
            for span in _together(new):
                start, end = span[0][0], max(offset + size for offset, size in span)
                coming = _Span(start, self._pool.submit(self._source.read, start, end - start))
                for piece in span:
                    self._spans[piece] = coming
                    self._held += piece[1]
            while self._held > LARGEST_HELD:
                (_, size), dropped = self._spans.popitem(last=False)
                self._held -= size
                dropped.data.cancel()

    def read(self, offset: int, size: int) -> bytes:
        """Read a piece: what was fetched, else from the file. What was fetched is given out once.

        Raises
        ------
        SlideError
            When the file was closed, or is out of reach.
        """
        span = None
        if self._spans:
            with self._lock:
                span = self._spans.pop((offset, size), None)
                if span is not None:
                    self._held -= size
        if span is None:
            return self._source.read(offset, size)
        try:
            data = span.data.result()
        except CancelledError:
            return self._source.read(offset, size)
        start = offset - span.offset
        return data[start : start + size]

    def close(self) -> None:
        """Let go of the file and of what was fetched."""
        with self._lock:
            self._closed = True
            self._spans.clear()
            self._held = 0
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
        self._source.close()


def _together(pieces: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Put pieces that lie close together in the file into groups of one read each."""
    group: list[tuple[int, int]] = []
    for offset, size in pieces:
        if group:
            end = group[-1][0] + group[-1][1]
            if offset - end > LARGEST_GAP or offset + size - group[0][0] > LARGEST_SPAN:
                yield group
                group = []
        group.append((offset, size))
    if group:
        yield group
