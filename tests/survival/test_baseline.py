"""What clinical columns say alone, and with the risk."""

import json

import numpy as np
import pandas as pd
import pytest

from e2evit_model.survival.baseline import clinical_baseline
from e2evit_model.survival.metrics import Labels


def make_world(n=250, *, image=1.0, clinic=1.0, seed=0):
    """Patients whose hazard hangs on the image and on the stage as much as told."""
    random = np.random.default_rng(seed)
    seen, stage = random.normal(size=n), random.integers(1, 5, n)
    time = random.exponential(500 * np.exp(-image * seen - clinic * (stage - 2.5)))
    censored = random.exponential(2000, n)
    labels = Labels.of(np.minimum(time, censored), time <= censored)
    table = pd.DataFrame({"stage": [f"Stage {'I' * s if s < 4 else 'IV'}" for s in stage], "note": ["x"] * n})
    return table, labels, seen, np.arange(n) % 5


def test_an_image_that_knows_more_adds_to_the_clinic():
    found = clinical_baseline(*make_world(), repeats=50)
    assert found.columns == ("stage",)
    assert found.left_out == {"note": "it is the same for all patients"}
    assert found.both.mean.value > max(found.image.mean.value, found.clinical.mean.value) + 0.02
    assert found.added_p < 1e-6
    json.dumps(found.to_record(), allow_nan=False)


@pytest.mark.parametrize("seed", range(3))
def test_an_image_that_knows_nothing_adds_nothing(seed):
    table, labels, seen, fold = make_world(image=0.0, seed=seed)
    found = clinical_baseline(table, labels, seen, fold, repeats=50)
    assert found.clinical.mean.value > 0.6
    assert found.added_p > 0.01
    assert abs(found.both.mean.value - found.clinical.mean.value) < 0.03


def test_the_scale_of_a_fold_does_not_matter():
    table, labels, seen, fold = make_world()
    plain = clinical_baseline(table, labels, seen, fold, repeats=20)
    scaled = clinical_baseline(table, labels, seen * (1 + fold) + 100 * fold, fold, repeats=20)
    assert scaled.both.mean.value == pytest.approx(plain.both.mean.value)
    assert scaled.added_chi2 == pytest.approx(plain.added_chi2)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t, e, s, f: (t[["note"]], e, s, f), "no clinical column can be used"),
        (lambda t, e, s, f: (t, e, s, np.zeros(len(s))), "at least two folds are needed"),
        (
            lambda t, e, s, f: (t, Labels.of(e.time, np.arange(len(s)) < 10), s, f),
            "2 covariates need at least 10 events in the other folds; there are 8",
        ),
    ],
)
def test_no_baseline_is_said(change, reason):
    found = clinical_baseline(*change(*make_world()), repeats=20)
    assert found.reason == reason
    assert found.both is None
    assert found.to_record()["reason"] == reason
