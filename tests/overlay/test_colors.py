import cmap
import numpy as np
import pytest
from skimage.color import rgb2lab

from e2evit_model.errors import OptionError
from e2evit_model.overlay.colors import COLOR_TABLES, SIGNED_TABLES, color_table


def lightness_steps(colors):
    """Return the steps of CIE Lab lightness over sixteenths of a table (256, 3 or more) uint8."""
    lightness = rgb2lab(np.asarray(colors)[None, :, :3] / 255)[0, :, 0]
    return np.diff(lightness[::15])


@pytest.mark.parametrize("name", COLOR_TABLES)
def test_lightness_climbs_in_even_steps(name):
    steps = lightness_steps(color_table(name))
    assert steps.min() > 0
    assert steps.std() / steps.mean() < 0.3
    assert steps.sum() > 60  # of 100: dark to light


@pytest.mark.parametrize("name", ["matlab:jet", "google:turbo", "matlab:hot"])
def test_the_check_of_even_steps_finds_uneven_maps(name):
    steps = lightness_steps(np.asarray(cmap.Colormap(name).lut(256)) * 255)
    assert steps.min() <= 0 or steps.std() / steps.mean() >= 0.3


@pytest.mark.parametrize("name", SIGNED_TABLES)
def test_lightness_of_signed_tables_changes_evenly_on_both_sides_of_the_middle(name):
    lightness = rgb2lab(color_table(name)[None, :, :3] / 255)[0, :, 0]
    away = 1 if lightness[128] < lightness[0] else -1
    for half in (lightness[128::-1], lightness[128:]):
        steps = away * np.diff(half[::16])
        assert steps.min() > -2, "the ends may bend a little"
        assert steps.sum() > 30
    assert abs(lightness[0] - lightness[255]) < 15, "both signs weigh alike"


@pytest.mark.parametrize("name", COLOR_TABLES + SIGNED_TABLES)
def test_tables_have_256_opaque_colors_and_cannot_be_written(name):
    table = color_table(name)
    assert (table.shape, table.dtype) == ((256, 4), np.uint8)
    assert np.all(table[:, 3] == 255)
    with pytest.raises(ValueError, match="read-only"):
        table[0, 0] = 1


def test_viridis_begins_and_ends_as_published():
    assert color_table("viridis")[[0, 255], :3].tolist() == [[68, 1, 84], [253, 231, 37]]


def test_a_mistyped_name_is_answered_with_the_right_one():
    with pytest.raises(OptionError) as caught:
        color_table("viridus")
    assert caught.value.message == 'The color table "viridus" is not known.'
    assert caught.value.hint == 'Did you mean "viridis"?'


def test_rainbow_is_not_offered():
    with pytest.raises(OptionError, match=r'The color table "jet" is not known.'):
        color_table("jet")
