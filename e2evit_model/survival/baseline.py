"""Does the image add anything to what the clinic knows already? Clinical columns alone, the risk alone, and both."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike, NDArray

from e2evit_model.errors import CohortError
from e2evit_model.progress import Progress, silent
from e2evit_model.survival.covariates import learn_coding
from e2evit_model.survival.cox import CoxFit, added_value, fit_cox
from e2evit_model.survival.losses import Ties, cox_loss
from e2evit_model.survival.metrics import Labels
from e2evit_model.survival.resampling import CrossValidatedC, cross_validated_c

EVENTS_A_COVARIATE = 5
_RIDGE = 1e-3  # keeps a rare word from running to infinity; far below any coefficient that could be seen


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """C of clinical columns alone, of the risk alone, and of both, over the same folds.

    ``added_p`` is of the likelihood ratio test of both against the clinical columns, on out-of-fold risks. ``columns`` are the
    numbers that were used, ``left_out`` the columns that were not, and why. Without figures, ``reason`` says why there are none.
    """

    image: CrossValidatedC | None
    clinical: CrossValidatedC | None
    both: CrossValidatedC | None
    added_chi2: float | None
    added_p: float | None
    columns: tuple[str, ...]
    left_out: dict[str, str]
    reason: str = ""

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values."""
        parts = {"image": self.image, "clinical": self.clinical, "both": self.both}
        return {
            **{name: part.to_record() if part else None for name, part in parts.items()},
            "added_chi2": self.added_chi2,
            "added_p": self.added_p,
            "columns": list(self.columns),
            "left_out": dict(self.left_out),
            "reason": self.reason,
        }


def clinical_baseline(
    table: pd.DataFrame,
    labels: Labels,
    risk: ArrayLike,
    fold: ArrayLike,
    *,
    repeats: int = 1000,
    seed: int = 0,
    progress: Progress = silent,
) -> Baseline:
    """Compare clinical columns, the risk, and both.

    Each fold is predicted by Cox models of the other folds' patients, whose risks are out-of-fold too: no patient's risk comes from
    a model that was shown the patient. Risks are standardised inside their fold, since their scales differ.

    Parameters
    ----------
    table
        (n rows) of clinical columns as text.
    labels
        Times and events of the n patients.
    risk
        (n,) out-of-fold risks.
    fold
        (n,) which fold tested each patient.
    """
    scores, number = np.asarray(risk, dtype=np.float64), np.asarray(fold)
    coding = learn_coding(table)
    if reason := _why_not(labels, len(coding.names), number):
        return _nothing(reason, coding.names, coding.left_out)
    standard = _standardised(scores, number)
    alone, both = np.full(len(labels), np.nan), np.full(len(labels), np.nan)
    try:
        for one in np.unique(number):
            train, test = number != one, number == one
            own = learn_coding(table[train])
            x = own.apply(table)
            alone[test] = _fit(x[train], labels.pick(train)).risk(x[test])
            with_risk = np.column_stack([x, standard])
            both[test] = _fit(with_risk[train], labels.pick(train)).risk(with_risk[test])
        x = coding.apply(table)
        chi2, p = added_value(_loss(x, labels), _loss(np.column_stack([x, standard]), labels), 1)
    except CohortError as error:
        return _nothing(error.message, coding.names, coding.left_out)
    compared = [
        cross_validated_c(labels, one, number, repeats=repeats, seed=seed, progress=progress)
        for one in (scores, alone, both)
    ]
    return Baseline(
        image=compared[0],
        clinical=compared[1],
        both=compared[2],
        added_chi2=chi2,
        added_p=p,
        columns=coding.names,
        left_out=coding.left_out,
    )


def _why_not(labels: Labels, covariates: int, fold: NDArray[Any]) -> str:
    if covariates == 0:
        return "no clinical column can be used"
    if len(np.unique(fold)) < 2:
        return "at least two folds are needed"
    fewest = min(int(labels.event[fold != one].sum()) for one in np.unique(fold))
    if fewest < EVENTS_A_COVARIATE * (covariates + 1):
        return (
            f"{covariates + 1} covariates need at least {EVENTS_A_COVARIATE * (covariates + 1)} events in the other folds; "
            f"there are {fewest}"
        )
    return ""


def _nothing(reason: str, columns: tuple[str, ...], left_out: dict[str, str]) -> Baseline:
    return Baseline(
        image=None,
        clinical=None,
        both=None,
        added_chi2=None,
        added_p=None,
        columns=columns,
        left_out=left_out,
        reason=reason,
    )


def _standardised(risk: NDArray[np.float64], fold: NDArray[Any]) -> NDArray[np.float64]:
    result = np.zeros_like(risk)
    for one in np.unique(fold):
        own = risk[fold == one]
        spread = own.std()
        result[fold == one] = (own - own.mean()) / spread if spread > 0 else 0.0
    return result


def _fit(x: NDArray[np.float64], labels: Labels) -> CoxFit:
    return fit_cox(x, labels, ridge=_RIDGE)


def _loss(x: NDArray[np.float64], labels: Labels) -> float:
    risk = torch.as_tensor(_fit(x, labels).risk(x))
    time, event = torch.as_tensor(labels.time), torch.as_tensor(labels.event)
    return float(cox_loss(risk, time, event, ties=Ties.EFRON, reduction="sum"))
