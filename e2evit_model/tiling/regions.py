"""Choose tiles by regions that were drawn on the slide."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from skimage.measure import points_in_poly

from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tissue.polygons import Polygon, Ring


def tiles_in_regions(grid: TileGrid, regions: Sequence[Polygon]) -> NDArray[np.bool_]:
    """Say of each tile whether its centre lies in any of the regions, and in none of that region's holes.

    Returns
    -------
    NDArray[np.bool_]
        (N,), for ``grid.subset(inside)`` to keep the tiles in the regions, or ``grid.subset(~inside)`` to drop them.
    """
    centres = np.column_stack([grid.x, grid.y]).astype(np.float64) + grid.width / 2
    inside = np.zeros(len(grid), dtype=np.bool_)
    for region in regions:
        chosen = _in_ring(centres, region.outer)
        for hole in region.holes:
            chosen &= ~_in_ring(centres, hole)
        inside |= chosen
    return inside


def _in_ring(points: NDArray[np.float64], ring: Ring) -> NDArray[np.bool_]:
    # most tiles are far away: only those in the ring's box are tested corner by corner
    near = ((points >= ring.min(axis=0)) & (points <= ring.max(axis=0))).all(axis=1)
    inside = np.zeros(len(points), dtype=np.bool_)
    inside[near] = points_in_poly(points[near], ring)
    return inside
