"""Metrics against their definitions; what cannot be estimated is said."""

import json

import numpy as np
import pandas as pd
import pytest

from e2evit_model.errors import CohortError
from e2evit_model.survival.curves import log_rank, risk_groups
from e2evit_model.survival.metrics import (
    Labels,
    auc_at,
    brier_at,
    days_to_score,
    follow_up_limit,
    harrell_c,
    integrated_brier,
    survival_on,
    uno_c,
)
from e2evit_model.survival.resampling import Pairs, c_with_interval, cross_validated_c


def make(n=60, *, seed=0, signal=0.0, censoring=0.4):
    """Labels with ties, and risks that follow the hazard as much as ``signal`` says."""
    random = np.random.default_rng(seed)
    risk = random.normal(size=n).round(1)
    time = np.ceil(random.exponential(300 * np.exp(-signal * risk)))
    return Labels.of(time, random.random(n) > censoring), risk


def naive_c(labels, risk, *, weight=lambda i: 1.0, tau=np.inf):
    concordant = total = 0.0
    for i in range(len(labels)):
        for j in range(len(labels)):
            later = labels.time[i] < labels.time[j] or (labels.time[i] == labels.time[j] and not labels.event[j])
            if i != j and labels.event[i] and later and labels.time[i] < tau:
                total += weight(i)
                concordant += weight(i) * (1.0 if risk[i] > risk[j] else 0.5 if risk[i] == risk[j] else 0.0)
    return concordant / total


@pytest.mark.parametrize("seed", range(8))
def test_harrell_is_the_share_of_concordant_pairs(seed):
    labels, risk = make(seed=seed, signal=0.5)
    found = harrell_c(labels, risk)
    assert found.value == pytest.approx(naive_c(labels, risk), abs=1e-12)
    detail = found.detail
    pairs = detail["concordant"] + detail["discordant"] + detail["tied_risk"]
    assert (detail["concordant"] + 0.5 * detail["tied_risk"]) / pairs == pytest.approx(found.value)
    assert (found.patients, found.events) == (60, labels.events)
    assert found.library.startswith("scikit-survival 0.")


