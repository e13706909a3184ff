"""The fast path against OpenSlide: equal in every pixel, or given up."""

import logging
from itertools import product
from pathlib import Path

import numpy as np
import openslide
import pytest

from e2evit_model.errors import SlideError
from e2evit_model.slides import jpeg_tiles
from e2evit_model.slides.jpeg_tiles import JpegBlocks
from e2evit_model.slides.opened import RegionBlocks
from e2evit_model.slides.opening import open_slide
from tests.slide_files import JpegFlavour, tile_place, tissue_like, write_jpeg_tiff

HEIGHT, WIDTH, TILE = 410, 570, 128
COLORS = [("rgb", (1, 1)), ("ycbcr", (1, 1)), ("ycbcr", (2, 1)), ("ycbcr", (2, 2))]


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return tissue_like(HEIGHT, WIDTH, seed=11)


def by_openslide(path: Path, level: int = 0) -> np.ndarray:
    with openslide.OpenSlide(path) as slide:
        region = slide.read_region((0, 0), level, slide.level_dimensions[level])
    white = np.full((*region.size[::-1], 3), 255, np.uint8)
    opaque = np.asarray(region)[..., 3:] == 255
    return np.where(opaque, np.asarray(region)[..., :3], white)


def by_blocks(path: Path, level: int = 0, *, kind: type = JpegBlocks, missing: int = 0) -> np.ndarray:
    with open_slide(path) as slide:
        blocks = slide.blocks(level)
        assert isinstance(blocks, kind)
        picture = np.full((blocks.height, blocks.width, 3), missing, np.uint8)
        for row, column in product(range(blocks.rows), range(blocks.columns)):
            pixels = blocks.read(column, row)
            if pixels is not None:
                y, x = row * blocks.block_height, column * blocks.block_width
                picture[y : y + pixels.shape[0], x : x + pixels.shape[1]] = pixels
        return picture


@pytest.mark.parametrize(("color", "subsampling"), COLORS)
@pytest.mark.parametrize("shared_tables", [False, True])
@pytest.mark.parametrize("adobe_marker", [False, True])
@pytest.mark.parametrize("bigtiff", [False, True])
def test_every_flavour_equals_openslide(tmp_path, image, color, subsampling, shared_tables, adobe_marker, bigtiff):
    flavour = JpegFlavour(
        color=color, subsampling=subsampling, shared_tables=shared_tables, adobe_marker=adobe_marker, bigtiff=bigtiff
    )
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=flavour)
    np.testing.assert_array_equal(by_blocks(path), by_openslide(path))


@pytest.mark.parametrize(("color", "subsampling"), COLORS)
def test_regions_of_a_level_with_a_broken_downsample_are_its_own_pixels(tmp_path, color, subsampling):
    """OpenSlide interpolates there, except at (0, 0); every tile read directly equals the level read from (0, 0) at once."""
    image = tissue_like(1031, 773, seed=2)
    flavour = JpegFlavour(color=color, subsampling=subsampling)
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, levels=3, flavour=flavour)
    for level in range(3):
        whole = by_openslide(path, level)
        np.testing.assert_array_equal(by_blocks(path, level), whole)
        with open_slide(path) as slide:
            ds = slide.info.levels[level].downsample
            pixels = slide.read_region(round(37 * ds), round(61 * ds), level, 140, 90)
        np.testing.assert_array_equal(pixels, whole[61:151, 37:177])


def test_a_wrong_word_about_colors_shows_what_openslide_shows(tmp_path, image):
    """The tag says RGB, the tiles are YCbCr and say so."""
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=JpegFlavour(color="ycbcr"))
    data = path.read_bytes()
    with path.open("r+b") as file:  # tag 262, SHORT, one value: 6 -> 2
        file.seek(data.index(b"\x06\x01\x03\x00\x01\x00\x00\x00\x06\x00") + 8)
        file.write(b"\x02")
    np.testing.assert_array_equal(by_blocks(path, kind=object), by_openslide(path))


