"""Shapes: measures against counting, points against asking side by side."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path as MplPath

from e2evit_model.annotations.region import (
    area_mm2,
    in_ring,
    new_area,
    new_line,
    new_points,
    rectangle,
    written_area,
    written_length,
)
from e2evit_model.tissue.polygons import Polygon, paint
from tests.annotations.shapes import ring_with_hole, square


def test_measures_of_plain_shapes():
    ring = ring_with_hole(1e5, 2e5, side=100, hole=40)
    assert ring.area_px == pytest.approx(100**2 - 40**2)
    assert ring.length_px == pytest.approx(4 * 140)
    assert ring.box == (1e5, 2e5, 1e5 + 100, 2e5 + 100)
    assert area_mm2(ring, 0.5) == pytest.approx(8400 * 0.25e-6)
    assert area_mm2(ring, None) is None
    line = new_line([[0, 0], [30, 40], [30, 100]])
    assert line.length_px == pytest.approx(110)
    assert area_mm2(line, 0.5) is None
    assert new_points([[1, 2], [3, 4]]).length_px == 0


def test_the_area_of_any_star_is_what_painting_counts():
    rng = np.random.default_rng(3)
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    for _ in range(10):
        radius = rng.uniform(30, 180, 60)[:, None]
        polygon = Polygon(outer=np.column_stack([np.cos(angles), np.sin(angles)]) * radius + 200)
        raster = np.zeros((400, 400), np.uint8)
        paint(raster, polygon, 1, 1.0)
        region = new_area((polygon,))
        assert region.area_px == pytest.approx(raster.sum(), rel=0.01)
        inside = [region.contains(x + 0.5, y + 0.5) for x, y in ((200, 200), (5, 5), (260, 210), (399, 20))]
        assert inside == [bool(raster[y, x]) for x, y in ((200, 200), (5, 5), (260, 210), (399, 20))]


@settings(deadline=None)
@given(
    corners=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=9, unique=True),
    point=st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_a_point_in_a_ring_as_the_winding_of_its_sides_says(corners, point):
    ring = np.array(corners, float)
    x, y = point[0] + 0.317, point[1] + 0.271
    crossed = sum(
        (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True)
    )
    assert in_ring(ring, x, y) == (crossed % 2 == 1)


def test_a_convex_ring_against_matplotlib():
    ring = np.array([[31, 29], [221, 48], [190, 211], [70, 199]], float)
    for x, y in np.random.default_rng(0).uniform(0, 250, (200, 2)):
        assert in_ring(ring, x, y) == MplPath(ring).contains_point((x, y))


def test_distances_to_sides_holes_lines_and_points():
    ring = ring_with_hole(0, 0, side=100, hole=40)
    assert ring.distance_to(50, -7) == pytest.approx(7)
    assert ring.distance_to(50, 50) == pytest.approx(20), "the hole's side"
    assert new_line([[0, 0], [10, 0]]).distance_to(13, 4) == pytest.approx(5)
    assert new_line([[4, 4]]).distance_to(4, 6) == pytest.approx(2)
    assert new_points([[0, 0], [10, 0]]).distance_to(9, 1) == pytest.approx(np.sqrt(2))


def test_moving_moves_every_corner_and_leaves_the_first_one_alone():
    ring = ring_with_hole(0, 0)
    moved = ring.moved(5, -3)
    assert moved.key == ring.key
    assert moved.box == (5, -3, 105, 97)
    assert moved.contains(10, 0)
    assert not moved.contains(55, 47)
    assert ring.box == (0, 0, 100, 100)


def test_a_rectangle_may_be_drawn_from_any_corner():
    for ends in ((1, 2, 5, 9), (5, 9, 1, 2), (1, 9, 5, 2)):
        np.testing.assert_array_equal(rectangle(*ends).outer, [[1, 2], [5, 2], [5, 9], [1, 9]])


@pytest.mark.parametrize(
    ("pixels", "mpp", "length", "area"),
    [
        (100, 0.5, "50.0 µm", "25 µm²"),
        (4000, 0.5, "2.000 mm", "1000 µm²"),
        (123_456, None, "123\u2009456 px", "123\u2009456 px²"),
        (1_000_000, 0.5, "500.000 mm", "0.250 mm²"),
        (80_000_000, 0.5, "40000.000 mm", "20.00 mm²"),
    ],
)
def test_lengths_and_areas_in_the_unit_that_fits(pixels, mpp, length, area):
    assert written_length(pixels, mpp) == length
    assert written_area(pixels, mpp) == area


def test_the_color_is_its_own_else_that_of_the_class():
    assert square(class_name="Tumor").shown_color == (200, 0, 0)
    assert square(class_name="Tumor", color=(1, 2, 3)).shown_color == (1, 2, 3)
    assert square(class_name="unheard of").shown_color == (255, 0, 0)
