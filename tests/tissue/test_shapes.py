"""Growing by doubling against growing step by step; parts and holes against skimage."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage
from skimage import measure
from skimage.morphology import disk

from e2evit_model.tissue.shapes import (
    closed,
    connected_to,
    grow,
    opened,
    part_sizes,
    shrunk,
    without_small_holes,
    without_small_parts,
)

shapes = hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, max_side=30))


def slow_grow(shape, radius):
    """Grow by the octagon that grows from one pixel, pixel by pixel."""
    one = np.zeros((4 * radius + 1, 4 * radius + 1), dtype=bool)
    one[2 * radius, 2 * radius] = True
    octagon = grow(one, radius, 1)
    return ndimage.binary_dilation(shape, octagon)


@settings(deadline=None)
@given(shape=shapes, radius=st.integers(0, 9))
def test_growing_is_dilation_by_the_octagon(shape, radius):
    np.testing.assert_array_equal(grow(shape, radius, 1), slow_grow(shape, radius))


@settings(deadline=None)
@given(radius=st.integers(1, 40))
def test_the_octagon_is_nearly_a_disk(radius):
    one = np.zeros((2 * radius + 5, 2 * radius + 5), dtype=bool)
    one[radius + 2, radius + 2] = True
    octagon = grow(one, radius, 1)[2:-2, 2:-2]
    np.testing.assert_array_equal(octagon, octagon.T)
    np.testing.assert_array_equal(octagon, octagon[::-1])
    inner = max(radius - 1, 0)
    assert octagon[disk(radius, dtype=bool) & np.pad(disk(inner, dtype=bool), radius - inner)].all()
    reach = np.hypot(*(np.nonzero(octagon) - np.array([[radius], [radius]])))
    assert reach.max() <= 1.1 * radius + 1.2


@settings(deadline=None)
@given(shape=shapes, radius=st.integers(0, 6))
def test_closing_only_adds_and_opening_only_takes_away(shape, radius):
    assert closed(shape, radius, 1)[shape].all()
    assert not opened(shape, radius, 1)[~shape].any()
    assert not shrunk(shape, radius, 1)[~shape].any()
    np.testing.assert_array_equal(closed(closed(shape, radius, 1), radius, 1)[shape], True)


def test_lengths_are_in_um():
    shape = np.zeros((41, 41), dtype=bool)
    shape[20, 20] = True
    assert np.ptp(np.nonzero(grow(shape, 50.0, 10.0))[0]) == 10
    np.testing.assert_array_equal(grow(shape, 4.0, 10.0), shape)
    line = np.zeros((41, 41), dtype=bool)
    line[:, 10:13] = line[:, 20:30] = True
    assert closed(line, 40.0, 10.0)[:, 10:30].all()
    assert not closed(line, 30.0, 10.0)[:, 16].any()
    np.testing.assert_array_equal(opened(line, 30.0, 10.0), line & (np.arange(41) >= 20))


@settings(max_examples=50, deadline=None)
@given(shape=shapes, least=st.integers(1, 12))
def test_small_parts_and_holes_against_skimage(shape, least):
    labels = measure.label(shape, connectivity=2)
    wanted = np.isin(labels, [p.label for p in measure.regionprops(labels) if p.area >= least])
    np.testing.assert_array_equal(without_small_parts(shape, least * 1e-6, 1.0), wanted)

    labels = measure.label(~shape, connectivity=1)
    wanted = shape.copy()
    for part in measure.regionprops(labels):
        top, left, bottom, right = part.bbox
        inside = top > 0 and left > 0 and bottom < shape.shape[0] and right < shape.shape[1]
        if inside and part.area < least:
            wanted[labels == part.label] = True
    np.testing.assert_array_equal(without_small_holes(shape, (least - 0.5) * 1e-6, 1.0), wanted)


@settings(deadline=None)
@given(shape=shapes)
def test_part_sizes_count_every_pixel(shape):
    labels, sizes = part_sizes(shape)
    assert sizes[0] == 0
    assert sizes.sum() == shape.sum()
    np.testing.assert_array_equal(labels > 0, shape)


def test_hysteresis_keeps_the_parts_with_a_seed():
    shape = np.zeros((5, 12), dtype=bool)
    shape[1:3, 1:4] = shape[2:4, 6:10] = True
    seeds = np.zeros_like(shape)
    seeds[1, 2] = seeds[4, 11] = True
    np.testing.assert_array_equal(connected_to(shape, seeds), shape & (np.arange(12) < 5))
