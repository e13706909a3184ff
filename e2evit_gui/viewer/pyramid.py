"""The levels that are painted: those of the file, and between and beyond them levels made from finer ones, each half as fine.

The file's own tiles are put together to squares of up to 512 px, so that a tile is decoded once and painted in one call.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from e2evit_model.slides.protocol import Blocks, Pixels, Slide
from e2evit_model.slides.reducing import average_squares

LARGEST_TILE = 512
COARSEST_PX = 1024
"""The coarsest level is at most so wide and high; it stays in memory."""

WIDEST_GAP = 2.5
"""Ratio of two levels beyond which one is made between them. A scanner's usual 4 is too wide: just before the next level 16 pixels
would be scaled for each that is shown, 30 ms a frame at 1080p, and most of them not even looked at, so that the picture flickers.
"""

ROUGHLY = 3.9  # times coarser: a sixteenth of the pixels
USUAL_GAP = 4.05  # a file with wider ones lacks levels
DAMAGED_GRAY = 200


class TileKey(NamedTuple):
    """A tile of a painted level."""

    level: int
    column: int
    row: int


@dataclass(frozen=True, kw_only=True)
class PaintedLevel:
    """One level; ``file_level`` is None where it is averaged from the next finer painted level.

    ``downsample`` is level-0 pixels a pixel; ``tile_width`` x ``tile_height`` px are the tiles, cropped at right and bottom.
    """

    width: int
    height: int
    downsample: float
    tile_width: int
    tile_height: int
    file_level: int | None
    reduce: int = 1

    @property
    def columns(self) -> int:
        """Tiles in a row."""
        return -(-self.width // self.tile_width)

    @property
    def rows(self) -> int:
        """Tiles in a column."""
        return -(-self.height // self.tile_height)

    def rectangle(self, column: int, row: int) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of a tile in level-0 pixels."""
        left, top = column * self.tile_width, row * self.tile_height
        right, bottom = min(left + self.tile_width, self.width), min(top + self.tile_height, self.height)
        return left * self.downsample, top * self.downsample, right * self.downsample, bottom * self.downsample


