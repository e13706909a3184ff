"""Linear probing by a penalised Cox model of scikit-survival on standardised embeddings."""

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import TrainingError
from e2evit_model.training.config import Penalty, TrainingConfig
from e2evit_model.training.cox_baseline import log_partial_likelihood

log = logging.getLogger(__name__)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RIDGE_STRENGTHS = np.logspace(-1, 4, 11)
"""Penalties a covariate: at 1 the log relative hazard has a prior deviation of 1, whatever the number of covariates."""

ELASTIC_NET_STEPS = 30
ELASTIC_NET_SMALLEST = 0.05
"""The path goes from where all coefficients are zero down to this share of that penalty."""


@dataclass(frozen=True, kw_only=True)
class CoxFit:
    """A Cox model: log relative hazard = sum of ``coefficients`` * (x - ``mean``) / ``scale``; all (C,).

    ``strength`` is the chosen penalty, ``scores`` the cross-validated log partial likelihood of each that was tried.
    """

    coefficients: Floats
    mean: Floats
    scale: Floats
    strength: float
    strengths: Floats
    scores: Floats

    def risk(self, x: Floats) -> Floats:
        """Return the log relative hazard (n,) of embeddings (n, C)."""
        risk: Floats = ((x - self.mean) / self.scale) @ self.coefficients
        return risk


def fit_cox(x: Floats, time: Floats, event: Bools, config: TrainingConfig, *, seed: int) -> CoxFit:
    """Fit a penalised Cox model, the penalty chosen by cross-validation among these patients alone.

    The penalty with the highest cross-validated log partial likelihood is taken (Verweij and van Houwelingen 1993); the C-index of
    some patients is too coarse to choose by.

    Parameters
    ----------
    x
        (n, C) embeddings of patients; standardised here, in each inner fold by its own training part.
    time, event
        (n,) days and events.
    seed
        Of the inner folds.

    Raises
    ------
    TrainingError
        When there are too few events, or no penalty gives a model.
    """
    if event.sum() < 2 * 2:
        raise TrainingError(
            f"There are {int(event.sum())} events to learn from, too few to choose the strength of the penalty.",
            hint="Use more patients, or linear probing by the likelihood of time bins (--method linear-nll).",
        )
    solve, strengths = _solver(x, time, event, config)
    scores = np.zeros(len(strengths))
    for held_out in inner_folds(event, config.inner_folds, seed):
        inside = ~held_out
        mean, scale = standard(x[inside])
        paths = solve((x[inside] - mean) / scale, time[inside], event[inside], strengths)  # (C, strengths)
        for index, coefficients in enumerate(paths.T):
            risk = ((x - mean) / scale) @ coefficients
            scores[index] += log_partial_likelihood(risk, time, event)
            scores[index] -= log_partial_likelihood(risk[inside], time[inside], event[inside])
    scores = np.where(np.isfinite(scores), scores, -np.inf)
    mean, scale = standard(x)
    whole = solve((x - mean) / scale, time, event, strengths)
    scores = np.where(np.isfinite(whole).all(axis=0), scores, -np.inf)
    best = int(np.argmax(scores))
    if not np.isfinite(scores[best]):
        raise TrainingError(
            "No Cox model could be fitted to these embeddings.", hint="Use more patients, or another backbone."
        )
    log.info("penalty %.3g chosen among %d", strengths[best], len(strengths))
    return CoxFit(
        coefficients=whole[:, best],
        mean=mean,
        scale=scale,
        strength=float(strengths[best]),
        strengths=strengths,
        scores=scores,
    )


def standard(x: Floats) -> tuple[Floats, Floats]:
    """Return mean and scale (C,) that bring values (n, C) to mean 0 and deviation 1; the scale is 1 where nothing varies."""
    mean, scale = x.mean(axis=0), x.std(axis=0)
    # a value that never varies says nothing: with scale 1 it is 0 for these patients
    return mean, np.where(scale > 1e-8 * np.maximum(np.abs(mean), 1), scale, 1.0)


