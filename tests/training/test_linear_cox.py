"""Linear probing by Cox against scikit-survival itself, the naive way."""

import numpy as np
import pytest
from sksurv.linear_model import CoxPHSurvivalAnalysis
from sksurv.util import Surv

from e2evit_model.errors import TrainingError
from e2evit_model.survival.targets import TimeBins
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.cox_baseline import baseline_survival, log_partial_likelihood
from e2evit_model.training.linear_cox import fit_cox, inner_folds, solve_ridge, standard


def survival_data(n=60, p=8, *, seed=0, strength=1.0):
    random = np.random.default_rng(seed)
    x = random.normal(2, 3, (n, p))
    risk = strength * (x[:, 0] - 2) / 3
    death, censored = random.exponential(1000 * np.exp(-risk)), random.exponential(2000, n)
    return x, np.ceil(np.minimum(death, censored)), death <= censored


@pytest.mark.parametrize(("n", "p"), [(60, 8), (30, 50)])
def test_ridge_on_principal_components_is_ridge_itself(n, p):
    x, time, event = survival_data(n, p)
    mean, scale = standard(x)
    z = (x - mean) / scale
    found = solve_ridge(z, time, event, np.array([5.0, 50.0]))
    for index, strength in enumerate((5.0, 50.0)):
        naive = CoxPHSurvivalAnalysis(alpha=strength).fit(z, Surv.from_arrays(event, time))
        np.testing.assert_allclose(found[:, index], naive.coef_, rtol=1e-5, atol=1e-8)


def test_the_likelihood_is_the_textbook_s():
    risk, time, event = np.array([0.3, -0.2, 0.1]), np.array([1.0, 2.0, 3.0]), np.array([True, False, True])
    wanted = 0.3 - np.log(np.exp(risk).sum()) + 0.1 - np.log(np.exp(0.1))
    assert log_partial_likelihood(risk, time, event) == pytest.approx(wanted)


def test_the_baseline_is_breslow_s_at_the_ends_of_the_bins():
    risk, time = np.array([0.5, -0.5, 0.2, 0.0]), np.array([10.0, 20.0, 30.0, 40.0])
    event = np.array([True, False, True, False])
    first = 1 / np.exp(risk).sum()
    second = first + 1 / np.exp(risk[2:]).sum()
    found = baseline_survival(risk, time, event, TimeBins(inner_edges_days=(5.0, 10.0, 29.0)))
    np.testing.assert_allclose(found, np.exp(-np.array([0.0, first, first, second])))


@pytest.mark.parametrize("penalty", ["ridge", "elastic-net"])
def test_a_signal_gets_a_mild_penalty_and_noise_a_strong_one(penalty):
    config = TrainingConfig(method="linear-cox", penalty=penalty)
    x, time, event = survival_data(80, 8, strength=1.5)
    clear = fit_cox(x, time, event, config, seed=0)
    assert np.argmax(np.abs(clear.coefficients)) == 0
    assert np.corrcoef(clear.risk(x), x[:, 0])[0, 1] > 0.9
    order = np.random.default_rng(1).permutation(len(x))
    noise = fit_cox(x, time[order], event[order], config, seed=0)
    assert np.std(noise.risk(x)) < 0.3 * np.std(clear.risk(x))
    assert clear.scores[np.flatnonzero(clear.strengths == clear.strength)[0]] == clear.scores.max()


def test_units_and_offsets_of_embeddings_change_nothing():
    config = TrainingConfig(method="linear-cox")
    x, time, event = survival_data()
    plain = fit_cox(x, time, event, config, seed=0)
    other = x * np.array([1e3, 1e-3, 1, 1, 1, 1, 1, 7]) + 5
    np.testing.assert_allclose(fit_cox(other, time, event, config, seed=0).risk(other), plain.risk(x), atol=1e-6)


def test_a_value_that_never_varies_is_harmless():
    x, time, event = survival_data()
    x[:, 3] = 0.1
    found = fit_cox(x, time, event, TrainingConfig(method="linear-cox"), seed=0)
    assert np.isfinite(found.risk(x)).all()
    assert abs(found.coefficients[3]) < 1e-9


def test_inner_folds_are_stratified_and_hold_each_patient_out_once():
    event = np.arange(23) % 4 == 0
    held = np.array(inner_folds(event, 5, seed=3))
    assert np.array_equal(held.sum(axis=0), np.ones(23))
    assert {int((fold & event).sum()) for fold in held} <= {1, 2}
    assert len(inner_folds(np.arange(20) < 3, 5, seed=0)) == 3


def test_too_few_events_are_said():
    x, time, event = survival_data(20, 4)
    event[:] = np.arange(20) < 3
    with pytest.raises(TrainingError, match="There are 3 events to learn from, too few"):
        fit_cox(x, time, event, TrainingConfig(method="linear-cox"), seed=0)
