"""The tiles one by one, each block decoded once."""

import numpy as np
import pytest

from e2evit_model.errors import SlideError
from e2evit_model.strip.tiles import each_tile, tile_pixels
from tests.strip.memory_slide import MemorySlide, random_grid, random_picture


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("resample", [1.0, 1.25])
def test_every_tile_comes_once_with_its_pixels(threads, resample):
    rng = np.random.default_rng(threads)
    slide = MemorySlide(random_picture(rng, 1700, 900), block=(130, 90), damaged={(4, 4)})
    grid = random_grid(rng, slide, 60, resample=resample, keep=0.8)
    found = {}

    def take(index, pixels):
        assert index not in found
        found[index] = pixels

    each_tile(slide, grid, take, threads=threads)
    assert set(slide.reads.values()) == {1}
    assert sorted(found) == list(range(len(grid)))
    damaged = 0
    for index, pixels in found.items():
        if pixels is None:
            damaged += 1
            with pytest.raises(SlideError, match="damaged data"):
                tile_pixels(slide, grid, index)
        else:
            np.testing.assert_array_equal(pixels, tile_pixels(slide, grid, index))
    assert 0 < damaged < 12


def test_an_error_of_the_taker_ends_the_work():
    rng = np.random.default_rng(0)
    slide = MemorySlide(random_picture(rng, 1200, 1200), block=(60, 60), delay=0.001)
    grid = random_grid(rng, slide, 60, keep=1)

    def take(index, pixels):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        each_tile(slide, grid, take, threads=2)
    assert len(slide.reads) < 200
