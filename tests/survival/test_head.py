"""The head: embedding to risk and S(t)."""

import json
import math

import numpy as np
import pytest
import torch

from e2evit_model.survival.head import CoxHead, HazardHead, risk_of, survival_of
from e2evit_model.survival.prediction import on_common_bins, percentile_among


def test_survival_is_the_product_of_what_survives_each_bin():
    logits = torch.randn(7, 4, dtype=torch.float64)
    found = survival_of(logits)
    for row, logit in enumerate(logits.tolist()):
        left = 1.0
        for k, value in enumerate(logit):
            left *= 1 - 1 / (1 + math.exp(-value))
            assert found[row, k].item() == pytest.approx(left, rel=1e-12)


def test_risk_of_the_published_example(shared_data):
    example = json.loads((shared_data / "expected_values.json").read_text())["nll_example"]
    found = risk_of(torch.tensor(example["logits"], dtype=torch.float64))
    np.testing.assert_allclose(found.numpy(), example["risk"], atol=1e-6)


def test_certain_death_and_certain_survival_stay_finite():
    survival = survival_of(torch.tensor([[1e4, 1e4], [-1e4, -1e4]]))
    assert torch.isfinite(survival.log()).all()
    assert survival[0, -1] < 1e-12
    assert survival[1, -1] > 0.999999


def test_half_precision_is_computed_in_single():
    logits = torch.tensor([[-12.0, -12.0]], dtype=torch.bfloat16)
    assert survival_of(logits).dtype == torch.float32
    assert survival_of(logits)[0, 0] < 1


def test_hazard_head_is_one_linear_layer_and_higher_hazard_is_higher_risk():
    head = HazardHead(5, 3)
    assert {name: tuple(p.shape) for name, p in head.named_parameters()} == {"weight": (3, 5), "bias": (3,)}
    x = torch.randn(2, 5)
    risk, survival = head.predict(x)
    assert risk.shape == (2,)
    assert survival.shape == (2, 3)
    torch.testing.assert_close(risk, -survival.sum(-1))
    with torch.no_grad():
        head.bias += 1
    assert (head.predict(x)[0] > risk).all()


def test_cox_head_is_the_linear_predictor_and_a_power_of_the_baseline():
    head = CoxHead(4, 3)
    head.coefficients.copy_(torch.tensor([0.5, -1.0, 0.0, 2.0]))
    head.mean.copy_(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    head.scale.copy_(torch.tensor([1.0, 2.0, 4.0, 8.0]))
    head.baseline_survival.copy_(torch.tensor([0.9, 0.7, 0.5]))
    risk, survival = head.predict(torch.tensor([2.0, 0.0, 9.0, 8.0]))
    assert risk.item() == pytest.approx(0.5 + 1.0 + 1.0)
    np.testing.assert_allclose(survival.numpy(), np.array([0.9, 0.7, 0.5]) ** math.exp(2.5), rtol=1e-5)


def test_common_bins_of_equal_members_change_nothing():
    edges = (0.0, 10.0, 30.0, math.inf)
    curves = [np.array([0.9, 0.5, 0.1]), np.array([0.8, 0.7, 0.6])]
    survival, found = on_common_bins(curves, [edges, edges])
    assert found == edges
    np.testing.assert_array_equal(survival, np.stack(curves))


def test_common_bins_of_unequal_members_are_straight_inside_a_bin_and_flat_in_the_open_one():
    survival, edges = on_common_bins(
        [np.array([0.8, 0.4]), np.array([0.6, 0.5, 0.2])], [(0.0, 20.0, math.inf), (0.0, 10.0, 30.0, math.inf)]
    )
    assert edges == (0.0, 10.0, 20.0, 30.0, math.inf)
    np.testing.assert_allclose(survival, [[0.9, 0.8, 0.8, 0.4], [0.6, 0.55, 0.5, 0.2]])


def test_one_bin_only():
    survival, edges = on_common_bins([np.array([0.3])], [(0.0, math.inf)])
    assert edges == (0.0, math.inf)
    np.testing.assert_array_equal(survival, [[0.3]])


def test_percentile_counts_ties_half():
    assert percentile_among(2.0, [1.0, 2.0, 3.0, 4.0]) == 37.5
    assert percentile_among(9.0, [1.0, 2.0]) == 100
    assert percentile_among(0.0, [1.0, 2.0]) == 0
