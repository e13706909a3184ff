"""Colors as color-blind eyes see them, simulated: tables keep their order, states that are told apart stay apart.

Source of the simulation: Machado, Oliveira and Fernandes, A physiologically-based model for simulation of color vision deficiency,
IEEE Transactions on Visualization and Computer Graphics 15 (2009), the matrices of severity 1, for linear RGB.
"""

from itertools import combinations

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from e2evit_gui.theme import icons
from e2evit_gui.theme.palette import DARK, LIGHT
from e2evit_model.overlay.colors import COLOR_TABLES, SIGNED_TABLES, color_table

EYES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def seen_by(eyes, rgb):
    """Lab values (N, 3) of sRGB colors (N, 3) in 0 to 1, as these eyes see them."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    there = np.clip(linear @ np.array(EYES[eyes]).T, 0, 1)
    return rgb2lab(np.where(there <= 0.0031308, there * 12.92, 1.055 * there ** (1 / 2.4) - 0.055))


def color(name):
    return np.array([int(name[at : at + 2], 16) for at in (1, 3, 5)]) / 255


def levels(name, number):
    return color_table(name)[np.linspace(0, 255, number).round().astype(int), :3] / 255


def apart(eyes, one, other):
    first, second = seen_by(eyes, np.array([color(one), color(other)]))
    return float(deltaE_ciede2000(first, second))


@pytest.mark.parametrize("eyes", EYES)
def test_the_simulation_leaves_grays_and_confuses_what_it_should(eyes):
    grays = np.repeat(np.linspace(0, 1, 11)[:, None], 3, 1)
    assert np.abs(seen_by(eyes, grays) - rgb2lab(grays)).max() < 0.05
    # red and green of one lightness are hard to tell apart for the first two; for the third they are not
    assert (apart(eyes, "#c05040", "#7a7a30") < 20) == (eyes != "tritanopia")


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("name", COLOR_TABLES)
def test_a_table_gets_lighter_all_the_way(eyes, name):
    lab = seen_by(eyes, levels(name, 16))
    assert np.diff(lab[:, 0]).min() > 1
    assert lab[-1, 0] - lab[0, 0] > 50
    assert deltaE_ciede2000(lab[1:], lab[:-1]).min() > 2  # twice what is just noticeable


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("name", SIGNED_TABLES)
def test_both_ends_of_a_table_with_a_sign_stay_apart(eyes, name):
    lab = seen_by(eyes, levels(name, 11))
    for step in range(2, 6):
        assert deltaE_ciede2000(lab[5 - step], lab[5 + step]) > 15, step
    for side in (lab[:6], lab[5:]):
        assert deltaE_ciede2000(side[1:], side[:-1]).min() > 2


@pytest.mark.parametrize("eyes", EYES)
def test_lines_on_the_slide_stay_apart(eyes):
    for one, other in ((LIGHT.tissue, LIGHT.highlight), (LIGHT.grid, LIGHT.highlight), (LIGHT.grid, LIGHT.tissue)):
        assert apart(eyes, one, other) > 15
    for line in (LIGHT.tissue, LIGHT.grid):
        for ground in ("#f4f4f4", "#e0a8c8", "#b070a8"):  # glass, eosin, hematoxylin
            assert apart(eyes, line, ground) > 15, (line, ground)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_chosen_and_what_is_said_stay_apart_from_the_ground(eyes, colors):
    for text in (colors.accent, colors.good, colors.warning_text, colors.error_text, colors.muted):
        for ground in (colors.panel, colors.base):
            assert apart(eyes, text, ground) > 30, (text, ground)
    for text, ground in (
        (colors.info_text, colors.info_back),
        (colors.warning_text, colors.warning_back),
        (colors.error_text, colors.error_back),
    ):
        assert apart(eyes, text, ground) > 30, (text, ground)


def test_states_differ_in_shape_and_not_in_color_only(qapp):
    """Of a warning and an error in the light theme, deuteranopia leaves no difference in color: the sign says it."""
    assert apart("deuteranopia", LIGHT.warning_text, LIGHT.error_text) < 5

    def drawn(name):
        image = icons.picture(name, "#000000", 32).toImage()
        size = range(image.width())
        return np.array([[image.pixelColor(x, y).alpha() > 100 for x in size] for y in size])

    signs = {name: drawn(name) for name in ("good", "info", "warning", "error", "missing")}
    for one, other in combinations(signs, 2):
        different = (signs[one] ^ signs[other]).sum() / (signs[one] | signs[other]).sum()
        assert different > 0.2, (one, other, different)
