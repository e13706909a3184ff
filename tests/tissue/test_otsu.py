"""The classifier on painted slides: what must be kept, what must be dropped, and for which reason."""

import numpy as np
import pytest
from skimage.color import rgb2lab
from skimage.filters import threshold_otsu

from e2evit_model.tissue.background import glass_color, is_dark_ground
from e2evit_model.tissue.colors import lab_planes, measure_colors
from e2evit_model.tissue.mask import Finding
from e2evit_model.tissue.otsu import classify
from tests.tissue.memory_slide import MPP, SHAPE, Painter, box

TISSUE = box(200, 100, 300, 300)
ELSEWHERE = box(200, 550, 200, 200)
PENS = {
    "green": (30, 140, 110),
    "blue": (40, 90, 190),
    "dark blue": (30, 35, 120),
    "light blue": (80, 140, 215),
    "red": (205, 20, 25),
    "black": (25, 22, 26),
}


def share(findings, where, finding):
    """Return the part of a region with a finding."""
    return float(np.mean(findings[where] == finding))


def inner(where, pixels=10):
    """Return a rectangle without its border."""
    rows, columns = np.nonzero(where)
    return box(rows.min() + pixels, columns.min() + pixels, np.ptp(rows) - 2 * pixels, np.ptp(columns) - 2 * pixels)


def far_from(where, pixels=12):
    rows, columns = np.nonzero(where)
    return ~box(rows.min() - pixels, columns.min() - pixels, np.ptp(rows) + 2 * pixels, np.ptp(columns) + 2 * pixels)


def test_lab_is_that_of_skimage():
    image = np.random.default_rng(1).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    image[0, :8] = [[v, v, v] for v in (0, 1, 2, 5, 10, 11, 254, 255)]
    np.testing.assert_allclose(np.stack(lab_planes(image), axis=-1), rgb2lab(image), atol=0.02)


@pytest.mark.parametrize("glass", [(241, 239, 242), (236, 218, 232), (225, 228, 215)])
def test_tissue_is_found_on_glass_of_any_color(glass):
    findings = classify(Painter(glass=glass).tissue(TISSUE).picture(), MPP)
    assert share(findings, inner(TISSUE), Finding.TISSUE) > 0.999
    assert share(findings, far_from(TISSUE), Finding.BACKGROUND) > 0.999


def test_the_color_of_glass_is_measured():
    colors = measure_colors(Painter(glass=(236, 218, 232)).tissue(TISSUE).picture(), MPP)
    glass = glass_color(colors)
    wanted = rgb2lab(np.array([[[236, 218, 232]]], dtype=np.uint8))[0, 0]
    np.testing.assert_allclose((glass.lightness, glass.a, glass.b), wanted, atol=0.5)


def test_the_border_of_tissue_is_true_within_30_um():
    findings = classify(Painter().tissue(TISSUE).picture(), MPP)
    area = np.count_nonzero(findings == Finding.TISSUE)
    assert (300 - 2) ** 2 < area < (300 + 2 * 30 / MPP) ** 2


def test_pale_tissue_beside_dark_tissue_is_kept_where_plain_otsu_loses_it():
    image = Painter().tissue(TISSUE).pale(ELSEWHERE).picture()
    assert share(classify(image, MPP), inner(ELSEWHERE), Finding.TISSUE) > 0.98
    saturation = image.max(axis=2).astype(int) - image.min(axis=2)
    assert np.mean(saturation[inner(ELSEWHERE)] > threshold_otsu(saturation)) < 0.3


def test_fat_is_kept():
    findings = classify(Painter().tissue(TISSUE).fat(ELSEWHERE).picture(), MPP)
    assert share(findings, inner(ELSEWHERE, 15), Finding.TISSUE) > 0.99


def test_stain_that_bled_into_the_glass_is_not_kept():
    findings = classify(Painter().tissue(TISSUE).color(ELSEWHERE, (243, 222, 234), blur=40).picture(), MPP)
    assert share(findings, ELSEWHERE, Finding.TISSUE) < 0.01


@pytest.mark.parametrize("color", PENS.values(), ids=PENS)
def test_pen_on_glass_is_pen(color):
    stroke = box(200, 550, 60, 250)
    findings = classify(Painter().tissue(TISSUE).color(stroke, color).picture(), MPP)
    assert share(findings, stroke, Finding.PEN) > 0.98
    assert share(findings, box(180, 530, 100, 300), Finding.TISSUE) == 0
    assert share(findings, inner(TISSUE), Finding.TISSUE) > 0.999


@pytest.mark.parametrize("color", PENS.values(), ids=PENS)
def test_pen_over_tissue_is_pen_and_the_tissue_around_is_kept(color):
    stroke = box(300, 150, 50, 200)
    findings = classify(Painter().tissue(TISSUE).color(stroke, color).picture(), MPP)
    assert share(findings, inner(stroke, 2), Finding.PEN) > 0.98
    assert share(findings, inner(TISSUE) & far_from(stroke, 25), Finding.TISSUE) > 0.999


def test_pen_that_lets_the_tissue_shine_through_is_dark_gray_and_still_pen():
    painter = Painter().tissue(TISSUE)
    stroke = box(300, 0, 60, SHAPE[1])
    passed = np.where(
        stroke[..., np.newaxis], np.array([60, 110, 95]) / 255, 1
    )  # the light that green pen lets through
    painter.canvas *= passed
    findings = classify(painter.picture(), MPP)
    assert share(findings, stroke & TISSUE, Finding.PEN) > 0.99
    assert share(findings, inner(TISSUE) & far_from(box(300, 100, 60, 300), 25), Finding.TISSUE) > 0.99


