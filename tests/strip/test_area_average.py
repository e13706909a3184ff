"""Area averages against a sum over every pixel's share, in 64 bits."""

import numpy as np
import pytest

from e2evit_model.strip.area_average import Taps, average_area
from e2evit_model.strip.tiles import tile_pixels
from tests.strip.memory_slide import MemorySlide, grid_of, random_picture


def shares(begin, factor, count, length):
    """(count, length): the share of each pixel in each result, pixel by pixel."""
    found = np.zeros((count, length))
    for result in range(count):
        low, high = max(0, begin + factor * result), min(length, begin + factor * (result + 1))
        for pixel in range(length):
            found[result, pixel] = max(0.0, min(high, pixel + 1) - max(low, pixel))
        found[result] /= found[result].sum()
    return found


def weighted(rows, pixels, columns):
    return np.stack([rows @ channel @ columns.T for channel in np.moveaxis(pixels.astype(float), 2, 0)], axis=2)


@pytest.mark.parametrize("seed", range(8))
def test_random_factors_and_begins(seed):
    rng = np.random.default_rng(seed)
    factor, count = rng.uniform(1, 5), int(rng.integers(1, 40))
    begin = rng.uniform(0, 3, 2)
    height, width = (int(np.ceil(b + factor * count)) for b in begin)
    pixels = random_picture(rng, width, height)
    rows, columns = shares(begin[0], factor, count, height), shares(begin[1], factor, count, width)
    exact = weighted(rows, pixels, columns)
    averaged = average_area(
        pixels, rows=Taps.cover(begin[0], factor, count, height), columns=Taps.cover(begin[1], factor, count, width)
    )
    assert averaged.dtype == np.uint8
    assert np.abs(averaged - exact).max() <= 0.5 + 1e-4


def test_whole_factors_average_whole_pixels():
    rng = np.random.default_rng(0)
    pixels = random_picture(rng, 30, 60)
    taps = Taps.cover(0, 3, 10, 30)
    assert taps.index.shape == (10, 3)
    averaged = average_area(pixels[:30], rows=taps, columns=taps)
    np.testing.assert_array_equal(
        averaged, np.rint(pixels[:30].reshape(10, 3, 10, 3, 3).mean(axis=(1, 3), dtype=np.float32))
    )


def test_an_even_picture_stays_even():
    pixels = np.full((40, 40, 3), 201, np.uint8)
    taps = Taps.cover(0.3, 1.7, 23, 40)
    assert (average_area(pixels, rows=taps, columns=taps) == 201).all()


@pytest.mark.parametrize("resample", [1.1, 1.7, 3.3])
def test_a_tile_is_the_average_of_the_square_it_covers(resample):
    rng = np.random.default_rng(2)
    slide = MemorySlide(random_picture(rng, 500, 450), block=(70, 90))
    grid = grid_of([2, 1], [1, 2], 40, resample=resample)
    for index in range(2):
        rows = shares(grid.row[index] * 40 * resample, resample, 40, 450)
        columns = shares(grid.column[index] * 40 * resample, resample, 40, 500)
        exact = weighted(rows, slide.picture, columns)
        assert np.abs(tile_pixels(slide, grid, index) - exact).max() <= 0.5 + 1e-4
