"""``write_report``: a finished run to one page, figures of their own, and a PDF."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from e2evit_model import __version__
from e2evit_model.files import output_folder, write_whole
from e2evit_model.progress import Progress, silent
from e2evit_model.report.run_by_fold import by_fold
from e2evit_model.report.run_canvas import svg_of
from e2evit_model.report.run_cohort import cohort, folds, learning
from e2evit_model.report.run_document import Document
from e2evit_model.report.run_html import page_of
from e2evit_model.report.run_material import RunMaterial, read_finished
from e2evit_model.report.run_methods import limits, methods
from e2evit_model.report.run_pdf import write_pdf
from e2evit_model.report.run_results import calibrated, clinical, groups, in_short
from e2evit_model.report.run_tripod import tripod
from e2evit_model.runs.run_folder import RunFolder

log = logging.getLogger(__name__)

STEP = "Writing the report"
BANNER = "Research use only: not a medical device, not for the care of patients."
_SECTIONS = (in_short, cohort, groups, by_fold, calibrated, clinical, limits, folds, learning, methods, tripod)


def write_report(run_folder: Path, *, progress: Progress = silent) -> Path:
    """Write ``report.html`` of a finished run, its figures as SVG files, and ``report.pdf``; return the page's path.

    The page is written last, and every file whole: where it stands, the others are complete.

    Raises
    ------
    RunError
        When the folder is no run, the run is not finished or of a newer version, or a file of it is missing or damaged.
    CohortError, ModelError
        When its table, its folds or its model card cannot be read.
    OutputError
        When the report cannot be written.
    Cancelled
        When ``progress`` raises it.
    """
    run = RunFolder(Path(run_folder))
    progress(STEP, 0, 0)
    document = document_of(read_finished(run))
    pictures = document.pictures
    total = len(pictures) + 2
    output_folder(run.figures)
    drawn: dict[str, str] = {}
    for done, picture in enumerate(pictures):
        progress(STEP, done, total)
        drawn[picture.name] = svg_of(picture.draw, picture.width_in, picture.height_in)
        _write_text(run.figures / f"{picture.name}.svg", drawn[picture.name])
    progress(STEP, total - 2, total)
    write_pdf(document, run.report_pdf)
    progress(STEP, total - 1, total)
    _write_text(run.report, page_of(document, drawn))
    progress(STEP, total, total)
    log.info("the report of run %s is written", run.name)
    return run.report


def document_of(material: RunMaterial) -> Document:
    """Return the report of a run, section by section."""
    record = material.record
    facts = (
        f"Endpoint {record.endpoint}; backbone {material.card.backbone}; method {material.config.method.value}",
        f"Run {record.name}",
        f"Written on {datetime.now(UTC):%Y-%m-%d} by E2E-ViT Desktop {__version__}",
    )
    return Document(
        title=f"Survival from slides: {record.cohort}",
        facts=facts,
        banner=BANNER,
        sections=tuple(make(material) for make in _SECTIONS),
    )


def _write_text(path: Path, text: str) -> None:
    with write_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
