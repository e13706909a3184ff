"""Real slides and real bad files, where they are at hand."""

from itertools import product
from pathlib import Path

import numpy as np
import openslide
import pytest
import tifffile
from PIL import Image

from e2evit_model.errors import SlideError
from e2evit_model.slides.jpeg_tiles import JpegBlocks
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.scale import choose_scale
from tests.slide_files import write_pyramid

OPENED = {
    "slides/CMU-1-Small-Region.svs": ("Aperio SVS", (2220, 2967), 1, 0.499),
    "slides/dicom_cmu1_small/level-0-frames-0-30.dcm": ("DICOM", (2220, 2967), 12, 0.499),
    "slides/test3-DAPI-2-387.ndpi": ("Hamamatsu NDPI", (3968, 4864), 7, 0.228175),
    "regions/OS-1-detail.ome.tif": ("OME-TIFF", (1101, 1101), 1, 0.2271),
    "edge/histolab_kidney-48-5.tif": ("TIFF", (1493, 901), 1, None),
    "edge/openslide-python_boxes.tiff": ("tiled TIFF", (300, 250), 4, None),
    "edge/pathml_small_HE_levels.tiff": ("tiled TIFF", (300, 250), 4, None),
    "edge/openslide-python_small.svs": ("Aperio SVS", (16, 16), 1, 0.499),
    "edge/highdicom/sm_image.dcm": ("DICOM", (50, 50), 1, 0.499),
    "edge/highdicom/sm_image_dots.dcm": ("DICOM", (50, 50), 1, 0.499),
}

REFUSED = {
    "derived_CMU-1_truncated_1MB.svs": "derived_CMU-1_truncated_1MB.svs is cut short: the end of its data is missing.",
    "derived_empty.svs": "derived_empty.svs is empty (0 bytes).",
    "derived_jpeg_renamed.svs": "derived_jpeg_renamed.svs is a JPEG picture, not what its name says.",
    "highdicom": "highdicom is a folder, not a slide.",
    "highdicom/sm_image_jpegls.dcm": "sm_image_jpegls.dcm is a DICOM file whose pixels are stored as JPEG-LS, which cannot be "
    "read here.",
    "openslide-python_unopenable.tiff": "openslide-python_unopenable.tiff stores its pixels in a way that is not known here "
    "(TIFF compression 52479).",
    "openslide-python_unreadable.svs": "openslide-python_unreadable.svs opens, but its pixels cannot be read: the file is "
    "damaged.",
}


@pytest.mark.parametrize("name", OPENED)
def test_opens(shared_data: Path, name: str):
    form, size, levels, mpp = OPENED[name]
    with open_slide(shared_data / name) as slide:
        info = slide.info
        assert (info.format, (info.width, info.height), len(info.levels)) == (form, size, levels)
        assert info.mpp == (None if mpp is None else pytest.approx(mpp, rel=1e-3))
        assert str(shared_data) not in repr(info)
        for level in range(levels):
            blocks = slide.blocks(level)
            assert blocks.read(blocks.columns - 1, blocks.rows - 1) is not None


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused(shared_data: Path, name: str):
    with pytest.raises(SlideError) as caught:
        open_slide(shared_data / "edge" / name)
    assert caught.value.message == REFUSED[name]
    assert caught.value.hint


def test_nothing_of_the_edge_cases_is_left_out(shared_data: Path):
    tried = {f"edge/{name}" for name in REFUSED} | set(OPENED)
    files = {str(path.relative_to(shared_data)) for path in (shared_data / "edge").rglob("*") if path.is_file()}
    assert files <= tried


def test_flat_pictures(shared_data: Path):
    paths = [path for folder in ("lowpower", "regions") for path in sorted((shared_data / folder).iterdir())]
    paths = [path for path in paths if path.suffix in (".png", ".jpg", ".jpeg")]
    assert len(paths) >= 20
    for path in paths:
        with open_slide(path, mpp=8.0) as slide, Image.open(path) as image:
            assert slide.info.format.endswith("(flat)")
            pixels = slide.read_region(0, 0, 0, *image.size)
            if "transparency" not in image.info and "A" not in image.getbands():
                np.testing.assert_array_equal(pixels, np.asarray(image.convert("RGB")))


def test_the_svs_by_its_tiles_equals_openslide(shared_data: Path):
    path = shared_data / "slides" / "CMU-1-Small-Region.svs"
    with open_slide(path) as slide, openslide.OpenSlide(path) as peer:
        whole = np.asarray(peer.read_region((0, 0), 0, peer.dimensions).convert("RGB"))
        blocks = slide.blocks(0)
        assert isinstance(blocks, JpegBlocks)
        for column, row in product(range(blocks.columns), range(blocks.rows)):
            pixels = blocks.read(column, row)
            y, x = row * blocks.block_height, column * blocks.block_width
            np.testing.assert_array_equal(pixels, whole[y : y + pixels.shape[0], x : x + pixels.shape[1]])
        np.testing.assert_array_equal(slide.read_region(101, 203, 0, 700, 500), whole[203:703, 101:801])


def test_any_file_of_the_dicom_series_is_the_same_slide(shared_data: Path):
    folder = shared_data / "slides" / "dicom_cmu1_small"
    prints = set()
    for path in sorted(folder.iterdir())[::4]:
        with open_slide(path) as slide:
            prints.add((slide.info.fingerprint, slide.info.width))
    assert len(prints) == 1


def test_dicom_and_svs_show_the_same(shared_data: Path):
    with (
        open_slide(shared_data / "slides" / "CMU-1-Small-Region.svs") as svs,
        open_slide(shared_data / "slides" / "dicom_cmu1_small" / "level-0-frames-0-30.dcm") as dicom,
    ):
        difference = svs.read_region(500, 600, 0, 600, 500).astype(int) - dicom.read_region(500, 600, 0, 600, 500)
        assert dicom.info.notes == (
            "The file says that its colors are RGB, but they are stored as YCbCr; they are shown as they should be.",
        )
    assert np.abs(difference).mean() < 5  # compressed again, with halved chroma


def test_the_ome_tiff_by_its_tiles_equals_tifffile(shared_data: Path):
    path = shared_data / "regions" / "OS-1-detail.ome.tif"
    whole = tifffile.imread(path)
    with open_slide(path) as slide:
        assert isinstance(slide.blocks(0), JpegBlocks)  # although its tag says RGB and its tiles are YCbCr
        np.testing.assert_array_equal(slide.read_region(0, 0, 0, 1101, 1101), whole)
        assert choose_scale(slide.info, 0.5).reduce == 2


def test_a_section_as_a_pyramid(shared_data: Path, tmp_path: Path):
    with Image.open(shared_data / "sections" / "5714_HE_BT_C2.jpg") as image:
        section = np.asarray(image.crop((3000, 3000, 5051, 4533)).convert("RGB"))
    path = write_pyramid(tmp_path / "section.tif", section, mpp=0.688)
    with open_slide(path) as slide, openslide.OpenSlide(path) as peer:
        assert slide.info.mpp == pytest.approx(0.688)
        for level, size in enumerate(peer.level_dimensions):
            assert isinstance(slide.blocks(level), JpegBlocks)
            whole = np.asarray(peer.read_region((0, 0), level, size).convert("RGB"))
            np.testing.assert_array_equal(slide.read_region(0, 0, level, *size), whole)
