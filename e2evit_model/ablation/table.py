"""Variants side by side: C with its interval and no-signal range, and the difference to the first, as table and figure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from e2evit_model.ablation.running import Trained
from e2evit_model.files import write_whole
from e2evit_model.progress import Progress, silent
from e2evit_model.report.run_canvas import svg_of
from e2evit_model.report.run_figure_concordance import (
    WIDTH_IN,
    ConcordanceRow,
    concordance_height_in,
    concordance_row,
    draw_concordance,
)
from e2evit_model.report.run_metrics import CrossValidated, read_metrics
from e2evit_model.report.run_report import write_report
from e2evit_model.runs.ablation_folder import AblationFolder
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.runs.run_tables import PredictionRow, read_epochs, read_predictions
from e2evit_model.spreadsheet import safe_cell
from e2evit_model.survival.estimate import Estimate
from e2evit_model.survival.metrics import Labels
from e2evit_model.survival.resampling import paired_difference

_LETTER_IN, _REST_IN = 0.073, 5.2


@dataclass(frozen=True, kw_only=True)
class AblationRow:
    """One variant: its C over the folds, the difference to the first variant, how long it trained; or why there is none."""

    label: str
    values: tuple[tuple[str, str], ...]
    c: CrossValidated | None
    difference: Estimate | None
    epochs: int
    train_seconds: float
    reason: str = ""


def ablation_rows(trained: Sequence[Trained], *, folds: int) -> list[AblationRow]:
    """Read what every variant found.

    The difference to the first variant that could be trained is over the same patients, so that what is hard about a patient
    cancels: its interval is narrower than those of the two.

    Raises
    ------
    RunError
        When files of a run are damaged.
    """
    rows: list[AblationRow] = []
    first: list[PredictionRow] | None = None
    for one in trained:
        if one.run is None:
            rows.append(_failed(one))
            continue
        own = _patients(one.run)
        difference = None if first is None else _difference(first, own)
        first = own if first is None else first
        epochs = [row for fold in range(folds) if (log := one.run.fold(fold).log).is_file() for row in read_epochs(log)]
        rows.append(
            AblationRow(
                label=one.variant.label,
                values=one.variant.values,
                c=read_metrics(one.run, folds=folds).harrell_c,
                difference=difference,
                epochs=len(epochs),
                train_seconds=float(sum(float(row["seconds"] or 0) for row in epochs)),
            )
        )
    return rows


def _failed(one: Trained) -> AblationRow:
    return AblationRow(
        label=one.variant.label,
        values=one.variant.values,
        c=None,
        difference=None,
        epochs=0,
        train_seconds=0.0,
        reason=one.reason,
    )


def _patients(run: RunFolder) -> list[PredictionRow]:
    return sorted((row for row in read_predictions(run.predictions) if not row.slide_id), key=lambda r: r.patient_id)


def _difference(first: list[PredictionRow], own: list[PredictionRow]) -> Estimate | None:
    """Return C less that of the first variant; ``None`` where another patient was left out."""
    if [(row.patient_id, row.fold) for row in first] != [(row.patient_id, row.fold) for row in own]:
        return None
    labels = Labels.of([row.time_days for row in own], [row.event for row in own])
    before, after = (np.array([row.risk for row in rows]) for rows in (first, own))
    return paired_difference(labels, before, after, [row.fold for row in own])


def write_table(rows: Sequence[AblationRow], path: Path) -> None:
    """Write one row a variant.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    names = [name for name, _ in rows[0].values] if rows else []
    columns = ["c_index", "low", "high", "no_signal_low", "no_signal_high", "sd_over_folds"]
    columns += ["difference", "difference_low", "difference_high", "epochs", "train_seconds", "reason"]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*names, *columns])
    for row in rows:
        writer.writerow([*(safe_cell(value) for _, value in row.values), *_cells(row)])
    with write_whole(path) as temporary:
        temporary.write_text(written.getvalue(), encoding="utf-8")


def _cells(row: AblationRow) -> list[str]:
    numbers: list[float | None] = [None] * 9
    if row.c is not None:
        low, high = row.c.no_signal or (None, None)
        numbers[:6] = [row.c.mean.value, row.c.mean.low, row.c.mean.high, low, high, row.c.sd]
    if row.difference is not None:
        numbers[6:] = [row.difference.value, row.difference.low, row.difference.high]
    cells = ["" if number is None else f"{number:.4f}" for number in numbers]
    return [*cells, str(row.epochs), f"{row.train_seconds:.1f}", safe_cell(row.reason)]


def write_figure(rows: Sequence[AblationRow], path: Path) -> None:
    """Draw the C of every variant that has one on one axis, with intervals and no-signal ranges, as SVG.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    drawn: list[ConcordanceRow] = [
        found for row in rows if row.c is not None and (found := concordance_row(row.label, row.c)) is not None
    ]
    if not drawn:
        return
    names_in = max(len(row.name) for row in drawn) * _LETTER_IN + 0.3
    draw = partial(draw_concordance, rows=drawn, names_in=names_in)
    svg = svg_of(draw, max(WIDTH_IN, names_in + _REST_IN), concordance_height_in(len(drawn)))
    with write_whole(path) as temporary:
        temporary.write_text(svg, encoding="utf-8")


def write_ablation(trained: Sequence[Trained], folder: Path, *, folds: int) -> list[AblationRow]:
    """Write table and figure of an ablation and return its rows.

    Raises
    ------
    RunError, OutputError
        When a run cannot be read, or the files not be written.
    """
    files = AblationFolder(folder)
    rows = ablation_rows(trained, folds=folds)
    write_table(rows, files.table)
    write_figure(rows, files.figure)
    return rows


def write_reports(trained: Sequence[Trained], *, progress: Progress = silent) -> None:
    """Write the report of every run that has none yet.

    Raises
    ------
    RunError, OutputError
        When a run cannot be read, or a report not be written.
    Cancelled
        When ``progress`` raises it.
    """
    lacking = [one.run for one in trained if one.run is not None and not one.run.report.is_file()]
    for done, run in enumerate(lacking):
        progress("Writing reports", done, len(lacking))
        write_report(run.path)
