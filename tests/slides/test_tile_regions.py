"""Regions from tiles: equal to the picture, each tile decoded once for all threads, damage and limits kept to themselves."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from e2evit_model.errors import SlideError
from e2evit_model.slides import tile_regions
from e2evit_model.slides.reading import DamagedPixelsError
from e2evit_model.slides.tile_regions import TileRegions

WIDTH, HEIGHT, TILE_WIDTH, TILE_HEIGHT = 530, 410, 64, 48
TILE_BYTES = TILE_WIDTH * TILE_HEIGHT * 3


class MemoryLevel:
    """A level of tiles in memory that counts what is decoded; some tiles fail, and one can be held up."""

    def __init__(self, *, damaged=(), far: bool = False) -> None:
        self.width, self.height, self.tile_width, self.tile_height = WIDTH, HEIGHT, TILE_WIDTH, TILE_HEIGHT
        self.columns = -(-WIDTH // TILE_WIDTH)
        self.picture = np.random.default_rng(7).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        self.decoded: Counter[tuple[int, int]] = Counter()
        self.fetched: list[tuple[int, int]] = []
        self.damaged = set(damaged)
        self.is_far = far
        self.begun, self.may_go_on = threading.Event(), threading.Event()
        self.held_up: tuple[int, int] | None = None
        self.memory: set[int] = set()
        self._lock = threading.Lock()

    def read(self, column, row):
        pixels = np.empty((TILE_HEIGHT, TILE_WIDTH, 3), np.uint8)
        self.read_into(column, row, pixels)
        return pixels[: HEIGHT - row * TILE_HEIGHT, : WIDTH - column * TILE_WIDTH]

    def read_into(self, column, row, pixels):
        with self._lock:
            self.decoded[column, row] += 1
            self.memory.add(pixels.ctypes.data)
        pixels[:] = 99  # as a decoder that fails half way
        if self.held_up == (column, row):
            self.begun.set()
            assert self.may_go_on.wait(30)
        if (column, row) in self.damaged:
            raise DamagedPixelsError("A part is damaged.")
        part = self.picture[row * TILE_HEIGHT :, column * TILE_WIDTH :][:TILE_HEIGHT, :TILE_WIDTH]
        pixels[: part.shape[0], : part.shape[1]] = part

    def prefetch(self, places):
        self.fetched += places


def some_regions(count: int, seed: int) -> list[tuple[int, int, int, int]]:
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        width, height = draw.randint(1, 200), draw.randint(1, 200)
        found.append((draw.randint(0, WIDTH - width), draw.randint(0, HEIGHT - height), width, height))
    return found


def part_of(level: MemoryLevel, region) -> np.ndarray:
    left, top, width, height = region
    return level.picture[top : top + height, left : left + width]


@pytest.mark.parametrize("limit", [1, 5 * TILE_BYTES, 1 << 20])
@pytest.mark.parametrize("threads", [1, 4])
def test_regions_are_parts_of_the_picture(limit, threads):
    level = MemoryLevel()
    regions = TileRegions(level, limit)
    wanted = [*some_regions(120, seed=threads), (0, 0, WIDTH, HEIGHT), (64, 48, 64, 48), (512, 384, 18, 26)]
    with ThreadPoolExecutor(threads) as pool:
        for region, pixels in zip(wanted, pool.map(lambda one: regions.read(*one), wanted), strict=True):
            np.testing.assert_array_equal(pixels, part_of(level, region))
    assert regions.held_bytes <= max(limit, TILE_BYTES)


def test_a_tile_is_decoded_once_while_there_is_room():
    level = MemoryLevel()
    regions = TileRegions(level)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: regions.read(*one), [(1, 1, WIDTH - 1, 5 * TILE_HEIGHT - 1)] * 8))
    assert set(level.decoded.values()) == {1}
    assert len(level.decoded) == 9 * 5


def test_regions_in_reading_order_decode_each_tile_once_in_the_memory_of_two_rows(monkeypatch):
    monkeypatch.setattr(tile_regions, "HELD_AT_ONCE", 2)
    level = MemoryLevel()
    regions = TileRegions(level)
    side = 40
    for top in range(0, HEIGHT - side, side):
        for left in range(0, WIDTH - side, side):
            regions.read(left, top, side, side)
    assert set(level.decoded.values()) == {1}
    assert len(level.decoded) == 9 * 9
    assert regions.held_bytes <= (2 * 9 + 4) * TILE_BYTES


def test_what_is_given_out_may_be_written_to():
    level = MemoryLevel()
    regions = TileRegions(level)
    for region in ((64, 48, 64, 48), (70, 50, 20, 20)) * 2:
        pixels = regions.read(*region)
        np.testing.assert_array_equal(pixels, part_of(level, region))
        pixels[:] = 0


def test_a_whole_tile_is_decoded_into_the_result_and_taken_from_what_is_kept():
    level = MemoryLevel()
    regions = TileRegions(level)
    regions.read(64, 48, 64, 48)
    assert regions.held_bytes == 0
    regions.read(65, 48, 63, 48)
    regions.read(64, 48, 64, 48)
    assert level.decoded == {(1, 1): 2}


def test_memory_is_used_again():
    level = MemoryLevel()
    regions = TileRegions(level, 4 * TILE_BYTES)
    for left in range(0, WIDTH - 20, 10):
        regions.read(left, 3, 20, 20)
    assert len(level.decoded) == 9
    assert len(level.memory) == 4


def test_a_huge_region_holds_few_tiles_at_a_time(monkeypatch):
    monkeypatch.setattr(tile_regions, "HELD_AT_ONCE", 3)
    level = MemoryLevel()
    regions = TileRegions(level, 4 * TILE_BYTES)
    np.testing.assert_array_equal(regions.read(0, 0, WIDTH, HEIGHT), level.picture)
    assert len(level.memory) == 4


def test_two_threads_do_not_decode_the_same_tile():
    """The second waits for the first one's tile, and does its own meanwhile."""
    level = MemoryLevel()
    level.held_up = (0, 0)
    regions = TileRegions(level)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(regions.read, 0, 0, 30, 30)
        assert level.begun.wait(30)
        second = pool.submit(regions.read, 10, 0, 100, 30)
        while level.decoded[1, 0] == 0:
            assert not second.done()
        level.may_go_on.set()
        np.testing.assert_array_equal(first.result(30), part_of(level, (0, 0, 30, 30)))
        np.testing.assert_array_equal(second.result(30), part_of(level, (10, 0, 100, 30)))
    assert level.decoded == {(0, 0): 1, (1, 0): 1}


