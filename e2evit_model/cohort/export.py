"""The clean table: one row a slide, safe to open in a spreadsheet, and read back as it was."""

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd

from e2evit_model.cohort.cohort import Cohort, CohortSlide
from e2evit_model.cohort.table import read_table
from e2evit_model.errors import CohortError
from e2evit_model.files import write_whole
from e2evit_model.spreadsheet import plain_cell, safe_cell

COLUMNS = ("patient_id", "slide_id", "time_days", "event")
GROUP_COLUMN = "group"
_AGAIN = "Make the table again from the cohort."


def export_cohort(cohort: Cohort, path: Path) -> None:
    """Write a cohort as csv: patient_id, slide_id, time_days, event, then group and clinical columns where there are some.

    A patient without slides has one row with an empty slide_id. Times are written so that they read back bit by bit.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    header = [*COLUMNS, *([GROUP_COLUMN] if cohort.groups else []), *map(str, cohort.covariates.columns)]
    slides: dict[str, list[str]] = {patient: [] for patient in cohort.patient_ids}
    for slide in cohort.slides:
        slides[slide.patient_id].append(slide.slide_id)
    with write_whole(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([safe_cell(name) for name in header])
        for index, patient in enumerate(cohort.patient_ids):
            time, event = repr(float(cohort.time_days[index])), str(int(cohort.event[index]))
            clinic = [cohort.groups[index]] if cohort.groups else []
            clinic += [str(cell) for cell in cohort.covariates.iloc[index]] if len(cohort.covariates.columns) else []
            for slide_id in slides[patient] or [""]:
                writer.writerow([safe_cell(patient), safe_cell(slide_id), time, event, *map(safe_cell, clinic)])


def read_exported(path: Path, *, name: str = "", endpoint: str = "OS") -> Cohort:
    """Read what :func:`export_cohort` wrote; slides have no path.

    Raises
    ------
    CohortError
        When the file is missing, or is not such a table.
    """
    table = read_table(path)
    if table.columns[: len(COLUMNS)] != COLUMNS or table.problems:
        raise CohortError(f"{table.name} is not the clean table of a cohort.", hint=_AGAIN)
    rows = [tuple(map(plain_cell, row)) for row in table.rows]
    first: dict[str, tuple[str, ...]] = {}
    for line, row in zip(table.lines, rows, strict=True):
        if first.setdefault(row[0], row)[2:4] != row[2:4] or not _is_label(row):
            raise CohortError(f"{table.name} is damaged in line {line}.", hint=_AGAIN)
    clinical = [plain_cell(column) for column in table.columns[len(COLUMNS) :]]
    grouped = clinical[:1] == [GROUP_COLUMN]
    start = len(COLUMNS) + grouped
    return Cohort(
        name=name or path.stem,
        endpoint=endpoint,
        patient_ids=tuple(first),
        time_days=np.array([float(row[2]) for row in first.values()]),
        event=np.array([row[3] == "1" for row in first.values()]),
        slides=tuple(CohortSlide(slide_id=row[1], patient_id=row[0]) for row in rows if row[1]),
        covariates=pd.DataFrame(
            [row[start:] for row in first.values()],
            index=pd.Index(first, name="patient_id", dtype=object),
            columns=clinical[grouped:],
        ),
        groups=tuple(row[len(COLUMNS)] for row in first.values()) if grouped else (),
    )


def _is_label(row: tuple[str, ...]) -> bool:
    try:
        time = float(row[2])
    except ValueError:
        return False
    return math.isfinite(time) and time >= 0 and row[3] in {"0", "1"}
