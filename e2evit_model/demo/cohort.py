"""A cohort of painted slides: the higher the tumor's nuclear grade, the sooner the painted patient dies.

Nothing in it is of a patient. A high grade shows as large, irregular nuclei and, over the whole slide, as more hematoxylin
(hyperchromasia). Lymphocytes, eosin and layout vary at random and say nothing about survival, so that a model has to find the grade
among them; follow-up ends at random, as in a real cohort.
"""

import csv
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from e2evit_model.demo.painting import Painting, paint_slide
from e2evit_model.demo.painting_marks import Pen
from e2evit_model.files import write_whole
from e2evit_model.processes import own_or_given, run_jobs
from e2evit_model.progress import Progress, silent

STEP = "Painting a cohort"
TABLE = "clinical.csv"
SLIDES = "slides"

_WIDTH_PX, _HEIGHT_PX = 1600, 1200
_MEDIAN_DAYS = 1100.0  # of a patient with a grade in the middle
_LOG_HAZARD_RANGE = 5.0  # between the lowest and the highest grade: strong, so that 40 patients suffice
_FOLLOW_UP_DAYS = (500.0, 3500.0)


@dataclass(frozen=True, kw_only=True)
class PaintedPatient:
    """One patient of the painted cohort; ``grade`` is the truth that no table tells."""

    patient_id: str
    painting: Painting
    grade: float
    time_days: float
    event: bool

    @property
    def slide_id(self) -> str:
        """The name of the slide's file, without suffix."""
        return f"{self.patient_id}-HE"


def painted_patients(count: int = 40, *, seed: int = 11) -> list[PaintedPatient]:
    """Draw patients: grade, stain, layout, and a survival time that hangs on the grade alone."""
    random = np.random.default_rng(seed)
    patients = []
    for number in range(count):
        grade = float(random.uniform())
        hazard = np.log(2) / _MEDIAN_DAYS * np.exp(_LOG_HAZARD_RANGE * (grade - 0.5))
        death, follow_up = random.exponential(1 / hazard), random.uniform(*_FOLLOW_UP_DAYS)
        painting = Painting(
            width_px=_WIDTH_PX,
            height_px=_HEIGHT_PX,
            seed=seed * 10_000 + number,
            nuclear_grade=grade,
            lymphocytes=float(random.uniform(0.3, 0.7)),
            hematoxylin=float(0.8 + 0.4 * grade + random.normal(0, 0.03)),
            eosin=float(random.normal(1, 0.03)),
            pen=Pen.NONE,
            dust=bool(random.integers(2)),
        )
        patients.append(
            PaintedPatient(
                patient_id=f"PAINTED-{number:03d}",
                painting=painting,
                grade=grade,
                time_days=float(np.ceil(min(death, follow_up))),
                event=bool(death <= follow_up),
            )
        )
    return patients


@dataclass(frozen=True)
class _Job:
    path: Path
    painting: Painting


def _paint(job: _Job) -> None:
    paint_slide(job.path, job.painting)


def _nothing(job: _Job, result: None) -> None:
    """Hear that a slide is painted: the file says it."""


def paint_cohort(
    folder: Path,
    patients: list[PaintedPatient],
    *,
    workers: int = 2,
    progress: Progress = silent,
    executor: Executor | None = None,
) -> tuple[Path, Path]:
    """Paint one slide a patient and write the clinical table, in the form that Patho-Bench uses; slides that are there stay.

    Returns
    -------
    tuple
        The table and the folder of slides.

    Raises
    ------
    OutputError
        When something cannot be written.
    """
    table, slides = folder / TABLE, folder / SLIDES
    with write_whole(table) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["case_id", "slide_id", "OS_days", "OS_event"])
        writer.writerows([p.patient_id, p.slide_id, f"{p.time_days:.0f}", int(p.event)] for p in patients)
    slides.mkdir(exist_ok=True)
    jobs = [
        _Job(path, patient.painting)
        for patient in patients
        if not (path := slides / f"{patient.slide_id}.tiff").is_file()
    ]
    there = len(patients) - len(jobs)
    if jobs:
        with own_or_given(executor, min(workers, len(jobs))) as pool:
            run_jobs(
                pool,
                _paint,
                jobs,
                heard=_nothing,
                tick=lambda done: progress(STEP, there + done, len(patients)),
            )
    progress(STEP, len(patients), len(patients))
    return table, slides
