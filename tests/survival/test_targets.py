"""Time bins."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from e2evit_model.errors import CohortError
from e2evit_model.survival.targets import TimeBins, make_bins


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60).filter(
        lambda p: any(e for _, e in p)
    ),
    st.integers(1, 8),
)
def test_no_bin_without_an_event_and_every_time_in_its_bin(patients, wanted):
    time, event = map(np.array, zip(*patients, strict=True))
    bins = make_bins(time, event, bins=wanted)
    assert 1 <= len(bins) <= wanted
    assert set(bins.bin_of(time[event])) == set(range(len(bins)))
    edges = bins.edges_days
    assert edges[0] == 0
    assert math.isinf(edges[-1])
    for value, place in zip(time, bins.bin_of(time), strict=True):
        assert edges[place] <= value < edges[place + 1]


def test_edges_are_quantiles_of_the_events_alone():
    time = np.concatenate([np.arange(1, 101), np.full(500, 3.0)])
    event = np.concatenate([np.ones(100), np.zeros(500)])
    bins = make_bins(time, event)
    np.testing.assert_allclose(bins.inner_edges_days, np.quantile(np.arange(1, 101), [0.25, 0.5, 0.75]))
    assert np.bincount(bins.bin_of(np.arange(1, 101))).tolist() == [25, 25, 25, 25]


def test_few_events_give_few_bins():
    assert len(make_bins([1, 2, 3, 9], [1, 1, 0, 0])) == 2
    assert make_bins([5, 9], [1, 0]).inner_edges_days == ()
    assert len(make_bins([4, 4, 4, 4, 9], [1, 1, 1, 1, 0])) == 1
    with pytest.raises(CohortError) as caught:
        make_bins([5, 9], [0, 0])
    assert caught.value.message == "The training part has no event, so time cannot be cut into bins."


def test_times_on_an_edge_belong_to_the_later_bin():
    assert TimeBins(inner_edges_days=(10.0, 20.0)).bin_of([0, 9.99, 10, 20, 1e9]).tolist() == [0, 0, 1, 2, 2]


def test_bad_labels():
    with pytest.raises(CohortError, match="There are 2 times for 1 events"):
        make_bins([1, 2], [1])
    with pytest.raises(CohortError, match="A survival time is negative or not a number"):
        make_bins([1, math.nan], [1, 0])
