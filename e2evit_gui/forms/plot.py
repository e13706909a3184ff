"""A small plot with axes in the theme's colors: what curves of survival and of learning are drawn on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from e2evit_gui.theme import style

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def nice_step(span: float, most: int) -> float:
    """Return a step of 1, 2, 2.5 or 5 times a power of ten with which at most ``most`` steps lie in ``span``."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    return next((step * power for step in _STEPS if span / (step * power) <= most), 10 * power)


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What an axis covers, and its ticks (value and text)."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    title: str = ""

    @classmethod
    def over(cls, low: float, high: float, *, most: int = 6, title: str = "", whole: bool = False) -> "Axis":
        """Cover a range with nice ticks; ``whole`` keeps them at whole numbers."""
        if high <= low:
            low, high = low - 0.5, high + 0.5
        step = max(nice_step(high - low, most), 1.0) if whole else nice_step(high - low, most)
        first = math.ceil(low / step - 1e-9)
        last = math.floor(high / step + 1e-9)
        ticks = tuple((number * step, f"{round(number * step, 10):g}") for number in range(first, last + 1))
        return cls(low=low, high=high, ticks=ticks, title=title)


class Plot(QWidget):
    """Axes and a clipped place for curves; subclasses draw into it by :meth:`paint_curves`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(150)
        self.setAccessibleName(name)
        self.x_axis = Axis.over(0, 1)
        self.y_axis = Axis.over(0, 1)
        self.empty = ""
        self.rows_below = 0  # lines of text below the axis, for tables of numbers
        style.keeper().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Prefer a picture wider than high."""
        return QSize(360, 200)

    def has_curves(self) -> bool:
        """Say whether there is anything to draw."""
        return False

    def box(self) -> QRectF:
        """Return the place of the curves."""
        metrics = QFontMetricsF(self.font())
        left = max((metrics.horizontalAdvance(text) for _, text in self.y_axis.ticks), default=20) + 12
        below = (2 + self.rows_below) * metrics.height() + 12
        # the upper half of the highest tick's text stands above the box
        above = (1.5 if self.y_axis.title else 1.0) * metrics.height() + 6
        return QRectF(self.rect()).adjusted(left, above, -14, -below)

    def place(self, x: float, y: float) -> QPointF:
        """Return where a point of the data is on the widget."""
        box, across, up = self.box(), self.x_axis, self.y_axis
        return QPointF(
            box.left() + (x - across.low) / (across.high - across.low) * box.width(),
            box.bottom() - (y - up.low) / (up.high - up.low) * box.height(),
        )

    def polygon(self, x: Sequence[float], y: Sequence[float]) -> QPolygonF:
        """Return a line through points of the data."""
        return QPolygonF([self.place(one, other) for one, other in zip(x, y, strict=True)])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw axes, curves and what stands below."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not self.has_curves():
                painter.setPen(QColor(style.colors().muted))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.rect().adjusted(16, 8, -16, -8), flags, self.empty)
                return
            self._paint_axes(painter)
            painter.save()
            painter.setClipRect(self.box().adjusted(-1, -2, 4, 2))
            self.paint_curves(painter)
            painter.restore()
            self.paint_around(painter)

    def paint_curves(self, painter: QPainter) -> None:
        """Draw the curves."""

    def paint_around(self, painter: QPainter) -> None:
        """Draw what stands beside and below the curves."""

    def _paint_axes(self, painter: QPainter) -> None:
        colors, box, metrics = style.colors(), self.box(), QFontMetricsF(self.font())
        grid, words = QPen(QColor(colors.border), 1), QColor(colors.muted)
        for value, text in self.y_axis.ticks:
            y = self.place(self.x_axis.low, value).y()
            painter.setPen(grid)
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(words)
            room = QRectF(0, y - metrics.height() / 2, box.left() - 6, metrics.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(words)
        for value, text in self.x_axis.ticks:
            x = self.place(value, self.y_axis.low).x()
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + 3))
            room = QRectF(x - 40, box.bottom() + 4, 80, metrics.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, text)
        title = QRectF(box.left(), box.bottom() + 4 + metrics.height(), box.width(), metrics.height())
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, self.x_axis.title)
        above = QRectF(4, 0, self.width() - 8, metrics.height())
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, self.y_axis.title)
