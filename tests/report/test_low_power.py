import numpy as np
import pytest
from PIL import Image

from e2evit_model.report.low_power import UNREADABLE, low_power, tile_thumbnails
from e2evit_model.slides.opening import open_slide
from tests.report.results import TILE, grid_of, open_small, write_slide
from tests.slide_files import JpegFlavour, tissue_like, write_jpeg_tiff


def average_the_naive_way(pixels, left, top, side):
    """Average the whole pixels of a square."""
    return pixels[round(top) : round(top + side), round(left) : round(left + side)].mean(axis=(0, 1))


@pytest.mark.parametrize("longest", [250, 333, 1000])
def test_the_overview_is_the_average_of_the_slide(tmp_path, longest):
    path, pixels = write_slide(tmp_path)
    with open_slide(path) as slide:
        picture, downsample = low_power(slide, longest)
    assert downsample == pytest.approx(2000 / longest)
    assert picture.shape == (int(np.ceil(1400 / downsample)), longest, 3)
    random = np.random.default_rng(1)
    for _ in range(40):
        x, y = random.integers(0, longest - 16), random.integers(0, picture.shape[0] - 16)
        naive = average_the_naive_way(pixels, x * downsample, y * downsample, 16 * downsample)
        np.testing.assert_allclose(picture[y : y + 16, x : x + 16].mean(axis=(0, 1)), naive, atol=4)


@pytest.mark.parametrize("mpp", [0.5, None])
def test_a_slide_that_is_small_enough_is_taken_as_it_is(tmp_path, mpp):
    path, pixels = write_slide(tmp_path, mpp=mpp, width=500, height=300)
    with open_slide(path) as slide:
        picture, downsample = low_power(slide, 1600)
    assert downsample == 1.0
    assert picture.shape == pixels.shape
    assert np.abs(picture.astype(int) - pixels).mean() < 3


def test_a_flat_picture_without_pyramid_is_averaged(tmp_path):
    pixels = tissue_like(900, 1203, seed=1)
    Image.fromarray(pixels).save(tmp_path / "flat.png")
    with open_slide(tmp_path / "flat.png") as slide:
        picture, downsample = low_power(slide, 200)
    assert picture.shape == (150, 200, 3)
    naive = average_the_naive_way(pixels, 60 * downsample, 40 * downsample, 20 * downsample)
    np.testing.assert_allclose(picture[40:60, 60:80].mean(axis=(0, 1)), naive, atol=2)


def test_damaged_data_is_grey_and_the_rest_is_there(tmp_path):
    pixels = tissue_like(1024, 1024, seed=1)
    flavour = JpegFlavour(damaged=[(0, 1, 1)])
    path = write_jpeg_tiff(tmp_path / "slide.tiff", pixels, mpp=0.5, levels=1, flavour=flavour)
    with open_slide(path) as slide:
        picture, _ = low_power(slide, 1024)
    grey = (picture == UNREADABLE).all(axis=2)
    assert grey[320:448, 320:448].all()
    assert not grey[:256, :256].any()
    assert np.abs(picture[:256, :256].astype(int) - pixels[:256, :256]).mean() < 4


@pytest.mark.parametrize(("side", "width"), [(56, 224.0), (28, 224.0), (41, 231.7), (56, 60.4)])
def test_thumbnails_are_the_average_of_their_tiles(tmp_path, side, width):
    path, pixels = write_slide(tmp_path)
    grid = grid_of(12, columns=4, width=width)
    with open_slide(path) as slide:
        small = tile_thumbnails(slide, grid, side)
    assert small.shape == (12, side, side, 3)
    for tile in range(12):
        naive = average_the_naive_way(pixels, grid.column[tile] * width, grid.row[tile] * width, width)
        np.testing.assert_allclose(small[tile].mean(axis=(0, 1)), naive, atol=4)
        half = average_the_naive_way(pixels, grid.column[tile] * width, grid.row[tile] * width, width / 2)
        np.testing.assert_allclose(small[tile][: side // 2, : side // 2].mean(axis=(0, 1)), half, atol=6)


def test_thumbnails_are_not_larger_than_the_tiles(tmp_path):
    with open_small(tmp_path) as slide:
        assert tile_thumbnails(slide, grid_of(3, width=40.0), 56).shape == (3, 40, 40, 3)
        assert tile_thumbnails(slide, grid_of(2), TILE).shape == (2, TILE, TILE, 3)
