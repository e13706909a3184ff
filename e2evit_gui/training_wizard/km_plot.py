"""Kaplan-Meier of the cohort: the curve with its 95 % band, censored patients as ticks, and how many are at risk."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from e2evit_gui.forms.plot import Axis, Plot
from e2evit_gui.state.written import percent
from e2evit_gui.theme import style
from e2evit_model.survival.curves import KaplanMeier

DAYS_A_YEAR = 365.25
_SHARES = tuple((share, percent(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0))


class KaplanMeierPlot(Plot):
    """Draw one curve over years."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Kaplan-Meier curve of the cohort"))
        self.setMinimumHeight(220)
        self.empty = self.tr("The survival curve of the cohort stands here once there are patients.")
        self.rows_below = 1
        self._curve: KaplanMeier | None = None
        self._times: NDArray[np.float64] = np.empty(0)

    def show_curve(self, curve: KaplanMeier | None, times: NDArray[np.float64], endpoint: str = "") -> None:
        """Take a curve and the times of all its patients, in days."""
        self._curve, self._times = curve, times
        longest = float(times.max()) / DAYS_A_YEAR if len(times) else 1.0
        self.x_axis = Axis.over(0, max(longest, 0.1) * 1.02, most=7, title=self.tr("years"))
        self.y_axis = Axis(
            low=0, high=1, ticks=_SHARES, title=self.tr("{endpoint}, 95 % band").format(endpoint=endpoint)
        )
        self.setAccessibleDescription(self.said())
        self.update()

    def said(self) -> str:
        """Say what the curve shows: the median, or that it is not reached."""
        curve = self._curve
        if curve is None:
            return ""
        if curve.median_days is None:
            return self.tr("median not reached")
        return self.tr("median {years} years").format(years=f"{curve.median_days / DAYS_A_YEAR:.1f}")

    def has_curves(self) -> bool:
        """Say whether there is a curve."""
        return self._curve is not None

    def paint_curves(self, painter: QPainter) -> None:
        """Draw band, curve and censored patients."""
        curve, colors = self._curve, style.colors()
        if curve is None:
            return
        end = float(self._times.max())
        low, high = np.nan_to_num(curve.low, nan=0.0), np.nan_to_num(curve.high, nan=1.0)
        band = QColor(colors.accent)
        band.setAlphaF(0.16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        upper, lower = self._steps(curve.days, high, end), self._steps(curve.days, low, end)
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.accent), 2))
        painter.drawPolyline(QPolygonF(self._steps(curve.days, curve.survival, end)))
        painter.setPen(QPen(QColor(colors.text), 1))
        for day, left in zip(curve.censored_days, curve.at(curve.censored_days), strict=True):
            point = self.place(float(day) / DAYS_A_YEAR, float(left))
            painter.drawLine(point + QPointF(0, -3), point + QPointF(0, 3))

    def paint_around(self, painter: QPainter) -> None:
        """Write the median and the table of those at risk."""
        colors, metrics, box = style.colors(), QFontMetricsF(self.font()), self.box()
        painter.setPen(QColor(colors.text))
        above = QRectF(box.left(), 0, box.width(), metrics.height())
        painter.drawText(above, Qt.AlignmentFlag.AlignRight, self.said())
        painter.setPen(QColor(colors.muted))
        y = box.bottom() + 8 + 2 * metrics.height()
        painter.drawText(QRectF(0, y, box.left() - 6, metrics.height()), Qt.AlignmentFlag.AlignLeft, self.tr("n"))
        for years, number in self.at_risk():
            x = self.place(years, 0).x()
            painter.drawText(QRectF(x - 30, y, 60, metrics.height()), Qt.AlignmentFlag.AlignHCenter, str(number))

    def at_risk(self) -> list[tuple[float, int]]:
        """Return how many patients are at risk at each tick, in years."""
        return [(value, int(np.sum(self._times >= value * DAYS_A_YEAR))) for value, _ in self.x_axis.ticks]

    def _steps(self, days: NDArray[np.float64], height: NDArray[np.float64], end: float) -> list[QPointF]:
        """Return the corners of a step function that stays at its last height until ``end``."""
        x = np.repeat(np.append(days, end), 2)[1:-1] / DAYS_A_YEAR
        return [self.place(float(a), float(b)) for a, b in zip(x, np.repeat(height, 2), strict=True)]
