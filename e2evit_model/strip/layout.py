"""Where each tile of a strip is drawn, and which tile is where: in one row, or wrapped like text. Plain arithmetic, for any N."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError


@dataclass(frozen=True, kw_only=True)
class StripLayout:
    """The drawing of ``count`` tiles, ``columns`` in a row, in pixels of the drawing.

    ``tile_side`` is the side of a drawn tile, ``row_gap`` the space between two rows, ``label_width`` the space left of each row
    for the number of its first tile.
    """

    count: int
    columns: int
    tile_side: float
    row_gap: float = 0.0
    label_width: float = 0.0

    def __post_init__(self) -> None:
        if self.count < 0 or self.columns < 1 or not self.tile_side > 0:
            raise OptionError(
                f"A strip of {self.count} tiles cannot be drawn with {self.columns} tiles of {self.tile_side:g} px in a row.",
                hint="Choose at least one tile in a row, and tiles of at least one pixel.",
            )

    @classmethod
    def one_row(cls, count: int, tile_side: float) -> Self:
        """Lay all tiles side by side."""
        return cls(count=count, columns=max(count, 1), tile_side=tile_side)

    @classmethod
    def wrapped(
        cls, count: int, tile_side: float, *, width: float, row_gap: float = 0.0, label_width: float = 0.0
    ) -> Self:
        """Lay as many tiles in a row as fit ``width``, at least one, and go on below."""
        columns = max(1, min(int((width - label_width) // tile_side), max(count, 1)))
        return cls(count=count, columns=columns, tile_side=tile_side, row_gap=row_gap, label_width=label_width)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return -(-self.count // self.columns)

    @property
    def row_height(self) -> float:
        """The distance from one row to the next."""
        return self.tile_side + self.row_gap

    @property
    def width(self) -> float:
        """The width of the whole drawing."""
        return self.label_width + min(self.count, self.columns) * self.tile_side

    @property
    def height(self) -> float:
        """The height of the whole drawing."""
        return max(0.0, self.rows * self.row_height - self.row_gap)

    def corners(self, tiles: NDArray[np.integer] | range) -> NDArray[np.float64]:
        """Return the upper left corners of some tiles, (n, 2) of x and y."""
        row, column = np.divmod(np.asarray(tiles, dtype=np.int64), self.columns)
        return np.stack([self.label_width + column * self.tile_side, row * self.row_height], axis=-1)

    def rectangle(self, tile: int) -> tuple[float, float, float, float]:
        """Return x, y, width and height of a tile."""
        row, column = divmod(tile, self.columns)
        return self.label_width + column * self.tile_side, row * self.row_height, self.tile_side, self.tile_side

    def tile_at(self, x: float, y: float) -> int | None:
        """Return the tile under a point; ``None`` over a gap, a label or nothing."""
        column, row = int((x - self.label_width) // self.tile_side), int(y // self.row_height)
        if not (0 <= column < self.columns and row >= 0) or y - row * self.row_height >= self.tile_side:
            return None
        tile = row * self.columns + column
        return tile if tile < self.count else None

    def visible(self, x: float, y: float, width: float, height: float) -> NDArray[np.int64]:
        """Return the tiles that have pixels inside a rectangle, in strip order."""
        left = max(0, int((x - self.label_width) // self.tile_side))
        right = min(self.columns, int(-((self.label_width - x - width) // self.tile_side)))
        rows = np.arange(*self._rows_between(y, height), dtype=np.int64)
        tiles = (rows[:, None] * self.columns + np.arange(left, max(left, right), dtype=np.int64)).reshape(-1)
        return tiles[tiles < self.count]

    def row_starts(self, y: float, height: float) -> list[tuple[int, float]]:
        """Return the first tile, and the y, of each row that has pixels between ``y`` and ``y + height``."""
        return [(row * self.columns, row * self.row_height) for row in range(*self._rows_between(y, height))]

    def _rows_between(self, y: float, height: float) -> tuple[int, int]:
        top = max(0, int(y // self.row_height))
        if y - top * self.row_height >= self.tile_side:
            top += 1  # only the gap below that row is seen
        bottom = min(self.rows, int(-(-(y + height) // self.row_height)))
        return top, max(top, bottom)
