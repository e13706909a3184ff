"""Folds as files: our own ``folds.csv``, tables with ``fold_k`` columns, and lists in ``train,val[,test]`` columns."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.conventions import PATIENT_NAMES, SLIDE_NAMES, first_of, normalised
from e2evit_model.cohort.folds import Folds, Part, check_folds
from e2evit_model.cohort.problem import Problem, in_order, refuse
from e2evit_model.cohort.slide_files import stem_of
from e2evit_model.cohort.table import Table, read_table
from e2evit_model.cohort.values import is_missing, natural_key
from e2evit_model.errors import CohortError
from e2evit_model.files import write_whole
from e2evit_model.spreadsheet import plain_cell, safe_cell

_FOLD_COLUMN = re.compile(r"(fold|split)_?\d+", re.IGNORECASE)
_PART_WORDS = {
    "train": Part.TRAIN,
    "training": Part.TRAIN,
    "val": Part.VAL,
    "valid": Part.VAL,
    "validation": Part.VAL,
    "dev": Part.VAL,
    "test": Part.TEST,
    "testing": Part.TEST,
}


@dataclass(frozen=True, kw_only=True)
class FoldImport:
    """Folds from a file, what stops them, and what is odd about them."""

    folds: Folds
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]

    def accept(self, cohort: Cohort) -> Folds:
        """Return the folds of the cohort's patients.

        Raises
        ------
        CohortError
            When there are problems; the first five are told.
        """
        refuse(self.problems, "The set of folds")
        return self.folds.restricted(cohort)


def write_folds(folds: Folds, path: Path) -> None:
    """Write ``folds.csv``: patient_id, fold_0 ..., each train, val, test or empty.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with write_whole(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["patient_id", *(f"fold_{index}" for index in range(len(folds)))])
        for patient in folds.patient_ids:
            writer.writerow([safe_cell(patient), *(fold.get(patient, "") for fold in folds.parts)])


def import_folds(paths: Path | Sequence[Path], cohort: Cohort) -> FoldImport:
    """Read folds from one table with ``fold_k`` columns, or from one table of ``train,val[,test]`` lists a fold.

    Lists may name patients or slides. Where there is no test part, the validation part is the test part, and said.

    Raises
    ------
    CohortError
        When a file is no table, or holds no folds. Faults inside are ``problems``.
    """
    tables = [read_table(path) for path in ([paths] if isinstance(paths, Path) else paths)]
    reader = _Reader(cohort)
    if len(tables) == 1 and (columns := _fold_columns(tables[0])):
        parts = reader.columns(tables[0], columns)
    else:
        parts = [reader.lists(table) for table in sorted(tables, key=lambda table: natural_key(table.name))]
    warnings = []
    if not any(Part.TEST in fold.values() for fold in parts):
        parts = [{p: Part.TEST if part == Part.VAL else part for p, part in fold.items()} for fold in parts]
        warnings.append("The folds have no test part: their validation part is tested on.")
    folds = Folds(parts=tuple(parts))
    if not folds.has_validation:
        warnings.append("The folds have no validation part: it is taken from the training part.")
    told = check_folds(folds, cohort)
    return FoldImport(
        folds=folds,
        problems=in_order([*reader.problems, *told.problems]),
        warnings=(*warnings, *told.warnings),
    )


def _fold_columns(table: Table) -> list[str]:
    return sorted((c for c in table.columns if _FOLD_COLUMN.fullmatch(c)), key=natural_key)


class _Reader:
    """Turns names of patients or slides into patients, and keeps what does not fit."""

    def __init__(self, cohort: Cohort) -> None:
        self._patient_of = {stem_of(slide.slide_id): slide.patient_id for slide in cohort.slides}
        self._patient_of |= {patient: patient for patient in cohort.patient_ids}
        self.problems: list[Problem] = []

    def columns(self, table: Table, columns: Sequence[str]) -> list[dict[str, Part]]:
        names = {normalised(column): column for column in reversed(table.columns)}
        by_patient, by_slide = first_of(names, PATIENT_NAMES), first_of(names, SLIDE_NAMES)
        key = by_patient or by_slide
        if key is None:
            raise CohortError(f"{table.name} has no column for the patient.", hint="Name it patient_id.")
        slides = table.column(by_slide) if by_slide else table.column(key)
        who = [s if is_missing(p) else p for p, s in zip(table.column(key), slides, strict=True)]
        folds: list[dict[str, Part]] = []
        for column in columns:
            fold: dict[str, Part] = {}
            for line, name, cell in zip(table.lines, who, table.column(column), strict=True):
                if not is_missing(cell) and not is_missing(name):
                    self._note(fold, name, cell, Problem(line=line, column=column, message=""))
            folds.append(fold)
        return folds

    def lists(self, table: Table) -> dict[str, Part]:
        columns = {c: part for c in table.columns if (part := _PART_WORDS.get(normalised(c))) is not None}
        if Part.TRAIN not in columns.values() or len(columns) < 2:
            raise CohortError(
                f"{table.name} holds no folds.",
                hint="Folds are columns fold_0, fold_1 ... beside a patient, or lists in columns train, val and test.",
            )
        fold: dict[str, Part] = {}
        for column in columns:
            for line, name in zip(table.lines, table.column(column), strict=True):
                if not is_missing(name):
                    self._note(fold, name, column, Problem(line=line, column=column, message=""))
        return fold

    def _note(self, fold: dict[str, Part], name: str, cell: str, place: Problem) -> None:
        part = _PART_WORDS.get(cell.strip().lower())
        if part is None:
            self._fault(place, f'"{cell}" is not train, val or test.')
            return
        plain = plain_cell(name)
        patient = self._patient_of.get(plain) or self._patient_of.get(stem_of(plain), plain)
        before = fold.setdefault(patient, part)
        if before != part:
            self._fault(place, f"The patient is in two parts: {before} and {part}.")

    def _fault(self, place: Problem, message: str) -> None:
        self.problems.append(Problem(line=place.line, column=place.column, message=message))
