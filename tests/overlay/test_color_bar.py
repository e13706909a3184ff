import pytest
from hypothesis import given
from hypothesis import strategies as st

from e2evit_model.errors import OptionError
from e2evit_model.overlay.color_bar import QUANTITY_LABELS, color_bar_ticks, ticks_with_ends
from e2evit_model.overlay.values import DisplayScale, place_in_limits


def number_of(label):
    return float(label.removesuffix("×"))


@given(
    st.sampled_from([DisplayScale.CLIPPED, DisplayScale.TIMES_UNIFORM, DisplayScale.LOG]),
    st.floats(1e-6, 1e4),
    st.floats(1.01, 1e5),
    st.integers(3, 8),
)
def test_the_number_at_a_tick_has_the_color_at_the_tick(scale, low, ratio, n):
    limits = (low, low * ratio)
    ticks = color_bar_ticks(scale, limits, n)
    assert 1 <= len(ticks) <= 2 * n + 1
    positions = [position for position, _ in ticks]
    assert positions == sorted(positions)
    assert len({label for _, label in ticks}) == len(ticks)
    for position, label in ticks:
        assert 0 <= position <= 1
        assert position == pytest.approx(float(place_in_limits(number_of(label), scale, limits)), abs=0.02)


@pytest.mark.parametrize(
    ("scale", "limits", "labels"),
    [
        ("rank", (0, 1), ["0", "25", "50", "75", "100"]),
        ("times-uniform", (0, 4), ["0×", "1×", "2×", "3×", "4×"]),
        ("clipped", (0.00012, 0.0091), ["0.0025", "0.005", "0.0075"]),
        ("clipped", (0.00001, 0.00052), ["2e-4", "4e-4"]),
        ("clipped", (-3, 5), ["-2", "0", "2", "4"]),
        ("log", (1e-5, 3e-2), ["1e-5", "1e-4", "1e-3", "1e-2"]),
        ("log", (0.001, 0.0013), ["0.001", "0.0013"]),
        ("clipped", (0, 50000), ["0", "20000", "40000"]),
        ("times-uniform", (0, 5000), ["0×", "2000×", "4000×"]),
        ("clipped", (2, 2), ["2"]),
        ("clipped", (1, 1 + 1e-9), ["1", "1.00000000025", "1.0000000005", "1.00000000075", "1.000000001"]),
    ],
)
def test_numbers_are_round(scale, limits, labels):
    assert [label for _, label in color_bar_ticks(scale, limits, 5)] == labels


@pytest.mark.parametrize(
    ("scale", "limits", "labels"),
    [
        ("rank", (0, 1), ["0", "25", "50", "75", "100"]),
        ("times-uniform", (0, 4), ["0×", "1×", "2×", "3×", "4×"]),
        ("clipped", (0.93671234, 0.96931234), ["0.937", "0.95", "0.96", "0.969"]),
        ("clipped", (0.985823, 1.012432), ["0.986", "0.99", "1", "1.012"]),
        ("clipped", (3.2, 45678.9), ["0", "20000", "40000", "46000"]),
        ("clipped", (0.00012, 0.0091), ["0.0001", "0.0025", "0.005", "0.0075", "0.0091"]),
        ("log", (0.012, 3.4), ["0.012", "0.03", "0.1", "0.3", "1", "3.4"]),
        ("clipped", (2, 2), ["2"]),
    ],
)
def test_the_ends_have_numbers_too(scale, limits, labels):
    ticks = ticks_with_ends(scale, limits)
    assert [label for _, label in ticks] == labels
    places = [place for place, _ in ticks]
    assert places == sorted(places)
    assert len(places) == 1 or (places[0], places[-1]) == (0.0, 1.0)


@given(st.sampled_from([DisplayScale.CLIPPED, DisplayScale.LOG]), st.floats(1e-6, 1e4), st.floats(1.01, 1e5))
def test_numbers_have_room_beside_the_ends(scale, low, ratio):
    ticks = ticks_with_ends(scale, (low, low * ratio))
    places = [place for place, _ in ticks]
    assert all(0.1 < place < 0.9 for place in places[1:-1])
    assert len({label for _, label in ticks}) == len(ticks)


def test_every_scale_says_what_its_numbers_mean():
    assert set(QUANTITY_LABELS) == set(DisplayScale)


def test_limits_in_the_wrong_order_are_refused():
    with pytest.raises(OptionError, match=r"The range of the colors begins at 2, above its end at 1."):
        color_bar_ticks("clipped", (2.0, 1.0))
