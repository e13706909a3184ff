"""The head of a risk model: from the embedding of a slide to its risk and survival curve."""

from typing import Protocol

import torch
from torch import Tensor, nn

SMALLEST = 1e-7
"""Hazards and survival are kept this far from 0, so that their logarithms stay finite."""


class SurvivalHead(Protocol):
    """What turns embeddings into risks and survival curves."""

    def predict(self, embedding: Tensor) -> tuple[Tensor, Tensor]:
        """Return the risk (...,) and S at the end of each time bin (..., K) for embeddings (..., C)."""
        ...


def survival_of(logits: Tensor) -> Tensor:
    """Return S_k = prod over j <= k of (1 - h_j), with h = sigmoid(logits); (..., K) to (..., K), in at least fp32."""
    if logits.dtype in (torch.float16, torch.bfloat16):
        logits = logits.float()  # half precision cannot tell 1 - h from 1
    return torch.cumprod(1 - torch.sigmoid(logits).clamp(SMALLEST, 1 - SMALLEST), dim=-1)


def risk_of(logits: Tensor) -> Tensor:
    """Return risk = -sum over k of S_k; (..., K) to (...,), between -K and 0, larger is worse."""
    return -survival_of(logits).sum(dim=-1)


class HazardHead(nn.Linear):
    """One linear layer from an embedding of width C to the logits of K discrete-time hazards.

    Source: Zadeh and Schmid 2021, as used by MCAT and PORPOISE; design page "Survival".
    """

    def __init__(self, width: int, bins: int) -> None:
        super().__init__(width, bins)

    def predict(self, embedding: Tensor) -> tuple[Tensor, Tensor]:
        """Return the risk (...,) and S at the end of each bin (..., K) for embeddings (..., C)."""
        survival = survival_of(self(embedding))
        return -survival.sum(dim=-1), survival


class CoxHead(nn.Module):
    """A Cox model on standardised embeddings: risk = sum of coefficients * (x - mean) / scale, S(t) = S_0(t) ^ exp(risk).

    ``coefficients``, ``mean`` and ``scale`` are (C,); ``baseline_survival`` (K,) is S_0 at the end of each time bin, the last one
    at the end of the follow-up.
    """

    coefficients: Tensor
    mean: Tensor
    scale: Tensor
    baseline_survival: Tensor

    def __init__(self, width: int, bins: int) -> None:
        super().__init__()
        self.register_buffer("coefficients", torch.zeros(width))
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))
        self.register_buffer("baseline_survival", torch.ones(bins))

    def predict(self, embedding: Tensor) -> tuple[Tensor, Tensor]:
        """Return the log relative hazard (...,) and S at the end of each bin (..., K) for embeddings (..., C)."""
        risk = ((embedding - self.mean) / self.scale) @ self.coefficients
        return risk, self.baseline_survival ** risk.exp().unsqueeze(-1)
