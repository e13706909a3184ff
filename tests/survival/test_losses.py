"""Losses against their definitions, and the two-pass gradient against one graph over all slides."""

import math

import pytest
import torch
from torch import nn

from e2evit_model.errors import OptionError
from e2evit_model.survival.losses import cox_loss, discrete_nll
from e2evit_model.survival.two_pass import backward_in_two_passes, cox_gradient


def naive_nll(logits, place, event, alpha):
    hazards = [1 / (1 + math.exp(-z)) for z in logits]
    alive = [1.0]
    for h in hazards:
        alive.append(alive[-1] * (1 - h))
    if event:
        return -(math.log(max(alive[place], 1e-7)) + math.log(max(hazards[place], 1e-7)))
    return -(1 - alpha) * math.log(max(alive[place + 1], 1e-7))


def naive_cox(risk, time, event, ties):
    total = 0.0
    for day in sorted({t for t, e in zip(time, event, strict=True) if e}):
        dead = [math.exp(r) for r, t, e in zip(risk, time, event, strict=True) if t == day and e]
        at_risk = sum(math.exp(r) for r, t in zip(risk, time, strict=True) if t >= day)
        for rank, one in enumerate(dead):
            share = rank / len(dead) * sum(dead) if ties == "efron" else 0.0
            total += math.log(at_risk - share) - math.log(one)
    return total


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("alpha", [0.0, 0.4])
def test_discrete_nll_is_its_definition(seed, alpha):
    torch.manual_seed(seed)
    logits = 4 * torch.randn(30, 5, dtype=torch.float64)
    place, event = torch.randint(5, (30,)), torch.rand(30) < 0.5
    found = discrete_nll(logits, place, event, alpha=alpha)
    wanted = [naive_nll(*row, alpha) for row in zip(logits.tolist(), place.tolist(), event.tolist(), strict=True)]
    torch.testing.assert_close(found, torch.tensor(wanted, dtype=torch.float64), rtol=1e-9, atol=1e-12)


def test_discrete_nll_stays_finite_and_keeps_its_digits():
    extreme = torch.tensor([[200.0, -200.0]] * 4, requires_grad=True)
    loss = discrete_nll(extreme, torch.tensor([0, 0, 1, 1]), torch.tensor([1, 0, 1, 0]))
    assert torch.isfinite(loss).all()
    assert loss.max() <= 2 * -math.log(1e-7) + 1e-3
    loss.sum().backward()
    assert torch.isfinite(extreme.grad).all()
    tiny = discrete_nll(torch.tensor([[-15.0]]), torch.tensor([0]), torch.tensor([0]))
    assert tiny.item() == pytest.approx(math.log1p(math.exp(-15)), rel=1e-4)
    half = discrete_nll(torch.zeros(1, 2, dtype=torch.bfloat16), torch.tensor([1]), torch.tensor([1]))
    assert half.dtype == torch.float32
    assert half.item() == pytest.approx(2 * math.log(2))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox_is_its_definition_with_many_ties(seed, ties):
    torch.manual_seed(seed)
    risk = torch.randn(40, dtype=torch.float64)
    time, event = torch.randint(1, 9, (40,)), torch.rand(40) < 0.6
    found = cox_loss(risk, time, event, ties=ties, reduction="sum")
    assert found.item() == pytest.approx(naive_cox(risk.tolist(), time.tolist(), event.tolist(), ties), rel=1e-12)
    mean = cox_loss(risk, time, event, ties=ties)
    assert mean.item() == pytest.approx(found.item() / int(event.sum()))


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox_gradient_is_right_and_large_risks_do_not_overflow(ties):
    torch.manual_seed(0)
    risk = torch.randn(12, dtype=torch.float64, requires_grad=True)
    time, event = torch.randint(1, 4, (12,)), torch.rand(12) < 0.6
    assert torch.autograd.gradcheck(lambda r: cox_loss(r, time, event, ties=ties), (risk,))
    shifted = cox_loss(risk.detach() + 5000, time, event, ties=ties)
    assert shifted.item() == pytest.approx(cox_loss(risk.detach(), time, event, ties=ties).item(), rel=1e-9)


@pytest.mark.parametrize(("n", "event"), [(1, [1]), (3, [0, 0, 0])])
def test_cox_without_anything_to_learn_is_refused(n, event):
    with pytest.raises(OptionError) as caught:
        cox_loss(torch.zeros(n), torch.arange(n), torch.tensor(event))
    assert caught.value.message == "Cox's loss needs at least two patients and one event at a time."
    assert "batch of 1" in caught.value.hint


def test_cox_gradient_helper():
    risk = torch.tensor([0.3, -0.2, 0.1])
    time, event = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1, 0, 1])
    loss, gradient = cox_gradient(risk, time, event)
    leaf = risk.double().requires_grad_(True)
    cox_loss(leaf, time, event).backward()
    torch.testing.assert_close(gradient, leaf.grad, rtol=0, atol=0)
    assert loss == pytest.approx(cox_loss(risk, time, event).item())
    assert gradient.sum().item() == pytest.approx(0, abs=1e-15)


def small_model(dropout):
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(6, 16), nn.GELU(), nn.Dropout(dropout), nn.Linear(16, 1)).double()


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_two_passes_give_the_gradient_of_one_graph(ties):
    model, slides = small_model(0.0), torch.randn(25, 6, dtype=torch.float64)
    time, event = torch.randint(1, 12, (25,)), torch.rand(25) < 0.5
    loss, risk = backward_in_two_passes(lambda i: model(slides[i]), time, event, ties=ties)
    found = [p.grad.clone() for p in model.parameters()]
    model.zero_grad()
    whole = cox_loss(model(slides).squeeze(1), time, event, ties=ties)
    whole.backward()
    assert loss == pytest.approx(whole.item(), rel=1e-12)
    torch.testing.assert_close(risk, model(slides).squeeze(1).detach())
    for one, other in zip(found, model.parameters(), strict=True):
        torch.testing.assert_close(one, other.grad, rtol=1e-12, atol=1e-16)


def test_two_passes_draw_the_same_random_numbers_twice():
    model, slides = small_model(0.5), torch.randn(8, 6, dtype=torch.float64)
    time, event = torch.arange(8), torch.ones(8)
    seen = []

    def risk_of(index):
        value = model(slides[index])
        seen.append((index, value.item()))
        return value

    backward_in_two_passes(risk_of, time, event)
    first, second = dict(seen[:8]), dict(seen[8:])
    assert second
    assert all(first[index] == value for index, value in second.items())
    torch.manual_seed(5)
    backward_in_two_passes(risk_of, time, event)
    after = torch.rand(1)
    torch.manual_seed(5)
    for index in range(8):
        risk_of(index)
    assert torch.equal(after, torch.rand(1))


def test_two_passes_hold_one_graph_at_a_time():
    model, slides = small_model(0.0), torch.randn(6, 6, dtype=torch.float64)
    with_graph = []

    def risk_of(index):
        value = model(slides[index])
        with_graph.append(value.requires_grad)
        return value

    backward_in_two_passes(risk_of, torch.arange(6), torch.ones(6))
    assert with_graph[:6] == [False] * 6
    assert all(with_graph[6:])
