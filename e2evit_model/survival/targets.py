"""Time bins of a discrete-time survival model."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from e2evit_model.errors import CohortError
from e2evit_model.survival.labels import check_labels


@dataclass(frozen=True, kw_only=True)
class TimeBins:
    """K bins [0, e_1), [e_1, e_2) ... [e_K-1, infinity) of time in days; ``inner_edges_days`` are e_1 ... e_K-1."""

    inner_edges_days: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.inner_edges_days) + 1

    @property
    def edges_days(self) -> tuple[float, ...]:
        """The K + 1 edges, from 0 to infinity."""
        return (0.0, *self.inner_edges_days, math.inf)

    def bin_of(self, time_days: ArrayLike) -> NDArray[np.int64]:
        """Return the bin (0 .. K - 1) of each time."""
        edges = np.asarray(self.inner_edges_days, dtype=np.float64)
        return np.searchsorted(edges, np.asarray(time_days, dtype=np.float64), side="right").astype(np.int64)


def make_bins(time_days: ArrayLike, event: ArrayLike, *, bins: int = 4) -> TimeBins:
    """Cut time at the quantiles of the event times, into at most ``bins`` bins with at least one event each.

    Only the training part may be given. Where events are few or tied, there are fewer bins.

    Raises
    ------
    CohortError
        When there is no event.
    """
    times, events = check_labels(time_days, event)
    own = times[events]
    if len(own) == 0:
        raise CohortError(
            "The training part has no event, so time cannot be cut into bins.", hint="Choose other folds."
        )
    for count in range(min(bins, len(np.unique(own))), 0, -1):
        quantiles = np.quantile(own, np.arange(1, count) / count)
        made = TimeBins(inner_edges_days=tuple(float(edge) for edge in np.unique(quantiles)))
        if len(np.unique(made.bin_of(own))) == len(made):
            return made
    raise AssertionError("one bin always holds every event")
