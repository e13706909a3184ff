"""Kaplan-Meier, at-risk table, log-rank and calibration against their definitions."""

import json

import numpy as np
import pytest
from scipy.stats import chi2, norm

from e2evit_model.survival.curves import at_risk, calibration, kaplan_meier, log_rank, risk_groups
from e2evit_model.survival.metrics import Labels
from tests.survival.test_metrics import make


@pytest.mark.parametrize("seed", range(5))
def test_kaplan_meier_is_the_product_limit_with_greenwoods_log_log_band(seed):
    labels, _ = make(40, seed=seed)
    curve = kaplan_meier(labels)
    left, greenwood = 1.0, 0.0
    for day in np.unique(labels.time):
        dead, risk = np.sum(labels.event & (labels.time == day)), np.sum(labels.time >= day)
        left *= 1 - dead / risk
        assert curve.at([day])[0] == pytest.approx(left, abs=1e-12)
        if 0 < left < 1:
            greenwood += dead / (risk * (risk - dead))
            error = np.sqrt(greenwood) / np.log(left)
            low, high = curve.band_at([day])
            ends = sorted(left ** np.exp(sign * norm.ppf(0.975) * error) for sign in (-1, 1))
            assert (low[0], high[0]) == pytest.approx(tuple(ends), abs=1e-9)
    assert curve.at([0, 1e9]).tolist() == [1.0, curve.survival[-1]]
    assert curve.events == labels.events


def test_median_and_censored_days():
    curve = kaplan_meier(Labels.of([5, 1, 3, 9], [1, 1, 0, 0]))
    assert curve.days.tolist() == [0, 1, 3, 5, 9]
    assert curve.survival.tolist() == [1, 0.75, 0.75, 0.375, 0.375]
    assert curve.median_days == 5
    assert curve.censored_days.tolist() == [3, 9]
    json.dumps(curve.to_record(), allow_nan=False)


def test_curves_of_nobody_and_of_nobody_dead():
    assert kaplan_meier(Labels.of([], [])) is None
    curve = kaplan_meier(Labels.of([3, 5], [0, 0]))
    assert curve.survival.tolist() == [1, 1, 1]
    assert curve.median_days is None
    json.dumps(curve.to_record(), allow_nan=False)


def test_everybody_dead_ends_at_zero():
    curve = kaplan_meier(Labels.of([1, 2], [1, 1]))
    assert curve.survival.tolist() == [1, 0.5, 0]
    json.dumps(curve.to_record(), allow_nan=False)


def test_at_risk():
    assert at_risk(Labels.of([1, 5, 5, 9], [1, 0, 1, 0]), [0, 1, 2, 5, 6, 10]) == [4, 4, 3, 3, 1, 0]


@pytest.mark.parametrize("seed", range(4))
def test_log_rank_is_observed_against_expected(seed):
    labels, risk = make(60, seed=seed, signal=0.5)
    group = risk_groups(risk, float(np.median(risk)))
    high = group == "high"
    observed = expected = variance = 0.0
    for day in np.unique(labels.time[labels.event]):
        n, d = np.sum(labels.time >= day), np.sum(labels.event & (labels.time == day))
        n1 = np.sum(labels.time[high] >= day)
        observed += np.sum(labels.event[high] & (labels.time[high] == day))
        expected += d * n1 / n
        if n > 1:
            variance += d * (n1 / n) * (1 - n1 / n) * (n - d) / (n - 1)
    statistic = (observed - expected) ** 2 / variance
    found = log_rank(labels, group)
    assert found.detail["chi2"] == pytest.approx(statistic)
    assert found.value == pytest.approx(chi2.sf(statistic, 1))
    assert found.detail["degrees_of_freedom"] == 1


@pytest.mark.parametrize(
    ("time", "event", "group", "reason"),
    [
        ([1, 2], [1, 1], ["a", "a"], "all patients are in one group"),
        ([1, 2], [0, 0], ["a", "b"], "no event"),
        ([1, 2], [1, 1], ["a"], "1 groups for 2 patients"),
    ],
)
def test_log_rank_that_cannot_be_said(time, event, group, reason):
    found = log_rank(Labels.of(time, event), group)
    assert (found.value, found.reason) == (None, reason)


def test_a_risk_on_the_cut_is_high():
    assert risk_groups([1, 2, 3], 2).tolist() == ["low", "high", "high"]


def test_calibration_of_the_truth_lies_on_the_diagonal():
    random = np.random.default_rng(0)
    hazard = np.exp(random.normal(size=4000)) / 1000
    labels = Labels.of(random.exponential(1 / hazard), np.ones(4000))
    found = calibration(labels, np.exp(-hazard * 500), 500.0)
    assert len(found.points) == 5
    for point in found.points:
        assert point.observed == pytest.approx(point.predicted, abs=0.04)
        assert point.low < point.observed < point.high
        assert point.patients == 800
    json.dumps(found.to_record(), allow_nan=False)


def test_calibration_needs_fifty_events_and_follow_up():
    few = Labels.of(range(1, 101), [1] * 49 + [0] * 51)
    assert calibration(few, np.ones(100), 10.0).reason == "calibration needs at least 50 events; there are 49"
    many = Labels.of(range(1, 101), [1] * 100)
    assert calibration(many, np.ones(100), 100.0).reason == "nobody was followed beyond day 100"
    assert calibration(many, np.full(100, np.nan), 10.0).reason == "a predicted survival is not a number"
    assert len(calibration(many, np.full(100, 0.5), 10.0).points) == 1
