"""Values as a histogram with two handles: the range that the colors span."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from e2evit_gui.theme import style

BINS = 64
_SIDE = 8  # logical pixels left and right, so that a handle at the end is whole
_FOOT = 16
_REACH = 10  # how near a handle must be to be taken


class HistogramRange(QWidget):
    """Show how values are spread, colored as in the overlay; ``range_changed`` while a handle is dragged.

    On a logarithmic axis values at or below 0 are left out.
    """

    range_changed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Range of the colors"))
        self.setToolTip(self.tr("Drag the handles to set which values the colors span; arrow keys move the last one"))
        self._counts: NDArray[np.int64] = np.zeros(BINS, np.int64)
        self._low, self._high = 0.0, 1.0  # the axis
        self._from, self._to = 0.0, 1.0  # the handles
        self._log = False
        self._table: NDArray[np.uint8] | None = None
        self._dragged = ""
        self._last = "from"

    def sizeHint(self) -> QSize:
        """Prefer a low strip."""
        return QSize(220, 96)

    @property
    def range(self) -> tuple[float, float]:
        """Where the handles are."""
        return self._from, self._to

    def show_values(self, values: ArrayLike, *, log: bool = False) -> None:
        """Take values (N,) and the kind of axis; the axis spans them all, and the handles."""
        known = np.asarray(values, np.float64)
        known = known[np.isfinite(known)]
        if log:
            known = known[known > 0]
        self._log = log
        if known.size:
            self._low, self._high = float(known.min()), float(known.max())
            if self._low == self._high:
                self._high = self._low + (abs(self._low) or 1.0) * 1e-3
            along = np.log(known) if log else known
            self._counts = np.histogram(along, bins=BINS, range=(self._axis(self._low), self._axis(self._high)))[0]
        else:
            self._counts = np.zeros(BINS, np.int64)
        self.update()

    def show_range(self, low: float, high: float) -> None:
        """Move the handles without telling; a handle beyond the axis stands at its end."""
        self._from, self._to = low, high
        if not self._counts.any():
            self._low, self._high = low, high if high > low else low + 1.0
        self.update()

    def show_colors(self, table: NDArray[np.uint8]) -> None:
        """Take the table (256, 4) that the bars are colored with."""
        self._table = table
        self.update()

    # places

    def _axis(self, value: float) -> float:
        return math.log(max(value, 1e-300)) if self._log else value

    def _place(self, value: float) -> float:
        """Return the x of a value, in logical pixels."""
        low, high = self._axis(self._low), self._axis(self._high)
        share = (self._axis(value) - low) / (high - low) if high > low else 0.0
        return _SIDE + min(max(share, 0.0), 1.0) * (self.width() - 2 * _SIDE)

    def _value(self, x: float) -> float:
        share = min(max((x - _SIDE) / max(self.width() - 2 * _SIDE, 1), 0.0), 1.0)
        low, high = self._axis(self._low), self._axis(self._high)
        along = low + share * (high - low)
        return math.exp(along) if self._log else along

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bars, range and handles."""
        with QPainter(self) as painter:
            colors = style.colors()
            box = QRectF(_SIDE, 4, self.width() - 2 * _SIDE, self.height() - _FOOT - 4)
            painter.fillRect(box, QColor(colors.base))
            self._paint_bars(painter, box)
            shade = QColor(colors.panel)
            shade.setAlphaF(0.7)
            left, right = self._place(self._from), self._place(self._to)
            painter.fillRect(QRectF(box.left(), box.top(), left - box.left(), box.height()), shade)
            painter.fillRect(QRectF(right, box.top(), box.right() - right, box.height()), shade)
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawRect(box)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for x, name in ((left, "from"), (right, "to")):
                strong = self._dragged == name or (self.hasFocus() and self._last == name)
                painter.setPen(QPen(QColor(colors.accent if strong else colors.text), 1.6))
                painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
                painter.setBrush(QColor(colors.accent if strong else colors.text))
                foot = box.bottom()
                painter.drawPolygon(QPolygonF([QPointF(x, foot), QPointF(x - 5, foot + 9), QPointF(x + 5, foot + 9)]))

    def _paint_bars(self, painter: QPainter, box: QRectF) -> None:
        most = int(self._counts.max())
        if most == 0:
            return
        width = box.width() / BINS
        painter.setPen(Qt.PenStyle.NoPen)
        low, high = self._axis(self._low), self._axis(self._high)
        for number, count in enumerate(self._counts.tolist()):
            # a square root keeps single tiles of rare values visible beside thousands of common ones
            height = box.height() * 0.95 * math.sqrt(count / most)
            along = low + (number + 0.5) / BINS * (high - low)
            painter.fillRect(
                QRectF(box.left() + number * width, box.bottom() - height, width + 0.5, height), self._bar_color(along)
            )

    def _bar_color(self, along: float) -> QColor:
        if self._table is None:
            return QColor(style.colors().muted)
        first, last = self._axis(self._from), self._axis(self._to)
        share = (along - first) / (last - first) if last > first else 0.5
        red, green, blue, _ = self._table[round(255 * min(max(share, 0.0), 1.0))].tolist()
        return QColor(red, green, blue)

    # hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the nearer handle."""
        x = event.position().x()
        near = {"from": abs(x - self._place(self._from)), "to": abs(x - self._place(self._to))}
        handle = min(near, key=lambda name: near[name])
        if near["from"] == near["to"]:
            handle = "from" if x < self._place(self._from) else "to"
        if near[handle] <= max(_REACH, 0.1 * self.width()):
            self._dragged = self._last = handle
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the handle that was taken."""
        x = event.position().x()
        if self._dragged:
            self._set(self._dragged, self._value(x))
            return
        near = min(abs(x - self._place(self._from)), abs(x - self._place(self._to))) <= _REACH
        self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let the handle go."""
        self._dragged = ""
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the handle that was taken last by a hundredth of the axis."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        at = self._place(self._from if self._last == "from" else self._to)
        self._set(self._last, self._value(at + step * (self.width() - 2 * _SIDE) / 100))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def _set(self, handle: str, value: float) -> None:
        if handle == "from":
            self._from = min(value, self._to)
        else:
            self._to = max(value, self._from)
        self.update()
        self.range_changed.emit(self._from, self._to)
