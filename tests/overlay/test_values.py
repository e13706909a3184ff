import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from e2evit_model.errors import OptionError
from e2evit_model.overlay.values import (
    DisplayScale,
    check_limits,
    default_limits,
    limits_around_zero,
    percentile_of,
    place_in_limits,
    scale_quantity,
    scale_values,
    times_uniform,
)

VALUES = st.lists(
    st.one_of(st.floats(-1e6, 1e6, allow_subnormal=False), st.sampled_from([0.0, 1.0, math.nan, math.inf, -math.inf])),
    max_size=40,
)


def rank_the_naive_way(values):
    """Count, for every value, how many are smaller and how many are equal."""
    known = [v for v in values if math.isfinite(v)]
    ranks = []
    for value in values:
        if not math.isfinite(value):
            ranks.append(math.nan)
        elif len(known) == 1:
            ranks.append(0.5)
        else:
            smaller = sum(other < value for other in known)
            equal = sum(other == value for other in known)
            ranks.append((smaller + (equal - 1) / 2) / (len(known) - 1))
    return ranks


@given(VALUES)
def test_ranks_are_counted_with_ties_at_their_mean(values):
    np.testing.assert_allclose(scale_values(values, "rank"), rank_the_naive_way(values), atol=1e-6)


@given(VALUES, st.sampled_from(list(DisplayScale)))
def test_every_scale_keeps_to_0_and_1_and_to_the_order(values, scale):
    scaled = scale_values(values, scale)
    assert scaled.dtype == np.float32
    there = np.isfinite(np.asarray(values, dtype=float))
    assert np.array_equal(np.isfinite(scaled), there)
    assert np.all((scaled[there] >= 0) & (scaled[there] <= 1))
    by_value = np.argsort(np.asarray(values, dtype=float)[there], kind="stable")
    assert np.all(np.diff(scaled[there][by_value]) >= 0)


@pytest.mark.parametrize("scale", list(DisplayScale))
@pytest.mark.parametrize("values", [[], [math.nan, math.nan], [3.0], [0.0, 0.0, 0.0], [-1.0, -1.0], [2e-4] * 5])
def test_no_value_one_value_and_equal_values_are_painted(scale, values):
    scaled = scale_values(values, scale)
    assert scaled.shape == (len(values),)
    assert np.array_equal(np.isnan(scaled), np.isnan(np.asarray(values, dtype=float)))


@pytest.mark.parametrize("scale", ["rank", "clipped"])
def test_equal_values_take_the_middle_color(scale):
    assert scale_values([7.0, 7.0, math.nan], scale)[:2].tolist() == [0.5, 0.5]


def test_clipping_is_at_the_1st_and_99th_percentile():
    values = np.arange(1001, dtype=float)
    assert default_limits(values, "clipped") == (10.0, 990.0)
    scaled = scale_values(np.append(values, math.nan), "clipped")
    assert scaled[[0, 10, 500, 990, 1000]].tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]


def test_times_uniform_has_the_same_colors_on_every_slide():
    few, many = np.full(10, 0.1), np.full(1000, 0.001)
    assert np.allclose(scale_values(few, "times-uniform"), 0.25)
    assert np.allclose(scale_values(many, "times-uniform"), 0.25)
    assert default_limits(many, "times-uniform") == (0.0, 4.0)
    assert scale_values([0.8, 0.1, 0.1], "times-uniform").tolist() == pytest.approx([0.6, 0.075, 0.075])


def test_what_the_class_token_keeps_does_not_push_every_tile_below_one():
    kept = [0.4, 0.3, 0.2]  # the other 0.1 is the class token's
    assert times_uniform(kept).tolist() == pytest.approx([4 / 3, 1, 2 / 3])
    assert scale_quantity(kept, "times-uniform").tolist() == pytest.approx([4 / 3, 1, 2 / 3])
    assert np.nanmean(times_uniform([0.1, math.nan, 0.3])) == pytest.approx(1)
    assert times_uniform([0.0, 0.0]).tolist() == [0.0, 0.0]
    assert times_uniform([]).tolist() == []


def test_missing_values_do_not_change_what_uniform_is():
    assert scale_quantity([0.5, 0.5, math.nan], "times-uniform")[:2].tolist() == [1.0, 1.0]


def test_log_is_even_in_factors_and_puts_0_at_its_low_end():
    scaled = scale_values([0.0, -1.0, 0.001, 0.01, 0.1, 1.0, math.nan], "log", (0.001, 1.0))
    assert scaled[:-1].tolist() == pytest.approx([0, 0, 0, 1 / 3, 2 / 3, 1], abs=1e-6)
    assert math.isnan(scaled[-1])


def test_log_spans_at_most_four_decades_by_itself():
    low, high = default_limits([1e-30, 1e-29, 0.5], "log")
    assert (low, high) == (pytest.approx(5e-5), 0.5)


def test_given_limits_are_in_the_quantity_of_the_scale():
    values = np.linspace(0, 1, 101)
    assert scale_values(values, "rank", (0.5, 1.0))[[0, 50, 75, 100]].tolist() == pytest.approx([0, 0, 0.5, 1])


def test_equal_limits_part_below_from_above():
    assert place_in_limits([1.0, 2.0, 3.0], "clipped", (2.0, 2.0)).tolist() == [0.0, 0.5, 1.0]


@given(VALUES, st.floats(-1e6, 1e6, allow_subnormal=False))
def test_percentiles_are_counted(values, value):
    known = [v for v in values if math.isfinite(v)]
    got = percentile_of(values, value)
    if not known:
        assert got is None
    else:
        assert got == pytest.approx(100 * np.mean([1.0 if v < value else 0.5 if v == value else 0.0 for v in known]))


def test_no_value_has_no_percentile():
    assert percentile_of([1.0, 2.0], math.nan) is None


def test_the_given_values_stay_as_they_are():
    values = np.array([1.0, math.inf, 3.0])
    scale_values(values, "rank")
    assert values.tolist() == [1.0, math.inf, 3.0]


@pytest.mark.parametrize(
    ("scale", "limits", "message"),
    [
        ("clipped", (2.0, 1.0), "The range of the colors begins at 2, above its end at 1."),
        ("clipped", (math.nan, 1.0), "The range of the colors is not a pair of numbers."),
        ("log", (0.0, 1.0), "The range of a log scale cannot begin at 0."),
        ("linear", (0.0, 1.0), 'The scale "linear" is not known.'),
    ],
)
def test_limits_that_cannot_be_are_refused(scale, limits, message):
    with pytest.raises(OptionError) as caught:
        place_in_limits([1.0], scale, limits)
    assert caught.value.message == message
    assert caught.value.hint
    with pytest.raises(OptionError):
        check_limits(scale, limits)


@given(VALUES)
def test_limits_around_zero_hold_every_value(values):
    low, high = limits_around_zero(values)
    known = [abs(v) for v in values if math.isfinite(v)]
    assert -low == high > 0
    assert high == (max(known) if any(known) else 1.0)
