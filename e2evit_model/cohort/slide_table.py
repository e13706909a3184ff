"""A second table, which says what slide belongs to which patient."""

from dataclasses import dataclass, field
from pathlib import Path

from e2evit_model.cohort.conventions import PATIENT_NAMES, SLIDE_NAMES, first_of, normalised
from e2evit_model.cohort.problem import Problem
from e2evit_model.cohort.table import read_table
from e2evit_model.cohort.values import is_missing
from e2evit_model.errors import CohortError


@dataclass(frozen=True, kw_only=True)
class SlideTableMapping:
    """The two columns of a slide table that matter."""

    patient: str
    slide: str


@dataclass(kw_only=True)
class Told:
    """What a step of the import has to say."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_slide_table(path: Path, mapping: SlideTableMapping | None, *, known: set[str]) -> tuple[dict[str, str], Told]:
    """Read which slide belongs to which patient; ``known`` are the patients of the clinical table.

    Returns
    -------
    tuple
        Slide to patient, for known patients, and what is to be said.

    Raises
    ------
    CohortError
        When the file is no table, or has no column for patient and slide.
    """
    table = read_table(path)
    if mapping is None:
        names = {normalised(column): column for column in reversed(table.columns)}
        patient, slide = first_of(names, PATIENT_NAMES), first_of(names, SLIDE_NAMES)
        if patient is None or slide is None:
            raise CohortError(
                f"{table.name} has no column for the patient and the slide.", hint="Choose the two columns by hand."
            )
        mapping = SlideTableMapping(patient=patient, slide=slide)
    told, slides, strangers, empty = Told(problems=list(table.problems)), dict[str, str](), set[str](), 0
    cells = zip(table.lines, table.column(mapping.patient), table.column(mapping.slide), strict=True)
    for line, patient, slide in cells:
        if is_missing(patient) or is_missing(slide):
            empty += 1
        elif patient not in known:
            strangers.add(patient)
        elif slides.setdefault(slide, patient) != patient:
            message = f"In {table.name}: the slide belongs to another patient already."
            told.problems.append(Problem(line=line, column=mapping.slide, message=message))
    if empty:
        told.warnings.append(f"{table.name}: {empty} rows without patient or slide are left out.")
    if strangers:
        told.warnings.append(
            f"{table.name}: {len(strangers)} patients are not in the clinical table; their slides are left out."
        )
    return slides, told
