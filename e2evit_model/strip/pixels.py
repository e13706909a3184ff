"""The level that a grid lies on, as blocks: white where the slide has no pixels, damage said."""

from collections.abc import Iterable

import numpy as np

from e2evit_model.slides.protocol import WHITE, Pixels, Slide
from e2evit_model.tiling.grid import TileGrid

_HAIR = (
    1e-6  # px; tile borders this close to a pixel's border are on it, or rounding would ask for one more row of pixels
)


class GridPixels:
    """The pixels under a grid before resampling: ``scale.level``, decoded at 1 / ``scale.reduce``.

    Blocks are counted on beyond the level's border, where they are white.
    """

    def __init__(self, slide: Slide, grid: TileGrid) -> None:
        self._blocks = slide.blocks(grid.scale.level, reduce=grid.scale.reduce)
        self.block_width = self._blocks.block_width
        self.block_height = self._blocks.block_height
        self.tile_width = grid.tile_px * grid.scale.resample
        """The side of a tile in these pixels; not always whole."""

    def read(self, column: int, row: int) -> Pixels | None:
        """Return a whole block, (block_height, block_width, 3), filled up with white; ``None`` when it is damaged."""
        block = np.empty((self.block_height, self.block_width, 3), np.uint8)
        return block if self.read_into(column, row, block) else None

    def read_into(self, column: int, row: int, block: Pixels) -> bool:
        """Read a whole block into (block_height, block_width, 3), filled up with white; say whether it is undamaged."""
        blocks = self._blocks
        if not (0 <= column < blocks.columns and 0 <= row < blocks.rows):
            block[:] = WHITE
            return True
        pixels = blocks.read(column, row, memory=block)
        if pixels is None:
            return False
        height, width = pixels.shape[:2]
        if pixels is not block:
            block[:height, :width] = pixels
        block[height:] = WHITE
        block[:height, width:] = WHITE
        return True

    def prefetch(self, places: Iterable[tuple[int, int]]) -> None:
        """Begin to fetch the data of blocks (column, row), which helps where the file is far away."""
        columns, rows = self._blocks.columns, self._blocks.rows
        self._blocks.prefetch((c, r) for c, r in places if 0 <= c < columns and 0 <= r < rows)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the first pixel, and the one after the last, under tile columns (or rows) ``first`` to ``last``."""
        begin = int(np.floor(first * self.tile_width + _HAIR))
        return begin, int(np.ceil((last + 1) * self.tile_width - _HAIR))

    def blocks_under(self, column: int, row: int) -> tuple[range, range]:
        """Return the block columns and the block rows that a tile touches."""
        left, right = self.span(column, column)
        top, bottom = self.span(row, row)
        return (
            range(left // self.block_width, (right - 1) // self.block_width + 1),
            range(top // self.block_height, (bottom - 1) // self.block_height + 1),
        )

    def touching(self, grid: TileGrid) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], ...]:
        """Return the (N, 2) first and last block columns, and first and last block rows, that the tiles of a grid touch."""
        found = []
        for place, side in ((grid.column, self.block_width), (grid.row, self.block_height)):
            begin = np.floor(place * self.tile_width + _HAIR).astype(np.int64)
            last = np.ceil((place + 1.0) * self.tile_width - _HAIR).astype(np.int64) - 1
            found.append(np.stack([begin // side, last // side], axis=1))
        return tuple(found)
