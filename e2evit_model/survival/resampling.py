"""Intervals by bootstrap over patients, and the range of C without any signal."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from e2evit_model.progress import Progress, silent
from e2evit_model.survival.estimate import Estimate, finite_or_none, scikit_survival
from e2evit_model.survival.metrics import Labels, harrell_c

BOOTSTRAP = "95 % by bootstrap over patients"
_TIED = 1e-8
_ESTIMABLE_SHARE = 0.8


class Pairs:
    """All comparable pairs of some patients, so that C of thousands of resamples costs one matrix product each.

    A pair (i, j) is comparable when i has the event and j lives longer, or is censored on the same day: as in
    ``sksurv.metrics.concordance_index_censored``, which the tests compare with.
    """

    def __init__(self, labels: Labels) -> None:
        time, event = labels.time, labels.event
        later = time[:, None] < time[None, :]
        same_day = (time[:, None] == time[None, :]) & ~event[None, :]
        self._comparable = (event[:, None] & (later | same_day)).astype(np.float64)

    def concordant(self, risk: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, n): 1 where a pair is concordant, 0.5 where its risks are tied, 0 elsewhere."""
        difference = risk[:, None] - risk[None, :]
        agrees = np.where(np.abs(difference) <= _TIED, 0.5, (difference > 0).astype(np.float64))
        return np.asarray(self._comparable * agrees, dtype=np.float64)

    def c_index(self, concordant: NDArray[np.float64], counts: NDArray[np.float64] | None = None) -> float:
        """Return C with each patient counted so many times; NaN without a comparable pair."""
        weights = np.ones(len(concordant)) if counts is None else counts
        total = weights @ self._comparable @ weights
        return float(weights @ concordant @ weights / total) if total > 0 else float("nan")


@dataclass(frozen=True, kw_only=True)
class CrossValidatedC:
    """C over the test parts of K folds; risks of different folds are never compared with each other.

    ``mean`` is over the folds where C can be estimated, with its interval; ``sd`` is theirs (ddof 1, ``None`` for one fold).
    ``no_signal`` is the range (2.5 % to 97.5 %) of that mean when risks are dealt to patients by chance, ``p`` the share of such
    draws that reach the mean (one-sided, counting the cohort itself).
    """

    folds: tuple[Estimate, ...]
    mean: Estimate
    sd: float | None
    no_signal: tuple[float, float] | None
    p: float | None

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "folds": [fold.to_record() for fold in self.folds],
            "mean": self.mean.to_record(),
            "sd": self.sd,
            "sd_ddof": 1,
            "no_signal": list(self.no_signal) if self.no_signal else None,
            "p": self.p,
        }


def c_with_interval(labels: Labels, risk: ArrayLike, *, repeats: int = 1000, seed: int = 0) -> Estimate:
    """Return Harrell's C of one group of patients with its bootstrap interval."""
    scores = np.asarray(risk, dtype=np.float64)
    estimate = harrell_c(labels, scores)
    if not estimate.estimable:
        return estimate
    draws = _bootstrap([(labels, scores)], repeats=repeats, random=np.random.default_rng(seed), progress=silent)
    return estimate.with_interval(_interval(draws), BOOTSTRAP)


def cross_validated_c(
    labels: Labels,
    risk: ArrayLike,
    fold: ArrayLike,
    *,
    repeats: int = 1000,
    permutations: int = 500,
    seed: int = 0,
    progress: Progress = silent,
) -> CrossValidatedC:
    """Return C by fold and its mean over folds, with interval and no-signal range.

    Parameters
    ----------
    labels
        Times and events of n patients, each in the test part of one fold.
    risk
        (n,) out-of-fold risks.
    fold
        (n,) which fold tested each patient.
    repeats
        Bootstrap resamples, of patients inside their folds.
    permutations
        Random deals of the risks to patients inside their folds.
    """
    scores, number = np.asarray(risk, dtype=np.float64), np.asarray(fold)
    rows = [np.flatnonzero(number == one) for one in np.unique(number)]
    parts = [(labels.pick(own), scores[own]) for own in rows]
    folds = tuple(
        replace(harrell_c(*part), name=f"Harrell's C, fold {n}")
        for n, part in zip(np.unique(number), parts, strict=True)
    )
    usable = [part for part, estimate in zip(parts, folds, strict=True) if estimate.estimable]
    values = [estimate.value for estimate in folds if estimate.value is not None]
    if not values:
        mean = replace(harrell_c(labels, scores), name="Harrell's C, mean over folds", value=None, detail={})
        return CrossValidatedC(
            folds=folds, mean=replace(mean, reason="no fold can be estimated"), sd=None, no_signal=None, p=None
        )
    random = np.random.default_rng(seed)
    draws = _bootstrap(usable, repeats=repeats, random=random, progress=progress)
    chance = _permuted(usable, permutations=permutations, random=random, progress=progress)
    mean = replace(
        folds[0],
        name="Harrell's C, mean over folds",
        value=float(np.mean(values)),
        reason="",
        patients=len(labels),
        events=labels.events,
        detail={"folds": len(values), "folds_not_estimable": len(folds) - len(values)},
    )
    return CrossValidatedC(
        folds=folds,
        mean=mean.with_interval(_interval(draws), BOOTSTRAP),
        sd=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        no_signal=(float(np.quantile(chance, 0.025)), float(np.quantile(chance, 0.975))) if len(chance) else None,
        p=float((1 + np.sum(chance >= np.mean(values))) / (1 + len(chance))) if len(chance) else None,
    )