def inner_folds(event: Bools, count: int, seed: int) -> list[Bools]:
    """Return which patients each inner fold holds out: stratified by event, at most as many folds as events."""
    generator = np.random.default_rng(seed)
    folds = min(count, int(event.sum()))
    owner = np.empty(len(event), dtype=np.int64)
    start = 0
    for kind in (True, False):
        members = generator.permutation(np.flatnonzero(event == kind))
        owner[members] = (np.arange(len(members)) + start) % folds
        start += len(members)
    return [owner == fold for fold in range(folds)]


Solve = Callable[[Floats, Floats, Bools, Floats], Floats]
"""Standardised x (n, C), time, event, penalties (s,) to coefficients (C, s), NaN where there is no solution."""


def _solver(x: Floats, time: Floats, event: Bools, config: TrainingConfig) -> tuple[Solve, Floats]:
    if config.penalty is Penalty.RIDGE:
        return solve_ridge, RIDGE_STRENGTHS * x.shape[1]
    mean, scale = standard(x)
    return _elastic_net(config.l1_ratio), _elastic_net_path((x - mean) / scale, time, event, config.l1_ratio)


def _labels(time: Floats, event: Bools) -> NDArray[np.void]:
    from sksurv.util import Surv

    labels: NDArray[np.void] = Surv.from_arrays(event, time)
    return labels


def solve_ridge(x: Floats, time: Floats, event: Bools, strengths: Floats) -> Floats:
    """Fit ridge Cox for each penalty, (C, s).

    The solution lies in the span of the patients, so the model is fitted on their principal components: exact, and with 60
    patients and 768 values a thousand times less work.
    """
    from sksurv.linear_model import CoxPHSurvivalAnalysis

    u, s, vt = np.linalg.svd(x, full_matrices=False)
    kept = s > s[0] * 1e-10 if len(s) and s[0] > 0 else np.zeros(len(s), dtype=bool)
    if not kept.any():
        return np.zeros((x.shape[1], len(strengths)))
    z, back = u[:, kept] * s[kept], vt[kept].T
    found = np.full((x.shape[1], len(strengths)), np.nan)
    for index, strength in enumerate(strengths):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "did not converge" shows in the score
                model = CoxPHSurvivalAnalysis(alpha=float(strength)).fit(z, _labels(time, event))
        except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
            log.debug("no ridge model at %.3g: %s", strength, error)
            continue
        found[:, index] = back @ model.coef_
    return found


def _elastic_net_path(x: Floats, time: Floats, event: Bools, l1_ratio: float) -> Floats:
    from sksurv.linear_model import CoxnetSurvivalAnalysis

    smallest = ELASTIC_NET_SMALLEST
    while smallest < 1:
        model = CoxnetSurvivalAnalysis(n_alphas=ELASTIC_NET_STEPS, alpha_min_ratio=smallest, l1_ratio=l1_ratio)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model.fit(x, _labels(time, event))
        except (ValueError, ArithmeticError) as error:
            log.debug("no elastic net down to %.3g: %s", smallest, error)
            smallest *= 2
            continue
        path: Floats = model.alphas_
        return path
    raise TrainingError("No Cox model could be fitted to these embeddings.", hint="Choose ridge (--penalty ridge).")


def _elastic_net(l1_ratio: float) -> Solve:
    from sksurv.linear_model import CoxnetSurvivalAnalysis

    def solve(x: Floats, time: Floats, event: Bools, strengths: Floats) -> Floats:
        found = np.full((x.shape[1], len(strengths)), np.nan)
        for count in range(
            len(strengths), 0, -5
        ):  # the smallest penalties fail first, and take the whole path with them
            model = CoxnetSurvivalAnalysis(alphas=strengths[:count], l1_ratio=l1_ratio)
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    model.fit(x, _labels(time, event))
            except (ValueError, ArithmeticError) as error:
                log.debug("no elastic net of %d penalties: %s", count, error)
                continue
            found[:, : model.coef_.shape[1]] = model.coef_
            break
        return found

    return solve
