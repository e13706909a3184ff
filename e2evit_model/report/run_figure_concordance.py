"""Figures of how well risks order patients: C by fold with its interval and no-signal range, and AUC over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from e2evit_model.report.run_canvas import CHANCE, GRID, INK, LOW_RISK, PAPER, SOFT, Area
from e2evit_model.report.run_metrics import AucAt, CrossValidated
from e2evit_model.report.run_numbers import TimeUnit, with_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_IN = 6.9
_NAMES_IN, _VALUES_IN, _ROW_IN, _AXIS_IN = 1.7, 1.75, 0.5, 0.6
_BELOW_IN = 0.5


@dataclass(frozen=True, kw_only=True)
class ConcordanceRow:
    """One line of the figure: the mean as a point and as it is written, with interval and no-signal range where there are some."""

    name: str
    said: str
    mean: float
    interval: tuple[float, float] | None
    folds: tuple[float, ...]
    no_signal: tuple[float, float] | None


def concordance_row(name: str, c: CrossValidated) -> ConcordanceRow | None:
    """Return the line of a cross-validated C; ``None`` where it cannot be estimated."""
    mean = c.mean
    if mean.value is None:
        return None
    return ConcordanceRow(
        name=name,
        said=with_interval(mean),
        mean=mean.value,
        interval=None if mean.low is None or mean.high is None else (mean.low, mean.high),
        folds=tuple(fold.value for fold in c.folds if fold.value is not None),
        no_signal=(c.no_signal[0], c.no_signal[1]) if c.no_signal else None,
    )


def concordance_height_in(rows: int) -> float:
    """Return the height of the figure."""
    return rows * _ROW_IN + _AXIS_IN


def draw_concordance(area: Area, *, rows: Sequence[ConcordanceRow], names_in: float = _NAMES_IN) -> None:
    """Draw C of each row on one axis; ``names_in`` inches are left of it for the names."""
    axes = area.axes(names_in, _BELOW_IN, area.width_in - names_in - _VALUES_IN, len(rows) * _ROW_IN)
    axes.set_xlim(*_limits(rows))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(0.5, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
    for place, row in enumerate(rows):
        _draw_row(axes, place, row)
        middle = _BELOW_IN + (len(rows) - place - 0.5) * _ROW_IN
        area.text(names_in - 0.12, middle, row.name, ha="right", va="center")
        area.text(area.width_in - _VALUES_IN + 0.12, middle, row.said, va="center")
    axes.spines["left"].set_visible(False)
    axes.tick_params(left=False, labelleft=False)
    axes.set_xlabel("C-index (0.5: no better than chance, 1: perfect order)")


def _draw_row(axes: "Axes", place: int, row: ConcordanceRow) -> None:
    from matplotlib.patches import Rectangle

    if row.no_signal:
        low, high = row.no_signal
        axes.add_patch(Rectangle((low, place - 0.4), high - low, 0.8, color=CHANCE, linewidth=0, zorder=0.5))
    if row.interval:
        axes.plot(row.interval, [place + 0.1] * 2, color=LOW_RISK, linewidth=2.4, solid_capstyle="butt", zorder=3)
    axes.plot([row.mean], [place + 0.1], "D", color=LOW_RISK, markersize=6.5, zorder=4)
    axes.plot(
        row.folds, [place - 0.22] * len(row.folds), "o", markersize=4.5, zorder=4, **_hollow()
    )  # above the mean, so that neither hides the other


def _hollow() -> dict[str, Any]:
    return {"markerfacecolor": PAPER, "markeredgecolor": INK, "markeredgewidth": 1.0}


def _limits(rows: Sequence[ConcordanceRow]) -> tuple[float, float]:
    seen = [0.5]
    for row in rows:
        seen += [row.mean, *row.folds, *(row.interval or ()), *(row.no_signal or ())]
    return max(np.floor(min(seen) * 20 - 0.4) / 20, -0.02), min(np.ceil(max(seen) * 20 + 0.4) / 20, 1.02)


AUC_HEIGHT_IN = 2.9


def draw_auc(area: Area, *, points: Sequence[AucAt], unit: TimeUnit) -> None:
    """Draw AUC at some days: hollow points for folds, a line through their means."""
    axes = area.axes(0.75, 0.6, area.width_in - 1.0, area.height_in - 0.8)
    axes.axhline(0.5, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
    for point in points:
        values = [fold.value for fold in point.folds if fold.value is not None]
        axes.plot([unit.of(point.day)] * len(values), values, "o", markersize=5, zorder=3, **_hollow())
    known = [(unit.of(point.day), point.mean) for point in points if point.mean is not None]
    axes.plot([x for x, _ in known], [y for _, y in known], "D-", color=LOW_RISK, markersize=6.5, zorder=4)
    days = [unit.of(point.day) for point in points]
    pad = max(0.15 * (max(days) - min(days)), 0.1 * max(days))
    axes.set_xlim(min(days) - pad, max(days) + pad)
    axes.set_xticks(days, [f"{day:.3g}" for day in days])
    low = min([0.45, *(f.value - 0.05 for point in points for f in point.folds if f.value is not None)])
    axes.set_ylim(max(low, -0.02), 1.03)
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.set_xlabel(f"Time ({unit.name})")
    axes.set_ylabel("AUC at that time")
