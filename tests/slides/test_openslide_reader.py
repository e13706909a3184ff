"""OpenSlide after an error, and from several threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import openslide
import pytest

from e2evit_model.slides.openslide_reader import OpenSlideReader
from e2evit_model.slides.reading import DamagedPixelsError
from tests.slide_files import JpegFlavour, tissue_like, write_jpeg_tiff

TILE = 64


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damage")
    image = tissue_like(640, 640, seed=4)
    whole = write_jpeg_tiff(folder / "whole.tif", image, tile=TILE)
    damaged = write_jpeg_tiff(
        folder / "damaged.tif", image, tile=TILE, flavour=JpegFlavour(damaged=[(0, 3, 3), (0, 5, 2), (0, 8, 8)])
    )
    return whole, damaged


def test_an_error_does_not_kill_the_reader(paths):
    whole, damaged = OpenSlideReader(paths[0]), OpenSlideReader(paths[1])
    dead = openslide.OpenSlide(paths[1])
    for place in ((3 * TILE, 3 * TILE), (0, 0)):  # OpenSlide itself reads nothing more after its first error
        with pytest.raises(openslide.OpenSlideError):
            dead.read_region(place, 0, (TILE, TILE))
    for _ in range(3):
        with pytest.raises(DamagedPixelsError, match=r"^A part of damaged\.tif is damaged and cannot be read\.$"):
            damaged.read_inside(0, 3 * TILE, 3 * TILE, TILE, TILE)
        np.testing.assert_array_equal(damaged.read_inside(0, 0, 0, TILE, TILE), whole.read_inside(0, 0, 0, TILE, TILE))


def test_the_file_is_opened_again_once_after_an_error(paths, monkeypatch):
    opened = []
    real = openslide.OpenSlide
    monkeypatch.setattr(openslide, "OpenSlide", lambda path: opened.append(path) or real(path))
    damaged = OpenSlideReader(paths[1])
    with pytest.raises(DamagedPixelsError):
        damaged.read_inside(0, 3 * TILE, 3 * TILE, TILE, TILE)
    for n in range(9):
        damaged.read_inside(0, n * TILE, 0, TILE, TILE)
    assert len(opened) == 3  # at first, to try that tile once more, and for all that follow


def test_threads_lose_nothing_to_the_errors_of_others(paths):
    whole, damaged = OpenSlideReader(paths[0]), OpenSlideReader(paths[1])
    places = [(column, row) for row in range(10) for column in range(10)] * 3

    def read(place: tuple[int, int]) -> np.ndarray | None:
        try:
            return damaged.read_inside(0, place[0] * TILE, place[1] * TILE, TILE, TILE)
        except DamagedPixelsError:
            return None

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(read, places))
    for (column, row), pixels in zip(places, results, strict=True):
        if (column, row) in ((3, 3), (5, 2), (8, 8)):
            assert pixels is None
        else:
            np.testing.assert_array_equal(pixels, whole.read_inside(0, column * TILE, row * TILE, TILE, TILE))


def test_the_background_that_the_slide_names(paths):
    reader = OpenSlideReader(paths[0])
    half = np.full((4, 4, 4), 255, np.uint8)
    half[:, 2:] = 0
    from PIL import Image

    reader._background = (10, 20, 30)
    pixels = reader._opaque(Image.fromarray(half))
    assert (pixels[:, :2] == 255).all()
    assert (pixels[:, 2:] == (10, 20, 30)).all()


def test_levels_with_a_broken_downsample_are_at_most_half_a_pixel_off(tmp_path):
    import tifffile

    from tests.slide_files import halve

    image = tissue_like(413, 591)
    with tifffile.TiffWriter(tmp_path / "a.tif") as writer:
        writer.write(image, tile=(128, 128), compression="zlib", photometric="rgb", metadata=None)
        writer.write(halve(image), tile=(128, 128), compression="zlib", photometric="rgb", metadata=None, subfiletype=1)
    reader = OpenSlideReader(tmp_path / "a.tif")
    pixels = reader.read_inside(1, 131, 70, 100, 90)
    assert np.abs(pixels.astype(int) - halve(image)[70:160, 131:231]).mean() < 3
