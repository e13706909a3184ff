"""The journal: every change of a project as one line, written at once, so that a kill loses nothing that was saved.

A line is the CRC-32 of what follows in eight hex digits, a blank, and a JSON object with the change's number, its label and the
documents that it sets. Numbers rise by one; those that the snapshot holds already are passed over.
"""

import contextlib
import json
import os
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from e2evit_model.files import explain_write_error


@dataclass(frozen=True, kw_only=True)
class Line:
    """One change: its ``number``, and the documents that it sets by key (``None`` takes one away)."""

    number: int
    label: str
    documents: Mapping[str, Any]

    def encode(self) -> bytes:
        """Return the line as it is written."""
        record = {"n": self.number, "label": self.label, "set": dict(self.documents)}
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        return b"%08x %s\n" % (zlib.crc32(text), text)


def read_lines(path: Path) -> tuple[list[Line], int]:
    """Read the whole lines of a journal.

    Returns
    -------
    list of Line, int
        The lines in order, and how many could not be read. A journal that is not there has none.

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return [], 0
    pieces = data.split(b"\n")
    cut_short = pieces.pop()
    lines, damaged = [], int(bool(cut_short))
    for piece in pieces:
        line = _decode(piece)
        if line is None:
            damaged += 1
        else:
            lines.append(line)
    return lines, damaged


def _decode(piece: bytes) -> Line | None:
    sum_, _, text = piece.partition(b" ")
    if len(sum_) != 8 or b"%08x" % zlib.crc32(text) != sum_:
        return None
    record = json.loads(text)
    return Line(number=record["n"], label=record["label"], documents=record["set"])


class JournalWriter:
    """Appends lines to a journal; after a failed write the file is as long as before.

    Raises
    ------
    OutputError
        Every method, when the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self._dirty = False

    @property
    def size(self) -> int:
        """How many bytes the journal takes."""
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def append(self, lines: Iterable[Line]) -> None:
        """Hand lines to the system: what is killed now does not take them along."""
        data = memoryview(b"".join(line.encode() for line in lines))
        try:
            file = self._opened()
            before = file.seek(0, os.SEEK_END)
            try:
                while data:
                    data = data[file.write(data) :]
            except OSError:
                with contextlib.suppress(OSError):
                    file.truncate(before)
                raise
        except OSError as error:
            raise explain_write_error(error, self._path) from error
        self._dirty = True

    def sync(self) -> None:
        """Hand what was appended to the disk: a power cut does not take it along."""
        if self._dirty and self._file is not None:
            try:
                os.fsync(self._file.fileno())
            except OSError as error:
                raise explain_write_error(error, self._path) from error
            self._dirty = False

    def clear(self) -> None:
        """Make the journal empty."""
        try:
            self._opened().truncate(0)
        except OSError as error:
            raise explain_write_error(error, self._path) from error

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            self._file = self._path.open("ab", buffering=0)
            if self._file.tell():
                self._end_torn_line()
        return self._file

    def _end_torn_line(self) -> None:
        """Begin a new line where the last writer was stopped in the middle of one."""
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            torn = file.read(1) != b"\n"
        if torn and self._file is not None:
            self._file.write(b"\n")
