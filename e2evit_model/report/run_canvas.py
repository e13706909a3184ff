"""Where figures are drawn: a rectangle of a matplotlib figure, measured in inches, so that a page of a PDF can hold several.

matplotlib is imported when something is drawn.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1d2329"
SOFT = "#5b6670"
GRID = "#d5dade"
FILL = "#eef1f4"
CHANCE = "#dfe3e7"
LOW_RISK = "#0072b2"
HIGH_RISK = "#d55e00"
THIRD = "#008f69"
PAPER = "#ffffff"
"""Blue, vermilion and green can be told apart by color-blind readers, and by their lightness in print."""

THEME_COLORS = {
    INK: "ink",
    SOFT: "soft",
    GRID: "rule",
    FILL: "fill",
    CHANCE: "chance",
    LOW_RISK: "low",
    HIGH_RISK: "high",
    THIRD: "third",
    PAPER: "paper",
}
"""What each color is called where a page has its own, light and dark."""

_STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,  # names of cohorts and columns may hold a dollar sign
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.facecolor": "none",
    "axes.titlesize": 9.0,
    "axes.labelsize": 9.0,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "lines.linewidth": 1.6,
    "svg.fonttype": "none",  # text stays text: it can be found, edited and read aloud
    "svg.hashsalt": "e2evit",
    "pdf.fonttype": 42,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in the report's style while the context lasts."""
    import matplotlib as mpl

    with mpl.rc_context(cast("Any", _STYLE)):  # its names are typed one by one
        yield


@dataclass(frozen=True)
class Area:
    """A rectangle of a figure; all lengths are inches from its lower left corner."""

    figure: "Figure"
    left_in: float
    bottom_in: float
    width_in: float
    height_in: float

    def _at(self, x_in: float, y_in: float) -> tuple[float, float]:
        width, height = self.figure.get_size_inches()
        return (self.left_in + x_in) / width, (self.bottom_in + y_in) / height

    def axes(self, left_in: float, bottom_in: float, width_in: float, height_in: float, **how: Any) -> "Axes":
        """Lay axes into the area."""
        page_width, page_height = self.figure.get_size_inches()
        x, y = self._at(left_in, bottom_in)
        return self.figure.add_axes((x, y, width_in / page_width, height_in / page_height), **how)

    def text(self, x_in: float, y_in: float, text: str, **how: Any) -> None:
        """Write text."""
        self.figure.text(*self._at(x_in, y_in), text, **how)

    def canvas(self) -> "Axes":
        """Lay axes over the whole area whose unit is an inch, without frame or ticks: for diagrams."""
        axes = self.axes(0, 0, self.width_in, self.height_in)
        axes.set_xlim(0, self.width_in)
        axes.set_ylim(0, self.height_in)
        axes.set_axis_off()
        return axes


def svg_of(draw: Callable[[Area], None], width_in: float, height_in: float) -> str:
    """Draw a figure of its own and return it as SVG; the same drawing gives the same text."""
    from matplotlib.figure import Figure

    with drawing():
        figure = Figure(figsize=(width_in, height_in), facecolor=PAPER)
        draw(Area(figure, 0, 0, width_in, height_in))
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": "E2E-ViT Desktop"})
    return written.getvalue()