@pytest.mark.parametrize("color", PENS.values(), ids=PENS)
def test_a_slide_with_only_pen_has_no_tissue(color):
    findings = classify(Painter().color(box(100, 100, 60, 600), color, blur=5).picture(), MPP)
    assert not (findings == Finding.TISSUE).any()
    assert (findings == Finding.PEN).any()


@pytest.mark.parametrize("color", [(150, 165, 205), (120, 85, 55), (55, 36, 24), (190, 45, 70), (75, 50, 110)])
def test_other_stains_are_no_pen(color):
    """Pale blue counterstain, brown DAB, melanin, blood, dense nuclei."""
    findings = classify(Painter().tissue(TISSUE).color(box(260, 160, 60, 60), color).picture(), MPP)
    assert not (findings == Finding.PEN).any()
    assert share(findings, inner(TISSUE), Finding.TISSUE) > 0.999


def test_dust_is_debris():
    painter = Painter().tissue(TISSUE)
    painter.color(box(100, 600, 40, 40), (170, 168, 170), blur=8)  # out of focus
    painter.color(box(400, 600, 8, 50), (45, 43, 44), blur=1)  # a fibre
    findings = classify(painter.picture(), MPP)
    for spot in (box(100, 600, 40, 40), box(400, 600, 8, 50)):
        assert share(findings, spot, Finding.DEBRIS) > 0.6
        assert share(findings, spot, Finding.TISSUE) == 0


def test_soot_beside_the_tissue_does_not_make_it_larger():
    painter = Painter().tissue(TISSUE)
    for column in range(120, 380, 12):
        painter.color(box(512, column, 6, 6), (20, 20, 20), blur=0.7)
    findings = classify(painter.picture(), MPP)
    assert share(findings, box(508, 100, 30, 300), Finding.TISSUE) < 0.02


def test_a_crumb_that_hangs_on_dust_goes_with_it():
    painter = Painter().tissue(TISSUE).tissue(box(390, 620, 25, 25))
    findings = classify(painter.color(box(415, 600, 15, 60), (45, 43, 44), blur=1).picture(), MPP)
    around = box(370, 580, 70, 100)
    assert share(findings, box(393, 623, 18, 18), Finding.DEBRIS) > 0.9
    assert not np.isin(findings[around], [Finding.TISSUE, Finding.TOO_SMALL]).any()


def test_gray_is_the_stain_where_most_is_gray():
    image = Painter().tissue(TISSUE).picture()
    gray = np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    assert share(classify(gray, MPP), inner(TISSUE), Finding.TISSUE) > 0.99


def test_small_parts_are_too_small():
    crumb = box(500, 600, 30, 30)  # 0.014 mm2
    findings = classify(Painter().tissue(TISSUE).tissue(crumb).picture(), MPP)
    assert share(findings, inner(crumb, 3), Finding.TOO_SMALL) > 0.9
    assert share(findings, crumb, Finding.TISSUE) == 0


def test_a_slide_with_only_crumbs_has_no_tissue():
    findings = classify(Painter().tissue(box(500, 600, 60, 60)).picture(), MPP)  # 0.06 mm2: above the smallest part
    assert not (findings == Finding.TISSUE).any()
    assert (findings == Finding.TOO_SMALL).any()


@pytest.mark.parametrize("seed", range(4))
def test_empty_glass_is_background(seed):
    glass = tuple(np.random.default_rng(seed).integers(215, 250, 3))
    image = Painter(glass=glass, seed=seed).picture()
    image[:, 400:] = np.clip(image[:, 400:].astype(int) - 6, 0, 255)  # the next stripe of the scanner
    assert not classify(image, MPP).any()


def test_a_region_without_any_glass_is_tissue():
    everywhere = np.ones(SHAPE, dtype=bool)
    assert share(classify(Painter().tissue(everywhere).picture(), MPP), everywhere, Finding.TISSUE) > 0.999


def test_what_was_not_scanned_is_background_be_it_white_or_black():
    for filled in (0, 255):
        image = Painter().tissue(TISSUE).picture()
        image[:, 600:] = filled
        findings = classify(image, MPP)
        assert share(findings, box(0, 610, 700, 290), Finding.BACKGROUND) > 0.999
        assert share(findings, inner(TISSUE), Finding.TISSUE) > 0.999


def test_the_color_of_glass_is_that_of_what_was_scanned():
    image = Painter(glass=(236, 218, 232)).tissue(TISSUE).picture()
    image[:, 450:] = 255
    findings = classify(image, MPP)
    assert share(findings, box(0, 0, 180, 440), Finding.BACKGROUND) == 1
    assert glass_color(measure_colors(image, MPP)).a > 5


def test_plain_black_inside_is_pen():
    image = Painter().tissue(TISSUE).picture()
    image[200:400, 550:750] = 0
    findings = classify(image, MPP)
    assert share(findings, ELSEWHERE, Finding.PEN) > 0.99


def test_dark_ground_is_known():
    assert not is_dark_ground(Painter().tissue(TISSUE).picture())
    assert not is_dark_ground(Painter().tissue(np.ones(SHAPE, dtype=bool)).picture())
    assert is_dark_ground(255 - Painter().tissue(TISSUE).picture())


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 2)])
def test_tiny_pictures_are_classified(shape):
    for value in (0, 128, 255):
        findings = classify(np.full((*shape, 3), value, dtype=np.uint8), 10.0)
        assert findings.shape == shape
        assert findings.dtype == np.uint8
