"""How well risks order patients and survival curves fit them, computed by scikit-survival."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sksurv.exceptions import NoComparablePairException
from sksurv.metrics import (
    brier_score,
    concordance_index_censored,
    concordance_index_ipcw,
    cumulative_dynamic_auc,
    integrated_brier_score,
)

from e2evit_model.survival.estimate import Estimate, finite_or_none, scikit_survival
from e2evit_model.survival.labels import as_surv, check_labels

FEWEST_EVENTS = 2
FOLLOWED_SHARE = 0.9
log = logging.getLogger(__name__)

_NO_PAIR = "no two patients can be compared"


@dataclass(frozen=True, kw_only=True, eq=False)  # arrays cannot be compared as one
class Labels:
    """Times (n,) in days and events (n,)."""

    time: NDArray[np.float64]
    event: NDArray[np.bool_]

    @classmethod
    def of(cls, time: ArrayLike, event: ArrayLike) -> "Labels":
        """Check and hold times and events.

        Raises
        ------
        CohortError
            When they do not fit each other, or a time is negative or no number.
        """
        times, events = check_labels(time, event)
        return cls(time=times, event=events)

    def __len__(self) -> int:
        return len(self.time)

    @property
    def events(self) -> int:
        """How many events there are."""
        return int(self.event.sum())

    @property
    def surv(self) -> Any:
        """scikit-survival's structured array."""
        return as_surv(self.time, self.event)

    def pick(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Labels":
        """Return the labels of some patients."""
        return Labels(time=self.time[rows], event=self.event[rows])


def harrell_c(labels: Labels, risk: ArrayLike) -> Estimate:
    """Return Harrell's C: the share of comparable pairs in which the patient with the higher risk dies first.

    ``detail`` counts concordant and discordant pairs, and ties in risk and time.
    """

    def compute(scores: NDArray[np.float64]) -> tuple[float, dict[str, float]]:
        with np.errstate(invalid="ignore"):  # 0 / 0 where no pair is comparable
            found = concordance_index_censored(labels.event, labels.time, scores)
        names = ("concordant", "discordant", "tied_risk", "tied_time")
        return float(found[0]), {name: float(count) for name, count in zip(names, found[1:], strict=True)}

    return _estimate("Harrell's C", "concordance_index_censored", labels, risk, compute)


def uno_c(training: Labels, labels: Labels, risk: ArrayLike, *, tau: float | None = None) -> Estimate:
    """Return Uno's C up to ``tau``, with weights from the censoring of the training part.

    ``tau`` in days; by default :func:`follow_up_limit` of the training part. Infinity stands for no limit.
    """
    limit = follow_up_limit(training) if tau is None else tau

    def compute(scores: NDArray[np.float64]) -> tuple[float, dict[str, float]]:
        given = None if np.isinf(limit) else limit
        found = concordance_index_ipcw(training.surv, labels.surv, scores, tau=given)
        return float(found[0]), {"tau_days": limit} if given else {}

    if not np.isinf(limit) and int(np.sum(labels.event & (labels.time < limit))) < FEWEST_EVENTS:
        return _nothing("Uno's C", "concordance_index_ipcw", labels, f"fewer than 2 events before day {limit:.0f}")
    return _estimate("Uno's C", "concordance_index_ipcw", labels, risk, compute)


def follow_up_limit(training: Labels) -> float:
    """Return the day up to which nine tenths of the training part's times lie.

    Beyond it, few patients carry the weights of the censored, and a single one of them can decide the result.
    """
    return float(np.quantile(training.time, FOLLOWED_SHARE))


def auc_at(training: Labels, labels: Labels, risk: ArrayLike, times: ArrayLike) -> list[Estimate]:
    """Return the cumulative/dynamic AUC at each of some days.

    It asks whether those who had the event by that day have higher risks than those who had not.
    """
    estimates = []
    for day in np.atleast_1d(np.asarray(times, dtype=np.float64)):

        def compute(scores: NDArray[np.float64], day: float = float(day)) -> tuple[float, dict[str, float]]:
            aucs, _ = cumulative_dynamic_auc(training.surv, labels.surv, scores, np.array([day]))
            return float(aucs[0]), {"day": day}

        name = f"AUC at day {day:.0f}"
        if reason := _not_within(labels, float(day)):
            estimates.append(_nothing(name, "cumulative_dynamic_auc", labels, reason))
        else:
            estimates.append(_estimate(name, "cumulative_dynamic_auc", labels, risk, compute))
    return estimates


def _not_within(labels: Labels, day: float) -> str:
    if not np.any(labels.event & (labels.time <= day)):
        return f"no event by day {day:.0f}"
    if not np.any(labels.time > day):
        return f"nobody was followed beyond day {day:.0f}"
    return ""


def brier_at(training: Labels, labels: Labels, survival: ArrayLike, times: ArrayLike) -> list[Estimate]:
    """Return the Brier score at each of some days; ``survival`` is (n, times), S of each patient at each day."""
    curves, days = np.asarray(survival, dtype=np.float64), np.atleast_1d(np.asarray(times, dtype=np.float64))
    estimates = []
    for column, day in enumerate(days):

        def compute(scores: NDArray[np.float64], day: float = float(day)) -> tuple[float, dict[str, float]]:
            _, scores_at = brier_score(training.surv, labels.surv, scores[:, None], np.array([day]))
            return float(scores_at[0]), {"day": day}

        name = f"Brier score at day {day:.0f}"
        if day > training.time.max():
            # its censoring is not known there, and the library would go on with the last weight
            reason = f"nobody of the training part was followed to day {day:.0f}"
            estimates.append(_nothing(name, "brier_score", labels, reason))
        else:
            estimates.append(_estimate(name, "brier_score", labels, curves[:, column], compute))
    return estimates


def integrated_brier(training: Labels, labels: Labels, survival: ArrayLike, times: ArrayLike) -> Estimate:
    """Return the integrated Brier score over some days; ``survival`` is (n, times). A model that knows nothing has up to 0.25."""
    days = np.asarray(times, dtype=np.float64)
    name = "Integrated Brier score"
    if len(days) < 2:
        return _nothing(name, "integrated_brier_score", labels, "at least two days are needed")
    if days.max() > training.time.max():
        reason = f"nobody of the training part was followed to day {days.max():.0f}"
        return _nothing(name, "integrated_brier_score", labels, reason)

    def compute(scores: NDArray[np.float64]) -> tuple[float, dict[str, float]]:
        value = integrated_brier_score(training.surv, labels.surv, scores, days)
        return float(value), {"from_day": float(days[0]), "to_day": float(days[-1])}

    return _estimate(name, "integrated_brier_score", labels, survival, compute)


def days_to_score(training: Labels, labels: Labels, *, count: int = 50) -> NDArray[np.float64]:
    """Return days over which an integral can be estimated: from the first event on, inside the follow-up of both parts."""
    if labels.events == 0:
        return np.array([])
    first = float(labels.time[labels.event].min())
    last = min(follow_up_limit(training), float(labels.time.max()))
    last = float(np.nextafter(last, 0.0))  # the integral must end before the last time that was seen
    return np.linspace(first, last, count) if last > first else np.array([])


def survival_on(days: ArrayLike, survival: ArrayLike, edges_days: ArrayLike) -> NDArray[np.float64]:
    """Read S at some days from survival at the ends of time bins.

    Inside a bin the curve is a straight line; in the last, open bin it stays at its beginning.

    Parameters
    ----------
    days
        (T,).
    survival
        (n, K) or (K,): S at the end of each bin.
    edges_days
        (K + 1,) from 0 to infinity.

    Returns
    -------
    ndarray
        (n, T).
    """
    curves, edges = np.atleast_2d(np.asarray(survival, dtype=np.float64)), np.asarray(edges_days, dtype=np.float64)
    known = np.concatenate([np.ones((len(curves), 1)), curves[:, :-1]], axis=1)
    return np.stack([np.interp(np.asarray(days, dtype=np.float64), edges[:-1], row) for row in known])


Compute = Callable[[NDArray[np.float64]], tuple[float, dict[str, float]]]


def _estimate(name: str, method: str, labels: Labels, risk: ArrayLike, compute: Compute) -> Estimate:
    scores = np.asarray(risk, dtype=np.float64)
    if reason := _unusable(labels, scores):
        return _nothing(name, method, labels, reason)
    try:
        value, detail = compute(scores)
    except NoComparablePairException:
        value, detail = float("nan"), {}
    except (ValueError, ZeroDivisionError) as error:
        # scikit-survival refuses times outside the follow-up and a censoring weight of zero with ValueError
        log.debug("%s: %s", method, error)
        return _nothing(name, method, labels, _in_words(str(error)))
    if finite_or_none(value) is None:
        return _nothing(name, method, labels, _NO_PAIR)
    return Estimate(
        name=name,
        value=value,
        patients=len(labels),
        events=labels.events,
        method=method,
        library=scikit_survival(),
        detail=detail,
    )


_REFUSALS = {
    "censoring survival function is zero": "nobody of the training part was followed long enough to weigh the last days",
    "must be smaller than largest observed": "a test patient was followed longer than anybody of the training part",
    "must be within follow-up time": "the days lie outside the follow-up of the test patients",
}


def _in_words(refusal: str) -> str:
    """Say a refusal of scikit-survival in words that a reader of the report knows."""
    return next((words for part, words in _REFUSALS.items() if part in refusal), "the follow-up does not allow it")


def _unusable(labels: Labels, scores: NDArray[np.float64]) -> str:
    if len(scores) != len(labels):
        return f"{len(scores)} risks for {len(labels)} patients"
    if not np.all(np.isfinite(scores)):
        return "a risk is not a number"
    return "fewer than 2 events" if labels.events < FEWEST_EVENTS else ""


def _nothing(name: str, method: str, labels: Labels, reason: str) -> Estimate:
    return Estimate(
        name=name,
        value=None,
        patients=len(labels),
        events=labels.events,
        method=method,
        library=scikit_survival(),
        reason=reason,
    )