class Pyramid:
    """The painted levels of a slide, finest first, and the way to a tile's pixels."""

    def __init__(self, slide: Slide) -> None:
        self._slide = slide
        self._blocks: dict[int, Blocks] = {}
        self._memories = threading.local()
        self.levels: list[PaintedLevel] = []
        self.made = 0  # levels that the file lacks
        for number, level in enumerate(slide.info.levels):
            if self.levels:
                self._fill_gap(level.downsample)
            self._add(number, 1, level.downsample)
        self._fill_gap(None)

    @property
    def note(self) -> str:
        """A sentence on missing levels, empty where the file has them all."""
        if self.made == 0:
            return ""
        if len(self._slide.info.levels) == 1:
            return "The file has no pyramid: wider views are averaged from its finest pixels."
        return "The file lacks some levels of its pyramid: they are averaged from finer ones."

    @property
    def coarsest(self) -> int:
        """The number of the coarsest level."""
        return len(self.levels) - 1

    def level_for(self, scale: float) -> int:
        """Return the coarsest level that is fine enough for ``scale`` level-0 pixels a device pixel."""
        fine_enough = [n for n, level in enumerate(self.levels) if level.downsample <= scale * 1.01]
        return fine_enough[-1] if fine_enough else 0

    def rough_level(self, level: int) -> int:
        """Return the level that is read before ``level`` for a first picture: the file's own where it has one, which costs least.

        The coarsest, which is always there, where none is worth its time.
        """
        enough = ROUGHLY * self.levels[level].downsample
        rougher = [n for n in range(level + 1, self.coarsest) if self.levels[n].downsample >= enough]
        its_own = [n for n in rougher if self.levels[n].reduce == 1 and self.levels[n].file_level is not None]
        return (its_own or rougher or [self.coarsest])[0]

    def tiles_in(self, level: int, left: float, top: float, right: float, bottom: float) -> list[TileKey]:
        """Return the tiles of a level that touch a level-0 rectangle, row by row."""
        one = self.levels[level]
        step_x, step_y = one.tile_width * one.downsample, one.tile_height * one.downsample
        columns = range(max(int(left // step_x), 0), min(int(right // step_x) + 1, one.columns))
        rows = range(max(int(top // step_y), 0), min(int(bottom // step_y) + 1, one.rows))
        return [TileKey(level, column, row) for row in rows for column in columns]

    def children(self, key: TileKey) -> list[TileKey]:
        """Return the finer tiles that a tile is averaged from; none where the file has it."""
        if self.levels[key.level].file_level is not None:
            return []
        finer = self.levels[key.level - 1]
        return [
            TileKey(key.level - 1, column, row)
            for row in (2 * key.row, 2 * key.row + 1)
            for column in (2 * key.column, 2 * key.column + 1)
            if column < finer.columns and row < finer.rows
        ]

    def read(self, key: TileKey, finer: Callable[[TileKey], Pixels]) -> Pixels:
        """Make the pixels of a tile, (h, w, 3); ``finer`` gives those of its children. Damaged parts are gray.

        They are good until the same thread reads another tile.

        Raises
        ------
        SlideError
            When the file is out of reach.
        """
        level = self.levels[key.level]
        left, top = key.column * level.tile_width, key.row * level.tile_height
        width, height = min(level.tile_width, level.width - left), min(level.tile_height, level.height - top)
        if level.file_level is None:
            pixels = np.full((height, width, 3), DAMAGED_GRAY, np.uint8)  # its children are read meanwhile
            self._average(key, finer, pixels)
        else:
            pixels = self._memory("tile", height, width)
            pixels[:] = DAMAGED_GRAY
            self._assemble(level, left, top, pixels)
        return pixels

    def _memory(self, use: str, height: int, width: int) -> Pixels:
        """Return memory of the calling thread: the system gives new one page by page, which takes as long as decoding."""
        held: Pixels | None = getattr(self._memories, use, None)
        if held is None or held.shape != (height, width, 3):
            held = np.empty((height, width, 3), np.uint8)
            setattr(self._memories, use, held)
        return held

    def _assemble(self, level: PaintedLevel, left: int, top: int, pixels: Pixels) -> None:
        """Put the file's own tiles together."""
        blocks = self._blocks_of(level)
        memory = self._memory("block", blocks.block_height, blocks.block_width)
        height, width = pixels.shape[:2]
        for row in range(top // blocks.block_height, -(-(top + height) // blocks.block_height)):
            for column in range(left // blocks.block_width, -(-(left + width) // blocks.block_width)):
                block = blocks.read(column, row, memory=memory)
                if block is None:
                    continue
                x, y = column * blocks.block_width - left, row * blocks.block_height - top
                part = pixels[y : y + block.shape[0], x : x + block.shape[1]]
                part[:] = block[: part.shape[0], : part.shape[1]]

    def _average(self, key: TileKey, finer: Callable[[TileKey], Pixels], pixels: Pixels) -> None:
        level = self.levels[key.level]
        for child in self.children(key):
            half = average_squares(finer(child), 2)
            x = (child.column - 2 * key.column) * level.tile_width // 2
            y = (child.row - 2 * key.row) * level.tile_height // 2
            part = pixels[y : y + half.shape[0], x : x + half.shape[1]]
            part[:] = half[: part.shape[0], : part.shape[1]]

    def _blocks_of(self, level: PaintedLevel) -> Blocks:
        number = self.levels.index(level)
        if number not in self._blocks:
            self._blocks[number] = self._slide.blocks(level.file_level or 0, reduce=level.reduce)
        return self._blocks[number]

    def _add(self, file_level: int, reduce: int, downsample: float) -> None:
        blocks = self._slide.blocks(file_level, reduce=reduce)
        self._blocks[len(self.levels)] = blocks
        self.levels.append(
            PaintedLevel(
                width=blocks.width,
                height=blocks.height,
                downsample=downsample,
                tile_width=_together(blocks.block_width),
                tile_height=_together(blocks.block_height),
                file_level=file_level,
                reduce=reduce,
            )
        )

    def _fill_gap(self, next_downsample: float | None) -> None:
        """Make levels of half the size each until the next level of the file is near, or the whole slide is small."""
        base = self.levels[-1]
        if base.file_level is None:
            raise AssertionError("a level of the file comes before every gap")
        lacking = next_downsample is None or next_downsample / base.downsample > USUAL_GAP
        while not self._near_enough(next_downsample):
            last = self.levels[-1]
            reduce = 2 * last.reduce
            if last.file_level == base.file_level and reduce <= 8:
                self._add(base.file_level, reduce, base.downsample * reduce)
            else:
                self._add_averaged(last)
            self.made += lacking

    def _near_enough(self, next_downsample: float | None) -> bool:
        last = self.levels[-1]
        if next_downsample is None:
            return max(last.width, last.height) <= COARSEST_PX
        return next_downsample / last.downsample <= WIDEST_GAP

    def _add_averaged(self, last: PaintedLevel) -> None:
        self.levels.append(
            PaintedLevel(
                width=max(last.width // 2, 1),
                height=max(last.height // 2, 1),
                downsample=last.downsample * 2,
                tile_width=last.tile_width,
                tile_height=last.tile_height,
                file_level=None,
            )
        )


def _together(block: int) -> int:
    """Return the side of a painted tile: as many whole blocks as go into 512 px, at least one, and an even side.

    Even, so that the halves of two tiles side by side make a tile of the next level.
    """
    count = max(LARGEST_TILE // block, 1)
    if block * count % 2:
        count += -1 if count > 1 else 1
    return block * count
