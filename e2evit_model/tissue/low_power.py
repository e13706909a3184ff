"""The slide at low power: read once, block by block, averaged on the way, so that a slide without a pyramid needs no memory."""

import logging
import math
import os
import time
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import TissueError
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Blocks, Pixels, Slide, SlideInfo

log = logging.getLogger(__name__)

STEP = "Finding tissue"

RASTER_UM = 10.0
"""The picture's resolution, um/px: the same for every file of a slide, whatever its levels; coarser when it had too many pixels."""

MOST_PIXELS = 5_000_000

ASSUMED_LONG_SIDE_UM = 20_000.0
"""Where the slide's resolution is unknown its longer side is taken to be 20 mm long: that of a usual scan."""

REDUCTIONS = (1, 2, 4, 8)
PROGRESS_EVERY_S = 0.1
MOST_THREADS = 8


@dataclass(frozen=True, kw_only=True)
class LowPower:
    """A picture of the whole slide.

    ``image`` is (h, w, 3) sRGB, white where there is no data; one of its pixels covers ``downsample`` x ``downsample`` level-0
    pixels, the first one beginning at (0, 0). ``mpp`` is micrometres a pixel of it, ``assumed`` when the slide's resolution is
    unknown. ``damaged`` is the share of blocks that could not be read.
    """

    image: Pixels
    downsample: float
    mpp: float
    assumed: bool
    damaged: float


@dataclass(frozen=True, kw_only=True)
class Raster:
    """Where a raster lies on the slide: ``width`` x ``height`` pixels of ``downsample`` level-0 pixels."""

    width: int
    height: int
    downsample: float


def slide_mpp(info: SlideInfo) -> tuple[float, bool]:
    """Return micrometres a level-0 pixel, and whether that is only assumed."""
    if info.mpp is not None:
        return info.mpp, False
    return ASSUMED_LONG_SIDE_UM / max(info.width, info.height), True


def raster_over(info: SlideInfo, *, most_pixels: int = MOST_PIXELS) -> Raster:
    """Lay a raster of ``RASTER_UM`` over a slide; coarser for a very large one, and the slide's own pixels for a coarse one."""
    mpp, _ = slide_mpp(info)
    downsample = max(1.0, RASTER_UM / mpp, math.sqrt(info.width * info.height / most_pixels))
    return Raster(
        width=math.ceil(info.width / downsample), height=math.ceil(info.height / downsample), downsample=downsample
    )


def _cheapest_source(info: SlideInfo, wanted: float) -> tuple[int, int]:
    """Choose (level, reduce): the coarsest picture whose pixels are at most ``wanted`` level-0 pixels wide."""
    fine_enough = [(n, picture) for n, picture in enumerate(info.levels) if picture.downsample <= wanted]
    level, picture = max(fine_enough, key=lambda entry: entry[1].downsample)
    return level, max(factor for factor in REDUCTIONS if factor == 1 or picture.downsample * factor <= wanted)


class _Averager:
    """Adds up pixels of blocks in the raster pixels that they lie in."""

    def __init__(self, raster: Raster, step: float) -> None:
        self.raster = raster
        self.step = step  # level-0 pixels a pixel of the blocks
        self.sums = np.zeros((raster.height, raster.width, 3), dtype=np.uint32)
        self.counts = np.zeros((raster.height, raster.width, 1), dtype=np.uint32)

    def _bins(self, first: int, length: int, limit: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Return the raster indices that ``length`` pixels from ``first`` on fall into, where each begins, and how many it gets."""
        middle = (first + np.arange(length) + 0.5) * self.step / self.raster.downsample
        index = np.minimum(middle.astype(np.intp), limit - 1)
        starts = np.flatnonzero(np.diff(index, prepend=-1))
        return index[starts], starts, np.diff(starts, append=length)

    def add(self, pixels: Pixels, left: int, top: int) -> None:
        """Add a block whose upper left pixel is (left, top), in pixels of the blocks."""
        height, width = pixels.shape[:2]
        rows, row_starts, row_counts = self._bins(top, height, self.raster.height)
        columns, column_starts, column_counts = self._bins(left, width, self.raster.width)
        by_row = np.add.reduceat(pixels, row_starts, axis=0, dtype=np.uint32)
        window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        self.sums[window] += np.add.reduceat(by_row, column_starts, axis=1, dtype=np.uint32)
        self.counts[window] += np.outer(row_counts, column_counts)[..., np.newaxis].astype(np.uint32)

    def picture(self) -> Pixels:
        """Return the means, rounded; white where nothing was added."""
        counts = np.maximum(self.counts, 1)
        means = (self.sums + counts // 2) // counts
        return np.where(self.counts > 0, means, 255).astype(np.uint8)


def _read_all(blocks: Blocks) -> Generator[tuple[int, int, Pixels | None], None, None]:
    """Read all blocks in threads, a few ahead; give (left, top, pixels) as they come. Ends its threads when it is closed."""
    places = ((column, row) for row in range(blocks.rows) for column in range(blocks.columns))
    threads = min(MOST_THREADS, os.cpu_count() or 1)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="low-power")
    under_way: dict[Future[Pixels | None], tuple[int, int]] = {}
    try:
        while True:
            while len(under_way) < 2 * threads and (place := next(places, None)) is not None:
                under_way[pool.submit(blocks.read, *place)] = place
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                column, row = under_way.pop(future)
                yield column * blocks.block_width, row * blocks.block_height, future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def read_low_power(slide: Slide, *, most_pixels: int = MOST_PIXELS, progress: Progress = silent) -> LowPower:
    """Read the whole slide at low power, averaged from the level that costs least; coarser where it had too many pixels.

    Raises
    ------
    TissueError
        When no block can be read.
    SlideError
        When the slide was closed or is out of reach.
    Cancelled
        By ``progress``.
    """
    info = slide.info
    raster = raster_over(info, most_pixels=most_pixels)
    level, reduce = _cheapest_source(info, raster.downsample)
    blocks = slide.blocks(level, reduce=reduce)
    step = info.levels[level].downsample * reduce
    averager = _Averager(raster, step)
    total, done, damaged, told = blocks.columns * blocks.rows, 0, 0, time.monotonic()
    progress(STEP, 0, total)
    reading = _read_all(blocks)
    try:
        for left, top, pixels in reading:
            done += 1
            if pixels is None:
                damaged += 1
            else:
                averager.add(pixels, left, top)
            if time.monotonic() - told >= PROGRESS_EVERY_S:
                told = time.monotonic()
                progress(STEP, done, total)
    finally:
        reading.close()
    if damaged == total:
        raise TissueError(
            "The slide cannot be read at low power: all its data there is damaged.",
            hint="Copy the file again from the scanner or the archive.",
        )
    progress(STEP, total, total)
    log.debug("Low power from level %d / %d, %d of %d blocks damaged", level, reduce, damaged, total)
    mpp, assumed = slide_mpp(info)
    downsample = averager.raster.downsample
    return LowPower(
        image=averager.picture(), downsample=downsample, mpp=mpp * downsample, assumed=assumed, damaged=damaged / total
    )
