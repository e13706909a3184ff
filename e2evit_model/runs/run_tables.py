"""The tables of a run: risks of patients or slides, and one row an epoch."""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from e2evit_model.files import write_whole
from e2evit_model.runs.run_error import RunError
from e2evit_model.spreadsheet import plain_cell, safe_cell

_FIRST = ("patient_id", "slide_id", "fold", "risk")
_LAST = ("time_days", "event", "risk_group")
_AGAIN = "Resume the training, which writes it again."


@dataclass(frozen=True, kw_only=True)
class PredictionRow:
    """The out-of-fold risk of one patient (``slide_id`` empty) or one slide; ``survival`` is S at the end of each bin."""

    patient_id: str
    slide_id: str
    fold: int
    risk: float
    survival: tuple[float, ...]
    time_days: float
    event: bool
    risk_group: str = ""


def write_predictions(path: Path, rows: Sequence[PredictionRow]) -> None:
    """Write risks: patient_id, slide_id, fold, risk, S_1 .. S_K, time_days, event, risk_group.

    Folds may have different numbers of bins; the rest of their S is empty. Numbers read back bit by bit.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    bins = max((len(row.survival) for row in rows), default=0)
    with write_whole(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*_FIRST, *(f"S_{k + 1}" for k in range(bins)), *_LAST])
        for row in rows:
            survival = [*map(repr, map(float, row.survival)), *[""] * (bins - len(row.survival))]
            names = (safe_cell(row.patient_id), safe_cell(row.slide_id))
            label = (repr(float(row.time_days)), int(row.event), row.risk_group)
            writer.writerow([*names, row.fold, repr(float(row.risk)), *survival, *label])


def read_predictions(path: Path) -> list[PredictionRow]:
    """Read what :func:`write_predictions` wrote.

    Raises
    ------
    RunError
        When the file is missing, or damaged.
    """
    lines = _read_csv(path)
    header = tuple(lines[0]) if lines else ()
    if header[: len(_FIRST)] != _FIRST or header[-len(_LAST) :] != _LAST:
        raise RunError(f"{path.name} is damaged: it is not a table of risks.", hint=_AGAIN)
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        try:
            rows.append(_prediction(cells, len(header)))
        except (ValueError, IndexError) as error:
            raise RunError(f"{path.name} is damaged in line {number}.", hint=_AGAIN) from error
    return rows


def _prediction(cells: list[str], width: int) -> PredictionRow:
    if len(cells) != width or cells[-2] not in {"0", "1"}:
        raise ValueError(cells)
    return PredictionRow(
        patient_id=plain_cell(cells[0]),
        slide_id=plain_cell(cells[1]),
        fold=int(cells[2]),
        risk=float(cells[3]),
        survival=tuple(float(cell) for cell in cells[4:-3] if cell),
        time_days=float(cells[-3]),
        event=cells[-2] == "1",
        risk_group=cells[-1],
    )


EpochRow = dict[str, float | None]
"""What one epoch gave, by column; ``epoch`` is one of them; ``None`` is what could not be estimated."""


def write_epochs(path: Path, rows: Iterable[EpochRow]) -> None:
    """Write the rows of all epochs so far; the columns are those of all rows, ``epoch`` first.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    kept = list(rows)
    columns = list(dict.fromkeys(["epoch", *(name for row in kept for name in row)]))
    with write_whole(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([["" if (v := row.get(name)) is None else _number(v) for name in columns] for row in kept])


def read_epochs(path: Path, *, before: int | None = None) -> list[EpochRow]:
    """Read the rows of all epochs, or of those before one: a resumed fold forgets what it will do again.

    Raises
    ------
    RunError
        When the file is damaged. A missing file has no rows.
    """
    if not path.is_file():
        return []
    lines = _read_csv(path)
    try:
        rows: list[EpochRow] = [
            {name: float(cell) if cell else None for name, cell in zip(lines[0], cells, strict=True)}
            for cells in lines[1:]
        ]
        return [row for row in rows if before is None or (row["epoch"] or 0) < before]
    except (ValueError, KeyError, IndexError) as error:
        raise RunError(f"{path.name} is damaged: it is not a table of epochs.", hint=_AGAIN) from error


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} is no figure of an epoch; None is what could not be estimated")
    return repr(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(float(value))


def _read_csv(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    except FileNotFoundError as error:
        raise RunError(f"{path.name} is missing.", hint=_AGAIN) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RunError(f"{path.name} cannot be read.", hint=_AGAIN) from error
