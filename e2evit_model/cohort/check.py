"""The one call of window and command line: a table and a folder to a cohort, with the flow and every problem and warning."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from e2evit_model.cohort.cohort import Cohort, CohortSlide
from e2evit_model.cohort.flow import Flow, FlowStep
from e2evit_model.cohort.mapping import ColumnMapping
from e2evit_model.cohort.matching import Matching, match_slides
from e2evit_model.cohort.patients import PatientReading, PatientRow, read_patients
from e2evit_model.cohort.problem import Problem, in_order, refuse
from e2evit_model.cohort.proposal import Proposal, propose_mapping
from e2evit_model.cohort.slide_files import find_slides
from e2evit_model.cohort.slide_table import SlideTableMapping, read_slide_table
from e2evit_model.cohort.table import Table, read_table
from e2evit_model.cohort.warnings import NOBODY_LEFT, cohort_warnings, comma_warnings


@dataclass(frozen=True, kw_only=True)
class CohortCheck:
    """What a table and a folder give; ``cohort`` holds what can be used, also while ``problems`` stop the import."""

    table: Table
    proposal: Proposal
    mapping: ColumnMapping
    cohort: Cohort
    flow: Flow
    matching: Matching | None
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing stops the import."""
        return not self.problems

    def accept(self) -> Cohort:
        """Return the cohort.

        Raises
        ------
        CohortError
            When there are problems; the first five are told.
        """
        refuse(self.problems, self.table.name)
        return self.cohort

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values: what ``e2evit cohort check --json`` prints and a run keeps as ``cohort_report.json``."""
        times = self.cohort.time_days
        return {
            "table": self.table.name,
            "table_sha256": self.table.sha256,
            "patients": len(self.cohort),
            "events": self.cohort.events,
            "slides": len(self.cohort.slides),
            "median_time_days": float(np.median(times)) if len(times) else None,
            "endpoint": self.mapping.endpoint,
            "endpoints": list(self.proposal.endpoints),
            "convention": self.proposal.convention or None,
            "mapping": self.mapping.to_record(),
            "reasons": dict(self.proposal.reasons),
            "flow": self.flow.to_record(),
            "problems": [problem.to_record() for problem in self.problems],
            "warnings": list(self.warnings),
            "matching": _matching_record(self.matching),
        }


def _matching_record(matching: Matching | None) -> dict[str, Any] | None:
    if matching is None:
        return None
    return {
        "matched": len(matching.matches),
        "by": dict(Counter(match.by.value for match in matching.matches)),
        "examples": [[m.slide_id, m.path.name] for m in matching.matches[:3]],
        "slides_without_file": list(matching.slides_without_file),
        "files_without_row": list(matching.files_without_row),
    }


def check_cohort(
    table: Path,
    slides_folder: Path | None = None,
    mapping: Mapping[str, Any] | None = None,
    *,
    endpoint: str | None = None,
    slide_table: Path | None = None,
    slide_mapping: SlideTableMapping | None = None,
) -> CohortCheck:
    """Read a table, propose what its columns mean, match it with a folder of slides, and say all that stands against it.

    Parameters
    ----------
    table
        The clinical table, or the table of slides with clinical columns.
    slides_folder
        Where the slides are, nested folders included; ``None`` checks the table alone.
    mapping
        What the user says of the columns (fields of :class:`ColumnMapping`); the rest is proposed.
    endpoint
        Which endpoint, where the table has several ("DSS").
    slide_table
        A second table that says which slide belongs to which patient.
    slide_mapping
        Which columns of it; proposed when missing.

    Raises
    ------
    CohortError
        When a file is no table, or something is named that is not there. Faults inside the table are ``problems``.
    """
    content = read_table(table)
    proposal = propose_mapping(content, endpoint=endpoint, given=mapping)
    chosen = proposal.mapping
    problems, warnings = list(proposal.problems), [*content.notes, *proposal.warnings]
    # problems of the columns leave nothing that could be read row by row
    reading = PatientReading(problems=list(content.problems)) if problems else read_patients(content, chosen)
    problems += reading.problems
    warnings += [] if proposal.problems else comma_warnings(content, chosen)
    if slide_table is not None:
        reading.slides, told = read_slide_table(slide_table, slide_mapping, known=set(reading.patients))
        problems += told.problems
        warnings += told.warnings
    matching = None
    if slides_folder is not None and reading.patients:
        files = find_slides(slides_folder)
        matching = match_slides(reading.slides, list(reading.patients), files, pattern=chosen.slide_pattern)
        problems += matching.problems
        if not matching.matches:
            problems.append(Problem(message=_nothing_matches(len(files))))
    cohort, flow = _build(content, chosen, reading, matching, with_slide_table=slide_table is not None)
    if reading.patients:
        told = cohort_warnings(cohort, reading, matching, flow)
        problems += told.problems
        warnings += told.warnings
    elif not problems:
        problems.append(Problem(message=NOBODY_LEFT))
    return CohortCheck(
        table=content,
        proposal=proposal,
        mapping=chosen,
        cohort=cohort,
        flow=flow,
        matching=matching,
        problems=in_order(problems),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _nothing_matches(files: int) -> str:
    if files == 0:
        return "The folder holds no slide."
    return f"None of the {files} slides in the folder belongs to a row of the table. Give a pattern for their names."


def _build(
    table: Table, mapping: ColumnMapping, reading: PatientReading, matching: Matching | None, *, with_slide_table: bool
) -> tuple[Cohort, Flow]:
    slides = _slides(reading, matching)
    with_slides = {slide.patient_id for slide in slides}
    knows_slides = matching is not None or mapping.slide is not None or with_slide_table
    reasons: dict[str, str] = {}
    for patient_id, patient in reading.patients.items():
        reason = _unusable(patient)
        if reason is None and knows_slides and patient_id not in with_slides:
            reason = "without a slide"
        if reason is not None:
            reasons[patient_id] = reason
    used = [patient for patient_id, patient in reading.patients.items() if patient_id not in reasons]
    return _cohort(table, mapping, used, slides), _flow(table, reading, reasons, knows_slides=knows_slides)


def _slides(reading: PatientReading, matching: Matching | None) -> list[CohortSlide]:
    if matching is not None:
        return [CohortSlide(slide_id=m.slide_id, patient_id=m.patient_id, path=m.path) for m in matching.matches]
    return [CohortSlide(slide_id=slide, patient_id=patient) for slide, patient in reading.slides.items()]


def _unusable(patient: PatientRow) -> str | None:
    if patient.excluded:
        return "left out by the user"
    if patient.faulty:
        return "with a problem"
    if patient.event is None:
        return "without an event or vital status"
    if patient.time_days is None:
        return "with the event, but without its day" if patient.event else "without a time"
    return None


def _cohort(table: Table, mapping: ColumnMapping, used: list[PatientRow], slides: list[CohortSlide]) -> Cohort:
    ids = tuple(patient.patient_id for patient in used)
    kept = set(ids)
    covariates = pd.DataFrame(
        [[patient.covariates.get(column, "") for column in mapping.covariates] for patient in used],
        index=pd.Index(ids, name="patient_id", dtype=object),
        columns=list(mapping.covariates),
    )
    return Cohort(
        name=Path(table.name).stem,
        endpoint=mapping.endpoint,
        patient_ids=ids,
        time_days=np.array([patient.time_days for patient in used], dtype=np.float64),
        event=np.array([patient.event for patient in used], dtype=np.bool_),
        slides=tuple(slide for slide in slides if slide.patient_id in kept),
        covariates=covariates,
        groups=tuple(patient.group for patient in used) if mapping.group is not None else (),
    )


NOT_LIKE_HEADER = "that do not fit the header"
STEPS = ("In the table", "Patients", "With time and event", "With slides", "Used")
LEFT_OUT_AT = {
    "with a problem": 0,
    "without an event or vital status": 0,
    "with the event, but without its day": 0,
    "without a time": 0,
    "without a slide": 1,
    "left out by the user": 2,
}


def _flow(table: Table, reading: PatientReading, reasons: Mapping[str, str], *, knows_slides: bool) -> Flow:
    counts = Counter(reasons.values())
    rows_lost = dict(reading.dropped)
    if table.problems:
        rows_lost[NOT_LIKE_HEADER] = len(table.problems)
    steps = [
        FlowStep(name=STEPS[0], count=len(table) + len(table.problems), unit="rows", left_out={}),
        FlowStep(name=STEPS[1], count=len(reading.patients), unit="patients", left_out=rows_lost),
    ]
    for index, name in enumerate(STEPS[2:]):
        if index == 1 and not knows_slides:
            continue
        lost = {reason: count for reason, count in counts.items() if LEFT_OUT_AT[reason] == index}
        left = steps[-1].count - sum(lost.values())
        steps.append(FlowStep(name=name, count=left, unit="patients", left_out=lost))
    return Flow(steps=tuple(steps))
