"""Where the tiles of the strip stand: in one row, or wrapped like text. Pure numbers, in device pixels."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StripGeometry:
    """``count`` square cells of ``cell`` px with ``gap`` px between, ``columns`` in a row, beginning at (``left``, ``top``).

    One row has ``columns == count``.
    """

    count: int
    cell: int
    gap: int
    columns: int
    left: int
    top: int

    @classmethod
    def one_row(cls, count: int, cell: int, *, gap: int = 1, left: int = 0, top: int = 0) -> "StripGeometry":
        """Put all tiles side by side."""
        return cls(count=count, cell=max(cell, 1), gap=gap, columns=max(count, 1), left=left, top=top)

    @classmethod
    def wrapped(
        cls, count: int, cell: int, width: int, *, gap: int = 1, left: int = 0, top: int = 0
    ) -> "StripGeometry":
        """Begin a new row where the width ends."""
        columns = max((width - left) // (cell + gap), 1)
        return cls(count=count, cell=max(cell, 1), gap=gap, columns=columns, left=left, top=top)

    @property
    def pitch(self) -> int:
        """Pixels from one tile to the next."""
        return self.cell + self.gap

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return -(-self.count // self.columns)

    @property
    def width(self) -> int:
        """The whole width."""
        return self.left + min(self.columns, self.count) * self.pitch

    @property
    def height(self) -> int:
        """The whole height."""
        return self.top + self.rows * self.pitch

    def place(self, tile: int) -> tuple[int, int]:
        """Return x and y of a tile's corner."""
        row, column = divmod(tile, self.columns)
        return self.left + column * self.pitch, self.top + row * self.pitch

    def tile_at(self, x: float, y: float) -> int:
        """Return the tile at a point, -1 for none."""
        column, row = int((x - self.left) // self.pitch), int((y - self.top) // self.pitch)
        if not (0 <= column < self.columns and 0 <= row < self.rows):
            return -1
        tile = row * self.columns + column
        return tile if tile < self.count else -1

    def visible(self, x: int, y: int, width: int, height: int) -> list[int]:
        """Return the tiles that touch a rectangle, in strip order."""
        first_row, last_row = (
            max((y - self.top) // self.pitch, 0),
            min((y + height - self.top) // self.pitch, self.rows - 1),
        )
        first, last = (
            max((x - self.left) // self.pitch, 0),
            min((x + width - self.left) // self.pitch, self.columns - 1),
        )
        tiles: list[int] = []
        for row in range(first_row, last_row + 1):
            begin = row * self.columns
            tiles += range(begin + first, min(begin + last + 1, self.count))
        return tiles
