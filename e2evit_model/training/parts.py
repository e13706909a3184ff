"""What a fold may learn from, and its test part, which stays closed until there is nothing left to choose."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.folds import Folds, Part
from e2evit_model.errors import TrainingError
from e2evit_model.runs.records import read_json, write_json
from e2evit_model.training.strips import AnyStrip, Strips

log = logging.getLogger(__name__)

_SEAL = object()


@dataclass(frozen=True)
class OnlyTheseStrips:
    """The strips of some slides; all others cannot be had through it."""

    strips: Strips
    slide_ids: frozenset[str]

    def load(self, slide_id: str) -> AnyStrip:
        """Load one strip of these.

        Raises
        ------
        TrainingError
            When the slide is not one of these.
        """
        if slide_id not in self.slide_ids:
            raise TrainingError(
                f'The slide "{slide_id}" does not belong to this part of the cohort.',
                hint="This is a fault of the program; please report it.",
            )
        return self.strips.load(slide_id)


@dataclass(frozen=True, kw_only=True)
class LearningPart:
    """Everything that training one fold can reach: training and validation patients (``both`` together) and their strips."""

    fold: int
    train: Cohort
    val: Cohort
    both: Cohort
    strips: OnlyTheseStrips


class FinalModel:
    """Proof that a fold's training has ended: only :func:`declare_final` makes one.

    ``sha256`` is of the weights that were chosen.
    """

    def __init__(self, seal: object, fold: int, sha256: str) -> None:
        if seal is not _SEAL:
            raise TrainingError("A model is declared final by declare_final alone.")
        self.fold = fold
        self.sha256 = sha256


def declare_final(fold: int, sha256: str) -> FinalModel:
    """Say that the weights of a fold are chosen and nothing will change them."""
    return FinalModel(_SEAL, fold, sha256)


class SealedTest:
    """The test part of one fold. It opens for a final model only, and the record says when, and for which weights.

    ``record`` is the file that holds the record. It may be opened again for the same weights (a run that was cut short while it
    wrote its predictions), never for others.
    """

    def __init__(self, fold: int, take: Callable[[], tuple[Cohort, OnlyTheseStrips]], record: Path) -> None:
        self.fold = fold
        self._take = take
        self._record = record

    def open(self, final: FinalModel) -> tuple[Cohort, OnlyTheseStrips]:
        """Open the test part.

        Raises
        ------
        TrainingError
            When the model is of another fold, or the part was opened for other weights before.
        OutputError
            When the record cannot be written.
        """
        if final.fold != self.fold:
            raise TrainingError(f"A model of fold {final.fold} cannot be tested on the test part of fold {self.fold}.")
        before = self.opened()
        if before is None:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            write_json(self._record, {"fold": self.fold, "opened": now, "model_sha256": final.sha256})
            log.info("the test part of fold %d is opened", self.fold)
        elif before.get("model_sha256") != final.sha256:
            raise TrainingError(
                f"The test part of fold {self.fold} was opened before, for a model with other weights.",
                hint="Start a new run: a test part that was seen once cannot be used to judge another model.",
            )
        return self._take()

    def opened(self) -> Mapping[str, Any] | None:
        """Return the record of the opening, ``None`` while the part is closed."""
        if not self._record.is_file():
            return None
        return read_json(self._record, TrainingError, hint="Start a new run.")


def split(cohort: Cohort, folds: Folds, fold: int, strips: Strips, record: Path) -> tuple[LearningPart, SealedTest]:
    """Split a cohort into what a fold learns from and its closed test part.

    Raises
    ------
    TrainingError
        When the fold has no validation part, where early stopping would have nothing to look at.
    """
    train = cohort.subset(folds.patients(fold, Part.TRAIN))
    val = cohort.subset(folds.patients(fold, Part.VAL))
    if len(val) == 0:
        raise TrainingError(
            f"Fold {fold} has no validation part.",
            hint="Let the folds be made with one, or hold back a part of each training part for it.",
        )
    test_ids = folds.patients(fold, Part.TEST)
    known = {*train.patient_ids, *val.patient_ids}
    both = cohort.subset([patient for patient in cohort.patient_ids if patient in known])
    reachable = frozenset(slide.slide_id for slide in both.slides)

    def take() -> tuple[Cohort, OnlyTheseStrips]:
        test = cohort.subset(test_ids)
        return test, OnlyTheseStrips(strips, frozenset(slide.slide_id for slide in test.slides))

    learning = LearningPart(fold=fold, train=train, val=val, both=both, strips=OnlyTheseStrips(strips, reachable))
    return learning, SealedTest(fold, take, record)
