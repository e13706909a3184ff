"""What a risk model says of one slide; does not import torch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, eq=False)  # arrays cannot be compared as one
class SurvivalPrediction:
    """Risk of one slide by a risk model.

    ``risk`` is the mean of ``member_risks`` (one per fold model); larger is worse. ``survival`` is (members, K): S at the end of
    each time bin; ``bin_edges_days`` (K + 1,) begins with 0 and ends with infinity. ``percentile`` (0..100) is the mean over the
    members of the place among each one's out-of-fold risks of the training cohort, ``None`` when the model does not bring them;
    ``group`` ("low", "high") is what most members say, each by the median of its own training part, or ``None``: so neither rises
    strictly with ``risk``. ``votes`` is how many members say "high", and of how many; ``cohort_range`` the lowest and the highest
    out-of-fold risk of the training cohort. Both are ``None`` where they are not known.
    """

    risk: float
    member_risks: tuple[float, ...]
    survival: NDArray[np.float64]
    bin_edges_days: tuple[float, ...]
    percentile: float | None = None
    group: str | None = None
    votes: tuple[int, int] | None = None
    cohort_range: tuple[float, float] | None = None


def on_common_bins(
    survival: Sequence[NDArray[np.float64]], edges: Sequence[Sequence[float]]
) -> tuple[NDArray[np.float64], tuple[float, ...]]:
    """Bring the survival curves of members with different time bins onto one set of bins.

    Every member's bins come from the events of its own training part, so edges differ. Inside a bin the curve is a straight line
    (constant density, Kvamme and Borgan 2021); after a member's last finite edge it stays where it was, because nothing is known
    of where the open bin ends.

    Parameters
    ----------
    survival
        For each member (K_m,): S at the end of each of its bins.
    edges
        For each member (K_m + 1,): 0, then rising, then infinity.

    Returns
    -------
    tuple
        (members, K) survival and the (K + 1,) edges: the union of all finite edges, and infinity.
    """
    inner = sorted({float(edge) for member in edges for edge in member[1:-1]})
    times = np.asarray(inner, dtype=np.float64)
    rows = []
    for values, member in zip(survival, edges, strict=True):
        known = np.asarray(member[:-1], dtype=np.float64)
        curve = np.interp(times, known, np.concatenate([[1.0], values[:-1]]))
        rows.append(np.append(curve, values[-1]))
    return np.stack(rows), (0.0, *inner, float("inf"))


def percentile_among(risk: float, others: Sequence[float]) -> float:
    """Return the mid-rank percentile (0..100) of ``risk`` among ``others``: ties count half."""
    values = np.asarray(others, dtype=np.float64)
    return float(100.0 * (np.mean(values < risk) + np.mean(values == risk) / 2))
