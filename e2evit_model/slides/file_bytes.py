"""Read bytes of a file at given places, from several threads at once, on every system."""

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from e2evit_model.slides.reading import closed_error, out_of_reach_error

PositionedRead = Callable[[int, int, int], bytes]
"""(file descriptor, size, offset) -> bytes, as ``os.pread``."""


SLOW_SECONDS = 0.002
"""A drive whose quickest answer of the last few took longer is far away; a disk, or the system's cache, takes a tenth of it."""

ANSWERS = 5


class _Descriptor:
    """An open file that is closed when the last reader lets go of it, so that closing never hits a read under way."""

    def __init__(self, path: Path) -> None:
        self.lock = threading.Lock()
        self.number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))

    def __del__(self) -> None:
        number = getattr(self, "number", None)
        if number is not None:
            os.close(number)


class FileBytes:
    """Bytes of a file at given places; opened at the first read.

    Parameters
    ----------
    path
        The file.
    pread
        How to read at a place; ``None``: the system's own way.
    clock
        Seconds, to learn how long reads take.
    """

    def __init__(
        self, path: Path, *, pread: PositionedRead | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._path = path
        self._pread = pread
        self._descriptor: _Descriptor | None = None
        self._opening = threading.Lock()
        self._closed = False
        self._clock = clock
        self._answers: deque[float] = deque(maxlen=ANSWERS)

    @property
    def is_slow(self) -> bool:
        """Whether the last reads all took so long that it pays to ask for bytes ahead."""
        answers = tuple(self._answers)
        return bool(answers) and min(answers) > SLOW_SECONDS

    def read(self, offset: int, size: int) -> bytes:
        """Read up to ``size`` bytes from ``offset`` on; fewer at the end of the file.

        Raises
        ------
        SlideError
            When it was closed, or the file is out of reach.
        """
        try:
            descriptor = self._open()
            began = self._clock()
            data = self._read_from(descriptor, size, offset)
            self._answers.append(self._clock() - began)
        except OSError as error:
            raise out_of_reach_error(self._path.name, error) from error
        return data

    def check_open(self) -> None:
        """Make sure that it was not closed.

        Raises
        ------
        SlideError
            When it was.
        """
        if self._closed:
            raise closed_error()

    def close(self) -> None:
        """Let go of the file; reads under way still end well."""
        with self._opening:
            self._closed = True
            self._descriptor = None

    def _read_from(self, descriptor: _Descriptor, size: int, offset: int) -> bytes:
        if self._pread is not None:
            return self._pread(descriptor.number, size, offset)
        return _read_at(descriptor, size, offset)

    def _open(self) -> _Descriptor:
        descriptor = self._descriptor
        if descriptor is None:
            with self._opening:
                if self._closed:
                    raise closed_error()
                if self._descriptor is None:
                    self._descriptor = _Descriptor(self._path)
                descriptor = self._descriptor
        return descriptor


if sys.platform == "win32":

    def _read_at(descriptor: _Descriptor, size: int, offset: int) -> bytes:
        with descriptor.lock:  # Windows has no pread: the place is a state of the file
            os.lseek(descriptor.number, offset, os.SEEK_SET)
            return os.read(descriptor.number, size)

else:

    def _read_at(descriptor: _Descriptor, size: int, offset: int) -> bytes:
        return os.pread(descriptor.number, size, offset)
