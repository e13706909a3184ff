"""Differences between two models on the same patients."""

import numpy as np
import pytest

from e2evit_model.survival.metrics import Labels, harrell_c
from e2evit_model.survival.resampling import paired_difference


def test_a_paired_difference_is_that_of_the_same_resamples():
    random = np.random.default_rng(4)
    labels = Labels.of(random.integers(1, 50, 40), random.random(40) < 0.6)
    first, second, fold = random.normal(size=40), random.normal(size=40), np.arange(40) % 3
    found = paired_difference(labels, first, second, fold, repeats=60, seed=7)
    parts = [np.flatnonzero(fold == one) for one in range(3)]

    def mean_c(risk, picked):
        return np.mean([harrell_c(labels.pick(own), risk[own]).value for own in picked])

    draws, again = [], np.random.default_rng(7)
    for _ in range(60):
        resampled = [own[again.integers(len(own), size=len(own))] for own in parts]
        draws.append(mean_c(second, resampled) - mean_c(first, resampled))
    assert found.value == pytest.approx(mean_c(second, parts) - mean_c(first, parts))
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(draws, [0.025, 0.975])))
    same = paired_difference(labels, first, 2 * first, fold, repeats=20)
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)
