"""Cox regression on clinical columns, and their coding."""

import numpy as np
import pandas as pd
import pytest
import torch

from e2evit_model.errors import CohortError
from e2evit_model.survival.covariates import as_number, learn_coding
from e2evit_model.survival.cox import added_value, fit_cox
from e2evit_model.survival.losses import cox_loss
from e2evit_model.survival.metrics import Labels
from tests.survival.test_metrics import make


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_fit_is_where_the_gradient_of_the_loss_is_zero(ties):
    labels, risk = make(80, seed=1, signal=0.7)
    x = np.column_stack([risk, np.random.default_rng(0).normal(size=80)])
    fit = fit_cox(x, labels, ties=ties, names=("risk", "noise"))
    beta = torch.tensor(fit.coefficients, requires_grad=True)
    loss = cox_loss(torch.tensor(x) @ beta, torch.tensor(labels.time), torch.tensor(labels.event), ties=ties)
    loss.backward()
    assert beta.grad.abs().max() < 1e-6
    assert fit.coefficients[0] == pytest.approx(0.7, abs=0.35)
    np.testing.assert_allclose(fit.risk(x).mean(), 0, atol=1e-12)
    assert fit.names == ("risk", "noise")


def test_what_cannot_be_fitted():
    labels, risk = make(30)
    with pytest.raises(CohortError) as caught:
        fit_cox(np.column_stack([risk, risk]), labels)
    assert "they tell the same thing twice" in caught.value.message
    with pytest.raises(CohortError, match="A Cox model needs events, and covariates that are numbers"):
        fit_cox(risk[:, None], Labels.of(labels.time, np.zeros(30)))


def test_added_value():
    statistic, p = added_value(100.0, 98.0, 1)
    assert statistic == 4
    assert p == pytest.approx(0.0455, abs=1e-4)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *(
            ("61", 61),
            ("61,5", 61.5),
            ("Stage IIIA", 3),
            ("stage iv", 4),
            ("IB", 1),
            ("G2", 2),
            ("Grade 3", 3),
            ("T2a", 2),
        ),
        *(
            ("GX", None),
            ("male", None),
            ("", None),
            ("Stage X", None),
            ("Tis", None),
            ("nan", None),
            ("II1", 2),
            ("vi", None),
        ),
    ],
)
def test_numbers_in_clinical_cells(cell, number):
    assert as_number(cell) == number


def test_coding_is_learned_on_the_training_part_and_kept():
    train = pd.DataFrame(
        {
            "age": ["60", "70", "", "80"],
            "stage": ["Stage I", "Stage IIA", "Stage III", "Stage X"],
            "sex": ["f", "M", "m", "f"],
            "same": ["x", "x", "x", "x"],
            "empty": ["", "", "", "1"],
            "grade": ["G1", "G1", "G1", "G1"],
        }
    )
    coding = learn_coding(train)
    assert coding.names == ("age", "stage", "sex: m")
    assert coding.left_out == {
        "same": "it is the same for all patients",
        "empty": "it is missing for more than half of the patients",
        "grade": "it is the same for all patients",
    }
    test = pd.DataFrame({"age": ["", "50"], "stage": ["IV", "?"], "sex": ["m", "other"]})
    assert coding.apply(test).tolist() == [[70, 4, 1], [50, 2, 0]]
    assert coding.apply(test.iloc[:0]).shape == (0, 3)


def test_too_many_words():
    table = pd.DataFrame({"note": [f"word {chr(97 + i)}" for i in range(9)]})
    assert learn_coding(table).left_out == {"note": "it has 9 different words"}
    assert learn_coding(table).apply(table).shape == (9, 0)
