"""The fast path: JPEG tiles of a TIFF or SVS, read from the file as they are and decoded by libjpeg-turbo without the GIL.

Nothing is believed: before a level is read this way, three of its most detailed tiles are compared with the library that opened
the slide, and every difference gives the level back to that library. A tile that cannot be decoded strictly, or was left out of
the file, is the library's too, so that there is one opinion about what is damaged. Levels are reduced by 2, 4 or 8 while
decoding (scaled inverse DCT), which is faster than decoding and averaging.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import simplejpeg  # type: ignore[import-untyped]
from numpy.typing import NDArray

from e2evit_model.slides.file_bytes import FileBytes
from e2evit_model.slides.jpeg_stream import prefix_of, whole_jpeg
from e2evit_model.slides.protocol import Level, Pixels
from e2evit_model.slides.read_ahead import ReadAhead
from e2evit_model.slides.reading import DamagedPixelsError, LevelReader
from e2evit_model.slides.reducing import average_squares, reduced_length
from e2evit_model.slides.tile_table import TileTable

log = logging.getLogger(__name__)

COMPARED = 3
TRIED = 12
EXACT = 1 / 512
"""Farther than this from a whole pixel, where a level's downsample is not whole, OpenSlide interpolates: no comparison there."""


class JpegTiles:
    """The levels of a file that consist of JPEG tiles; ``None`` in ``tables`` for levels that do not."""

    def __init__(self, source: FileBytes, tables: tuple[TileTable | None, ...]) -> None:
        self._source = ReadAhead(source)
        self._tables = tables

    def proven_level(self, level: int, picture: Level, reader: LevelReader) -> "JpegLevel | None":
        """Return a level once its tiles have been found equal to what ``reader`` reads, else ``None``.

        Raises
        ------
        SlideError
            When the slide was closed, or the file is out of reach.
        """
        table = self._tables[level]
        if table is None:
            log.debug("Level %d has no JPEG tiles that can be read directly", level)
            return None
        # bfconvert writes YCbCr into pictures whose tag says RGB; libraries differ in whom they believe, and these are their pixels
        for rgb in (table.rgb, not table.rgb):
            candidate = JpegLevel(self._source, replace(table, rgb=rgb), level, reader)
            reason = _difference(candidate, table, picture)
            if not reason:
                log.debug("The JPEG tiles of level %d are read directly, as %s", level, "RGB" if rgb else "YCbCr")
                return candidate
        log.info("The JPEG tiles of level %d are left to the library that opened the slide: %s", level, reason)
        return None

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()


class JpegLevel:
    """One level of JPEG tiles. Every method may be called from several threads."""

    def __init__(self, source: ReadAhead, table: TileTable, level: int, reader: LevelReader) -> None:
        self._source = source
        self._table = table
        self._level = level
        self._reader = reader
        self._prefix = prefix_of(table.jpeg_tables, rgb=table.rgb)
        self._offsets: list[int] = table.offsets.tolist()  # plain integers are faster one by one
        self._counts: list[int] = table.counts.tolist()
        self.tile_width = table.tile_width
        self.tile_height = table.tile_height
        self.width = table.width
        self.height = table.height
        self.columns = table.columns

    def blocks(self, reduce: int) -> "JpegBlocks":
        """Return the tiles, decoded at 1 / ``reduce``, as blocks."""
        return JpegBlocks(self, self._table, reduce)

    def read(self, column: int, row: int, reduce: int = 1, *, memory: Pixels | None = None) -> Pixels:
        """Decode a tile, cropped at the level's border, into ``memory`` where that is possible.

        Raises
        ------
        DamagedPixelsError
            When neither this way nor the library can decode it.
        SlideError
            When the slide was closed, or the file is out of reach.
        """
        pixels = self.decode(column, row, reduce, out=memory)
        if pixels is None:
            return average_squares(self.read_by_library(column, row), reduce)
        width = reduced_length(self._table.width, reduce) - column * self.tile_width // reduce
        height = reduced_length(self._table.height, reduce) - row * self.tile_height // reduce
        if pixels.shape[0] <= height and pixels.shape[1] <= width:
            return pixels
        return pixels[:height, :width] if memory is not None else np.ascontiguousarray(pixels[:height, :width])

    @property
    def is_far(self) -> bool:
        """Whether the file answers so slowly that it pays to ask ahead."""
        return self._source.is_slow

    def prefetch(self, places: Iterable[tuple[int, int]]) -> None:
        """Begin to fetch the data of tiles (column, row) that will be read soon; returns at once."""
        at = [row * self.columns + column for column, row in places]
        self._source.fetch((self._offsets[n], self._counts[n]) for n in at)

    def read_by_library(self, column: int, row: int) -> Pixels:
        """Read a tile by the library that opened the slide, cropped at the level's border; raises as :meth:`read`."""
        left, top = column * self.tile_width, row * self.tile_height
        width = min(self.tile_width, self._table.width - left)
        height = min(self.tile_height, self._table.height - top)
        return self._reader.read_inside(self._level, left, top, width, height)

    def read_into(self, column: int, row: int, pixels: Pixels) -> None:
        """Decode a tile into (tile_height, tile_width, 3), with anything beyond the level's border; raises as :meth:`read`."""
        if self.decode(column, row, out=pixels) is None:
            tile = self.read_by_library(column, row)
            pixels[: tile.shape[0], : tile.shape[1]] = tile

    def decode(self, column: int, row: int, reduce: int = 1, *, out: Pixels | None = None) -> Pixels | None:
        """Decode a whole tile, with what lies beyond the level's border; ``None`` when that is not possible this way."""
        at = row * self.columns + column
        size = self._counts[at]
        if size == 0:
            return None
        data = self._source.read(self._offsets[at], size)
        jpeg = whole_jpeg(data, self._prefix) if len(data) == size else None
        if jpeg is None:
            return None
        # into memory of the size that is right: a damaged header may claim any other
        height, width = self.tile_height // reduce, self.tile_width // reduce
        pixels = np.empty((height, width, 3), dtype=np.uint8) if out is None else out
        try:
            # the factor alone is ignored: scaling begins only when a smallest size is given
            decoded = simplejpeg.decode_jpeg(
                jpeg, "RGB", min_height=height, min_width=width, min_factor=reduce, buffer=pixels
            )
        except ValueError:
            return None
        return pixels if decoded.shape == pixels.shape else None


