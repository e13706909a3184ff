"""Kinds of file read by their own JPEG tiles on every level: OME-TIFF with subdirectories, and plain pyramids in RGB."""

from itertools import product
from pathlib import Path

import numpy as np
import openslide
import pytest
import tifffile

from e2evit_model.slides.jpeg_tiles import JpegBlocks
from e2evit_model.slides.opening import open_slide
from tests.slide_files import tissue_like

HEIGHT, WIDTH, TILE = 900, 1100, 256


@pytest.fixture(scope="module")
def levels() -> list[np.ndarray]:
    image = tissue_like(HEIGHT, WIDTH, seed=21)
    return [image, image[::2, ::2].copy(), image[::4, ::4].copy()]


def by_blocks(path: Path, level: int) -> np.ndarray:
    with open_slide(path) as slide:
        blocks = slide.blocks(level)
        assert isinstance(blocks, JpegBlocks)
        picture = np.zeros((blocks.height, blocks.width, 3), np.uint8)
        for row, column in product(range(blocks.rows), range(blocks.columns)):
            pixels = blocks.read(column, row)
            y, x = row * blocks.block_height, column * blocks.block_width
            picture[y : y + pixels.shape[0], x : x + pixels.shape[1]] = pixels
        region = slide.read_region(0, 0, level, blocks.width, blocks.height)
    np.testing.assert_array_equal(region, picture)
    return picture


def test_an_ome_tiff_with_levels_in_subdirectories(tmp_path, levels):
    path = tmp_path / "a.ome.tiff"
    options = {"tile": (TILE, TILE), "photometric": "rgb", "compression": "jpeg"}
    with tifffile.TiffWriter(path, ome=True) as writer:
        metadata = {"axes": "YXS", "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.5}
        writer.write(levels[0], subifds=2, metadata=metadata, **options)
        for level in levels[1:]:
            writer.write(level, subfiletype=1, metadata=None, **options)
    with tifffile.TiffFile(path) as tiff:
        expected = [page.asarray() for page in tiff.series[0].levels]
    with open_slide(path) as slide:
        assert (slide.info.format, slide.info.mpp) == ("OME-TIFF", 0.5)
        assert len(slide.info.levels) == 3
    for number in range(3):
        np.testing.assert_array_equal(by_blocks(path, number), expected[number])


def test_a_plain_pyramid_of_rgb_jpeg(tmp_path, levels):
    """As many converters write it: one directory a level, RGB, no tables to share."""
    path = tmp_path / "a.tiff"
    with tifffile.TiffWriter(path, bigtiff=False) as writer:
        for number, level in enumerate(levels):
            per_cm = 1e4 / 0.5 / 2**number
            writer.write(
                level,
                tile=(TILE, TILE),
                photometric="rgb",
                compression="jpeg",
                compressionargs={"level": 85},
                subfiletype=int(number > 0),
                metadata=None,
                resolution=(per_cm, per_cm),
                resolutionunit="CENTIMETER",
            )
    with openslide.OpenSlide(path) as peer:
        for number, size in enumerate(peer.level_dimensions):
            shown = np.asarray(peer.read_region((0, 0), number, size).convert("RGB"))
            np.testing.assert_array_equal(by_blocks(path, number), shown)
