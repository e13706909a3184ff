"""Tile to rectangle and back, against every tile looked at one by one."""

import numpy as np
import pytest

from e2evit_model.errors import OptionError
from e2evit_model.strip.layout import StripLayout

LAYOUTS = [
    StripLayout.one_row(7, 20),
    StripLayout.one_row(0, 20),
    StripLayout.wrapped(23, 10, width=75, row_gap=3, label_width=12),
    StripLayout.wrapped(24, 12.5, width=100),
    StripLayout.wrapped(1, 10, width=3),
]


def rectangles(layout):
    return [layout.rectangle(tile) for tile in range(layout.count)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_tile_under_a_point(layout):
    rng = np.random.default_rng(0)
    for x, y in rng.uniform(-20, 1.2 * max(layout.width, layout.height, 1), (500, 2)):
        under = [
            tile
            for tile, (left, top, wide, high) in enumerate(rectangles(layout))
            if left <= x < left + wide and top <= y < top + high
        ]
        assert layout.tile_at(x, y) == (under[0] if under else None)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_tiles_in_sight(layout):
    rng = np.random.default_rng(1)
    for _ in range(200):
        x, y = rng.uniform(-30, 120, 2)
        wide, high = rng.uniform(0.1, 100, 2)
        seen = [
            tile
            for tile, (left, top, w, h) in enumerate(rectangles(layout))
            if left < x + wide and left + w > x and top < y + high and top + h > y
        ]
        assert layout.visible(x, y, wide, high).tolist() == seen


@pytest.mark.parametrize("layout", LAYOUTS)
def test_corners_size_and_row_starts(layout):
    found = rectangles(layout)
    np.testing.assert_allclose(layout.corners(range(layout.count)), np.array([r[:2] for r in found]).reshape(-1, 2))
    if found:
        assert layout.width == pytest.approx(max(left + wide for left, _, wide, _ in found))
        assert layout.height == pytest.approx(max(top + high for _, top, _, high in found))
    starts = layout.row_starts(0, layout.height + 1)
    assert [tile for tile, _ in starts] == list(range(0, layout.count, layout.columns))
    assert [y for _, y in starts] == [layout.rectangle(tile)[1] for tile, _ in starts]


def test_wrapping_fills_the_width():
    layout = StripLayout.wrapped(100, 10, width=112, label_width=30)
    assert (layout.columns, layout.rows, layout.width) == (8, 13, 110)


def test_a_hundred_thousand_tiles_cost_what_is_in_sight():
    layout = StripLayout.one_row(100_000, 224)
    assert layout.width == 22_400_000
    assert layout.visible(11_200_000, 0, 1000, 224).tolist() == list(range(50_000, 50_005))
    assert layout.tile_at(22_399_999, 5) == 99_999


@pytest.mark.parametrize("wrong", [{"columns": 0}, {"tile_side": 0}, {"tile_side": float("nan")}])
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(OptionError) as caught:
        StripLayout(**{"count": 5, "columns": 2, "tile_side": 10, **wrong})
    assert caught.value.message.startswith("A strip of 5 tiles cannot be drawn with")
    assert caught.value.hint == "Choose at least one tile in a row, and tiles of at least one pixel."
