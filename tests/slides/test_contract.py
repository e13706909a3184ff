"""What every open slide must do, whichever library is behind it."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import openslide
import pytest
import tifffile
from PIL import Image

from e2evit_model.errors import SlideError
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.protocol import Blocks, Slide
from tests.slide_files import JpegFlavour, halve, tissue_like, write_jpeg_tiff

HEIGHT, WIDTH = 412, 588
TILE = 128
LEVELS = 3


class Case(NamedTuple):
    path: Path
    truth: list[np.ndarray]  # the pixels of every level
    reader: str
    lossless: bool


def pyramid_of(image: np.ndarray, levels: int) -> list[np.ndarray]:
    pictures = [image]
    while len(pictures) < levels:
        pictures.append(halve(pictures[-1]))
    return pictures


def write_lossless(path: Path, pictures: list[np.ndarray], *, ome: bool) -> None:
    storage = {"tile": (TILE, TILE), "compression": "zlib", "photometric": "rgb", "resolutionunit": "CENTIMETER"}
    with tifffile.TiffWriter(path, ome=ome) as writer:
        for n, picture in enumerate(pictures):
            first = n == 0
            options = dict(storage, resolution=(1e4 / (0.5 * 2**n),) * 2, subfiletype=0 if first else 1)
            if ome and first:
                options["subifds"] = len(pictures) - 1
                options["metadata"] = {"axes": "YXS", "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.5}
            else:
                options["metadata"] = None
            writer.write(picture, **options)


def write_ome_jpeg(path: Path, pictures: list[np.ndarray]) -> None:
    with tifffile.TiffWriter(path, ome=True) as writer:
        for n, picture in enumerate(pictures):
            options = {"subifds": len(pictures) - 1} if n == 0 else {"subfiletype": 1}
            options["metadata"] = {"axes": "YXS", "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.5} if n == 0 else None
            writer.write(
                picture,
                tile=(TILE, TILE),
                compression="jpeg",
                compressionargs={"level": 90},
                photometric="rgb",
                **options,
            )


def read_by_openslide(path: Path) -> list[np.ndarray]:
    with openslide.OpenSlide(path) as slide:
        return [
            np.asarray(slide.read_region((0, 0), n, size).convert("RGB"))
            for n, size in enumerate(slide.level_dimensions)
        ]


def read_by_tifffile(path: Path) -> list[np.ndarray]:
    with tifffile.TiffFile(path) as tiff:
        return [level.asarray() for level in tiff.series[0].levels]


def make_case(kind: str, folder: Path) -> Case:
    pictures = pyramid_of(tissue_like(HEIGHT, WIDTH, seed=3), LEVELS)
    path = folder / f"slide-{kind}.{'png' if kind == 'flat' else 'tif'}"
    if kind == "openslide":
        write_lossless(path, pictures, ome=False)
        return Case(path, pictures, "OpenSlide", True)
    if kind == "openslide-jpeg":
        write_jpeg_tiff(
            path, pictures[0], tile=TILE, levels=LEVELS, flavour=JpegFlavour(color="ycbcr", subsampling=(2, 2))
        )
        return Case(path, read_by_openslide(path), "OpenSlide", False)
    if kind == "tifffile":
        write_lossless(path, pictures, ome=True)
        return Case(path, pictures, "tifffile", True)
    if kind == "tifffile-jpeg":
        write_ome_jpeg(path, pictures)
        return Case(path, read_by_tifffile(path), "tifffile", False)
    if kind == "strips":
        tifffile.imwrite(path, pictures[0], rowsperstrip=50, photometric="rgb", metadata=None)
        return Case(path, pictures[:1], "tifffile", True)
    Image.fromarray(pictures[0]).save(path)
    return Case(path, pictures[:1], "Pillow", True)


KINDS = ("openslide", "openslide-jpeg", "tifffile", "tifffile-jpeg", "strips", "flat")
PYRAMIDS = KINDS[:4]


@pytest.fixture(scope="module", params=KINDS)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    return make_case(request.param, tmp_path_factory.mktemp("contract"))


@pytest.fixture
def slide(case: Case):
    with open_slide(case.path, mpp=0.5) as slide:
        yield slide


def assemble(blocks: Blocks) -> np.ndarray:
    picture = np.zeros((blocks.height, blocks.width, 3), np.uint8)
    covered = np.zeros((blocks.height, blocks.width), int)
    for row in range(blocks.rows):
        for column in range(blocks.columns):
            pixels = blocks.read(column, row)
            y, x = row * blocks.block_height, column * blocks.block_width
            area = np.s_[y : y + pixels.shape[0], x : x + pixels.shape[1]]
            picture[area] = pixels
            covered[area] += 1
    assert (covered == 1).all()
    return picture


class TestContract:
    def test_the_expected_library_reads(self, case: Case, slide: Slide):
        assert slide.info.reader.startswith(case.reader)

    def test_size_and_levels(self, case: Case, slide: Slide):
        info = slide.info
        assert (info.height, info.width) == case.truth[0].shape[:2]
        assert [(level.height, level.width) for level in info.levels] == [picture.shape[:2] for picture in case.truth]
        assert info.levels[0].downsample == 1
        for n, level in enumerate(info.levels):
            assert level.downsample == pytest.approx(2**n, rel=0.02)

    def test_whole_levels(self, case: Case, slide: Slide):
        for n, picture in enumerate(case.truth):
            pixels = slide.read_region(0, 0, n, picture.shape[1], picture.shape[0])
            assert pixels.dtype == np.uint8
            np.testing.assert_array_equal(pixels, picture)

    def test_random_regions_are_white_outside(self, case: Case, slide: Slide):
        draw = random.Random(5)
        for _ in range(25):
            x, y = draw.randint(-150, WIDTH + 50), draw.randint(-150, HEIGHT + 50)
            w, h = draw.randint(1, 300), draw.randint(1, 300)
            padded = np.pad(case.truth[0], ((500, 500), (500, 500), (0, 0)), constant_values=255)
            np.testing.assert_array_equal(slide.read_region(x, y, 0, w, h), padded[500 + y :, 500 + x :][:h, :w])

    def test_far_outside_is_white(self, slide: Slide):
        assert (slide.read_region(10**6, -(10**6), 0, 20, 10) == np.full((10, 20, 3), 255)).all()

    def test_levels_are_aligned_with_level_0(self, case: Case, slide: Slide):
        for n, picture in enumerate(case.truth):
            ds = 2**n
            pixels = slide.read_region(96, 64, n, 60, 30)
            np.testing.assert_allclose(pixels, picture[64 // ds :, 96 // ds :][:30, :60], atol=0 if n == 0 else 12)

    def test_threads_read_the_same_as_one(self, case: Case):
        draw = random.Random(8)
        jobs = [(draw.randint(-50, 500), draw.randint(-50, 350), draw.randrange(len(case.truth))) for _ in range(60)]
        with open_slide(case.path) as one, open_slide(case.path) as shared, ThreadPoolExecutor(6) as pool:
            expected = [one.read_region(x, y, n, 90, 70) for x, y, n in jobs]
            for pixels, wanted in zip(pool.map(lambda j: shared.read_region(*j, 90, 70), jobs), expected, strict=True):
                np.testing.assert_array_equal(pixels, wanted)

    def test_blocks_tile_every_level_exactly(self, case: Case, slide: Slide):
        for n, picture in enumerate(case.truth):
            blocks = slide.blocks(n)
            assert (blocks.height, blocks.width) == picture.shape[:2]
            np.testing.assert_array_equal(assemble(blocks), picture)

    @pytest.mark.parametrize("reduce", [2, 4, 8])
    def test_reduced_blocks_are_averages(self, case: Case, slide: Slide, reduce: int):
        for n, picture in enumerate(case.truth):
            height, width = picture.shape[0] // reduce, picture.shape[1] // reduce
            squares = picture[: height * reduce, : width * reduce].reshape(height, reduce, width, reduce, 3)
            expected = squares.mean(axis=(1, 3))
            blocks = slide.blocks(n, reduce=reduce)
            assert (blocks.height, blocks.width) == (height, width)
            pixels = assemble(blocks).astype(float)
            if case.lossless:
                np.testing.assert_allclose(pixels, expected, atol=0.51)
            else:
                # scaled decoding is a slightly different low-pass: alike on average, and nowhere far away
                assert np.abs(pixels - expected).mean() < 1.5
                assert np.abs(pixels.mean(axis=(0, 1)) - expected.mean(axis=(0, 1))).max() < 0.5

    def test_pixels_given_out_may_be_written_into(self, case: Case, slide: Slide):
        before = slide.read_region(0, 0, 0, 64, 64).copy()
        slide.read_region(0, 0, 0, 64, 64).flags.writeable and slide.read_region(0, 0, 0, 64, 64).fill(7)
        np.testing.assert_array_equal(slide.read_region(0, 0, 0, 64, 64), before)

    def test_info_holds_no_path(self, case: Case, slide: Slide):
        said = repr(slide.info)
        assert case.path.stem not in said
        assert str(case.path.parent) not in said
        assert len(slide.info.fingerprint) == 64

    def test_closing_twice_and_reading_after_closing(self, case: Case):
        slide = open_slide(case.path)
        blocks = slide.blocks(0)
        slide.close()
        slide.close()
        for read in (lambda: slide.read_region(0, 0, 0, 5, 5), lambda: slide.blocks(0), lambda: blocks.read(0, 0)):
            with pytest.raises(SlideError) as caught:
                read()
            assert caught.value.message == "The slide has been closed."
            assert caught.value.hint == "Open it again."

    def test_closing_while_others_read(self, case: Case):
        """Reads under way end well, later ones with the sentence; nothing crashes."""
        slide = open_slide(case.path)
        expected = slide.read_region(0, 0, 0, 200, 200)

        def read(_: int) -> bool:
            try:
                return np.array_equal(slide.read_region(0, 0, 0, 200, 200), expected)
            except SlideError as error:
                return error.message == "The slide has been closed."

        with ThreadPoolExecutor(4) as pool:
            results = [pool.submit(read, n) for n in range(40)]
            results[10].result()
            slide.close()
            assert all(result.result() for result in results)

    def test_there_is_no_such_level_or_size(self, case: Case, slide: Slide):
        with pytest.raises(ValueError, match="the slide has levels 0 to"):
            slide.read_region(0, 0, len(case.truth), 5, 5)
        with pytest.raises(ValueError, match="a region of 0 x 5 pixels"):
            slide.read_region(0, 0, 0, 0, 5)
        with pytest.raises(ValueError, match="reduce must be 1, 2, 4 or 8, not 3"):
            slide.blocks(0, reduce=3)
        blocks = slide.blocks(0)
        for place in ((-1, 0), (0, -1), (blocks.columns, 0), (0, blocks.rows)):
            with pytest.raises(ValueError, match="there is no block"):
                blocks.read(*place)

    def test_resolution(self, case: Case):
        with open_slide(case.path, mpp=0.3) as slide:
            assert (slide.info.mpp, slide.info.mpp_source) == (0.3, "user")
        with open_slide(case.path) as slide:
            known = case.path.stem not in ("slide-flat", "slide-strips")
            assert slide.info.mpp == (pytest.approx(0.5) if known else None)
            assert slide.info.mpp_source == ("file" if known else "")


@pytest.mark.parametrize("kind", ["openslide", "tifffile", "flat"])
def test_color_profile_is_passed_on(kind: str, tmp_path: Path):
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = tissue_like(200, 200)
    path = tmp_path / ("a.png" if kind == "flat" else "a.tif")
    if kind == "openslide":
        write_jpeg_tiff(path, image, icc=profile)
    elif kind == "tifffile":
        tifffile.imwrite(path, image, rowsperstrip=20, photometric="rgb", iccprofile=profile)
    else:
        Image.fromarray(image).save(path, icc_profile=profile)
    with open_slide(path) as slide:
        assert slide.icc_profile() == profile
