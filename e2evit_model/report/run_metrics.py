"""``metrics.json`` of a run as typed values, every field checked."""

from collections.abc import Mapping
from dataclasses import dataclass

from e2evit_model.runs.records import RecordFault, from_record, read_json, refuse_newer
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.survival.curves import Calibration
from e2evit_model.survival.estimate import Estimate

METRICS_VERSION = 1
_AGAIN = "Resume the training: it evaluates again what is there."


@dataclass(frozen=True, kw_only=True)
class CrossValidated:
    """C of each fold, and their mean with interval, deviation and no-signal range."""

    folds: tuple[Estimate, ...]
    mean: Estimate
    sd: float | None
    sd_ddof: int
    no_signal: tuple[float, ...] | None
    p: float | None


@dataclass(frozen=True, kw_only=True)
class ByFold:
    """A figure of each fold; mean and deviation are over the folds where it can be estimated."""

    folds: tuple[Estimate, ...]
    mean: float | None
    sd: float | None
    sd_ddof: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class AucAt(ByFold):
    """AUC at one day."""

    day: float


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Kaplan-Meier of one group: a step function from day 0, its band ``None`` where there is none."""

    days: tuple[float, ...]
    survival: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    patients: int
    events: int
    median_days: float | None
    library: str
    at_risk: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Low and high risk; a group is ``None`` when nobody is in it."""

    log_rank: Estimate
    at_risk_days: tuple[float, ...]
    low: Curve | None
    high: Curve | None


@dataclass(frozen=True, kw_only=True)
class AddedValue:
    """What the model's risk adds to the clinical columns."""

    columns: tuple[str, ...]
    left_out: Mapping[str, str]
    log_hazard_ratio_a_deviation: float
    likelihood_ratio: float
    p: float
    patients: int
    events: int
    method: str


@dataclass(frozen=True, kw_only=True)
class Clinical:
    """The clinical columns alone, on the same folds; a reason when there is no such baseline."""

    reason: str
    harrell_c: CrossValidated | None
    added_by_model: AddedValue | None


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Everything that ``metrics.json`` holds."""

    schema_version: int
    unit: str
    patients: int
    events: int
    slides: int
    harrell_c: CrossValidated
    harrell_c_slides: ByFold
    uno_c: ByFold
    auc: tuple[AucAt, ...]
    integrated_brier: ByFold
    groups: Groups
    calibration: Calibration
    clinical: Clinical | None


def read_metrics(run: RunFolder, *, folds: int) -> Metrics:
    """Read ``metrics.json`` of a run with so many folds.

    Raises
    ------
    RunError
        When it is missing, damaged, or of a newer version.
    """
    record = read_json(run.metrics, RunError, hint=_AGAIN)
    newest = "Install the newest version of E2E-ViT Desktop to write the report of this run."
    refuse_newer(record, METRICS_VERSION, RunError, made=f"{run.name} was evaluated", hint=newest)
    try:
        metrics = from_record(Metrics, record)
    except RecordFault as fault:
        raise RunError(f"{run.metrics.name} {fault}.", hint=_AGAIN) from fault
    _check_folds(run, metrics, folds)
    return metrics


def _check_folds(run: RunFolder, metrics: Metrics, folds: int) -> None:
    by_fold = (metrics.harrell_c_slides, metrics.uno_c, *metrics.auc, metrics.integrated_brier)
    for estimates in (metrics.harrell_c.folds, *(found.folds for found in by_fold)):
        if len(estimates) != folds:
            raise RunError(f"{run.metrics.name} has {len(estimates)} folds where the run has {folds}.", hint=_AGAIN)
