"""``metrics.json``: every figure of a run with its interval and how it was made, from the out-of-fold predictions.

Patients are primary. Risks of different folds are never put on one scale: figures are by fold and averaged, groups are cut at each
fold's own training median.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.folds import Folds, Part
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.run_tables import PredictionRow
from e2evit_model.survival.curves import at_risk, calibration, kaplan_meier, log_rank
from e2evit_model.survival.estimate import Estimate
from e2evit_model.survival.metrics import (
    Labels,
    auc_at,
    days_to_score,
    follow_up_limit,
    harrell_c,
    integrated_brier,
    survival_on,
    uno_c,
)
from e2evit_model.survival.resampling import cross_validated_c
from e2evit_model.training.clinical import clinical_record
from e2evit_model.training.fold_files import FoldResult

METRICS_SCHEMA_VERSION = 1
DAYS_PER_YEAR = 365.25
_YEARS = (1, 2, 3, 5)
_TICKS = 6


def labels_of(rows: Sequence[PredictionRow]) -> Labels:
    """Return times and events of predictions."""
    return Labels.of([row.time_days for row in rows], [row.event for row in rows])


def evaluate(
    cohort: Cohort, folds: Folds, results: Sequence[FoldResult], *, seed: int, progress: Progress = silent
) -> dict[str, Any]:
    """Compute everything that ``metrics.json`` holds.

    What cannot be estimated is there with ``value`` null and the reason.
    """
    patients = [row for result in results for row in result.patients]
    labels, risk = labels_of(patients), np.array([row.risk for row in patients])
    fold = np.array([row.fold for row in patients])
    found = cross_validated_c(labels, risk, fold, seed=seed, progress=progress)
    training = {r.fold: Labels.of(*_labels(cohort, folds.patients(r.fold, Part.TRAIN))) for r in results}
    return {
        "schema_version": METRICS_SCHEMA_VERSION,
        "unit": "patient",
        "patients": len(patients),
        "events": labels.events,
        "slides": sum(len(result.rows) - len(result.patients) for result in results),
        "harrell_c": found.to_record(),
        "harrell_c_slides": _by_fold(results, lambda r: harrell_c(*_slides(r))),
        "uno_c": _by_fold(results, lambda r: uno_c(training[r.fold], labels_of(r.patients), _risk(r.patients))),
        "auc": [
            {"day": day, **_by_fold(results, lambda r, day=day: _auc(training[r.fold], r, day))}  # type: ignore[misc]
            for day in days_of_interest(labels)
        ],
        "integrated_brier": _by_fold(results, lambda r: _brier(training[r.fold], r)),
        "groups": _groups(patients, labels),
        "calibration": _calibration(results, labels),
        "clinical": clinical_record(cohort, folds, patients, seed=seed),
    }


def days_of_interest(labels: Labels) -> list[float]:
    """Return the years at which AUC is shown: 1, 2, 3, 5 where enough patients are followed that long, else the median event."""
    limit = follow_up_limit(labels)
    years = [DAYS_PER_YEAR * year for year in _YEARS if DAYS_PER_YEAR * year < limit]
    if years or labels.events == 0:
        return years
    return [float(np.median(labels.time[labels.event]))]


def _labels(cohort: Cohort, patients: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rows = cohort.positions(patients)
    return cohort.time_days[rows], cohort.event[rows]


def _risk(rows: Sequence[PredictionRow]) -> NDArray[np.float64]:
    return np.array([row.risk for row in rows])


def _slides(result: FoldResult) -> tuple[Labels, NDArray[np.float64]]:
    rows = [row for row in result.rows if row.slide_id]
    return labels_of(rows), _risk(rows)


def _by_fold(results: Sequence[FoldResult], compute: Callable[[FoldResult], Estimate]) -> dict[str, Any]:
    """Return each fold's estimate, and mean and SD (ddof 1) over those that can be estimated."""
    estimates = [compute(result) for result in results]
    values = [estimate.value for estimate in estimates if estimate.value is not None]
    return {
        "folds": [estimate.to_record() for estimate in estimates],
        "mean": float(np.mean(values)) if values else None,
        "sd": float(np.std(values, ddof=1)) if len(values) > 1 else None,
        "sd_ddof": 1,
        "reason": "" if values else "no fold can be estimated",
    }


def _auc(training: Labels, result: FoldResult, day: float) -> Estimate:
    return auc_at(training, labels_of(result.patients), _risk(result.patients), [day])[0]


def _curves(rows: Sequence[PredictionRow], result: FoldResult, days: NDArray[np.float64]) -> NDArray[np.float64]:
    edges = (0.0, *result.inner_edges_days, np.inf)
    return survival_on(days, [row.survival for row in rows], edges)


def _brier(training: Labels, result: FoldResult) -> Estimate:
    labels = labels_of(result.patients)
    days = days_to_score(training, labels)
    curves = _curves(result.patients, result, days) if len(days) else np.empty((len(labels), 0))
    return integrated_brier(training, labels, curves, days)


def _round_days(last: float) -> NDArray[np.float64]:
    """Return up to six days from 0 to the last one, at steps of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(max(last, _TICKS) / _TICKS))
    step = next(step for step in power * np.array([1, 2, 5, 10]) if last / step < _TICKS)
    return np.arange(0, last, step)


def _groups(patients: Sequence[PredictionRow], labels: Labels) -> dict[str, Any]:
    """Return Kaplan-Meier of low and high risk, each patient cut at the training median of its own fold."""
    group = np.array([row.risk_group for row in patients])
    ticks = _round_days(float(labels.time.max()))
    record: dict[str, Any] = {"log_rank": log_rank(labels, group).to_record(), "at_risk_days": ticks.tolist()}
    for name in ("low", "high"):
        own = labels.pick(group == name)
        curve = kaplan_meier(own)
        record[name] = None if curve is None else {**curve.to_record(), "at_risk": at_risk(own, ticks)}
    return record


def _calibration(results: Sequence[FoldResult], labels: Labels) -> dict[str, Any]:
    """Compare predicted and observed survival at the median event, each patient's prediction read from its own fold's curve."""
    day = float(np.median(labels.time[labels.event])) if labels.events else 0.0
    predicted = [_curves(result.patients, result, np.array([day]))[:, 0] for result in results]
    return calibration(labels, np.concatenate(predicted), day).to_record()
