"""The flow of the cohort as a diagram: boxes from the table down to what was used, and beside them what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from e2evit_model.report.run_canvas import FILL, INK, PAPER, SOFT, Area
from e2evit_model.report.sheet import wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BOX_IN, _GAP_IN, _LINE_IN = 0.52, 0.42, 0.175
_WIDE_IN, _SIDE_IN = 2.5, 2.75
_SIDE_FONT_PX = 12  # of a typeface as wide as that of the figure at 8.5 points and 100 px an inch
_EDGE_IN = 0.03


@dataclass(frozen=True, kw_only=True)
class FlowBox:
    """A box: its name, what is counted in it, and how many were left out on the way to it, by reason."""

    name: str
    counts: str
    left_out: Mapping[str, int]


def flow_height_in(boxes: Sequence[FlowBox]) -> float:
    """Return the height of the diagram."""
    return sum(_BOX_IN + (_gap_in(box) if place else 0) for place, box in enumerate(boxes)) + 2 * _EDGE_IN


def _side_lines(box: FlowBox) -> list[str]:
    lines = []
    for reason, count in box.left_out.items():
        lines += wrapped(f"{count} {reason}", (_SIDE_IN - 0.2) * 100, size=_SIDE_FONT_PX)
    return lines


def _side_height_in(box: FlowBox) -> float:
    return _LINE_IN * (len(_side_lines(box)) + 1) + 0.14


def _gap_in(box: FlowBox) -> float:
    return max(_GAP_IN, _side_height_in(box) + 0.16) if box.left_out else _GAP_IN


def draw_flow(area: Area, *, boxes: Sequence[FlowBox]) -> None:
    """Draw the boxes from top to bottom."""
    axes = area.canvas()
    beside = 0.5 + _SIDE_IN if any(box.left_out for box in boxes) else 0.0
    left = (area.width_in - _WIDE_IN - beside) / 2
    top, middle = area.height_in - _EDGE_IN, left + _WIDE_IN / 2
    for place, box in enumerate(boxes):
        if place:
            below = top - _gap_in(box)
            axes.annotate("", (middle, below), (middle, top), arrowprops=_arrow())
            if box.left_out:
                _draw_side(axes, box, (top + below) / 2, middle, left + _WIDE_IN + 0.5)
            top = below
        _frame(axes, (left, top - _BOX_IN), _WIDE_IN, _BOX_IN, FILL)
        axes.text(middle, top - 0.17, box.name, ha="center", va="center", weight="bold")
        axes.text(middle, top - 0.37, box.counts, ha="center", va="center")
        top -= _BOX_IN


def _arrow() -> dict[str, Any]:
    return {"arrowstyle": "-|>", "color": SOFT, "linewidth": 1.0, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}


def _draw_side(axes: "Axes", box: FlowBox, height: float, from_x: float, to_x: float) -> None:
    lines = _side_lines(box)
    tall = _side_height_in(box)
    axes.annotate("", (to_x, height), (from_x, height), arrowprops=_arrow())
    _frame(axes, (to_x, height - tall / 2), _SIDE_IN, tall, PAPER)
    y = height + tall / 2 - 0.07 - _LINE_IN / 2
    axes.text(to_x + 0.1, y, "Left out", va="center", fontsize=8.5, color=SOFT)
    for number, line in enumerate(lines, start=1):
        axes.text(to_x + 0.1, y - number * _LINE_IN, line, va="center", fontsize=8.5, color=INK)


def _frame(axes: "Axes", corner: tuple[float, float], width: float, height: float, fill: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    axes.add_patch(
        FancyBboxPatch(
            corner,
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.05",
            facecolor=fill,
            edgecolor=SOFT,
            lw=0.9,
        )
    )
