"""Choose tiles by regions that were drawn on the slide."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tissue.polygons import Polygon, Ring


class TileCentres:
    """The centres of a grid's tiles, sorted once for any number of regions."""

    def __init__(self, grid: TileGrid) -> None:
        self._order = np.lexsort((grid.x, grid.y))
        x = grid.x[self._order].astype(np.float64) + grid.width / 2
        tops, self._begins = np.unique(grid.y[self._order], return_index=True)
        self._ends = np.append(self._begins[1:], len(grid))
        self._rows = tops.astype(np.float64) + grid.width / 2
        self._left, span = float(x.min(initial=0)) - 1, float(x.max(initial=0)) - float(x.min(initial=0)) + 2
        # one rising number a tile: how far it lies along all rows laid end to end
        self._span = span
        self._along = np.repeat(np.arange(len(self._rows)), self._ends - self._begins) * span + (x - self._left)

    def __len__(self) -> int:
        return len(self._order)

    def inside(self, region: Polygon) -> NDArray[np.intp]:
        """Return the numbers of the tiles, not sorted, whose centre lies in a region and in none of its holes."""
        first, chosen = self._in_ring(region.outer)
        if not chosen.any():
            return np.zeros(0, np.intp)
        for hole in region.holes:
            begin, cut = self._in_ring(hole)
            # both pieces as pieces of the outer ring's
            low, high = max(begin, first), min(begin + len(cut), first + len(chosen))
            if high > low:
                chosen[low - first : high - first] &= ~cut[low - begin : high - begin]
        found: NDArray[np.intp] = self._order[first : first + len(chosen)][chosen]
        return found

    def _in_ring(self, ring: Ring) -> tuple[int, NDArray[np.bool_]]:
        """Say of the tiles in the rows that a ring touches whether they lie in it, by the even-odd rule.

        Returns the place of the first of these tiles among the sorted ones, and (m,) truths. Every side of the ring crosses some
        rows; a crossing turns over all tiles of its row that lie left of it.
        """
        rows = self._rows
        y0, y1 = ring[:, 1], np.roll(ring[:, 1], -1)
        x0, x1 = ring[:, 0], np.roll(ring[:, 0], -1)
        # rows with min < y <= max: a corner on a row belongs to one side only
        low = np.searchsorted(rows, np.minimum(y0, y1), side="left")
        high = np.searchsorted(rows, np.maximum(y0, y1), side="left")
        count = high - low
        if not count.any():
            return 0, np.zeros(0, np.bool_)
        side = np.repeat(np.arange(len(ring)), count)
        row = low[side] + np.arange(len(side)) - np.repeat(np.cumsum(count) - count, count)
        crossing = x0[side] + (rows[row] - y0[side]) * (x1[side] - x0[side]) / (y1[side] - y0[side])
        begin, end = int(self._begins[row.min()]), int(self._ends[row.max()])
        reach = np.clip(crossing - self._left, 0.0, self._span * (1 - 1e-12))
        place = np.searchsorted(self._along, row * self._span + reach, side="left")
        turns = np.zeros(end - begin + 1, np.int64)
        np.add.at(turns, self._begins[row] - begin, 1)
        np.add.at(turns, place - begin, -1)
        return begin, np.cumsum(turns[:-1]) % 2 == 1


def tiles_in_regions(grid: TileGrid, regions: Sequence[Polygon]) -> NDArray[np.bool_]:
    """Say of each tile whether its centre lies in any of the regions, and in none of that region's holes.

    Returns
    -------
    NDArray[np.bool_]
        (N,), for ``grid.subset(inside)`` to keep the tiles in the regions, or ``grid.subset(~inside)`` to drop them.
    """
    inside = np.zeros(len(grid), dtype=np.bool_)
    if regions and len(grid):
        centres = TileCentres(grid)
        for region in regions:
            inside[centres.inside(region)] = True
    return inside
