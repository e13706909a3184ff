"""What occlusion and rollout found, and what they cost; no torch here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.explain.squares import Squares
from e2evit_model.inference.result import ModelSummary
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.tiling.grid import TileGrid


class Target(StrEnum):
    """What is measured without a square."""

    RISK = "risk"
    EMBEDDING = "embedding"


@dataclass(frozen=True, kw_only=True, eq=False)
class OcclusionMap:
    """What each of M fold models says of the whole strip, ``whole`` (M,), and without each of G squares, ``without`` (G, M).

    For ``Target.RISK`` these are risks; for ``Target.EMBEDDING`` (no trained head; M is 1) cosine distances to the embedding of
    the whole strip, so ``whole`` is 0. ``seconds`` is the wall time of all runs.
    """

    info: SlideInfo
    grid: TileGrid
    model: ModelSummary
    squares: Squares
    target: Target
    whole: NDArray[np.float64]
    without: NDArray[np.float64]
    seconds: float
    notices: tuple[str, ...]
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def change(self) -> NDArray[np.float64]:
        """What each square adds, (G,), mean over the fold models.

        For risks the risk of the whole strip less the risk without the square: above 0 where the square raises the risk. For
        embeddings the distance by which the embedding moves without the square, never below 0.
        """
        change: NDArray[np.float64] = self._by_member().mean(axis=1)
        return change

    @property
    def disagreement(self) -> NDArray[np.float64] | None:
        """The standard deviation of that change among the fold models, (G,); ``None`` for a single one."""
        changes = self._by_member()
        return changes.std(axis=1, ddof=1) if changes.shape[1] > 1 else None

    def by_tile(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give every tile the value of its square, (G,) to (N,)."""
        return values[self.squares.group]

    def _by_member(self) -> NDArray[np.float64]:
        return self.without if self.target is Target.EMBEDDING else self.whole - self.without


@dataclass(frozen=True, kw_only=True)
class OcclusionCost:
    """What an occlusion run will take: ``runs`` of the model and ``seconds`` in all."""

    runs: int
    seconds: float


def occlusion_cost(squares: int, *, members: int, seconds_a_run: float) -> OcclusionCost:
    """Say what leaving out so many squares takes, where one run of all ``members`` backbones takes ``seconds_a_run``."""
    return OcclusionCost(runs=(squares + 1) * members, seconds=(squares + 1) * seconds_a_run)


@dataclass(frozen=True, kw_only=True, eq=False)
class RolloutMap:
    """Attention rollout by tile, ``shares`` (N,) float32, of the tiles of ``grid``; with the prefix's part they sum to 1."""

    grid: TileGrid
    model: ModelSummary
    shares: NDArray[np.float32]
