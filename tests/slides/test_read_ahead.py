"""Reading ahead from a drive that is far away: fewer and simultaneous reads of the same bytes, nothing kept beyond its limit."""

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from e2evit_model.errors import SlideError
from e2evit_model.slides import opening, read_ahead
from e2evit_model.slides.file_bytes import FileBytes
from e2evit_model.slides.jpeg_tiles import JpegBlocks
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.read_ahead import ReadAhead
from tests.slide_files import JpegFlavour, tissue_like, write_jpeg_tiff


class Clock:
    """Every look at it is ``step`` seconds later."""

    def __init__(self, step: float) -> None:
        self.step = step
        self.now = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


class Drive:
    """Counts reads, and can hold them until some wait at the same time."""

    def __init__(self, *, together: int = 1) -> None:
        self.reads: list[tuple[int, int]] = []
        self.barrier = threading.Barrier(together) if together > 1 else None

    def __call__(self, number: int, size: int, offset: int) -> bytes:
        self.reads.append((offset, size))
        if self.barrier is not None:
            self.barrier.wait(timeout=30)
        return os.pread(number, size, offset)


pytestmark = pytest.mark.skipif(not hasattr(os, "pread"), reason="the simulated drive needs os.pread")


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    content = random.Random(4).randbytes(400_000)
    (tmp_path / "file").write_bytes(content)
    return content


def source(path: Path, drive: Drive, *, slow: bool = True) -> FileBytes:
    found = FileBytes(path, pread=drive, clock=Clock(0.02 if slow else 1e-5))
    barrier, drive.barrier = drive.barrier, None
    found.read(0, 1)  # learns how long a read takes
    drive.barrier = barrier
    drive.reads.clear()
    return found


def test_neighbours_are_fetched_with_one_read(tmp_path, data):
    drive = Drive()
    ahead = ReadAhead(source(tmp_path / "file", drive))
    pieces = [(1000 * n, 900) for n in range(50)] + [(390_000, 500), (0, 0)]
    ahead.fetch(random.Random(1).sample(pieces, len(pieces)))
    ahead.fetch(pieces)  # asked for already
    for offset, size in pieces:
        assert ahead.read(offset, size) == data[offset : offset + size]
    assert len([size for _, size in drive.reads if size]) == 2
    assert ahead.held_bytes == 0
    assert ahead.read(1000, 900) == data[1000:1900]  # given out once: now from the file
    assert drive.reads[-1] == (1000, 900)
    ahead.close()


def test_spans_wait_for_the_drive_at_the_same_time(tmp_path, data, monkeypatch):
    monkeypatch.setattr(read_ahead, "LARGEST_SPAN", 2000)
    drive = Drive(together=read_ahead.THREADS)  # no read ends before eight wait
    ahead = ReadAhead(source(tmp_path / "file", drive))
    pieces = [(2000 * n, 2000) for n in range(read_ahead.THREADS * 3)]
    ahead.fetch(pieces)
    for offset, size in pieces:
        assert ahead.read(offset, size) == data[offset : offset + size]
    ahead.close()


def test_nothing_is_fetched_ahead_from_a_near_drive(tmp_path, data):
    drive = Drive()
    ahead = ReadAhead(source(tmp_path / "file", drive, slow=False))
    ahead.fetch([(0, 100), (500, 100)])
    assert (drive.reads, ahead.held_bytes) == ([], 0)
    assert ahead.read(500, 100) == data[500:600]


def test_what_is_held_is_limited(tmp_path, data, monkeypatch):
    monkeypatch.setattr(read_ahead, "LARGEST_HELD", 10_000)
    ahead = ReadAhead(source(tmp_path / "file", Drive()))
    pieces = [(1000 * n, 1000) for n in range(300)]
    ahead.fetch(pieces)
    assert ahead.held_bytes <= 10_000
    for offset, size in pieces:
        assert ahead.read(offset, size) == data[offset : offset + size]
    assert ahead.held_bytes == 0
    ahead.close()


def test_threads_get_the_right_bytes(tmp_path, data):
    ahead = ReadAhead(source(tmp_path / "file", Drive()))

    def work(seed: int) -> bool:
        draw = random.Random(seed)
        for _ in range(20):
            pieces = [(draw.randrange(390_000), draw.randrange(1, 9000)) for _ in range(8)]
            ahead.fetch(pieces)
            if any(ahead.read(*piece) != data[piece[0] : piece[0] + piece[1]] for piece in pieces):
                return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(8)))
    ahead.close()


def test_closing_while_bytes_are_on_their_way(tmp_path, data):
    ahead = ReadAhead(source(tmp_path / "file", Drive()))
    ahead.fetch([(1000 * n, 1000) for n in range(300)])
    ahead.close()
    ahead.fetch([(0, 10)])
    assert ahead.held_bytes == 0
    with pytest.raises(SlideError, match=r"^The slide has been closed\.$"):
        ahead.read(0, 10)


def test_a_drive_that_is_lost_meanwhile(tmp_path, data):
    drive = Drive()
    found = source(tmp_path / "file", drive)
    ahead = ReadAhead(found)

    def lost(*args: object) -> bytes:
        raise OSError(5, "Input/output error")

    found._pread = lost
    ahead.fetch([(0, 10)])
    with pytest.raises(SlideError, match=r"^file could not be read \(Input/output error\)\.$"):
        ahead.read(0, 10)


@pytest.mark.parametrize("shared_tables", [False, True])
def test_a_slide_far_away(tmp_path, monkeypatch, shared_tables):
    """Blocks asked for ahead, and regions of many tiles, take a tenth of the reads, with equal pixels."""
    flavour = JpegFlavour(shared_tables=shared_tables, sparse=[(0, 2, 2)], damaged=[(0, 5, 5)])
    path = write_jpeg_tiff(tmp_path / "a.tif", tissue_like(1000, 1300), tile=64, quality=70, flavour=flavour)
    drive = Drive()
    with open_slide(path) as near:
        blocks = near.blocks(0)
        places = list(product(range(blocks.columns), range(blocks.rows)))
        expected = {place: blocks.read(*place) for place in places}
        region = near.read_region(400, 0, 0, 900, 300)
    monkeypatch.setattr(opening, "FileBytes", lambda path: FileBytes(path, pread=drive, clock=Clock(0.02)))
    with open_slide(path) as far:
        blocks = far.blocks(0)
        assert isinstance(blocks, JpegBlocks)
        drive.reads.clear()
        blocks.prefetch([*places, (-1, 0), (999, 999)])
        for place in random.Random(3).sample(places, len(places)):
            np.testing.assert_equal(blocks.read(*place), expected[place])
        assert len(drive.reads) <= len(places) / 10
        drive.reads.clear()
        np.testing.assert_array_equal(far.read_region(400, 0, 0, 900, 300), region)
        assert len(drive.reads) <= 15 * 5 / 10
