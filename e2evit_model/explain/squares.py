"""Groups of neighbouring tiles: squares of the tile grid. No torch here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError
from e2evit_model.tiling.grid import TileGrid


@dataclass(frozen=True, kw_only=True, eq=False)
class Squares:
    """G squares of ``side`` x ``side`` places of the grid that hold tiles; ``group`` (N,) int64 is the square of each tile."""

    side: int
    group: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.group.max(initial=-1)) + 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many tiles each square holds, (G,)."""
        return np.bincount(self.group, minlength=len(self))

    def without(self, square: int) -> NDArray[np.int64]:
        """Return the numbers of the tiles outside of a square, rising."""
        return np.flatnonzero(self.group != square)


def lay_squares(grid: TileGrid, side: int) -> Squares:
    """Cut the grid into squares of ``side`` tiles, row by row from its upper left tile; squares without a tile are not counted.

    Raises
    ------
    OptionError
        When the side is below one tile.
    """
    if side < 1:
        raise OptionError(f"A square of {side} tiles cannot be laid.", hint="Choose a side of at least one tile.")
    if not len(grid):
        return Squares(side=side, group=np.empty(0, np.int64))
    column, row = ((part - part.min()) // side for part in (grid.column.astype(np.int64), grid.row.astype(np.int64)))
    _, group = np.unique(row * (int(column.max()) + 1) + column, return_inverse=True)
    return Squares(side=side, group=group.reshape(-1).astype(np.int64))


def choose_side(grid: TileGrid, most: int) -> int:
    """Return the smallest side with which there are at most ``most`` squares.

    Raises
    ------
    OptionError
        When ``most`` is below one.
    """
    if most < 1:
        raise OptionError(f"{most} squares cannot be laid.", hint="Allow at least one square.")
    side = max(int((len(grid) / most) ** 0.5), 1)
    while len(lay_squares(grid, side)) > most:
        side += 1
    return side
