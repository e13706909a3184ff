"""Kaplan-Meier curves of the cohort that the model was trained on, with the place of the slide that is open."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from e2evit_gui.forms.plot import Axis, Plot, nice_step
from e2evit_gui.forms.texts import Sentence, muted
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.state.session import Session
from e2evit_gui.state.written import percent, signed
from e2evit_gui.theme import style
from e2evit_model.progress import Progress
from e2evit_model.survival.prediction import SurvivalPrediction

if TYPE_CHECKING:  # survival libraries take seconds to import: that is done in the thread which reads the cohort
    from e2evit_model.project.training_cohort import GroupCurve, TrainingSurvival

DAYS_A_YEAR = 365.25
_BAND, _EDGE = 0.16, 0.55  # how opaque a band and its edges are
_MOST_TICKS = 10
_SHARES = tuple((share, percent(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0))


class GroupPlot(Plot):
    """Curves of the low and the high group with bands; over them what the model says of the open slide."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Kaplan-Meier curves of the training cohort"))
        self.empty = self.tr("The curves of the training cohort stand here once a risk model is chosen.")
        self.rows_below = 3
        self.setMinimumHeight(320)
        self._groups: tuple[GroupCurve, ...] = ()
        self._slide: SurvivalPrediction | None = None

    def show_groups(self, groups: "tuple[GroupCurve, ...]", endpoint: str) -> None:
        """Take the groups' curves."""
        self._groups = groups
        longest = max((float(group.labels.time.max()) for group in groups), default=DAYS_A_YEAR) / DAYS_A_YEAR
        # the axis ends at a tick, so that the end of the curves has numbers at risk
        step = nice_step(max(longest, 0.1), _MOST_TICKS)
        end = step * math.ceil(max(longest, 0.1) / step - 1e-9)
        self.x_axis = Axis.over(0, end, most=_MOST_TICKS, title=self.tr("years"))
        self.y_axis = Axis(
            low=0, high=1, ticks=_SHARES, title=self.tr("{endpoint}, 95 % bands").format(endpoint=endpoint)
        )
        self.update()

    def show_slide(self, risk: SurvivalPrediction | None) -> None:
        """Take what the model says of the open slide."""
        self._slide = risk
        self.update()

    def has_curves(self) -> bool:
        """Say whether there is a curve."""
        return bool(self._groups)

    def name_of(self, group: str) -> str:
        """Say a group in words."""
        return {"low": self.tr("low risk"), "high": self.tr("high risk")}.get(group, group)

    def color_of(self, group: str) -> QColor:
        """Return a group's color: blue and orange are told apart by every eye."""
        dark = style.colors().dark
        low, high = ("#6cb0ff", "#ffab5e") if dark else ("#0f5fb8", "#b45309")
        return QColor(low if group == "low" else high)

    def paint_curves(self, painter: QPainter) -> None:
        """Draw bands, curves, censored patients, and the slide's own curve."""
        for group in self._groups:
            self._paint_band(painter, group)
        for group in self._groups:
            self._paint_curve(painter, group)
        if self._slide is not None:
            edges = np.array(self._slide.bin_edges_days[:-1])
            mean = np.concatenate([[1.0], self._slide.survival.mean(axis=0)[:-1]])
            painter.setPen(_dashed())
            painter.drawPolyline(self.polygon((edges / DAYS_A_YEAR).tolist(), mean.tolist()))

    def _paint_band(self, painter: QPainter, group: "GroupCurve") -> None:
        curve, end = group.curve, float(group.labels.time.max())
        band = self.color_of(group.group)
        band.setAlphaF(_BAND)
        low, high = np.nan_to_num(curve.low, nan=0.0), np.nan_to_num(curve.high, nan=1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        upper, lower = self._steps(curve.days, high, end), self._steps(curve.days, low, end)
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        band.setAlphaF(_EDGE)
        painter.setPen(QPen(band, 1))
        painter.drawPolyline(QPolygonF(upper))
        painter.drawPolyline(QPolygonF(lower))

    def _paint_curve(self, painter: QPainter, group: "GroupCurve") -> None:
        curve, end = group.curve, float(group.labels.time.max())
        color = self.color_of(group.group)
        chosen = self._slide is None or self._slide.group in {None, group.group}
        painter.setPen(QPen(color, 2.6 if chosen else 1.8))
        painter.drawPolyline(QPolygonF(self._steps(curve.days, curve.survival, end)))
        painter.setPen(QPen(color, 1.4))
        for day, left in zip(curve.censored_days, curve.at(curve.censored_days), strict=True):
            point = self.place(float(day) / DAYS_A_YEAR, float(left))
            painter.drawLine(point + QPointF(0, -4), point + QPointF(0, 4))

    def paint_around(self, painter: QPainter) -> None:
        """Write the key, and how many are at risk in each group."""
        colors, metrics, box = style.colors(), QFontMetricsF(self.font()), self.box()
        right = box.right()
        for group in reversed(self._groups):
            text = f"{self.name_of(group.group)}, n = {len(group.labels)}"
            painter.setPen(self.color_of(group.group))
            width = metrics.horizontalAdvance(text)
            painter.drawText(QRectF(right - width, 0, width, metrics.height()), Qt.AlignmentFlag.AlignLeft, text)
            right -= width + 18
        self._paint_marks(painter, metrics, box)
        top = box.bottom() + 8 + 2 * metrics.height()
        painter.setPen(QColor(colors.muted))
        painter.drawText(
            QRectF(0, top, box.left() - 6, metrics.height()), Qt.AlignmentFlag.AlignLeft, self.tr("at risk")
        )
        for row, group in enumerate(self._groups, start=1):
            painter.setPen(self.color_of(group.group))
            y = top + row * metrics.height()
            painter.drawText(
                QRectF(0, y, box.left() - 6, metrics.height()),
                Qt.AlignmentFlag.AlignLeft,
                {"low": self.tr("low"), "high": self.tr("high")}.get(group.group, group.group),
            )
            for years, _ in self.x_axis.ticks:
                number = int(np.sum(group.labels.time >= years * DAYS_A_YEAR))
                x = self.place(years, 0).x()
                room = QRectF(x - 30, y, 60, metrics.height())
                painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, str(number))

    def _paint_marks(self, painter: QPainter, metrics: QFontMetricsF, box: QRectF) -> None:
        """Say what a tick on a curve and the dashed line are, at the right below the axis."""
        colors, height = style.colors(), metrics.height()
        middle, right = box.bottom() + 4 + 1.5 * height, box.right()
        marks = [(self.tr("censored"), 2.0)]
        if self._slide is not None:
            marks.append((self.tr("the slide that is open"), 26.0))
        for text, length in marks:
            width = metrics.horizontalAdvance(text)
            painter.setPen(QColor(colors.muted))
            painter.drawText(
                QRectF(right - width, middle - height / 2, width, height), Qt.AlignmentFlag.AlignLeft, text
            )
            right -= width + 6
            if length > 2:
                painter.setPen(_dashed())
                painter.drawLine(QPointF(right - length, middle), QPointF(right, middle))
            else:
                painter.setPen(QPen(QColor(colors.text), 1.4))
                painter.drawLine(QPointF(right - 1, middle - 4), QPointF(right - 1, middle + 4))
            right -= length + 18

    def _steps(self, days: NDArray[np.float64], height: NDArray[np.float64], end: float) -> list[QPointF]:
        """Return the corners of a step function that stays at its last height until ``end``."""
        x = np.repeat(np.append(days, end), 2)[1:-1] / DAYS_A_YEAR
        return [self.place(float(a), float(b)) for a, b in zip(x, np.repeat(height, 2), strict=True)]


