"""The risks of the fold models on the range of the training cohort."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from e2evit_gui.state.written import signed
from e2evit_gui.theme import style
from e2evit_model.survival.prediction import SurvivalPrediction

_EDGE = 10.0
_DOT = 5.0
_TICK = 9.0


class MemberDots(QWidget):
    """The risks of the fold models as dots on a line with numbered ends, their mean as a bar with its number.

    The line is the range of the training cohort's out-of-fold risks, widened where a dot lies outside: so models that agree lie
    close together. Where that range is not known, the line ends at the outer dots.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Risks of the fold models"))
        self._risk: SurvivalPrediction | None = None

    def sizeHint(self) -> QSize:
        """Leave room for a line of text above and one below."""
        return QSize(240, round(2 * QFontMetricsF(self.font()).height() + 2 * _TICK + 4))

    @property
    def ends(self) -> tuple[float, float]:
        """The risks at the ends of the line."""
        if self._risk is None:
            return 0.0, 0.0
        every = (*self._risk.member_risks, *(self._risk.cohort_range or ()))
        return min(every), max(every)

    def show_risk(self, risk: SurvivalPrediction | None) -> None:
        """Take the members of a risk, or none."""
        self._risk = risk
        if risk is not None:
            said = self.tr("Risk by each fold model: {risks}").format(
                risks=", ".join(signed(one, ".3g") for one in risk.member_risks)
            )
            if risk.cohort_range is not None:
                low, high = (signed(end, ".3g") for end in risk.cohort_range)
                said += "\n" + self.tr("Out-of-fold risks of the training cohort: {low} to {high}").format(
                    low=low, high=high
                )
            self.setToolTip(said)
            self.setAccessibleDescription(said)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw line, dots and mean, and the numbers of the ends and of the mean."""
        if self._risk is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colors = style.colors()
            low, high = self.ends
            height = QFontMetricsF(painter.font()).height()
            middle, left, right = height + _TICK + 2, _EDGE, self.width() - _EDGE
            painter.setPen(QPen(QColor(colors.border), 2))
            painter.drawLine(QPointF(left, middle), QPointF(right, middle))

            def place(value: float) -> float:
                return (left + right) / 2 if high == low else left + (value - low) / (high - low) * (right - left)

            dot = QColor(colors.accent)
            dot.setAlphaF(0.75)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dot)
            for one in self._risk.member_risks:
                painter.drawEllipse(QPointF(place(one), middle), _DOT, _DOT)
            painter.setPen(QPen(QColor(colors.text), 2))
            mean = place(self._risk.risk)
            painter.drawLine(QPointF(mean, middle - _TICK), QPointF(mean, middle + _TICK))
            self._write(painter, mean, 0, self.tr("mean {risk}").format(risk=signed(self._risk.risk)))
            painter.setPen(QColor(colors.muted))
            for end in (low, high):
                self._write(painter, place(end), middle + _TICK, signed(end, ".2f"))

    def _write(self, painter: QPainter, x: float, top: float, text: str) -> None:
        """Write under or over a place, inside of the widget."""
        metrics = QFontMetricsF(painter.font())
        width = metrics.horizontalAdvance(text) + 2
        box = QRectF(min(max(x - width / 2, 0.0), self.width() - width), top, width, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
