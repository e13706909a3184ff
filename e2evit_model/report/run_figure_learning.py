"""Figures of learning: loss and C-index by epoch for each fold, or how the penalty of a Cox model was chosen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from e2evit_model.report.run_canvas import GRID, HIGH_RISK, INK, LOW_RISK, SOFT, THIRD, Area
from e2evit_model.runs.run_tables import EpochRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEFT_IN, _GAP_IN, _KEY_IN, _AXIS_IN = 0.62, 0.22, 0.35, 0.55
_LOSS_IN, _C_IN = 1.35, 1.0
_MOST_COLUMNS = 5
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, kw_only=True)
class LearningCurve:
    """The epochs of a fold; ``best`` is the epoch whose weights were kept."""

    fold: int
    epochs: tuple[EpochRow, ...]
    best: int | None


@dataclass(frozen=True, kw_only=True)
class PenaltyPath:
    """What inner cross-validation said of each penalty, and which was chosen."""

    fold: int
    penalties: tuple[float, ...]
    scores: tuple[float | None, ...]
    chosen: float | None

    @property
    def from_best(self) -> list[tuple[float, float]]:
        """Each penalty with its score less the best one: the level differs by fold and says nothing."""
        best = max((score for score in self.scores if score is not None), default=0.0)
        return [(at, score - best) for at, score in zip(self.penalties, self.scores, strict=True) if score is not None]


def learning_height_in(folds: int) -> float:
    """Return the height of the figure of learning curves."""
    return _rows(folds) * (_LOSS_IN + _C_IN + _GAP_IN + _AXIS_IN) + _KEY_IN


def penalty_height_in(folds: int) -> float:
    """Return the height of the figure of penalties."""
    return _rows(folds) * (_LOSS_IN + _AXIS_IN + 0.2)


def _rows(folds: int) -> int:
    return math.ceil(folds / _MOST_COLUMNS)


def _places(area: Area, folds: int, height_in: float) -> list[tuple[float, float, float]]:
    """Return (left, bottom, width) of each fold's panel, five side by side; all in inches, ``height_in`` is that of a row."""
    columns = min(folds, _MOST_COLUMNS)
    width = (area.width_in - _LEFT_IN - 0.1 - _GAP_IN * (columns - 1)) / columns
    return [
        (
            _LEFT_IN + (k % columns) * (width + _GAP_IN),
            (_rows(folds) - 1 - k // columns) * height_in + _AXIS_IN - 0.08,
            width,
        )
        for k in range(folds)
    ]


def draw_learning(area: Area, *, curves: Sequence[LearningCurve]) -> None:
    """Draw training and validation loss above the validation C-index, a column a fold, all on the same scales."""
    from matplotlib.ticker import MaxNLocator

    losses = [
        v for c in curves for row in c.epochs for v in (row.get("train_loss"), row.get("val_loss")) if v is not None
    ]
    indices = [v for c in curves for row in c.epochs if (v := row.get("val_c_index")) is not None]
    loss_limits = _padded(losses)
    c_limits = (max(min([0.45, *indices]) - 0.03, -0.03), 1.03)
    last = max((row["epoch"] or 0) for c in curves for row in c.epochs)
    row_height = _LOSS_IN + _C_IN + _GAP_IN + _AXIS_IN
    for curve, (left, bottom, width) in zip(curves, _places(area, len(curves), row_height), strict=True):
        first = left < _LEFT_IN + 0.01
        above = area.axes(left, bottom + _C_IN + 0.14, width, _LOSS_IN)
        below = area.axes(left, bottom, width, _C_IN)
        _draw_losses(above, curve, loss_limits)
        _draw_c(below, curve, c_limits)
        for axes in (above, below):
            axes.set_xlim(1 - 0.04 * last, last * 1.04)
            axes.tick_params(labelleft=first)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
        above.tick_params(labelbottom=False)
        above.set_title(f"Fold {curve.fold}")
        below.set_xlabel("Epoch")
        if first:
            above.set_ylabel("Loss")
            below.set_ylabel("C-index")
            for axes in (above, below):
                axes.yaxis.set_label_coords(-0.42 / width, 0.5)
    _key(area)


def _draw_losses(axes: "Axes", curve: LearningCurve, limits: tuple[float, float]) -> None:
    for column, color, dashes in (("train_loss", LOW_RISK, "solid"), ("val_loss", HIGH_RISK, (0, (5, 1.6)))):
        known = [(row["epoch"] or 0, v) for row in curve.epochs if (v := row.get(column)) is not None]
        axes.plot([x for x, _ in known], [y for _, y in known], color=color, linestyle=dashes, marker=_single(known))
    axes.set_ylim(*limits)
    _mark(axes, curve)


def _draw_c(axes: "Axes", curve: LearningCurve, limits: tuple[float, float]) -> None:
    known = [(row["epoch"] or 0, v) for row in curve.epochs if (v := row.get("val_c_index")) is not None]
    axes.axhline(0.5, color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.plot([x for x, _ in known], [y for _, y in known], color=THIRD, marker=_single(known))
    axes.set_ylim(*limits)
    _mark(axes, curve)


def _single(points: Sequence[object]) -> str:
    return "o" if len(points) == 1 else ""


def _mark(axes: "Axes", curve: LearningCurve) -> None:
    axes.grid(color=GRID)
    axes.set_axisbelow(True)
    if curve.best is not None:
        axes.axvline(curve.best, color=INK, linewidth=0.9)


def _key(area: Area) -> None:
    axes = area.canvas()
    height, x = area.height_in - 0.14, _LEFT_IN
    keys = (
        ("training loss", LOW_RISK, "solid", 1.6),
        ("validation loss", HIGH_RISK, (0, (5, 1.6)), 1.6),
        ("validation C-index", THIRD, "solid", 1.6),
        ("epoch that was kept", INK, "solid", 0.9),
    )
    for text, color, dashes, width in keys:
        axes.plot([x, x + 0.3], [height] * 2, color=color, linestyle=dashes, linewidth=width)
        axes.text(x + 0.37, height, text, va="center", fontsize=8.5)
        x += 0.62 + 0.058 * len(text)


def _power_of_ten(value: float) -> str:
    return "10" + str(round(math.log10(value))).translate(_RAISED)


def _padded(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    pad = max(0.06 * (high - low), 1e-3)
    return low - pad, high + pad


def draw_penalties(area: Area, *, paths: Sequence[PenaltyPath]) -> None:
    """Draw how far below the best the cross-validated log likelihood of each penalty is, a panel a fold."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    lowest = min((score for path in paths for _, score in path.from_best), default=-1.0) or -1.0
    for path, (left, bottom, width) in zip(paths, _places(area, len(paths), _LOSS_IN + _AXIS_IN + 0.2), strict=True):
        axes = area.axes(left, bottom, width, _LOSS_IN)
        known = path.from_best
        axes.plot([x for x, _ in known], [y for _, y in known], "o-", color=LOW_RISK, markersize=3)
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(numticks=4))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _power_of_ten(value)))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_ylim(lowest - 0.06 * abs(lowest), 0.06 * abs(lowest))
        axes.grid(color=GRID)
        axes.set_axisbelow(True)
        if path.chosen is not None:
            axes.axvline(path.chosen, color=INK, linewidth=0.9)
        axes.set_title(f"Fold {path.fold}")
        axes.set_xlabel("Penalty")
        first = left < _LEFT_IN + 0.01
        axes.tick_params(labelleft=first)
        if first:
            axes.set_ylabel("Log likelihood")
            axes.yaxis.set_label_coords(-0.42 / width, 0.5)
