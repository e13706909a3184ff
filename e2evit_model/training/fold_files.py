"""What a fold leaves on disk: states to go on from, then its final model and its predictions."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.files import sha256_of_file
from e2evit_model.runs.checkpoints import load_checkpoint, save_checkpoint
from e2evit_model.runs.records import read_json, write_json
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import FoldFolder
from e2evit_model.runs.run_tables import PredictionRow, read_predictions, write_epochs, write_predictions
from e2evit_model.runs.weights import load_weights, save_weights
from e2evit_model.survival.curves import risk_groups
from e2evit_model.survival.head import CoxHead, HazardHead
from e2evit_model.training.epochs import EpochRow
from e2evit_model.training.fold import FittedFold
from e2evit_model.training.learners import Weights
from e2evit_model.training.network import BACKBONE, HEAD, part_of
from e2evit_model.training.predictions import Predictions

log = logging.getLogger(__name__)

_AGAIN = "Delete the folder of this fold and resume: the fold starts again."


class StoreOnDisk:
    """Keeps the states of a fold in its folder; every file is whole, or the one before."""

    def __init__(self, folder: FoldFolder) -> None:
        self._folder = folder

    def load_last(self) -> dict[str, Any] | None:
        """Return the newest whole state, ``None`` at the beginning."""
        found = load_checkpoint(self._folder)
        if found is not None and found.notice:
            log.warning("%s", found.notice)
        return None if found is None else found.state

    def save_last(self, state: dict[str, Any]) -> None:
        """Keep a state, and the one before it."""
        save_checkpoint(self._folder, state)

    def save_best(self, weights: Weights) -> None:
        """Keep the weights of the best epoch."""
        save_weights(self._folder.best, weights)

    def save_log(self, rows: list[EpochRow]) -> None:
        """Keep the learning curve as a table."""
        write_epochs(self._folder.log, [{**vars(row), "better": float(row.better)} for row in rows])

    def load_best(self) -> Weights:
        """Return the weights of the best epoch."""
        return load_weights(self._folder.best)

    def best_sha256(self) -> str:
        """Return the SHA-256 of the file with the best weights."""
        return sha256_of_file(self._folder.best)


@dataclass(frozen=True, kw_only=True)
class FoldResult:
    """What a finished fold gives to the run.

    ``head`` is a state of ``HazardHead`` or ``CoxHead``; ``backbone`` the fine-tuned weights, empty where the pre-trained ones are
    meant. ``rows`` are the predictions of the test part, patients before slides.
    """

    fold: int
    head: Weights
    backbone: Weights
    inner_edges_days: tuple[float, ...]
    training_median_risk: float
    details: dict[str, Any]
    rows: tuple[PredictionRow, ...]

    @property
    def patients(self) -> tuple[PredictionRow, ...]:
        """The predictions of patients."""
        return tuple(row for row in self.rows if not row.slide_id)


def write_result(folder: FoldFolder, fitted: FittedFold, test: Cohort, predicted: Predictions) -> None:
    """Write time bins, cut and baseline of a final model, then the predictions of its test part: these say that it is done.

    Raises
    ------
    OutputError
        When they cannot be written.
    """
    head = fitted.head
    record = {
        "inner_edges_days": list(fitted.bins.inner_edges_days),
        "training_median_risk": fitted.training_median_risk,
        "baseline_survival": head.baseline_survival.tolist() if isinstance(head, CoxHead) else None,
        "details": fitted.details,
    }
    write_json(folder.bins, record)
    write_predictions(folder.predictions, _rows(fitted, test, predicted))
    folder.previous.unlink(missing_ok=True)  # three times the size of a model, and of no more use


def _rows(fitted: FittedFold, test: Cohort, predicted: Predictions) -> list[PredictionRow]:
    labels = {
        patient: (float(time), bool(event))
        for patient, time, event in zip(test.patient_ids, test.time_days, test.event, strict=True)
    }

    def row(patient: str, slide: str, risk: float, survival: Sequence[float]) -> PredictionRow:
        return PredictionRow(
            patient_id=patient,
            slide_id=slide,
            fold=fitted.fold,
            risk=risk,
            survival=tuple(survival),
            time_days=labels[patient][0],
            event=labels[patient][1],
            risk_group=str(risk_groups([risk], fitted.training_median_risk)[0]),
        )

    of_patients = zip(predicted.patient_ids, predicted.risk, predicted.survival, strict=True)
    of_slides = zip(
        predicted.slide_patients, predicted.slide_ids, predicted.slide_risk, predicted.slide_survival, strict=True
    )
    rows = [row(patient, "", float(risk), curve.tolist()) for patient, risk, curve in of_patients]
    return rows + [row(patient, slide, float(risk), curve.tolist()) for patient, slide, risk, curve in of_slides]


def is_done(folder: FoldFolder) -> bool:
    """Say whether a fold has its predictions: they are written last, and whole."""
    return folder.predictions.is_file() and folder.bins.is_file()


def read_result(folder: FoldFolder, fold: int) -> FoldResult:
    """Read what :func:`write_result` wrote, with the weights.

    Raises
    ------
    RunError, ModelError
        When a file is missing or damaged.
    """
    record = read_json(folder.bins, RunError, hint=_AGAIN)
    weights = load_weights(folder.best)
    try:
        edges = tuple(float(edge) for edge in record["inner_edges_days"])
        baseline = record["baseline_survival"]
        return FoldResult(
            fold=fold,
            head=_head(part_of(weights, HEAD), edges, baseline),
            backbone=part_of(weights, BACKBONE),
            inner_edges_days=edges,
            training_median_risk=float(record["training_median_risk"]),
            details=dict(record["details"]),
            rows=tuple(read_predictions(folder.predictions)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{folder.bins.name} of {folder.path.name} is damaged.", hint=_AGAIN) from error


def _head(state: Weights, edges: tuple[float, ...], baseline: list[float] | None) -> dict[str, Tensor]:
    if baseline is None:
        width = state["weight"].shape[1]
        return dict(HazardHead(width, len(edges) + 1).state_dict() | state)
    if "coefficients" in state:
        return state
    head = CoxHead(state["weight"].shape[1], len(edges) + 1)
    head.coefficients.copy_(state["weight"][0])
    head.baseline_survival.copy_(torch.tensor(baseline))
    return head.state_dict()
