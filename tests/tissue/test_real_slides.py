"""Tissue on real material: figures on three sections with known spots, and every low-power picture."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from e2evit_model.errors import TissueError
from e2evit_model.slides.opening import open_slide
from e2evit_model.tissue.coverage import tissue_fraction_of
from e2evit_model.tissue.finding import find_tissue
from e2evit_model.tissue.low_power import read_low_power
from e2evit_model.tissue.mask import Finding
from e2evit_model.tissue.otsu import classify
from tests.tissue.memory_slide import MemorySlide

SECTIONS = ("C2", "D1", "E1")
SECTION_MPP = 0.688
COLUMNS, ROWS = 33, 35  # of the grid of spots
SPOT_UM = 100.0

# scales of the low-power pictures as estimated from cores, nuclei and pen strokes; the files do not say them
LOW_POWER_MPP = {
    "diagnostic-slide-thumb-rgb.png": 40.0,
    "needle_biopsy_with_ink_5600x1000.jpeg": 2.5,
    "tcga-green-pen.png": 2.0,
    "tcga-red-pen.png": 2.0,
    "thumb.png": 2.0,
    "tma_spots.jpeg": 45.0,
    "wsi-blue-pen.png": 99.0,
}


@cache
def section_figures(folder, name):
    """Return the share of listed spots in tissue, and of the other places of the grid outside of it."""
    listed = pd.read_csv(folder / f"5714_HE_BT_{name}_spots.tsv", sep="\t")
    # the grid is regular: places follow from the spots that are listed
    known = np.column_stack([listed.new_x, listed.new_y, np.ones(len(listed))])
    to_pixels, *_ = np.linalg.lstsq(known, listed[["pixel_x", "pixel_y"]].to_numpy(), rcond=None)
    taken = set(zip(listed.x, listed.y, strict=True))
    others = [(x, y, 1) for x in range(1, COLUMNS + 1) for y in range(1, ROWS + 1) if (x, y) not in taken]
    with open_slide(folder / f"5714_HE_BT_{name}.jpg", mpp=SECTION_MPP) as slide:
        mask = find_tissue(slide)
    # squares of the same area as the round spots
    side = SPOT_UM / SECTION_MPP * np.sqrt(np.pi) / 2

    def in_tissue(centres):
        return tissue_fraction_of(mask, centres[:, 0] - side / 2, centres[:, 1] - side / 2, side) >= 0.5

    inside = in_tissue(listed[["pixel_x", "pixel_y"]].to_numpy())
    outside = ~in_tissue(np.array(others) @ to_pixels)
    return float(np.mean(inside)), float(np.mean(outside))


def test_the_sections_spots(shared_data):
    figures = np.array([section_figures(shared_data / "sections", name) for name in SECTIONS])
    assert (figures >= 0.98).all(), figures
    assert (figures.mean(axis=0) >= 0.99).all(), figures


def test_dust_out_of_focus_on_a_section(shared_data):
    with open_slide(shared_data / "sections" / "5714_HE_BT_D1.jpg", mpp=SECTION_MPP) as slide:
        findings = find_tissue(slide).findings
    dust = findings[370:412, 127:170]
    assert np.mean(dust == Finding.DEBRIS) > 0.05
    assert set(np.unique(dust)) == {Finding.BACKGROUND, Finding.DEBRIS}


def findings_of(shared_data, name):
    """Return the low-power picture and its findings."""
    with open_slide(shared_data / "lowpower" / name, mpp=LOW_POWER_MPP[name]) as slide:
        low_power = read_low_power(slide)
    return low_power.image, classify(low_power.image, low_power.mpp)


def hues(image):
    """Return hue (0..1), saturation and value of a picture."""
    return np.moveaxis(np.asarray(Image.fromarray(image).convert("HSV")) / 255, 2, 0)


@pytest.mark.parametrize("name", ["no-tissue.png", "almost-white-1.png", "no-tissue-green-pen.png"])
@pytest.mark.parametrize("mpp", [None, 0.5, 2.0, 8.0])
def test_no_tissue_is_said_at_any_scale(shared_data, name, mpp):
    with open_slide(shared_data / "lowpower" / name, mpp=mpp) as slide, pytest.raises(TissueError) as caught:
        find_tissue(slide)
    assert caught.value.message == "No tissue found on this slide."
    assert ("pen" in caught.value.hint) == ("pen" in name)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("tcga-green-pen.png", 0.40, 0.52),
        ("tcga-red-pen.png", 0.97, 0.04),
        ("wsi-blue-pen.png", 0.54, 0.66),
        ("needle_biopsy_with_ink_5600x1000.jpeg", 0.55, 0.70),
    ],
)
def test_pen_is_pen_and_nothing_of_it_tissue(shared_data, name, low, high):
    image, findings = findings_of(shared_data, name)
    hue, saturation, _ = hues(image)
    of_pen = (hue >= low) & (hue <= high) if low <= high else (hue >= low) | (hue <= high)
    strong = of_pen & (saturation > 0.55)
    assert strong.sum() > 30
    assert np.mean(findings[strong] == Finding.TISSUE) < 0.12
    assert np.mean(findings[strong] == Finding.PEN) > 0.85


def test_rings_and_lines_of_three_pens(shared_data):
    image, findings = findings_of(shared_data, "diagnostic-slide-thumb-rgb.png")
    shares = np.bincount(findings.ravel(), minlength=len(Finding)) / findings.size
    assert 0.36 < shares[Finding.TISSUE] < 0.44
    assert 0.28 < shares[Finding.PEN] < 0.36
    dark = image.max(axis=2) < 50
    assert np.mean(findings[dark] == Finding.TISSUE) < 0.02
    # the section's middle between the rings, and the shadow of the slide's edge below
    assert np.mean(findings[155:190, 140:180] == Finding.TISSUE) > 0.95
    assert not (findings[522:] == Finding.TISSUE).any()


def test_a_needle_biopsy_as_an_algorithm_of_others_sees_it(shared_data):
    image, findings = findings_of(shared_data, "needle_biopsy_with_ink_5600x1000.jpeg")
    theirs = Image.open(shared_data / "lowpower" / "needle_biopsy_algorithm_tissue_mask_700x125.jpeg")
    theirs = np.asarray(theirs.resize((image.shape[1], image.shape[0]))) < 128
    ours = findings == Finding.TISSUE
    dice = 2 * np.count_nonzero(theirs & ours) / (np.count_nonzero(theirs) + np.count_nonzero(ours))
    assert dice > 0.88  # theirs has holes where ours is filled
    assert np.mean(ours[theirs & (findings != Finding.PEN)]) > 0.97


def test_every_core_of_a_tissue_microarray(shared_data):
    image, findings = findings_of(shared_data, "tma_spots.jpeg")
    stained = image.min(axis=2) < 200
    assert np.mean(findings[stained] == Finding.TISSUE) > 0.98
    assert 0.075 < np.mean(findings == Finding.TISSUE) < 0.09


def test_fat_beside_red_pen_is_kept(shared_data):
    _, findings = findings_of(shared_data, "tcga-red-pen.png")
    # fat cells at the picture's upper middle and right
    assert np.mean(findings[2:14, 52:90] == Finding.TISSUE) > 0.9
    assert np.mean(findings[:, 45:] == Finding.TISSUE) > 0.95


def test_pale_tissue_is_kept(shared_data):
    image, findings = findings_of(shared_data, "wsi-blue-pen.png")
    hue, saturation, _ = hues(image)
    pale = (hue > 0.80) & (hue < 0.98) & (saturation > 0.08) & (saturation < 0.2)
    assert pale.sum() > 500
    assert np.mean(findings[pale] == Finding.TISSUE) > 0.85


def test_regions_are_tissue_and_no_pen(shared_data):
    for path in sorted((shared_data / "regions").glob("*.png")):
        picture = np.asarray(Image.open(path).convert("RGB"))
        mask = find_tissue(MemorySlide(picture, mpp=0.5))
        assert mask.tissue.mean() > 0.99


def test_files_of_one_picture_agree(shared_data):
    masks = []
    for name in ("CMU-1-Small-Region.svs", "dicom_cmu1_small/level-0-frames-0-30.dcm"):
        with open_slide(shared_data / "slides" / name) as slide:
            masks.append(find_tissue(slide).tissue)
    assert masks[0].shape == masks[1].shape
    assert np.mean(masks[0] != masks[1]) < 0.03
    assert masks[0].mean() == pytest.approx(0.4, abs=0.03)


def test_fluorescence_is_refused(shared_data):
    with open_slide(shared_data / "slides" / "test3-DAPI-2-387.ndpi") as slide:
        with pytest.raises(TissueError) as caught:
            find_tissue(slide)
        assert caught.value.hint.startswith("The slide is dark, as in fluorescence;")
        assert find_tissue(slide, method="all").tissue.all()
