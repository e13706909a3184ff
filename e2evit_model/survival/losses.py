"""Losses of survival models: discrete-time likelihood and Cox partial likelihood."""

import math
from enum import StrEnum

import torch
from torch import Tensor
from torch.nn import functional as F

from e2evit_model.errors import OptionError
from e2evit_model.survival.head import SMALLEST

_LOG_SMALLEST = math.log(SMALLEST)


class Ties(StrEnum):
    """How equal event times share their risk sets."""

    EFRON = "efron"
    BRESLOW = "breslow"


def discrete_nll(logits: Tensor, bins: Tensor, event: Tensor, *, alpha: float = 0.0) -> Tensor:
    """Return the negative log-likelihood of discrete-time hazards, one value a patient.

    With h = sigmoid(logits) and S_k = prod over j <= k of (1 - h_j): an event in bin y costs -(log S_(y-1) + log h_y), a censored
    time in bin y costs -log S_y; every factor is kept at 1e-7 or more. ``alpha`` (0..1) takes that share of the weight off
    censored patients. Source: Zadeh and Schmid 2021; the form with alpha is that of MCAT.

    Parameters
    ----------
    logits
        (..., K), any floating type; computed in fp32 or better.
    bins
        (...,) integer, 0 .. K - 1.
    event
        (...,) true where the event was seen.

    Returns
    -------
    Tensor
        (...,), not reduced.
    """
    if logits.dtype in (torch.float16, torch.bfloat16):
        logits = logits.float()
    # in logarithms from the start, so that a hazard near 0 or 1 keeps its digits
    log_hazard = F.logsigmoid(logits).clamp(min=_LOG_SMALLEST)
    log_survival = torch.cumsum(F.logsigmoid(-logits), dim=-1).clamp(min=_LOG_SMALLEST)
    before = torch.cat([torch.zeros_like(log_survival[..., :1]), log_survival], dim=-1)
    where = bins.unsqueeze(-1)
    dead = -(before.gather(-1, where) + log_hazard.gather(-1, where)).squeeze(-1)
    censored = -log_survival.gather(-1, where).squeeze(-1)
    return torch.where(event.bool(), dead, (1 - alpha) * censored)


def cox_loss(
    log_risk: Tensor, time: Tensor, event: Tensor, *, ties: str = Ties.EFRON, reduction: str = "mean"
) -> Tensor:
    """Return the negative log partial likelihood of Cox's model.

    Parameters
    ----------
    log_risk
        (n,) log relative hazards.
    time
        (n,) times.
    event
        (n,) true where the event was seen.
    ties
        ``efron`` or ``breslow``.
    reduction
        ``mean`` over events, or ``sum``.

    Raises
    ------
    OptionError
        When there is no event, or only one patient: then loss and gradient are zero, and nothing would be learned.
    """
    if len(log_risk) < 2 or not bool(event.any()):
        raise OptionError(
            "Cox's loss needs at least two patients and one event at a time.",
            hint="At a batch of 1 the loss is always zero: choose the two-pass Cox loss, or the discrete-time loss.",
        )
    order = torch.argsort(time, stable=True)
    risk, time, event = log_risk.double()[order], time[order], event[order].bool()
    # log of the sum over everybody still at risk, for each patient's own time: from the first of those tied with it
    at_risk = torch.flip(torch.logcumsumexp(torch.flip(risk, (0,)), 0), (0,))
    _, group = torch.unique_consecutive(time, return_inverse=True)
    first = torch.searchsorted(group, group)
    log_sum = at_risk[first]
    if ties == Ties.EFRON:
        log_sum = log_sum + _efron_share(risk, event, group, log_sum)
    total = (log_sum - risk)[event].sum()
    return total / event.sum() if reduction == "mean" else total


def _efron_share(risk: Tensor, event: Tensor, group: Tensor, log_sum: Tensor) -> Tensor:
    """Return log(1 - l / d * D / R) for the l-th of d tied events with hazards D among the hazards R at risk; 0 for others."""
    groups = int(group[-1]) + 1
    # relative to the group's own risk set, nothing overflows
    share = torch.where(event, (risk - log_sum).exp(), 0.0)
    tied = torch.zeros(groups, dtype=risk.dtype, device=risk.device).index_add(0, group, share)
    counts = torch.zeros(groups, dtype=risk.dtype, device=risk.device).index_add(0, group, event.to(risk.dtype))
    seen = torch.cumsum(event.to(risk.dtype), 0) - event.to(risk.dtype)
    first = torch.searchsorted(group, group)
    rank = seen - seen[first]
    factor = torch.where(event, rank / counts[group].clamp(min=1), 0.0)
    return torch.log1p(-factor * tied[group])
