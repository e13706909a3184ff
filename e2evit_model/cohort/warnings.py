"""What should make a user look twice at a cohort, and what stops it as a whole."""

import re

import numpy as np

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.flow import Flow
from e2evit_model.cohort.mapping import ColumnMapping
from e2evit_model.cohort.matching import Matching
from e2evit_model.cohort.patients import PatientReading
from e2evit_model.cohort.problem import Problem
from e2evit_model.cohort.slide_table import Told
from e2evit_model.cohort.table import Table

FEWEST_EVENTS = 10
"""Five folds of two events each."""
NOBODY_LEFT = "No patient is left that could be used."
_LONGEST_YEARS = 60
_MAY_BE_THOUSANDS = re.compile(r"\d{1,3},\d{3}")


def cohort_warnings(cohort: Cohort, reading: PatientReading, matching: Matching | None, flow: Flow) -> Told:
    """Say what is odd in a cohort, with counts, and what stops it as a whole."""
    told = Told(problems=_stops(cohort), warnings=[*_dropped(reading, flow), *_slide_warnings(matching)])
    if len(cohort):
        told.warnings += [*_event_warnings(cohort), *_time_warnings(cohort)]
    return told


def comma_warnings(table: Table, mapping: ColumnMapping) -> list[str]:
    """Say where a comma that is read as a decimal comma may part thousands instead."""
    warnings = []
    for column in (mapping.time, mapping.death_time, mapping.follow_up_time):
        cells = [cell for cell in table.column(column) if "," in cell] if column is not None else []
        if cells and all(_MAY_BE_THOUSANDS.fullmatch(cell) for cell in cells):
            warnings.append(
                f'"{column}" has commas before three digits ({cells[0]}): they are read as decimal commas. '
                "If they part thousands, save the table without them."
            )
    return warnings


def _stops(cohort: Cohort) -> list[Problem]:
    if not len(cohort):
        return [Problem(message=NOBODY_LEFT)]
    if cohort.events == 0:
        return [Problem(message="All patients are censored: without an event there is nothing to learn.")]
    if cohort.events == len(cohort):
        return [
            Problem(
                message="All patients have the event: check which column tells the event, and which value means it."
            )
        ]
    if cohort.events == 1:
        return [Problem(message="Only 1 patient has the event: at least 2 in every fold are needed.")]
    return []


def _dropped(reading: PatientReading, flow: Flow) -> list[str]:
    warnings = []
    if reading.unnamed:
        warnings.append(f"{_rows(reading.unnamed)} without a patient: each slide stands for a patient of its own.")
    for step in flow.steps:
        what = _rows if step.name == "Patients" else _patients
        warnings += [f"{what(count)} {reason}: left out." for reason, count in step.left_out.items()]
    return warnings


def _slide_warnings(matching: Matching | None) -> list[str]:
    if matching is None:
        return []
    warnings = []
    if matching.slides_without_file:
        warnings.append(f"{len(matching.slides_without_file)} slides of the table have no file in the folder.")
    if matching.files_without_row:
        warnings.append(f"{len(matching.files_without_row)} slides in the folder have no row in the table.")
    return warnings


def _event_warnings(cohort: Cohort) -> list[str]:
    rate = cohort.events / len(cohort)
    warnings = []
    if 1 < cohort.events < FEWEST_EVENTS:
        warnings.append(f"Only {cohort.events} patients have the event: five folds need at least {FEWEST_EVENTS}.")
    if rate < 0.1 or rate > 0.9:
        warnings.append(f"{100 * rate:.0f} % of the patients have the event: check which value means it.")
    return warnings


def _time_warnings(cohort: Cohort) -> list[str]:
    warnings = []
    at_zero = int(np.sum(cohort.time_days == 0))
    if at_zero:
        warnings.append(f"{_patients(at_zero)} with a time of 0.")
    tied = 1 - len(np.unique(cohort.time_days)) / len(cohort)
    if tied > 0.5:
        warnings.append(
            f"Many times are equal: {len(cohort)} patients have {len(np.unique(cohort.time_days))} different ones."
        )
    longest = float(cohort.time_days.max()) / 365.25
    if longest > _LONGEST_YEARS:
        warnings.append(f"The longest time is {longest:.0f} years: check the unit.")
    return warnings


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _patients(count: int) -> str:
    return "1 patient" if count == 1 else f"{count} patients"
