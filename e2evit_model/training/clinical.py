"""The clinical baseline beside a model: whether the image adds anything to age, stage and grade."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.folds import Folds, Part
from e2evit_model.errors import CohortError
from e2evit_model.runs.run_tables import PredictionRow
from e2evit_model.survival.covariates import learn_coding
from e2evit_model.survival.cox import added_value, fit_cox
from e2evit_model.survival.metrics import Labels
from e2evit_model.survival.resampling import cross_validated_c
from e2evit_model.training.cox_baseline import log_partial_likelihood

RIDGE = 1.0
"""A slight penalty: with 20 events a coefficient of a rare kind would run away otherwise (choice)."""


def clinical_record(
    cohort: Cohort, folds: Folds, patients: Sequence[PredictionRow], *, seed: int
) -> dict[str, Any] | None:
    """Return C of the clinical columns alone, on the same folds, and what the model's risk adds to them.

    ``None`` where the table has no clinical columns. Of the model the out-of-fold risks are used, brought to mean 0 and deviation 1
    within each fold, since folds have different scales.
    """
    if cohort.covariates.shape[1] == 0:
        return None
    try:
        risk = np.array(_baseline_risks(cohort, folds, patients))
        labels = Labels.of([row.time_days for row in patients], [row.event for row in patients])
        found = cross_validated_c(labels, risk, [row.fold for row in patients], seed=seed)
        return {"reason": "", "harrell_c": found.to_record(), "added_by_model": _added(cohort, patients, labels)}
    except CohortError as error:
        return {"reason": error.message, "harrell_c": None, "added_by_model": None}


def _baseline_risks(cohort: Cohort, folds: Folds, patients: Sequence[PredictionRow]) -> list[float]:
    risks: dict[str, float] = {}
    for fold in sorted({row.fold for row in patients}):
        learned = cohort.subset(folds.patients(fold, Part.TRAIN) + folds.patients(fold, Part.VAL))
        coding = learn_coding(learned.covariates)
        if not coding.names:
            raise CohortError(
                "No clinical column can be used: each is missing too often, or the same for all patients."
            )
        design = coding.apply(learned.covariates)
        model = fit_cox(design, Labels.of(learned.time_days, learned.event), names=coding.names, ridge=RIDGE)
        own = [row.patient_id for row in patients if row.fold == fold]
        found = model.risk(coding.apply(cohort.subset(own).covariates))
        risks |= dict(zip(own, map(float, found), strict=True))
    return [risks[row.patient_id] for row in patients]


def _added(cohort: Cohort, patients: Sequence[PredictionRow], labels: Labels) -> dict[str, Any]:
    tested = cohort.subset([row.patient_id for row in patients])
    coding = learn_coding(tested.covariates)
    design = coding.apply(tested.covariates)
    risk = _within_folds(patients)[:, None]
    smaller = fit_cox(design, labels, names=coding.names)
    larger = fit_cox(np.hstack([design, risk]), labels, names=(*coding.names, "risk"))
    losses = [
        -log_partial_likelihood(model.risk(values), labels.time, labels.event)
        for model, values in ((smaller, design), (larger, np.hstack([design, risk])))
    ]
    statistic, p = added_value(losses[0], losses[1], 1)
    return {
        "columns": list(coding.columns),
        "left_out": dict(coding.left_out),
        "log_hazard_ratio_a_deviation": float(larger.coefficients[-1]),
        "likelihood_ratio": statistic,
        "p": p,
        "patients": len(labels),
        "events": labels.events,
        "method": "Cox regression of clinical columns without and with the out-of-fold risk; likelihood ratio test",
    }


def _within_folds(patients: Sequence[PredictionRow]) -> NDArray[np.float64]:
    risk, fold = np.array([row.risk for row in patients]), np.array([row.fold for row in patients])
    for number in np.unique(fold):
        own = fold == number
        spread = float(risk[own].std())
        risk[own] = (risk[own] - risk[own].mean()) / (spread if spread > 0 else 1.0)
    return risk
