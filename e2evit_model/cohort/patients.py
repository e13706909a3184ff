"""Rows to patients: every row that cannot be used is named, none is dropped in silence."""

import math
from collections import Counter
from dataclasses import dataclass, field

from e2evit_model.cohort.mapping import ColumnMapping, check_columns
from e2evit_model.cohort.problem import Problem
from e2evit_model.cohort.table import Table
from e2evit_model.cohort.values import is_missing, parse_number, plain_value

WITHOUT_PATIENT = "without a patient"


@dataclass(kw_only=True)
class PatientRow:
    """One patient as the table tells it; times in days, ``None`` where it tells nothing."""

    patient_id: str
    line: int
    event: bool | None = None
    time: float | None = None
    death_time: float | None = None
    follow_up_time: float | None = None
    group: str = ""
    covariates: dict[str, str] = field(default_factory=dict)
    faulty: bool = False
    excluded: bool = False
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def time_days(self) -> float | None:
        """The time that counts: its own column, else the day of death for those who died and the last follow-up for others."""
        if self.time is not None:
            return self.time
        return self.death_time if self.event else self.follow_up_time


@dataclass(kw_only=True)
class PatientReading:
    """What the rows of a table gave.

    ``patients`` are by id, in order; ``slides`` (slide -> patient) where the table names slides. ``dropped`` counts rows without
    a patient, ``unnamed`` rows whose slide stands in for the patient.
    """

    patients: dict[str, PatientRow] = field(default_factory=dict)
    slides: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    unnamed: int = 0


def read_patients(table: Table, mapping: ColumnMapping) -> PatientReading:
    """Read all rows of a table.

    Raises
    ------
    CohortError
        When a mapped column is not there.
    """
    check_columns(table, mapping)
    reading = PatientReading(problems=list(table.problems))
    used = {role: table.columns.index(name) for role, name in mapping.columns().items()}
    for line, row in zip(table.lines, table.rows, strict=True):
        cells = {role: row[index] for role, index in used.items()}
        patient = _patient_of(reading, cells, line, mapping)
        if patient is not None and not patient.excluded:
            _read_row(reading, patient, _Cells(cells=cells, line=line, mapping=mapping))
    return reading


@dataclass(frozen=True, kw_only=True)
class _Cells:
    """The mapped cells of one row."""

    cells: dict[str, str]
    line: int
    mapping: ColumnMapping

    def said(self, role: str) -> str | None:
        cell = self.cells.get(role)
        return None if cell is None or is_missing(cell) else cell

    def problem(self, role: str, message: str) -> Problem:
        return Problem(line=self.line, column=str(getattr(self.mapping, role)), message=message)


def _patient_of(reading: PatientReading, cells: dict[str, str], line: int, mapping: ColumnMapping) -> PatientRow | None:
    named, slide = (cells.get(role, "") for role in ("patient", "slide"))
    patient = "" if is_missing(named) else named
    if not patient:
        if is_missing(slide):
            reading.dropped[WITHOUT_PATIENT] += 1
            return None
        # three slides of CPTAC's LUAD table name no case: each can only stand for itself
        patient = slide
        reading.unnamed += 1
    if not is_missing(slide):
        _note_slide(reading, slide, patient, line, mapping)
    excluded = patient in mapping.excluded  # nothing of these is read, so that a faulty patient can be left out
    return reading.patients.setdefault(patient, PatientRow(patient_id=patient, line=line, excluded=excluded))


def _note_slide(reading: PatientReading, slide: str, patient: str, line: int, mapping: ColumnMapping) -> None:
    before = reading.slides.setdefault(slide, patient)
    if before == patient:
        return
    first = reading.patients[before].line
    reading.problems.append(
        Problem(
            line=line, column=str(mapping.slide), message=f"The slide belongs to another patient from line {first} on."
        )
    )
    reading.patients[before].faulty = True


def _read_row(reading: PatientReading, patient: PatientRow, row: _Cells) -> None:
    faults = [*_read_event(patient, row), *_read_times(patient, row)]
    if faults:
        patient.faulty = True
        reading.problems += faults
    patient.group = patient.group or row.said("group") or ""
    for role in row.cells:
        if role.startswith("covariate") and (said := row.said(role)) is not None:
            column = row.mapping.covariates[int(role.split()[1]) - 1]
            patient.covariates.setdefault(column, said)


def _read_event(patient: PatientRow, row: _Cells) -> list[Problem]:
    cell = row.said("event")
    if cell is None:
        return []
    value = plain_value(cell)
    if value in row.mapping.event_values:
        event = True
    elif value in row.mapping.censored_values:
        event = False
    else:
        return [row.problem("event", f'"{cell}" is neither the event nor a censored time.')]
    if patient.event is not None and patient.event != event:
        return [row.problem("event", f"The patient has another event in line {patient.lines['event']}.")]
    patient.event = event
    patient.lines.setdefault("event", row.line)
    return []


def _read_times(patient: PatientRow, row: _Cells) -> list[Problem]:
    faults = []
    for role in _times_that_count(patient, row.mapping):
        cell = row.said(role)
        if cell is None:
            continue
        number = parse_number(cell)
        if number is None:
            faults.append(row.problem(role, f'"{cell}" is not a number.'))
        elif number < 0:
            faults.append(row.problem(role, f"The time is negative ({cell})."))
        else:
            faults += _note_time(patient, role, number * row.mapping.time_unit.days, row)
    return faults


def _times_that_count(patient: PatientRow, mapping: ColumnMapping) -> tuple[str, ...]:
    if mapping.time is not None:
        return ("time",)
    if patient.event is None:
        return ()  # a patient of unknown fate is dropped, whatever the times
    return ("death_time",) if patient.event else ("follow_up_time",)


def _note_time(patient: PatientRow, role: str, days: float, row: _Cells) -> list[Problem]:
    before: float | None = getattr(patient, role)
    if before is not None and not math.isclose(before, days, rel_tol=1e-6, abs_tol=1e-6):
        return [row.problem(role, f"The patient has another time in line {patient.lines[role]}.")]
    setattr(patient, role, days)
    patient.lines.setdefault(role, row.line)
    return []