@pytest.mark.parametrize("shared_tables", [False, True])
def test_sparse_tiles_are_white_as_in_openslide(tmp_path, image, shared_tables):
    flavour = JpegFlavour(sparse=[(0, 1, 1), (0, 4, 3)], shared_tables=shared_tables)
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=flavour)
    pixels = by_blocks(path)
    np.testing.assert_array_equal(pixels, by_openslide(path))
    assert (pixels[TILE : 2 * TILE, TILE : 2 * TILE] == 255).all()
    with open_slide(path) as slide:
        assert (slide.blocks(0, reduce=4).read(1, 1) == 255).all()
        np.testing.assert_array_equal(slide.read_region(0, 0, 0, WIDTH, HEIGHT), pixels)


def test_sparse_tiles_of_an_aperio_level(tmp_path, image):
    """OpenSlide fills them from the finer level."""
    flavour = JpegFlavour(sparse=[(1, 1, 0)])
    path = write_jpeg_tiff(
        tmp_path / "a.svs",
        image,
        tile=TILE,
        levels=2,
        flavour=flavour,
        description="Aperio Image Library v1\r\n|MPP = 0.5",
    )
    with openslide.OpenSlide(path) as slide:
        assert slide.properties["openslide.vendor"] == "aperio"
    np.testing.assert_array_equal(by_blocks(path, 1), by_openslide(path, 1))


@pytest.mark.parametrize("kind", ["damaged", "cut"])
@pytest.mark.parametrize("shared_tables", [False, True])
def test_a_damaged_tile_costs_only_itself(tmp_path, image, kind, shared_tables):
    whole = write_jpeg_tiff(tmp_path / "whole.tif", image, tile=TILE, flavour=JpegFlavour(shared_tables=shared_tables))
    flavour = JpegFlavour(shared_tables=shared_tables, **{kind: [(0, 2, 1)]})
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=flavour)
    expected = by_openslide(whole)
    hole = np.s_[TILE : 2 * TILE, 2 * TILE : 3 * TILE]
    expected[hole] = 0
    np.testing.assert_array_equal(by_blocks(path), expected)
    with open_slide(path) as slide:
        for reduce in (1, 2, 4, 8):
            blocks = slide.blocks(0, reduce=reduce)
            assert [place for place in product(range(5), range(4)) if blocks.read(*place) is None] == [(2, 1)]
        np.testing.assert_array_equal(slide.read_region(0, 0, 0, 256, 128), expected[:128, :256])
        with pytest.raises(SlideError) as caught:
            slide.read_region(250, 100, 0, 50, 50)
    assert caught.value.message == "A part of a.tif is damaged and cannot be read."
    assert caught.value.hint == "Copy the file again from the scanner or the archive."


def test_missing_tables_are_no_wrong_pixels(tmp_path, image):
    """The directory's JPEGTables are overwritten: nothing can be decoded, and this is found at opening."""
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=JpegFlavour(shared_tables=True))
    data = bytearray(path.read_bytes())
    at = data.index(b"\xff\xd8\xff\xdb")
    data[at + 2 : at + 200] = bytes(198)
    path.write_bytes(data)
    with pytest.raises(SlideError) as caught:
        open_slide(path)
    assert caught.value.message == "a.tif opens, but its pixels cannot be read: the file is damaged."


def test_a_tile_of_another_size_is_left_to_openslide(tmp_path, image):
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE)
    offset, length = tile_place(path, 0, 1, 0)
    with path.open("r+b") as file:
        data = bytearray(file.read()[offset : offset + length])
        at = data.index(b"\xff\xc0")
        data[at + 5 : at + 7] = (TILE - 16).to_bytes(2, "big")  # the height
        file.seek(offset)
        file.write(data)
    with open_slide(path) as slide, openslide.OpenSlide(path) as peer:
        pixels = slide.blocks(0).read(1, 0)
        try:
            shown = np.asarray(peer.read_region((TILE, 0), 0, (TILE, TILE)).convert("RGB"))
        except openslide.OpenSlideError:
            assert pixels is None
        else:
            np.testing.assert_array_equal(pixels, shown)


