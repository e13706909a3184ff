"""Figures of survival: Kaplan-Meier of low and high risk with its at-risk table, and calibration."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from e2evit_model.report.run_canvas import GRID, HIGH_RISK, LOW_RISK, SOFT, Area
from e2evit_model.report.run_metrics import Curve
from e2evit_model.report.run_numbers import TimeUnit
from e2evit_model.survival.curves import Calibration, at_risk
from e2evit_model.survival.metrics import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SURVIVAL_HEIGHT_IN = 4.3
CALIBRATION_HEIGHT_IN = 3.7
_LEFT_IN, _RIGHT_IN, _TABLE_IN, _TOP_IN = 0.95, 0.2, 1.3, 0.42
COLORS = {"low": LOW_RISK, "high": HIGH_RISK}
_DASHES = {"low": "solid", "high": (0, (5, 1.6))}
_MOST_TICKS = 8


def draw_survival(
    area: Area, *, curves: Mapping[str, Curve], labels: Mapping[str, Labels], unit: TimeUnit, endpoint: str, note: str
) -> None:
    """Draw the survival curves of groups with their bands, ticks for the censored, and the numbers at risk below.

    Parameters
    ----------
    curves
        By group, "low" and "high".
    labels
        Times and events of each group, for ticks and numbers at risk.
    note
        A few words above the curves: the log-rank p.
    """
    width = area.width_in - _LEFT_IN - _RIGHT_IN
    axes = area.axes(_LEFT_IN, _TABLE_IN, width, area.height_in - _TABLE_IN - _TOP_IN)
    longest = max(float(own.time.max()) for own in labels.values())
    ticks = time_ticks(unit.of(longest))
    axes.set_xlim(0, max(unit.of(longest), ticks[-1]))
    axes.set_ylim(0, 1.02)
    for name, curve in curves.items():
        _draw_curve(axes, name, curve, labels[name], unit)
    axes.set_xticks(ticks)
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.set_ylabel(f"Survival ({endpoint})")
    axes.set_xlabel(f"Time ({unit.name})")
    _key(area, curves, note)
    _draw_at_risk(area, labels, ticks, unit, right=float(axes.get_xlim()[1]))


def _draw_curve(axes: "Axes", name: str, curve: Curve, labels: Labels, unit: TimeUnit) -> None:
    days = np.array([unit.of(day) for day in curve.days])
    survival = np.array(curve.survival)
    low, high = (np.array([np.nan if v is None else v for v in band]) for band in (curve.low, curve.high))
    color = COLORS[name]
    axes.fill_between(days, low, high, step="post", color=color, alpha=0.15, linewidth=0)
    axes.step(days, survival, where="post", color=color, linestyle=_DASHES[name])
    censored = labels.time[~labels.event]
    heights = survival[np.searchsorted(curve.days, censored, side="right") - 1]
    axes.plot([unit.of(day) for day in censored], heights, "|", color=color, markersize=6, markeredgewidth=1.0)


def _key(area: Area, curves: Mapping[str, Curve], note: str) -> None:
    """Write above the curves which is which, so that no curve can run through it."""
    axes, x, y = area.canvas(), _LEFT_IN + 0.05, area.height_in - 0.17
    for name, curve in curves.items():
        axes.plot([x, x + 0.36], [y] * 2, color=COLORS[name], linestyle=_DASHES[name])
        axes.text(x + 0.43, y, f"{name} risk", color=COLORS[name], weight="bold", va="center")
        axes.text(x + 1.12, y, f"{curve.events} of {curve.patients}", color=SOFT, va="center", fontsize=8.5)
        x += 1.9
    axes.text(area.width_in - _RIGHT_IN, y, note, ha="right", va="center")


def _draw_at_risk(
    area: Area, labels: Mapping[str, Labels], ticks: Sequence[float], unit: TimeUnit, *, right: float
) -> None:
    width = area.width_in - _LEFT_IN - _RIGHT_IN
    area.text(0.08, 0.68, "At risk", color=SOFT, va="center")
    for line, (name, own) in enumerate(labels.items()):
        height = 0.42 - 0.23 * line
        area.text(0.08, height, f"{name} risk", color=COLORS[name], weight="bold", va="center")
        for tick, count in zip(ticks, at_risk(own, [tick * unit.days for tick in ticks]), strict=True):
            area.text(_LEFT_IN + width * tick / right, height, str(count), ha="center", va="center")


def time_ticks(longest: float) -> list[float]:
    """Return round times from 0 up to ``longest``, at most eight or so."""
    power = 10.0 ** np.floor(np.log10(max(longest, 1e-9) / _MOST_TICKS))
    step = next(power * part for part in (1, 2, 3, 5, 6, 10, 20) if longest / (power * part) <= _MOST_TICKS)
    return [float(round(step * count, 10)) for count in range(int(longest / step + 1e-9) + 1)]


def draw_calibration(area: Area, *, calibration: Calibration) -> None:
    """Draw predicted against observed survival in groups of similar prediction."""
    side = area.height_in - 0.8
    axes = area.axes((area.width_in - side) / 2, 0.6, side, side)
    axes.plot([0, 1], [0, 1], color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
    for point in calibration.points:
        if point.low is not None and point.high is not None:
            axes.plot([point.predicted] * 2, [point.low, point.high], color=LOW_RISK, linewidth=1.4)
        axes.plot([point.predicted], [point.observed], "D", color=LOW_RISK, markersize=6)
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_aspect("equal")
    axes.grid(color=GRID)
    axes.set_axisbelow(True)
    axes.set_xlabel("Predicted survival")
    axes.set_ylabel("Observed survival (Kaplan-Meier)")
