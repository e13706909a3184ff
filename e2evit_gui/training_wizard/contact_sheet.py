"""Small pictures of some slides with their tissue outlined: what the masks of a cohort look like."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from e2evit_gui.theme import style
from e2evit_gui.training_wizard.slide_presenter import Card
from e2evit_gui.training_wizard.words import count, tr
from e2evit_model.cohort.cohort import CohortSlide

COLUMNS = 4
_PICTURE = QSize(190, 124)
_PAD = 6


class SlideCard(QWidget):
    """One slide: its picture, its outline, its tiles; or the reason why it has none. ``chosen`` carries the card."""

    chosen = Signal(object)

    def __init__(self, slide_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slide_id = slide_id
        self.card: Card | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(slide_id)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Be as large as picture and two lines."""
        return QSize(_PICTURE.width() + 2 * _PAD, _PICTURE.height() + 2 * self.fontMetrics().height() + 3 * _PAD)

    def minimumSizeHint(self) -> QSize:
        """Shrink in width alone."""
        return QSize(120, self.sizeHint().height())

    def show_card(self, card: Card) -> None:
        """Take what was found."""
        self.card = card
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("\n".join(part for part in (card.slide_id, card.message or card.note, card.hint) if part))
        self.setAccessibleDescription(self.said())
        self.update()

    def said(self) -> str:
        """Return the line below the name."""
        card = self.card
        if card is None:
            return tr("being looked at…")
        if card.message:
            return card.message
        area = f"{card.area_mm2:.3g} mm², " if card.area_mm2 is not None else ""
        return tr("{area}{tiles} tiles").format(area=area, tiles=count(card.tiles))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw frame, picture, outline and words."""
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            colors, metrics = style.colors(), self.fontMetrics()
            faulty = self.card is not None and bool(self.card.message)
            edge = colors.accent if self.hasFocus() else colors.error_text if faulty else colors.border
            painter.setPen(QPen(QColor(edge), 1.5 if self.hasFocus() or faulty else 1))
            painter.setBrush(QColor(colors.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
            room = QRect(_PAD, _PAD, self.width() - 2 * _PAD, _PICTURE.height())
            if self.card is not None and self.card.picture is not None:
                self._paint_picture(painter, room, self.card)
            elif faulty:
                painter.setPen(QColor(colors.error_text))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(room.adjusted(6, 6, -6, -6), flags, self.said())
            self._paint_words(painter, metrics, room.bottom() + _PAD, faulty=faulty)

    def _paint_picture(self, painter: QPainter, room: QRect, card: Card) -> None:
        if card.picture is None:
            return
        size = card.picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(QRectF(room).center())
        painter.drawImage(place, card.picture)
        painter.setPen(QPen(QColor(style.colors().tissue), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        factor = place.width() / card.picture.width()
        for ring in card.rings:
            points = [QPointF(place.x() + x * factor, place.y() + y * factor) for x, y in ring.tolist()]
            painter.drawPolygon(QPolygonF(points))

    def _paint_words(self, painter: QPainter, metrics: QFontMetrics, top: int, *, faulty: bool) -> None:
        colors = style.colors()
        width = self.width() - 2 * _PAD
        middle = Qt.TextElideMode.ElideMiddle
        painter.setPen(QColor(colors.text))
        name = metrics.elidedText(self.slide_id, middle, width)
        painter.drawText(QRect(_PAD, top, width, metrics.height()), Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(QColor(colors.error_text if faulty else colors.muted))
        said = tr("cannot be used") if faulty else self.said()
        line = metrics.elidedText(said, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(_PAD, top + metrics.height(), width, metrics.height()), Qt.AlignmentFlag.AlignLeft, line)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the slide."""
        if self.card is not None and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.card)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the slide by Enter or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.card is not None:
            self.chosen.emit(self.card)
        else:
            super().keyPressEvent(event)


class ContactSheet(QWidget):
    """Cards in rows. ``chosen`` carries the card that was clicked."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.cards: list[SlideCard] = []
        style.keeper().changed.connect(self.update)

    def begin(self, slides: Sequence[CohortSlide]) -> None:
        """Show empty cards of some slides."""
        for card in self.cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [SlideCard(slide.slide_id) for slide in slides]
        for index, card in enumerate(self.cards):
            card.chosen.connect(self.chosen)
            self._grid.addWidget(card, index // COLUMNS, index % COLUMNS)

    def show_card(self, card: Card) -> None:
        """Fill a card."""
        for one in self.cards:
            if one.slide_id == card.slide_id:
                one.show_card(card)
