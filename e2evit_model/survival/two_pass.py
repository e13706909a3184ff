"""Cox's loss over many slides with one slide in memory: exact gradients in two passes.

The partial likelihood couples all patients of a risk set, so accumulating batches of one does not give its gradient. But the
loss depends on the model through the risks alone: first all risks are computed without a graph, then the gradient of the
loss with respect to each risk, and then each slide is run again and its risk sent backward with that gradient (chain rule).
"""

from collections.abc import Callable

import torch
from torch import Tensor

from e2evit_model.progress import Progress, silent
from e2evit_model.survival.losses import Ties, cox_loss

RiskOf = Callable[[int], Tensor]
"""Compute the risk, a single number, of the i-th slide."""


def cox_gradient(log_risk: Tensor, time: Tensor, event: Tensor, *, ties: str = Ties.EFRON) -> tuple[float, Tensor]:
    """Return Cox's loss (mean over events) and its gradient (n,) float64 with respect to each risk.

    Raises
    ------
    OptionError
        When there is no event, or only one patient.
    """
    with torch.enable_grad():
        leaf = log_risk.detach().double().requires_grad_(True)
        loss = cox_loss(leaf, time, event, ties=ties)
        (gradient,) = torch.autograd.grad(loss, leaf)
    return float(loss.detach()), gradient


def backward_in_two_passes(
    risk_of: RiskOf, time: Tensor, event: Tensor, *, ties: str = Ties.EFRON, progress: Progress = silent
) -> tuple[float, Tensor]:
    """Add the exact gradient of Cox's loss over n slides to the model's parameters, with one slide's graph at a time.

    Both passes see the same random numbers (drop-out, augmentation by torch), so the second repeats the first. A device's own
    random state is replayed as well.

    Parameters
    ----------
    risk_of
        Gives the risk of the i-th slide, with a graph when gradients are on.
    time
        (n,) times.
    event
        (n,) events.

    Returns
    -------
    tuple
        The loss (mean over events) and the risks (n,).

    Raises
    ------
    OptionError
        When there is no event, or only one slide.
    """
    count = len(time)
    states, risks = [], []
    with torch.no_grad():
        for index in range(count):
            progress("First pass", index, count)
            states.append(_random_state())
            risks.append(risk_of(index).detach().reshape(()).double().cpu())
    risk = torch.stack(risks)
    loss, gradient = cox_gradient(risk, time.cpu(), event.cpu(), ties=ties)
    after = _random_state()
    for index in range(count):
        progress("Second pass", index, count)
        if float(gradient[index]) == 0.0:
            continue  # nobody's risk set knows this patient
        _set_random_state(states[index])
        again = risk_of(index).reshape(())
        again.backward(gradient[index].to(device=again.device, dtype=again.dtype))
    _set_random_state(after)
    return loss, risk


def _random_state() -> tuple[Tensor, list[Tensor]]:
    return torch.get_rng_state(), torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []


def _set_random_state(state: tuple[Tensor, list[Tensor]]) -> None:
    torch.set_rng_state(state[0])
    if state[1]:
        torch.cuda.set_rng_state_all(state[1])
