"""Checked times and events, in the form that scikit-survival takes."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sksurv.util import Surv

from e2evit_model.errors import CohortError


def check_labels(time: ArrayLike, event: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return times (n,) float64 and events (n,) bool.

    Raises
    ------
    CohortError
        When they have not the same length, or a time is negative or no number.
    """
    times = np.array(time, dtype=np.float64).ravel()  # a copy: pandas gives arrays that torch cannot take
    events = np.array(event).ravel().astype(np.bool_)
    if len(times) != len(events):
        raise CohortError(
            f"There are {len(times)} times for {len(events)} events.", hint="Give one time and one event a patient."
        )
    if not np.all(np.isfinite(times)) or np.any(times < 0):
        raise CohortError(
            "A survival time is negative or not a number.", hint="Check the table with e2evit cohort check."
        )
    return times, events


def as_surv(time: ArrayLike, event: ArrayLike) -> Any:
    """Return scikit-survival's structured array of times and events.

    Raises
    ------
    CohortError
        As :func:`check_labels`.
    """
    times, events = check_labels(time, event)
    return Surv.from_arrays(event=events, time=times)