class JpegBlocks:
    """The tiles of a level, decoded at 1 / ``reduce`` of their size."""

    def __init__(self, level: JpegLevel, table: TileTable, reduce: int) -> None:
        self._tiles = level
        self._reduce = reduce
        self.width = reduced_length(table.width, reduce)
        self.height = reduced_length(table.height, reduce)
        self.block_width = table.tile_width // reduce
        self.block_height = table.tile_height // reduce
        self.columns = -(-self.width // self.block_width)
        self.rows = -(-self.height // self.block_height)

    def read(self, column: int, row: int, *, memory: Pixels | None = None) -> Pixels | None:
        """Decode one block, cropped at the level's border, into ``memory`` where that is possible; ``None`` when it is damaged.

        Raises
        ------
        SlideError
            When the slide was closed, or the file is out of reach.
        """
        if not (0 <= column < self.columns and 0 <= row < self.rows):
            raise ValueError(f"there is no block ({column}, {row})")
        try:
            return self._tiles.read(column, row, self._reduce, memory=memory)
        except DamagedPixelsError:
            log.debug("Tile (%d, %d) is damaged", column, row)
            return None

    def prefetch(self, places: Iterable[tuple[int, int]]) -> None:
        """Begin to fetch the data of blocks (column, row) that will be read soon; returns at once."""
        self._tiles.prefetch((c, r) for c, r in places if 0 <= c < self.columns and 0 <= r < self.rows)


def _difference(tiles: JpegLevel, table: TileTable, picture: Level) -> str:
    """Say why the tiles cannot be read directly; empty when the compared ones are equal."""
    if (table.width, table.height) != (picture.width, picture.height):
        return "its size is another"
    compared = 0
    for at in _telling_tiles(table, picture.downsample):
        column, row = int(at) % table.columns, int(at) // table.columns
        pixels = tiles.decode(column, row)
        if pixels is None:
            continue  # damaged: says nothing of the others
        try:
            expected = tiles.read_by_library(column, row)
        except DamagedPixelsError:
            continue
        if not np.array_equal(pixels[: expected.shape[0], : expected.shape[1]], expected):
            return f"tile ({column}, {row}) has other pixels"
        compared += 1
        if compared == COMPARED:
            break
    return "" if compared else "no tile could be compared"


def _telling_tiles(table: TileTable, downsample: float) -> NDArray[np.int64]:
    """Return the tiles with the most data, which differ first when colors or chroma are decoded in another way."""
    columns = _exact(np.arange(table.columns) * table.tile_width, downsample)
    rows = _exact(np.arange(table.rows) * table.tile_height, downsample)
    counts = np.where(rows[:, None] & columns, table.counts.reshape(table.rows, table.columns), 0).ravel()
    largest = np.argsort(counts, kind="stable")[::-1][:TRIED]
    return largest[counts[largest] > 0]


def _exact(pixels: NDArray[np.int64], downsample: float) -> NDArray[np.bool_]:
    return np.abs(np.round(pixels * downsample) / downsample - pixels) < EXACT
