"""Everything of a finished run that its report is made from, read and checked; no weights are opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.export import read_exported
from e2evit_model.cohort.fold_files import import_folds
from e2evit_model.cohort.folds import Folds, fold_counts
from e2evit_model.errors import OptionError
from e2evit_model.files import sha256_of_file
from e2evit_model.report.run_metrics import Metrics, read_metrics
from e2evit_model.report.run_numbers import TimeUnit
from e2evit_model.runs.records import read_json
from e2evit_model.runs.risk_model_card import RiskModelCard, read_card
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import FoldFolder, RunFolder, RunRecord
from e2evit_model.runs.run_tables import EpochRow, PredictionRow, read_epochs, read_predictions
from e2evit_model.runs.status import State, read_status, real_state
from e2evit_model.training.config import TrainingConfig

_RESUME = "Resume the training; the report can be written when it is done."
_WHY_NOT = {
    State.QUEUED: "has not begun",
    State.RUNNING: "is still running",
    State.FAILED: "failed before its end",
    State.CANCELLED: "was stopped before its end",
    State.INTERRUPTED: "was interrupted before its end",
}


@dataclass(frozen=True, kw_only=True)
class FoldMaterial:
    """One fold: its learning curve, what was chosen in it, and when its test part was opened (for which weights)."""

    number: int
    inner_edges_days: tuple[float, ...]
    training_median_risk: float
    details: Mapping[str, Any]
    epochs: tuple[EpochRow, ...]
    test_opened: str
    model_sha256: str


@dataclass(frozen=True, kw_only=True)
class RunMaterial:
    """A finished run.

    ``cohort_report`` is what is known of the table (mapping, flow), empty where the cohort came without; ``fold_parts`` one record
    a fold and part; ``hashes`` the SHA-256 of the tables, by file name.
    """

    run: RunFolder
    record: RunRecord
    config: TrainingConfig
    environment: Mapping[str, Any]
    cohort: Cohort
    cohort_report: Mapping[str, Any]
    folds: Folds
    fold_parts: tuple[Mapping[str, Any], ...]
    fold_material: tuple[FoldMaterial, ...]
    predictions: tuple[PredictionRow, ...]
    metrics: Metrics
    card: RiskModelCard
    hashes: Mapping[str, str]

    @property
    def unit(self) -> TimeUnit:
        """The unit in which the report shows times."""
        return TimeUnit(float(self.cohort.time_days.max()))

    @property
    def patients(self) -> tuple[PredictionRow, ...]:
        """The out-of-fold predictions of patients."""
        return tuple(row for row in self.predictions if not row.slide_id)


def read_finished(run: RunFolder) -> RunMaterial:
    """Read a finished run.

    Raises
    ------
    RunError
        When the folder is no run, is not finished, was made by a newer version, or a file of it is missing or damaged.
    CohortError, ModelError
        When its table, its folds or its model card cannot be read.
    """
    record = run.read_run()
    _refuse_unfinished(run)
    cohort = read_exported(run.cohort, name=record.cohort, endpoint=record.endpoint)
    folds = import_folds(run.folds, cohort).accept(cohort)
    tables = (run.cohort, run.folds, run.predictions, run.metrics)
    return RunMaterial(
        run=run,
        record=record,
        config=_config(run, record),
        environment=read_json(run.environment, RunError, hint=_RESUME),
        cohort=cohort,
        cohort_report=read_json(run.cohort_report, RunError, hint=_RESUME),
        folds=folds,
        fold_parts=tuple(fold_counts(folds, cohort)),
        fold_material=tuple(_fold(run.fold(number), number) for number in range(record.folds)),
        predictions=tuple(read_predictions(run.predictions)),
        metrics=read_metrics(run, folds=record.folds),
        card=read_card(run.model),
        hashes={path.name: sha256_of_file(path) for path in tables},
    )


def _refuse_unfinished(run: RunFolder) -> None:
    status = read_status(run.status)
    state = real_state(status)
    if state != State.DONE:
        # the reason of a failure may name a slide: it stays in the status
        raise RunError(f"{run.name} {_WHY_NOT[state]}, so there is no report of it yet.", hint=status.hint or _RESUME)


def _config(run: RunFolder, record: RunRecord) -> TrainingConfig:
    try:
        return TrainingConfig.from_record(dict(record.config))
    except OptionError as error:
        raise RunError(
            f"The settings of {run.name} are not those of this version: {error.message}",
            hint="Write the report with the version of E2E-ViT Desktop that trained the run.",
        ) from error


def _fold(folder: FoldFolder, number: int) -> FoldMaterial:
    bins = read_json(folder.bins, RunError, hint=_RESUME)
    opened = read_json(folder.test_opened, RunError, hint=_RESUME)
    try:
        return FoldMaterial(
            number=number,
            inner_edges_days=tuple(float(edge) for edge in bins["inner_edges_days"]),
            training_median_risk=float(bins["training_median_risk"]),
            details=dict(bins["details"]),
            epochs=tuple(read_epochs(folder.log)),
            test_opened=str(opened["opened"]),
            model_sha256=str(opened["model_sha256"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"A file of fold {number} of {folder.path.parent.name} is damaged.", hint=_RESUME) from error
