"""The flow from the rows of a table to the patients that are used, drawn: boxes below each other, what is left out beside them."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from e2evit_gui.theme import style
from e2evit_gui.training_wizard.words import count, tr
from e2evit_model.cohort.flow import Flow, FlowStep

_BOX_WIDTH = 176.0
_GAP = 26.0
_PAD = 8.0
_LEFT = 2.0


class FlowDrawing(QWidget):
    """Draw a flow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Flow of the cohort"))
        self._flow: Flow | None = None
        style.keeper().changed.connect(self.update)

    def show_flow(self, flow: Flow | None) -> None:
        """Take a flow, or none."""
        self._flow = flow
        self.setAccessibleDescription(str(flow) if flow is not None else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Be as high as the boxes."""
        steps = self._flow.steps if self._flow is not None else ()
        return QSize(380, round(sum(self._pitch(step, first=number == 0) for number, step in enumerate(steps)) + 4))

    def minimumSizeHint(self) -> QSize:
        """Never cut the boxes."""
        return self.sizeHint()

    def _line_height(self) -> float:
        return QFontMetricsF(self.font()).height()

    def _pitch(self, step: FlowStep, *, first: bool) -> float:
        """Return the height of a box and of the arrow to it, which is as long as what is left out needs."""
        box = self._line_height() + 2 * _PAD
        return box if first else box + max(_GAP, len(step.left_out) * self._line_height() + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw boxes, arrows and reasons."""
        if self._flow is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            top = 1.0
            last = len(self._flow.steps) - 1
            for number, step in enumerate(self._flow.steps):
                height = self._line_height() + 2 * _PAD
                pitch = self._pitch(step, first=number == 0)
                box = QRectF(_LEFT, top + pitch - height, _BOX_WIDTH, height)
                if number:
                    self._paint_arrow(painter, top, box.top())
                    self._paint_left_out(painter, step, top, box.top())
                self._paint_box(painter, box, step, strong=number == last)
                top += pitch

    def _paint_box(self, painter: QPainter, box: QRectF, step: FlowStep, *, strong: bool) -> None:
        colors = style.colors()
        painter.setPen(QPen(QColor(colors.accent if strong else colors.border), 1.5 if strong else 1))
        painter.setBrush(QColor(colors.info_back if strong else colors.raised))
        painter.drawRoundedRect(box, 5, 5)
        inside = box.adjusted(10, 0, -10, 0)
        painter.setPen(QColor(colors.info_text if strong else colors.text))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, tr(step.name))
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, count(step.count))
        painter.setFont(self.font())
        painter.setPen(QColor(colors.muted))
        unit = QRectF(box.right() + 8, box.top(), 200, box.height())
        painter.drawText(unit, middle | Qt.AlignmentFlag.AlignLeft, tr(step.unit))

    def _paint_arrow(self, painter: QPainter, top: float, bottom: float) -> None:
        color = QColor(style.colors().muted)
        x = _LEFT + 24
        painter.setPen(QPen(color, 1.2))
        painter.drawLine(QPointF(x, top + 1), QPointF(x, bottom - 5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF([QPointF(x - 4, bottom - 7), QPointF(x + 4, bottom - 7), QPointF(x, bottom - 1)]))

    def _paint_left_out(self, painter: QPainter, step: FlowStep, top: float, bottom: float) -> None:
        colors = style.colors()
        painter.setPen(QColor(colors.warning_text))
        height = self._line_height()
        y = (top + bottom - len(step.left_out) * height) / 2
        for reason, number in step.left_out.items():
            text = f"− {count(number)}  {tr(reason)}"
            room = QRectF(_LEFT + 40, y, self.width() - _LEFT - 44, height)
            shown = QFontMetricsF(self.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            y += height
