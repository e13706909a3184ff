"""The curves S(t): one thin line a fold model, their mean in bold."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from e2evit_gui.state.written import percent
from e2evit_gui.theme import style
from e2evit_model.survival.prediction import SurvivalPrediction

DAYS_A_YEAR = 365.25
_ROOM = 1.05


class SurvivalPlot(QWidget):
    """Draw survival over years, up to where the last time bin begins: it has no end, so what follows is not known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Survival over time"))
        self._risk: SurvivalPrediction | None = None

    def sizeHint(self) -> QSize:
        """Prefer a low picture."""
        return QSize(240, 170)

    def show_risk(self, risk: SurvivalPrediction | None) -> None:
        """Take the curves of a risk, or none."""
        self._risk = risk
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw axes and curves."""
        if self._risk is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colors = style.colors()
            metrics = QFontMetricsF(painter.font())
            box = QRectF(self.rect()).adjusted(
                metrics.horizontalAdvance(percent(1)) + 8, 8, -10, -2 * metrics.height() - 8
            )
            edges = [edge / DAYS_A_YEAR for edge in self._risk.bin_edges_days[:-1]]
            last = (edges[-1] or 1.0) * _ROOM
            self._paint_axes(painter, box, last, metrics)
            painter.setClipRect(box.adjusted(-1, -1, 1, 1))
            thin = QColor(colors.accent)
            thin.setAlphaF(0.4)
            if len(self._risk.survival) > 1:
                painter.setPen(QPen(thin, 1))
                for curve in self._risk.survival:
                    painter.drawPolyline(self._curve(box, edges, curve.tolist(), last))
            mean = self._risk.survival.mean(axis=0).tolist()
            painter.setPen(QPen(QColor(colors.accent), 2.4))
            painter.drawPolyline(self._curve(box, edges, mean, last))

    def _paint_axes(self, painter: QPainter, box: QRectF, last: float, metrics: QFontMetricsF) -> None:
        colors = style.colors()
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            y = box.bottom() - share * box.height()
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            if share in (0.0, 0.5, 1.0):
                painter.setPen(QColor(colors.muted))
                text = QRectF(0, y - metrics.height() / 2, box.left() - 6, metrics.height())
                painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, percent(share))
        step = next((s for s in (0.25, 0.5, 1, 2, 5, 10) if last / s <= 6), 20)
        painter.setPen(QColor(colors.muted))
        for number in range(int(last / step) + 1):
            x = box.left() + number * step / last * box.width()
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + 3))
            text = QRectF(x - 20, box.bottom() + 4, 40, metrics.height())
            painter.drawText(text, Qt.AlignmentFlag.AlignHCenter, f"{number * step:g}")
        title = QRectF(box.left(), box.bottom() + 4 + metrics.height(), box.width(), metrics.height())
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, self.tr("years"))

    @staticmethod
    def _curve(box: QRectF, edges: list[float], survival: list[float], last: float) -> QPolygonF:
        """Return S(t): 1 at the beginning, and at each bin's end what is left, joined by straight lines."""
        points = [QPointF(box.left(), box.top())]
        for end, left in zip(edges[1:], survival[:-1], strict=True):
            points.append(QPointF(box.left() + end / last * box.width(), box.bottom() - left * box.height()))
        return QPolygonF(points)