def test_whoever_waited_for_a_tile_that_failed_tries_by_itself():
    level = MemoryLevel(damaged={(0, 0)})
    level.held_up = (0, 0)
    regions = TileRegions(level)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(regions.read, 0, 0, 30, 30)
        assert level.begun.wait(30)
        second = pool.submit(regions.read, 10, 0, 100, 30)
        while level.decoded[1, 0] == 0:
            assert not second.done()
        level.may_go_on.set()
        for waiting in (first, second):
            with pytest.raises(SlideError, match=r"^A part is damaged\.$"):
                waiting.result(30)
    level.damaged.clear()
    np.testing.assert_array_equal(regions.read(0, 0, 30, 30), part_of(level, (0, 0, 30, 30)))


def test_damage_costs_only_the_regions_on_it():
    level = MemoryLevel(damaged={(2, 2)})
    regions = TileRegions(level, 6 * TILE_BYTES)
    for region in some_regions(150, seed=3) * 2:
        left, top, width, height = region
        if left < 192 and left + width > 128 and top < 144 and top + height > 96:
            with pytest.raises(DamagedPixelsError):
                regions.read(*region)
        else:
            np.testing.assert_array_equal(regions.read(*region), part_of(level, region))


def test_a_file_that_is_far_is_asked_for_what_is_missing_only():
    level = MemoryLevel(far=True)
    regions = TileRegions(level)
    regions.read(10, 10, 20, 20)
    assert level.fetched == []  # one tile: nothing to fetch ahead
    regions.read(10, 10, 60, 60)
    assert level.fetched == [(1, 0), (0, 1), (1, 1)]


def test_nothing_is_kept_once_the_slide_is_closed():
    level = MemoryLevel()
    level.held_up = (0, 0)
    regions = TileRegions(level)
    regions.read(100, 100, 200, 200)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(regions.read, 0, 0, 70, 70)
        assert level.begun.wait(30)
        regions.clear()
        level.may_go_on.set()
        np.testing.assert_array_equal(reading.result(30), part_of(level, (0, 0, 70, 70)))
    assert regions.held_bytes == 0
