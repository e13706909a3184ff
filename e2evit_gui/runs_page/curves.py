"""Fold x epoch: how loss and C-index of every fold change from epoch to epoch."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from e2evit_gui.forms.plot import Axis, Plot
from e2evit_gui.runs_page.snapshot import FoldSnapshot
from e2evit_gui.runs_page.words import tr
from e2evit_gui.theme import style

# hues that colour-blind eyes tell apart (after Okabe and Ito), dark enough on white and light enough on black
_LIGHT = ("#0072b2", "#b35900", "#007a5a", "#a6387f", "#6b6b00", "#3d7ea6", "#8a4b2d", "#555555")
_DARK = ("#56b4e9", "#e69f00", "#2fbf95", "#e08cc0", "#d6ce3f", "#9cd3f5", "#e0a282", "#bbbbbb")
_WEAK = 0.65  # opacity of the dashed lines
_KEY_PX = 22.0


def color_of(fold: int) -> QColor:
    """Return the color of a fold in the current theme."""
    hues = _DARK if style.colors().dark else _LIGHT
    return QColor(hues[fold % len(hues)])


class EpochPlot(Plot):
    """One figure of all folds over epochs; ``dashed`` a second figure beside it, thinner and broken."""

    def __init__(self, title: str, column: str, dashed: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._title, self._column, self._dashed = title, column, dashed
        self._folds: Sequence[FoldSnapshot] = ()
        self.reference: float | None = None

    def show_folds(self, folds: Sequence[FoldSnapshot], *, most: int = 1) -> None:
        """Take the folds; ``most`` epochs are possible."""
        self._folds = folds
        begun = any(fold.epochs for fold in folds)
        why = tr("not estimable: no two patients can be compared") if begun else tr("no epoch is done yet")
        self.empty = f"{self._title}: {why}."
        columns = [self._column, *([self._dashed] if self._dashed else [])]
        values = [value for fold in folds for name in columns for value in fold.values(name)[1]]
        epochs = [epoch for fold in folds for epoch in fold.values(self._column)[0]]
        if values:
            if self.reference is not None:
                values.append(self.reference)
            room = 0.06 * (max(values) - min(values)) or 0.05
            last = min(max(max(epochs, default=1) + 1, 5), max(most, 2))
            self.x_axis = Axis.over(1, last, most=8, title=tr("epoch"), whole=True)
            self.y_axis = Axis.over(min(values) - room, max(values) + room, most=5, title=self._title)
        self.update()

    def has_curves(self) -> bool:
        """Say whether an epoch is done."""
        return any(fold.values(self._column)[1] for fold in self._folds)

    def paint_curves(self, painter: QPainter) -> None:
        """Draw a line a fold, with a dot at its newest epoch."""
        if self.reference is not None:
            pen = QPen(QColor(style.colors().muted), 1, Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.drawLine(self.place(self.x_axis.low, self.reference), self.place(self.x_axis.high, self.reference))
        for fold in self._folds:
            color = color_of(fold.number)
            if self._dashed:
                weak = QColor(color)
                weak.setAlphaF(_WEAK)
                painter.setPen(QPen(weak, 1.2, Qt.PenStyle.DashLine))
                painter.drawPolyline(self.polygon(*fold.values(self._dashed)))
            epochs, values = fold.values(self._column)
            painter.setPen(QPen(color, 2))
            painter.setBrush(color)
            painter.drawPolyline(self.polygon(epochs, values))
            if values:
                painter.drawEllipse(self.place(epochs[-1], values[-1]), 2.2, 2.2)

    def paint_around(self, painter: QPainter) -> None:
        """Draw which color is which fold, where there is room beside the title; the table of folds has the colors, too."""
        metrics, right = QFontMetricsF(self.font()), float(self.width() - 8)
        names = [str(fold.number) for fold in self._folds]
        wide = sum(metrics.horizontalAdvance(name) + _KEY_PX for name in names)
        left_over = right - wide - metrics.horizontalAdvance(self._title) - 20
        if left_over < 0:
            return
        for fold, name in zip(reversed(self._folds), reversed(names), strict=True):
            right -= metrics.horizontalAdvance(name)
            painter.setPen(QColor(style.colors().text))
            painter.drawText(QPointF(right, metrics.ascent()), name)
            painter.fillRect(QRectF(right - 13, metrics.height() / 2 - 1.5, 10, 3), color_of(fold.number))
            right -= _KEY_PX
        label = tr("fold")
        if names and left_over > metrics.horizontalAdvance(label):
            painter.setPen(QColor(style.colors().muted))
            painter.drawText(QPointF(right - metrics.horizontalAdvance(label) - 1, metrics.ascent()), label)
