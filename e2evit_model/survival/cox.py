"""Cox regression on a few covariates: the clinical baseline beside a model, computed by scikit-survival."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2
from sksurv.linear_model import CoxPHSurvivalAnalysis

from e2evit_model.errors import CohortError
from e2evit_model.survival.losses import Ties
from e2evit_model.survival.metrics import Labels


@dataclass(frozen=True, kw_only=True, eq=False)  # arrays cannot be compared as one
class CoxFit:
    """A fitted Cox model; ``coefficients`` (p,) are log hazard ratios a unit of each covariate."""

    names: tuple[str, ...]
    coefficients: NDArray[np.float64]
    mean: NDArray[np.float64]
    patients: int
    events: int
    model: CoxPHSurvivalAnalysis

    def risk(self, covariates: ArrayLike) -> NDArray[np.float64]:
        """Return the log relative hazard (n,) of covariates (n, p); 0 for the average patient."""
        return (np.asarray(covariates, dtype=np.float64) - self.mean) @ self.coefficients


def fit_cox(
    covariates: ArrayLike,
    labels: Labels,
    *,
    names: tuple[str, ...] = (),
    ties: str = Ties.EFRON,
    ridge: float = 0.0,
) -> CoxFit:
    """Fit a Cox model, by default without a penalty; ``ridge`` is the weight of half the squared coefficients.

    Raises
    ------
    CohortError
        When it cannot be fitted: no event, or covariates that hang together completely.
    """
    design = np.asarray(covariates, dtype=np.float64)
    if labels.events == 0 or not np.all(np.isfinite(design)):
        raise CohortError("A Cox model needs events, and covariates that are numbers.", hint="Leave the baseline out.")
    mean = design.mean(axis=0)
    model = CoxPHSurvivalAnalysis(alpha=ridge, ties=str(ties))
    try:
        model.fit(design - mean, labels.surv)
    except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
        raise CohortError(
            "The Cox model of the clinical columns cannot be fitted: they tell the same thing twice, or the event completely.",
            hint="Leave some of the clinical columns out.",
        ) from error
    return CoxFit(
        names=names or tuple(f"x{index}" for index in range(design.shape[1])),
        coefficients=np.asarray(model.coef_, dtype=np.float64),
        mean=mean,
        patients=len(labels),
        events=labels.events,
        model=model,
    )


def added_value(smaller_loss: float, larger_loss: float, added: int) -> tuple[float, float]:
    """Return the likelihood ratio statistic and its p for ``added`` more covariates, from two negative log partial likelihoods."""
    statistic = 2 * (smaller_loss - larger_loss)
    return statistic, float(chi2.sf(statistic, added))
