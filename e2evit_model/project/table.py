"""The results of a project as a table, for the clipboard and for a file."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from e2evit_model.files import write_whole
from e2evit_model.project.entries import ResultEntry, SlideEntry
from e2evit_model.spreadsheet import safe_cell

COLUMNS = (
    *("slide", "fingerprint", "model", "model_key", "risk", "percentile", "group", "tiles", "tissue_mm2", "mpp"),
    *("seconds", "created"),
)

Row = tuple[SlideEntry, ResultEntry | None]


def result_cells(row: Row) -> list[str]:
    """Return the cells of a slide and its result, in the order of :data:`COLUMNS`; what is not known is empty."""
    slide, result = row
    first = [safe_cell(slide.name), slide.fingerprint]
    if result is None:
        return [*first, *[""] * 7, _number(slide.mpp), "", ""]
    return [
        *first,
        safe_cell(result.model),
        result.model_key,
        _number(result.risk),
        _number(result.percentile),
        result.group or "",
        str(result.tiles),
        _number(result.tissue_mm2),
        _number(slide.mpp),
        f"{result.seconds:.3f}",
        result.created,
    ]


def results_text(rows: Sequence[Row], *, delimiter: str) -> str:
    """Return a table with its header: separated by tabs for the clipboard, by commas for a file."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(result_cells(row) for row in rows)
    return text.getvalue()


def write_results_table(path: Path, rows: Sequence[Row]) -> None:
    """Write the table as CSV, whole or not at all.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    with write_whole(path) as temporary:
        temporary.write_text(results_text(rows, delimiter=","), encoding="utf-8")


def _number(value: float | None) -> str:
    return "" if value is None else repr(float(value))
