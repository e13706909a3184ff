"""A slide in memory, with blocks of any size, some of them damaged."""

import hashlib
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from e2evit_model.errors import SlideError
from e2evit_model.slides.protocol import Level, Pixels, SlideInfo
from e2evit_model.slides.scale import Scale
from e2evit_model.tiling.grid import TileGrid


@dataclass
class MemoryBlocks:
    slide: "MemorySlide"
    picture: Pixels

    def __post_init__(self):
        self.height, self.width = self.picture.shape[:2]
        self.block_width, self.block_height = self.slide.block
        self.columns = -(-self.width // self.block_width)
        self.rows = -(-self.height // self.block_height)

    def read(self, column: int, row: int, *, memory: Pixels | None = None) -> Pixels | None:
        assert 0 <= column < self.columns
        assert 0 <= row < self.rows
        with self.slide.lock:
            self.slide.reads[column, row] += 1
        if self.slide.delay:
            time.sleep(self.slide.delay)
        if (column, row) in self.slide.fails:
            raise SlideError("The slide cannot be read.")
        if (column, row) in self.slide.damaged:
            return None
        x, y = column * self.block_width, row * self.block_height
        part = self.picture[y : y + self.block_height, x : x + self.block_width]
        return part if self.slide.views else part.copy()

    def prefetch(self, places) -> None:
        for column, row in places:
            assert 0 <= column < self.columns
            assert 0 <= row < self.rows
            with self.slide.lock:
                self.slide.fetched[column, row] += 1
                self.slide.fetched_late |= (column, row) in self.slide.reads


@dataclass
class MemorySlide:
    """``picture`` is level 0; a level reduced by n is every n-th pixel (what a reader makes of it is not the strip's business)."""

    picture: Pixels
    block: tuple[int, int] = (256, 256)
    damaged: set[tuple[int, int]] = field(default_factory=set)
    fails: set[tuple[int, int]] = field(default_factory=set)
    views: bool = False
    delay: float = 0.0
    mpp: float | None = 0.5
    reads: Counter = field(default_factory=Counter)
    fetched: Counter = field(default_factory=Counter)
    fetched_late: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def info(self) -> SlideInfo:
        height, width = self.picture.shape[:2]
        return SlideInfo(
            width=width,
            height=height,
            levels=(Level(width=width, height=height, downsample=1.0),),
            mpp=self.mpp,
            mpp_source="file",
            format="memory",
            reader="memory",
            fingerprint=hashlib.sha256(self.picture.tobytes()).hexdigest(),
        )

    def blocks(self, level: int, *, reduce: int = 1) -> MemoryBlocks:
        assert level == 0
        return MemoryBlocks(self, self.picture[::reduce, ::reduce])

    def read_region(self, x: int, y: int, level: int, width: int, height: int) -> Pixels:
        raise AssertionError("the strip reads blocks")

    def icc_profile(self) -> bytes | None:
        return None

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass


def random_picture(rng: np.random.Generator, width: int, height: int) -> Pixels:
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


def random_grid(
    rng: np.random.Generator,
    slide: MemorySlide,
    tile_px: int,
    *,
    reduce: int = 1,
    resample: float = 1.0,
    keep: float = 0.6,
    shuffle: bool = True,
) -> TileGrid:
    """Some of the tiles that fit the slide, in any order."""
    width = tile_px * reduce * resample
    columns, rows = int(slide.info.width / width), int(slide.info.height / width)
    column, row = (part.reshape(-1) for part in np.meshgrid(np.arange(columns), np.arange(rows)))
    chosen = np.flatnonzero(rng.random(len(column)) < keep)
    if shuffle:
        chosen = rng.permutation(chosen)
    return grid_of(column[chosen], row[chosen], tile_px, reduce=reduce, resample=resample)


def grid_of(column, row, tile_px: int, *, reduce: int = 1, resample: float = 1.0) -> TileGrid:
    column, row = np.asarray(column, np.int32), np.asarray(row, np.int32)
    width = tile_px * reduce * resample
    total = reduce * resample
    return TileGrid(
        column=column,
        row=row,
        x=np.rint(column * width).astype(np.int64),
        y=np.rint(row * width).astype(np.int64),
        tissue=np.ones(len(column), np.float32),
        width=width,
        tile_px=tile_px,
        order="row",
        scale=Scale(level=0, reduce=reduce, resample=resample, downsample=total, mpp=0.5),
    )
