"""Folds: which patient is trained on, validated on and tested on, in each of K rounds."""

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.problem import Problem, in_order, refuse
from e2evit_model.cohort.slide_table import Told

FEWEST_EVENTS_IN_A_PART = 2


class Part(StrEnum):
    """What a patient is for in one round. The test part is used once, at the end."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


@dataclass(frozen=True, kw_only=True)
class Folds:
    """K rounds over n patients: ``parts[k]`` gives the part of each patient that takes part in round k."""

    parts: tuple[Mapping[str, Part], ...]

    def __len__(self) -> int:
        return len(self.parts)

    def patients(self, fold: int, part: Part) -> tuple[str, ...]:
        """Return the patients of one part of one round, in order."""
        return tuple(patient for patient, own in self.parts[fold].items() if own == part)

    @property
    def patient_ids(self) -> tuple[str, ...]:
        """All patients, each once, in order of first mention."""
        return tuple(dict.fromkeys(itertools.chain.from_iterable(self.parts)))

    @property
    def has_validation(self) -> bool:
        """Whether every round has a validation part."""
        return all(Part.VAL in fold.values() for fold in self.parts)

    def restricted(self, cohort: Cohort) -> Self:
        """Return the folds of the patients that are in the cohort, in its order."""
        known = cohort.patient_ids
        return type(self)(parts=tuple({p: fold[p] for p in known if p in fold} for fold in self.parts))


def fold_counts(folds: Folds, cohort: Cohort) -> list[dict[str, Any]]:
    """Count patients, slides and events in each part of each round: one record a part."""
    event = dict(zip(cohort.patient_ids, cohort.event, strict=True))
    slides = Counter(slide.patient_id for slide in cohort.slides)
    records = []
    for fold, part in itertools.product(range(len(folds)), Part):
        patients = [p for p in folds.patients(fold, part) if p in event]
        records.append(
            {
                "fold": fold,
                "part": part.value,
                "patients": len(patients),
                "slides": sum(slides[p] for p in patients),
                "events": int(sum(event[p] for p in patients)),
            }
        )
    return records


def check_folds(folds: Folds, cohort: Cohort) -> Told:
    """Say what stops these folds from being used with a cohort (problems), and what is odd about them (warnings)."""
    told = Told()
    for record in fold_counts(folds, cohort):
        where = f"Fold {record['fold']} has {_events(record['events'])} in its {record['part']} part"
        if record["part"] == Part.VAL:
            if record["events"] < FEWEST_EVENTS_IN_A_PART and record["patients"]:
                told.warnings.append(f"{where}: early stopping can hardly tell epochs apart.")
        elif record["events"] < FEWEST_EVENTS_IN_A_PART:
            told.problems.append(Problem(message=f"{where}: at least {FEWEST_EVENTS_IN_A_PART} are needed."))
    known, tested = set(cohort.patient_ids), Counter[str]()
    for fold in range(len(folds)):
        tested.update(folds.patients(fold, Part.TEST))
    several = sum(count > 1 for patient, count in tested.items() if patient in known)
    if several:
        told.problems.append(Problem(message=f"{_patients(several)} in the test part of more than one fold."))
    never = sum(patient not in tested for patient in known)
    strangers = sum(patient not in known for patient in folds.patient_ids)
    told.warnings += [f"{_patients(never)} in no test part: no out-of-fold risk for them."] if never else []
    told.warnings += [f"{_patients(strangers)} in the folds, but not in the cohort: left out."] if strangers else []
    told.problems = list(in_order(told.problems))
    return told


def accept_folds(folds: Folds, cohort: Cohort) -> Folds:
    """Return the folds of the cohort's patients, or stop.

    Raises
    ------
    CohortError
        When :func:`check_folds` finds problems; the first five are told.
    """
    refuse(tuple(check_folds(folds, cohort).problems), "The set of folds")
    return folds.restricted(cohort)


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"


def _patients(count: int) -> str:
    return "1 patient is" if count == 1 else f"{count} patients are"
