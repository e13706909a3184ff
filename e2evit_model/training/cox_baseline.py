"""What turns log relative hazards into survival: the baseline of a Cox model, at the ends of time bins."""

import numpy as np
import torch
from numpy.typing import NDArray

from e2evit_model.survival.losses import cox_loss
from e2evit_model.survival.targets import TimeBins

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def log_partial_likelihood(risk: Floats, time: Floats, event: Bools) -> float:
    """Return Cox's log partial likelihood (Efron) of log relative hazards (n,)."""
    loss = cox_loss(torch.from_numpy(risk), torch.from_numpy(time), torch.from_numpy(event), reduction="sum")
    return -float(loss)


def baseline_survival(risk: Floats, time: Floats, event: Bools, bins: TimeBins) -> Floats:
    """Return S of a patient with risk 0 at the end of each time bin, (K,), by Breslow's estimator of scikit-survival.

    The last value is at the end of the follow-up.

    Parameters
    ----------
    risk
        (n,) log relative hazards of the patients that the model was fitted on.
    """
    from sksurv.linear_model.coxph import BreslowEstimator

    steps = BreslowEstimator().fit(risk, event, time).baseline_survival_
    ends = [*bins.inner_edges_days, float(np.max(time))]
    place = np.searchsorted(steps.x, ends, side="right") - 1
    survival: Floats = np.where(place < 0, 1.0, steps.y[np.maximum(place, 0)])
    return survival