def paired_difference(
    labels: Labels, first: ArrayLike, second: ArrayLike, fold: ArrayLike, *, repeats: int = 1000, seed: int = 0
) -> Estimate:
    """Return how much higher the mean C over folds is by the second risks than by the first, with its bootstrap interval.

    Both are looked at in the same resamples of patients, so that what is hard about a patient cancels.

    Parameters
    ----------
    first, second
        (n,) out-of-fold risks of the same n patients.
    fold
        (n,) which fold tested each patient.
    """
    number = np.asarray(fold)
    rows = [own for one in np.unique(number) if labels.pick(own := np.flatnonzero(number == one)).events]
    means, draws = [], []
    for risk in (first, second):
        scores = np.asarray(risk, dtype=np.float64)
        parts = [(labels.pick(own), scores[own]) for own in rows]
        values = [found.value for part in parts if (found := harrell_c(*part)).value is not None]
        means.append(float(np.mean(values)) if values else float("nan"))
        random = np.random.default_rng(seed)  # the same resamples for both
        draws.append(_bootstrap(parts, repeats=repeats, random=random, progress=silent))
    value = finite_or_none(means[1] - means[0])
    return Estimate(
        name="Difference of Harrell's C, mean over folds",
        value=value,
        patients=len(labels),
        events=labels.events,
        method="paired resamples of patients inside their folds",
        library=scikit_survival(),
        reason="" if value is not None else "no fold can be estimated",
    ).with_interval(None if value is None else _interval(draws[1] - draws[0]), BOOTSTRAP)


Part = tuple[Labels, NDArray[np.float64]]


def _bootstrap(
    parts: list[Part], *, repeats: int, random: np.random.Generator, progress: Progress
) -> NDArray[np.float64]:
    """Return the mean C over parts of each resample; resamples in which no part can be estimated are NaN."""
    prepared = [(pairs := Pairs(labels), pairs.concordant(risk)) for labels, risk in parts]
    means = np.full(repeats, np.nan)
    for repeat in range(repeats):
        if repeat % 100 == 0:
            progress("Bootstrap", repeat, repeats)
        values = []
        for pairs, concordant in prepared:
            size = len(concordant)
            counts = np.bincount(random.integers(size, size=size), minlength=size).astype(np.float64)
            values.append(pairs.c_index(concordant, counts))
        known = [value for value in values if not np.isnan(value)]
        means[repeat] = np.mean(known) if known else np.nan
    return means


def _permuted(
    parts: list[Part], *, permutations: int, random: np.random.Generator, progress: Progress
) -> NDArray[np.float64]:
    prepared = [(Pairs(labels), risk) for labels, risk in parts]
    means = np.empty(permutations)
    for index in range(permutations):
        if index % 100 == 0:
            progress("No-signal range", index, permutations)
        means[index] = np.mean([pairs.c_index(pairs.concordant(random.permutation(risk))) for pairs, risk in prepared])
    return means


def _interval(draws: NDArray[np.float64]) -> tuple[float, float] | None:
    known = draws[~np.isnan(draws)]
    if len(known) == 0 or len(known) < _ESTIMABLE_SHARE * len(draws):
        return None
    return float(np.quantile(known, 0.025)), float(np.quantile(known, 0.975))
