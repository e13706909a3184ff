"""The card of the tour, and the frame around what it speaks of."""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.theme import style
from e2evit_gui.tour.steps import Step

CARD_WIDTH = 340
GAP = 14
"""Between the card and its target, logical pixels."""


def place_of(card: QSize, target: QRect, room: QRect) -> QPoint:
    """Return where a card stands: beside its target where there is room, else inside it; always wholly in ``room``."""
    middle_y = target.center().y() - card.height() // 2
    middle_x = target.center().x() - card.width() // 2
    beside = [QPoint(target.right() + GAP, middle_y), QPoint(target.left() - GAP - card.width(), middle_y)]
    over = [QPoint(middle_x, target.bottom() + GAP), QPoint(middle_x, target.top() - GAP - card.height())]
    lies = target.width() > target.height()  # a bar or a button: what stands beside it there is of its kind
    for way in over + beside if lies else beside + over:
        inside = _within(way, card, room)
        if not QRect(inside, card).intersects(target):
            return inside
    return _within(QPoint(target.left() + 2 * GAP, target.bottom() - card.height() - 5 * GAP), card, room)


def _within(point: QPoint, card: QSize, room: QRect) -> QPoint:
    x = min(max(point.x(), room.left() + GAP), room.right() - card.width() - GAP)
    y = min(max(point.y(), room.top() + GAP), room.bottom() - card.height() - GAP)
    return QPoint(x, y)


class Spotlight(QWidget):
    """A frame around a part of the window; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def surround(self, target: QRect) -> None:
        """Stand around ``target``, in the parent's coordinates."""
        self.setGeometry(target.adjusted(-3, -3, 3, 3).intersected(self._room.rect()))
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(style.colors().accent), 3))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)


class TourCard(QFrame):
    """Title, text, the way on, the way back and the way out."""

    next_requested = Signal()
    back_requested = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("TourCard")
        self.setAccessibleName(self.tr("Tour"))
        self.setFixedWidth(CARD_WIDTH)
        self._title, self._text, self._count = QLabel(), QLabel(), QLabel()
        self._title.setProperty("role", "title")
        self._count.setProperty("role", "muted")
        for label in (self._title, self._text):
            label.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of painting the slide"))
        self.progress.setTextVisible(False)
        self.skip = QPushButton(self.tr("Skip the tour"))
        self.skip.setProperty("role", "flat")
        self.back = QPushButton(self.tr("Back"))
        self.next = QPushButton()
        self.next.setProperty("role", "primary")
        self.skip.clicked.connect(self.left)
        self.back.clicked.connect(self.back_requested)
        self.next.clicked.connect(self.next_requested)
        row = QHBoxLayout()
        row.addWidget(self.skip)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for widget in (self._count, self._title, self._text, self.progress):
            column.addWidget(widget)
        column.addLayout(row)
        self.hide()

    def show_step(self, step: Step, number: int, count: int) -> None:
        """Show the step with this number, from 0."""
        last = number == count - 1
        self._count.setText(self.tr("{number} of {count}").format(number=number + 1, count=count))
        self._title.setText(step.title)
        self._text.setText(step.text)
        self.back.setVisible(number > 1)  # the first card paints the slide, once
        self.skip.setVisible(not last)
        self.next.setEnabled(True)
        self.next.setText(self.tr("Begin") if number == 0 else self.tr("Done") if last else self.tr("Next"))
        self.progress.hide()
        self._fit()
        self.next.setFocus()

    def show_progress(self, done: int, total: int) -> None:
        """Say that the slide is being painted."""
        self.next.setEnabled(False)
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.show()
        self._fit()

    def _fit(self) -> None:
        self._column.activate()
        self.setFixedHeight(self._column.totalHeightForWidth(CARD_WIDTH))

    def event(self, event: QEvent) -> bool:
        """Keep Esc for the card: in the window it stops what runs."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(event.key() == Qt.Key.Key_Escape)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc leave the tour, and only the tour."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