@pytest.mark.parametrize("seed", range(5))
def test_pairs_give_scikit_survivals_c_and_count_patients_as_often_as_told(seed):
    labels, risk = make(40, seed=seed, signal=0.3)
    pairs = Pairs(labels)
    concordant = pairs.concordant(risk)
    assert pairs.c_index(concordant) == pytest.approx(harrell_c(labels, risk).value, abs=1e-12)
    chosen = np.random.default_rng(seed).integers(40, size=40)
    counts = np.bincount(chosen, minlength=40).astype(float)
    resampled = harrell_c(labels.pick(chosen), risk[chosen]).value
    assert pairs.c_index(concordant, counts) == pytest.approx(resampled, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_uno_weights_pairs_by_the_censoring_of_the_training_part(seed):
    training, _ = make(300, seed=seed + 50)
    labels, risk = make(50, seed=seed, signal=0.5)
    tau = follow_up_limit(training)

    def censoring(i):
        left = 1.0
        for day in np.unique(training.time[training.time <= labels.time[i]]):
            # a patient who dies on a day is not at risk of being censored on that day
            at_risk = np.sum(training.time >= day) - np.sum(training.event & (training.time == day))
            censored = np.sum(~training.event & (training.time == day))
            left *= 1 - censored / at_risk if at_risk else 1
        return 1 / left**2 if left else 0.0

    weights = [censoring(i) for i in range(len(labels))]
    found = uno_c(training, labels, risk)
    assert found.value == pytest.approx(naive_c(labels, risk, weight=weights.__getitem__, tau=tau), abs=1e-9)
    assert found.detail == {"tau_days": tau}


def test_auc_is_the_share_of_pairs_of_dead_and_alive_without_censoring():
    labels, risk = make(80, signal=1.0, censoring=-1)
    day = float(np.median(labels.time))
    (found,) = auc_at(labels, labels, risk, [day])
    dead, alive = risk[labels.time <= day], risk[labels.time > day]
    pairs = [1.0 if d > a else 0.5 if d == a else 0.0 for d in dead for a in alive]
    assert found.value == pytest.approx(np.mean(pairs))
    assert found.name == f"AUC at day {day:.0f}"


def test_brier_is_the_squared_error_without_censoring():
    labels, _ = make(50, censoring=-1)
    predicted = np.random.default_rng(1).random((50, 2))
    days = np.quantile(labels.time, [0.3, 0.6])
    found = brier_at(labels, labels, predicted, days)
    for column, day in enumerate(days):
        wanted = np.mean((predicted[:, column] - (labels.time > day)) ** 2)
        assert found[column].value == pytest.approx(wanted)


def test_integrated_brier_of_knowing_nothing_is_a_quarter():
    labels, _ = make(60)
    days = days_to_score(labels, labels)
    found = integrated_brier(labels, labels, np.full((60, len(days)), 0.5), days)
    assert found.value == pytest.approx(0.25, abs=0.03)
    assert found.detail["from_day"] == labels.time[labels.event].min()


def test_survival_is_read_from_bins_in_straight_lines():
    found = survival_on([0, 50, 100, 150, 1000], [[0.8, 0.4, 0.1], [1, 1, 1]], [0, 100, 200, np.inf])
    np.testing.assert_allclose(found, [[1, 0.9, 0.8, 0.6, 0.4], [1, 1, 1, 1, 1]])


@pytest.mark.parametrize(
    ("time", "event", "risk", "reason"),
    [
        ([1, 2, 3], [0, 0, 0], [1, 2, 3], "fewer than 2 events"),
        ([1, 2, 3], [1, 0, 0], [1, 2, 3], "fewer than 2 events"),
        ([5, 5, 5], [1, 1, 1], [1, 2, 3], "no two patients can be compared"),
        ([1, 2, 3], [1, 1, 0], [1, np.nan, 3], "a risk is not a number"),
        ([1, 2, 3], [1, 1, 0], [1, 2], "2 risks for 3 patients"),
    ],
)
def test_not_estimable_is_said(time, event, risk, reason):
    labels = Labels.of(time, event)
    found = harrell_c(labels, risk)
    assert found.value is None
    assert found.reason == reason
    assert str(found) == f"Harrell's C: not estimable ({reason})"
    assert found.to_record()["value"] is None
    assert not c_with_interval(labels, risk).estimable


def test_what_lies_outside_the_follow_up_is_not_estimable():
    training = Labels.of([10, 20, 30, 40], [1, 0, 1, 0])
    late = Labels.of([100, 200, 300], [1, 1, 1])
    assert uno_c(training, late, [1, 2, 3]).reason == "fewer than 2 events before day 37"
    assert not uno_c(training, late, [1, 2, 3], tau=np.inf).estimable
    early, after = auc_at(training, training, [1, 2, 3, 4], [5, 45])
    assert early.reason == "no event by day 5"
    assert after.reason == "nobody was followed beyond day 45"
    (brier,) = brier_at(training, late, np.ones((3, 1)), [150])
    assert brier.reason == "nobody of the training part was followed to day 150"
    assert integrated_brier(training, late, np.ones((3, 2)), [120, 150]).reason == brier.reason
    assert integrated_brier(training, training, np.ones((4, 1)), [20]).reason == "at least two days are needed"
    assert len(days_to_score(training, Labels.of([5], [0]))) == 0


def test_bootstrap_covers_the_point_and_shrinks_with_more_patients():
    few, many = (c_with_interval(*make(n, seed=4, signal=1.0), repeats=300) for n in (40, 320))
    for found in (few, many):
        assert found.low < found.value < found.high
        assert found.interval == "95 % by bootstrap over patients"
    assert many.high - many.low < 0.6 * (few.high - few.low)
    assert c_with_interval(*make(40, seed=4), repeats=50, seed=1) == c_with_interval(
        *make(40, seed=4), repeats=50, seed=1
    )


def test_folds_are_never_compared_with_each_other():
    labels, risk = make(100, seed=2, signal=2.0)
    fold = np.arange(100) % 5
    plain = cross_validated_c(labels, risk, fold, repeats=100, permutations=100)
    shifted = cross_validated_c(labels, risk + 1000 * fold, fold, repeats=100, permutations=100)
    assert shifted == plain
    assert plain.mean.value == pytest.approx(np.mean([f.value for f in plain.folds]))
    assert plain.sd == pytest.approx(np.std([f.value for f in plain.folds], ddof=1))
    assert harrell_c(labels, risk + 1000 * fold).value < plain.mean.value - 0.1


def test_no_signal_lies_inside_its_range_and_a_signal_above():
    labels, risk = make(150, seed=7, signal=1.5)
    fold = np.arange(150) % 5
    found = cross_validated_c(labels, risk, fold, repeats=200, permutations=200)
    assert found.no_signal[0] < 0.5 < found.no_signal[1]
    assert found.mean.value > found.no_signal[1]
    assert found.mean.low > 0.5
    assert found.p == pytest.approx(1 / 201)
    noise = np.random.default_rng(0).permutation(risk)
    without = cross_validated_c(labels, noise, fold, repeats=50, permutations=200)
    assert without.no_signal[0] < without.mean.value < without.no_signal[1]


def test_folds_without_events_are_left_out_and_counted():
    labels = Labels.of(range(1, 31), [1] * 20 + [0] * 10)
    fold = [0] * 10 + [1] * 10 + [2] * 10
    found = cross_validated_c(labels, -np.arange(30.0), fold, repeats=50, permutations=50)
    assert [f.reason for f in found.folds] == ["", "", "fewer than 2 events"]
    assert found.mean.value == 1
    assert found.mean.detail == {"folds": 2, "folds_not_estimable": 1}
    record = json.loads(json.dumps(found.to_record()))
    assert record["folds"][2]["value"] is None
    nothing = cross_validated_c(Labels.of([1, 2], [0, 0]), [1, 2], [0, 1])
    assert (nothing.mean.value, nothing.mean.reason, nothing.sd, nothing.p) == (
        None,
        "no fold can be estimated",
        None,
        None,
    )


def test_bad_labels():
    with pytest.raises(CohortError, match="A survival time is negative or not a number"):
        Labels.of([-1, 2], [1, 0])


def test_a_published_run_by_fold(shared_data):
    table = pd.read_csv(shared_data / "clinical" / "mcat_tcga_blca_amil_oof_predictions.csv")
    labels = Labels.of(30.4375 * table.survival_months, 1 - table.censorship)
    found = cross_validated_c(labels, table.risk, table.fold, repeats=200, permutations=200)
    wanted = [0.5407957, 0.4973082, 0.5833901, 0.4875, 0.5718271]
    np.testing.assert_allclose([f.value for f in found.folds], wanted, atol=6e-8)
    assert found.mean.value == pytest.approx(0.536164, abs=6e-7)
    assert found.sd == pytest.approx(0.043016, abs=6e-7)
    pooled = log_rank(labels, risk_groups(table.risk, float(np.median(table.risk))))
    assert pooled.value == pytest.approx(0.729615, abs=6e-7)


def test_a_refusal_of_the_library_is_said_in_our_words():
    training = Labels.of([10, 20, 30, 40], [1, 1, 1, 0])
    longer = Labels.of([5, 15, 60], [1, 1, 1])
    ends_with_death = Labels.of([10, 20, 30, 40], [1, 1, 0, 1])
    assert uno_c(ends_with_death, longer, [3, 2, 1], tau=np.inf).reason == (
        "a test patient was followed longer than anybody of the training part"
    )
    last = Labels.of([5, 15, 40], [1, 1, 1])
    assert uno_c(training, last, [3, 2, 1], tau=np.inf).reason == (
        "nobody of the training part was followed long enough to weigh the last days"
    )
    one_day = Labels.of([10, 20, 30, 40], [1, 1, 1, 1])
    outside = integrated_brier(training, one_day, np.ones((4, 2)), [1, 30])
    assert outside.reason == "the days lie outside the follow-up of the test patients"
