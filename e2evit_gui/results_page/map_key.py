"""What the frames of the map mean: the colors of the risk with their numbers, and the ring of the open slide."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from e2evit_gui.state.written import signed
from e2evit_gui.theme import style
from e2evit_model.overlay.colors import COLOR_TABLES, color_table

_BAR = QSize(190, 8)
_RING = 11.0
_GAP = 8.0


class MapKey(QWidget):
    """A bar from the lowest to the highest risk, colored by rank as the frames are, and a ring with its meaning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Colors of the frames"))
        self._numbers: tuple[str, ...] = ()
        style.keeper().changed.connect(self.update)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Lowest risk, median and highest, as written under the bar; none without risks."""
        return self._numbers

    def show_risks(self, risks: Sequence[float]) -> None:
        """Take the risks whose ranks are the colors."""
        # colors are ranks, so the middle of the bar is the median
        marks = (min(risks), float(np.median(risks)), max(risks)) if len(risks) else ()
        self._numbers = tuple(signed(risk) for risk in marks)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Take what bar, numbers and words need."""
        metrics = QFontMetricsF(self.font())
        ring = _RING + _GAP + metrics.horizontalAdvance(self._ring_words())
        bar = metrics.horizontalAdvance(self._bar_words()) + _GAP + _BAR.width() + 3 * _GAP if self._numbers else 0
        return QSize(round(bar + ring) + 4, round(_BAR.height() + metrics.height()) + 6)

    def _bar_words(self) -> str:
        return self.tr("Risk, colored by rank")

    def _ring_words(self) -> str:
        return self.tr("the slide that is open")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bar and ring."""
        colors, metrics = style.colors(), QFontMetricsF(self.font())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left = self._paint_bar(painter, metrics) if self._numbers else 0.0
            painter.setPen(QPen(QColor(colors.accent), 2.5))
            ring = QRectF(left + 2, (self.height() - _RING) / 2, _RING, _RING)
            painter.drawRect(ring)
            painter.setPen(QColor(colors.muted))
            words = QRectF(ring.right() + _GAP, 0, self.width(), self.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._ring_words())

    def _paint_bar(self, painter: QPainter, metrics: QFontMetricsF) -> float:
        """Draw the bar of the risk; return where the next thing may begin."""
        colors, words = style.colors(), self._bar_words()
        painter.setPen(QColor(colors.muted))
        painter.drawText(QRectF(0, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        bar = QRectF(metrics.horizontalAdvance(words) + _GAP, 2, _BAR.width(), _BAR.height())
        pixels = np.ascontiguousarray(color_table(COLOR_TABLES[0])[None])
        image = QImage(pixels.data, pixels.shape[1], 1, pixels.strides[0], QImage.Format.Format_RGBA8888)
        painter.drawImage(bar, image)
        painter.drawRect(bar)
        painter.setPen(QColor(colors.text))
        below = QRectF(bar.left(), bar.bottom() + 2, bar.width(), metrics.height())
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        for side, number in zip(sides, self._numbers, strict=True):
            painter.drawText(below, side, number)
        return bar.right() + 3 * _GAP
