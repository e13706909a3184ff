"""Kaplan-Meier curves with band and at-risk table, log-rank test, calibration; computed by scikit-survival."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sksurv.compare import compare_survival
from sksurv.nonparametric import kaplan_meier_estimator

from e2evit_model.survival.estimate import Estimate, finite_or_none, scikit_survival
from e2evit_model.survival.metrics import Labels

CALIBRATION_EVENTS = 50


@dataclass(frozen=True, kw_only=True, eq=False)  # arrays cannot be compared as one
class KaplanMeier:
    """A survival curve as a step function from day 0.

    ``days``, ``survival``, ``low``, ``high`` are (T + 1,), beginning with day 0 and 1; the band is 95 %, log-log, NaN where there
    is none. ``median_days`` is ``None`` when the curve does not fall to one half. ``censored_days`` are for tick marks.
    """

    days: NDArray[np.float64]
    survival: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    patients: int
    events: int
    median_days: float | None
    censored_days: NDArray[np.float64]

    def at(self, days: ArrayLike) -> NDArray[np.float64]:
        """Return S at some days; after the last patient's time it stays where it was."""
        return self.survival[self._step(days)]

    def band_at(self, days: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the ends of the band at some days."""
        steps = self._step(days)
        return self.low[steps], self.high[steps]

    def _step(self, days: ArrayLike) -> NDArray[np.intp]:
        return np.searchsorted(self.days, np.asarray(days, dtype=np.float64), side="right") - 1

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values; an absent end of the band is null."""
        return {
            "days": self.days.tolist(),
            "survival": self.survival.tolist(),
            "low": [finite_or_none(value) for value in self.low],
            "high": [finite_or_none(value) for value in self.high],
            "patients": self.patients,
            "events": self.events,
            "median_days": self.median_days,
            "library": scikit_survival(),
        }


def kaplan_meier(labels: Labels) -> KaplanMeier | None:
    """Estimate the survival curve of some patients with its log-log band; ``None`` without patients."""
    if len(labels) == 0:
        return None
    if labels.events == 0:
        days = np.unique(labels.time)
        survival, low, high = np.ones(len(days)), np.full(len(days), np.nan), np.full(len(days), np.nan)
    else:
        days, survival, band = kaplan_meier_estimator(labels.event, labels.time, conf_type="log-log")
        low, high = band
    below = np.flatnonzero(survival <= 0.5)
    # at day 0 everybody lives; a death on day 0 makes a step there
    return KaplanMeier(
        days=np.concatenate([[0.0], days]),
        survival=np.concatenate([[1.0], survival]),
        low=np.concatenate([[1.0], low]),
        high=np.concatenate([[1.0], high]),
        patients=len(labels),
        events=labels.events,
        median_days=float(days[below[0]]) if len(below) else None,
        censored_days=np.sort(labels.time[~labels.event]),
    )


def at_risk(labels: Labels, days: ArrayLike) -> list[int]:
    """Count the patients whose time is not yet over at each day: one line of an at-risk table."""
    return [int(np.sum(labels.time >= day)) for day in np.atleast_1d(np.asarray(days, dtype=np.float64))]


def risk_groups(risk: ArrayLike, cut: float) -> NDArray[np.str_]:
    """Return "high" for risks at or above the cut, else "low"; the cut must come from training risks of the same fold model.

    There is no optimal cut here on purpose: choosing it on the data that it is tested on gives p < 0.05 in 35 % of null draws.
    """
    return np.where(np.asarray(risk, dtype=np.float64) >= cut, "high", "low")


def log_rank(labels: Labels, group: ArrayLike) -> Estimate:
    """Compare the survival of two or more groups; ``value`` is p, ``detail`` holds chi2 and the degrees of freedom."""
    groups = np.asarray(group)
    names = np.unique(groups)
    reason = ""
    if len(groups) != len(labels):
        reason = f"{len(groups)} groups for {len(labels)} patients"
    elif len(names) < 2:
        reason = "all patients are in one group"
    elif labels.events == 0:
        reason = "no event"
    chi2, p = (np.nan, np.nan) if reason else compare_survival(labels.surv, groups)
    if not reason and not np.isfinite(p):
        reason = "the groups were never at risk together"
    return Estimate(
        name="Log-rank p",
        value=None if reason else float(p),
        reason=reason,
        patients=len(labels),
        events=labels.events,
        method="compare_survival",
        library=scikit_survival(),
        detail={} if reason else {"chi2": float(chi2), "degrees_of_freedom": float(len(names) - 1)},
    )


@dataclass(frozen=True, kw_only=True)
class CalibrationPoint:
    """One group of similar predictions: what was predicted, and what Kaplan-Meier finds, with its band."""

    predicted: float
    observed: float
    low: float | None
    high: float | None
    patients: int


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Predicted against observed survival at one day; no points, and a reason, when it cannot be judged."""

    day: float
    points: tuple[CalibrationPoint, ...]
    reason: str = ""

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"day": self.day, "reason": self.reason, "points": [vars(point) for point in self.points]}


def calibration(labels: Labels, predicted: ArrayLike, day: float, *, groups: int = 5) -> Calibration:
    """Compare predicted S(day) (n,) with Kaplan-Meier in groups of similar prediction; from 50 events on."""
    values = np.asarray(predicted, dtype=np.float64)
    if labels.events < CALIBRATION_EVENTS:
        reason = f"calibration needs at least {CALIBRATION_EVENTS} events; there are {labels.events}"
        return Calibration(day=day, points=(), reason=reason)
    if not np.any(labels.time > day):
        return Calibration(day=day, points=(), reason=f"nobody was followed beyond day {day:.0f}")
    if not np.all(np.isfinite(values)):
        return Calibration(day=day, points=(), reason="a predicted survival is not a number")
    points = []
    for rows in _similar(values, groups):
        curve = kaplan_meier(labels.pick(rows))
        if curve is None:
            continue
        low, high = curve.band_at([day])
        points.append(
            CalibrationPoint(
                predicted=float(values[rows].mean()),
                observed=float(curve.at([day])[0]),
                low=finite_or_none(low[0]),
                high=finite_or_none(high[0]),
                patients=len(rows),
            )
        )
    return Calibration(day=day, points=tuple(points))


def _similar(values: NDArray[np.float64], groups: int) -> Sequence[NDArray[np.int64]]:
    """Cut patients into groups of equal size by value; equal values stay together."""
    edges = np.unique(np.quantile(values, np.arange(1, groups) / groups))
    place = np.searchsorted(edges, values, side="right")
    return [np.flatnonzero(place == one) for one in np.unique(place)]