def test_a_header_that_claims_a_huge_picture_takes_no_memory(tmp_path, image):
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE)
    offset, length = tile_place(path, 0, 1, 0)
    with path.open("r+b") as file:
        data = bytearray(file.read()[offset : offset + length])
        at = data.index(b"\xff\xc0")
        data[at + 5 : at + 9] = b"\xff\x00\xff\x00"
        file.seek(offset)
        file.write(data)
    with open_slide(path) as slide:
        assert slide.blocks(0).read(1, 0) is None


def test_a_difference_gives_the_level_to_openslide_with_a_reason(tmp_path, image, monkeypatch, caplog):
    """Were the marker that says RGB forgotten, colors would be 49 gray levels off: this is noticed."""
    monkeypatch.setattr(jpeg_tiles, "prefix_of", lambda tables, *, rgb: b"\xff\xd8" + tables[2:-2])
    path = write_jpeg_tiff(
        tmp_path / "a.tif", image, tile=TILE, flavour=JpegFlavour(adobe_marker=False, shared_tables=True)
    )
    with caplog.at_level(logging.INFO, logger="e2evit_model.slides"):
        pixels = by_blocks(path, kind=RegionBlocks)
    np.testing.assert_array_equal(pixels, by_openslide(path))
    said = [record.getMessage() for record in caplog.records if "left to the library" in record.getMessage()]
    assert len(said) == 1
    assert said[0].startswith("The JPEG tiles of level 0 are left to the library that opened the slide: tile (")
    assert said[0].endswith(") has other pixels")
    assert "a.tif" not in caplog.text


def test_only_damaged_tiles_prove_nothing(tmp_path, image):
    everything = [(0, column, row) for column in range(5) for row in range(4) if (column, row) != (2, 1)]
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=JpegFlavour(damaged=everything))
    pixels = by_blocks(path, kind=JpegBlocks)  # one whole tile was found and compared
    assert pixels[TILE : 2 * TILE, 2 * TILE : 3 * TILE].min() > 0
    assert np.count_nonzero(pixels.any(axis=-1)) == TILE * TILE


@pytest.mark.parametrize("tile", [16, 48, 240])
def test_odd_tile_sizes(tmp_path, image, tile):
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=tile)
    np.testing.assert_array_equal(by_blocks(path), by_openslide(path))
    with open_slide(path) as slide:
        blocks = slide.blocks(0, reduce=8)
        assert (blocks.block_width, blocks.width, blocks.height) == (tile // 8, WIDTH // 8, HEIGHT // 8)
        last = blocks.read(blocks.columns - 1, blocks.rows - 1)
        assert last.shape[:2] == (
            blocks.height - (blocks.rows - 1) * blocks.block_height,
            blocks.width - (blocks.columns - 1) * blocks.block_width,
        )


def test_big_endian(tmp_path, image):
    """OpenSlide does not open it; tifffile does, and its pixels are those of the same tiles in a little-endian file."""
    little = write_jpeg_tiff(tmp_path / "l.tif", image, tile=TILE)
    big = write_jpeg_tiff(tmp_path / "b.tif", image, tile=TILE, flavour=JpegFlavour(byteorder=">"))
    with open_slide(big) as slide:
        assert slide.info.reader == "tifffile"
        assert slide.info.mpp == pytest.approx(0.5)
    np.testing.assert_array_equal(by_blocks(big), by_openslide(little))


@pytest.mark.parametrize(("color", "subsampling"), COLORS)
@pytest.mark.parametrize("reduce", [2, 4, 8])
def test_reduced_tiles_are_decoded_smaller_and_not_averaged(tmp_path, image, color, subsampling, reduce, monkeypatch):
    flavour = JpegFlavour(color=color, subsampling=subsampling)
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=flavour)
    with open_slide(path) as slide:
        whole = slide.blocks(0).read(1, 1)
        blocks = slide.blocks(0, reduce=reduce)

        def no_library(self, column, row):
            raise AssertionError("the tile was read by the library")

        monkeypatch.setattr(jpeg_tiles.JpegLevel, "read_by_library", no_library)
        smaller = blocks.read(1, 1)
    assert whole is not None
    side = TILE // reduce
    averaged = whole.reshape(side, reduce, side, reduce, 3).mean(axis=(1, 3))
    assert smaller.shape == (side, side, 3)
    assert np.abs(smaller - averaged).mean() < 1.5