def _dashed() -> QPen:
    return QPen(QColor(style.colors().text), 2.2, Qt.PenStyle.DashLine)


class SurvivalTab(QWidget):
    """Follow the chosen model and the open slide."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stale = True
        self.plot = GroupPlot()
        self.place = muted()
        self.cohort = muted()
        self.message = Sentence("warning")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        for widget in (self.message, self.plot, self.place, self.cohort):
            column.addWidget(widget, 1 if widget is self.plot else 0)
        self._job = Latest("training cohort", self)
        self._job.succeeded.connect(self._show)
        self._job.failed.connect(self._failed)
        session.model_changed.connect(self._changed)
        session.result_changed.connect(self._show_slide)
        self._show_slide()

    @property
    def busy(self) -> bool:
        """Whether the cohort is being read."""
        return self._job.busy

    def refresh(self) -> None:
        """Read the cohort of the chosen model when it is another than the one that is shown."""
        if self._stale:
            self._begin()

    def _changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self._begin()

    def _begin(self) -> None:
        self._stale = False
        model = self._session.model
        path = Path(model.source) if model is not None else None
        self.cohort.setText("")
        if path is None or not path.is_dir():
            self._job.cancel()
            self.plot.show_groups((), "")
            self.message.say(self.tr("Choose a risk model: a backbone was trained on no cohort with survival."))
            return

        def task(_progress: Progress) -> "TrainingSurvival":
            from e2evit_model.project.training_cohort import training_survival

            return training_survival(path)

        self._job.begin(task)

    @Slot(object)
    def _show(self, found: "TrainingSurvival") -> None:
        cohort = found.card.cohort
        self.plot.show_groups(found.groups, cohort.endpoint)
        self.message.say(found.why)
        self.cohort.setText(
            self.tr(
                'Training cohort "{name}": {patients} patients, {events} events. Groups are cut at the training median of the '
                "fold model that had not seen the patient."
            ).format(name=cohort.name, patients=cohort.patients, events=cohort.events)
        )

    @Slot()
    def _show_slide(self) -> None:
        result, opened = self._session.result, self._session.open
        risk = result.risk if result is not None else None
        self.plot.show_slide(risk)
        if risk is None or opened is None:
            self.place.setText(self.tr("Open a slide that was analyzed with this model to see its place."))
            return
        text = self.tr("{name} (dashed): risk {risk}").format(name=opened.path.name, risk=signed(risk.risk))
        if risk.percentile is not None:
            text += self.tr(", percentile {place:.0f} of the cohort's out-of-fold risks").format(place=risk.percentile)
        if risk.group is not None:
            text += f", {self.plot.name_of(risk.group)}"
        text += "."
        if len(risk.member_risks) > 1 and risk.percentile is not None and risk.group is not None:
            text += " " + self.tr(
                "Curve and percentile are means over the fold models; the group is their vote, a tie counts as high."
            )
        self.place.setText(text)

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        self.plot.show_groups((), "")
        self.message.say(failure.message, failure.hint)
