"""An open slide on top of any library: coordinates, white outside, blocks, and the fast path for JPEG tiles where it holds."""

import logging
import math
import threading
from collections.abc import Iterable
from typing import Self

import numpy as np

from e2evit_model.slides.jpeg_tiles import JpegTiles
from e2evit_model.slides.protocol import WHITE, Blocks, Level, Pixels, SlideInfo
from e2evit_model.slides.reading import DamagedPixelsError, LevelReader, closed_error
from e2evit_model.slides.reducing import average_squares, check_factor, reduced_length
from e2evit_model.slides.tile_regions import TileRegions

log = logging.getLogger(__name__)


class OpenedSlide:
    """A :class:`~e2evit_model.slides.protocol.Slide` made of a reader and, where the file has them, JPEG tiles.

    A region begins at the level's pixel that is nearest to the given level-0 coordinates; pixels are never interpolated between.
    """

    def __init__(self, info: SlideInfo, reader: LevelReader, tiles: JpegTiles | None = None) -> None:
        self._info = info
        self._reader = reader
        self._tiles = tiles
        self._proving = threading.Lock()
        self._proven: dict[int, TileRegions | None] = {}
        self._closed = False

    @property
    def info(self) -> SlideInfo:
        """What is known of the slide."""
        return self._info

    def read_region(self, x: int, y: int, level: int, width: int, height: int) -> Pixels:
        """Read ``width`` x ``height`` pixels of ``level``, beginning at level-0 coordinates (x, y); white outside the slide.

        Raises
        ------
        SlideError
            When the data cannot be decoded, or the slide was closed.
        ValueError
            When there is no such level, or the size is not positive.
        """
        picture = self._level(level)
        if width < 1 or height < 1:
            raise ValueError(f"a region of {width} x {height} pixels cannot be read")
        left, top = nearest_pixel(x, picture.downsample), nearest_pixel(y, picture.downsample)
        x0, x1 = max(left, 0), min(left + width, picture.width)
        y0, y1 = max(top, 0), min(top + height, picture.height)
        if x1 - x0 == width and y1 - y0 == height:
            return self._read_inside(level, left, top, width, height)
        pixels = np.full((height, width, 3), WHITE, dtype=np.uint8)
        if x0 < x1 and y0 < y1:
            pixels[y0 - top : y1 - top, x0 - left : x1 - left] = self._read_inside(level, x0, y0, x1 - x0, y1 - y0)
        return pixels

    def blocks(self, level: int, *, reduce: int = 1) -> Blocks:
        """Cut a level, decoded at 1 / ``reduce`` of its size (1, 2, 4 or 8), into blocks.

        Raises
        ------
        SlideError
            When the slide was closed.
        ValueError
            When there is no such level or factor.
        """
        picture = self._level(level)
        check_factor(reduce)
        fast = self._fast(level)
        if fast is not None:
            return fast.level.blocks(reduce)
        return RegionBlocks(self._reader, level, picture, reduce)

    def icc_profile(self) -> bytes | None:
        """Return the color profile of the file for display; the model's pixels stay as read."""
        return self._reader.icc_profile()

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        self._closed = True
        self._reader.close()
        if self._tiles is not None:
            self._tiles.close()
        with self._proving:
            for regions in self._proven.values():
                if regions is not None:
                    regions.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _level(self, level: int) -> Level:
        if self._closed:
            raise closed_error()
        if not 0 <= level < len(self._info.levels):
            raise ValueError(f"the slide has levels 0 to {len(self._info.levels) - 1}, not {level}")
        return self._info.levels[level]

    def _fast(self, level: int) -> TileRegions | None:
        """Return the level's fast path once it has been proven equal to the reader, else ``None``."""
        if self._tiles is None:
            return None
        if level not in self._proven:
            with self._proving:
                if level not in self._proven:
                    tiles = self._tiles.proven_level(level, self._info.levels[level], self._reader)
                    self._proven[level] = None if tiles is None else TileRegions(tiles)
        return self._proven[level]

    def _read_inside(self, level: int, left: int, top: int, width: int, height: int) -> Pixels:
        fast = self._fast(level)
        if fast is None:
            return self._reader.read_inside(level, left, top, width, height)
        return fast.read(left, top, width, height)


def nearest_pixel(coordinate: int, downsample: float) -> int:
    """Return the pixel of a level that is nearest to a level-0 coordinate."""
    return math.floor(coordinate / downsample + 0.5)


class RegionBlocks:
    """A level cut into regions that a reader reads one by one, averaged when the level is reduced."""

    def __init__(self, reader: LevelReader, level: int, picture: Level, reduce: int) -> None:
        self._reader = reader
        self._level = level
        self._picture = picture
        self._reduce = reduce
        block_width, block_height = reader.block_size(level)
        self.width = reduced_length(picture.width, reduce)
        self.height = reduced_length(picture.height, reduce)
        self.block_width = block_width // reduce
        self.block_height = block_height // reduce
        self.columns = -(-self.width // self.block_width)
        self.rows = -(-self.height // self.block_height)

    def read(self, column: int, row: int, *, memory: Pixels | None = None) -> Pixels | None:  # noqa: ARG002 - readers bring their own
        """Read one block, cropped at the level's border; ``None`` when its data is damaged.

        Raises
        ------
        SlideError
            When the slide was closed, or the file is out of reach.
        """
        left, top = column * self.block_width, row * self.block_height
        width = min(self.block_width, self.width - left)
        height = min(self.block_height, self.height - top)
        if column < 0 or row < 0 or width < 1 or height < 1:
            raise ValueError(f"there is no block ({column}, {row})")
        factor = self._reduce
        try:
            pixels = self._reader.read_inside(
                self._level,
                left * factor,
                top * factor,
                min(width * factor, self._picture.width),
                min(height * factor, self._picture.height),
            )
        except DamagedPixelsError:
            log.debug("Block (%d, %d) of level %d is damaged", column, row, self._level)
            return None
        return average_squares(pixels, factor)

    def prefetch(self, places: Iterable[tuple[int, int]]) -> None:
        """Do nothing: libraries that read by themselves cannot be told to read ahead."""
