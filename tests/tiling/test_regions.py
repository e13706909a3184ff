"""Tiles by region against asking point by point."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path as MplPath

from e2evit_model.tiling.making import make_grid
from e2evit_model.tiling.regions import tiles_in_regions
from e2evit_model.tissue.polygons import Polygon
from tests.tiling.slide_info import info_of
from tests.tiling.test_making import mask_over

INFO = info_of(3000, 2500)
GRID = make_grid(INFO, mask_over(INFO, tissue=True), tile_px=100)


def rectangle(left, top, right, bottom):
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=float)


def test_centres_decide():
    region = Polygon(outer=rectangle(240, 260, 660, 540))
    chosen = GRID.subset(tiles_in_regions(GRID, [region]))
    assert sorted(set(chosen.column.tolist())) == [2, 3, 4, 5, 6]
    assert sorted(set(chosen.row.tolist())) == [3, 4]


def test_a_hole_is_left_out_unless_another_region_covers_it():
    ring = Polygon(outer=rectangle(0, 0, 1000, 1000), holes=(rectangle(300, 300, 700, 700),))
    inner = Polygon(outer=rectangle(400, 400, 600, 600))
    assert tiles_in_regions(GRID, [ring]).sum() == 100 - 16
    assert tiles_in_regions(GRID, [ring, inner]).sum() == 100 - 16 + 4
    assert not tiles_in_regions(GRID, []).any()


@settings(deadline=None)
@given(
    corners=st.lists(
        st.tuples(
            st.floats(-500, 3500, width=16, allow_subnormal=False),
            st.floats(-500, 3000, width=16, allow_subnormal=False),
        ),
        min_size=3,
        max_size=9,
        unique=True,
    )
)
def test_any_polygon_point_by_point(corners):
    ring = np.array(corners) + 0.317  # no corner lies on a centre
    wanted = [winds_odd(ring, x + 50, y + 50) for x, y in zip(GRID.x, GRID.y, strict=True)]
    np.testing.assert_array_equal(tiles_in_regions(GRID, [Polygon(outer=ring)]), wanted)


def winds_odd(ring, x, y):
    """Count the sides that a line from the point to the right crosses."""
    crossed = 0
    for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            crossed += 1
    return crossed % 2 == 1


def test_a_convex_region_against_matplotlib():
    ring = np.array([[310, 290], [2210, 480], [1900, 2110], [700, 1990]], dtype=float)
    wanted = MplPath(ring).contains_points(np.column_stack([GRID.x, GRID.y]) + 50)
    np.testing.assert_array_equal(tiles_in_regions(GRID, [Polygon(outer=ring)]), wanted)
