"""How a slide is drawn in the list: its small picture, its name, where it stands."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from e2evit_gui.project_panel.slide_model import PICTURE, ROW, SlideModel, SlideRow, SlideState
from e2evit_gui.theme import icons, style
from e2evit_gui.viewer.slide_pictures import scaled_to

PICTURE_WIDTH, PICTURE_HEIGHT = 64, 48
_EDGE = 8


class SlideDelegate(QStyledItemDelegate):
    """Draw rows of a :class:`SlideModel`; pictures are fetched when a row is drawn for the first time."""

    def __init__(self, model: SlideModel) -> None:
        super().__init__(model)
        self._model = model
        self._scaled: dict[tuple[int, float], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return room for the picture, and for two lines in large fonts."""
        return QSize(160, max(PICTURE_HEIGHT, 2 * option.fontMetrics.height() + 6) + 2 * _EDGE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        row: SlideRow = index.data(ROW)
        colors = style.colors()
        painter.save()
        painter.setClipRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, QColor(colors.info_back))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(colors.raised))
        if row.open:
            painter.fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), QColor(colors.accent))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(colors.accent))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
        box = QRect(option.rect.left() + _EDGE + 2, option.rect.top() + _EDGE, PICTURE_WIDTH, PICTURE_HEIGHT)
        self._paint_picture(painter, row, index.data(PICTURE), box)
        words = option.rect.adjusted(PICTURE_WIDTH + 2 * _EDGE + 4, _EDGE, -_EDGE, -_EDGE)
        self._paint_words(painter, row, words, option.font)
        painter.restore()

    def _paint_picture(self, painter: QPainter, row: SlideRow, picture: QPixmap | None, box: QRect) -> None:
        colors = style.colors()
        ratio = painter.device().devicePixelRatioF()
        if picture is None:
            painter.fillRect(box, QColor(colors.window))
            sign = icons.picture("missing" if row.state is SlideState.MISSING else "slide", colors.muted, 20, ratio)
            painter.drawPixmap(box.center() - QPoint(10, 10), sign)
            return
        key = (picture.cacheKey(), ratio)
        if key not in self._scaled:
            if len(self._scaled) > 400:
                self._scaled.clear()
            self._scaled[key] = scaled_to(picture, box.width(), box.height(), ratio)
        fitted = self._scaled[key]
        size = fitted.deviceIndependentSize()
        place = QPoint(
            box.left() + round((box.width() - size.width()) / 2), box.top() + round((box.height() - size.height()) / 2)
        )
        if row.state is SlideState.MISSING:
            painter.setOpacity(0.35)
        painter.drawPixmap(place, fitted)
        painter.setOpacity(1.0)

    def _paint_words(self, painter: QPainter, row: SlideRow, box: QRect, font: QFont) -> None:
        colors = style.colors()
        bold = QFont(font)
        bold.setBold(row.open)
        metrics = QFontMetrics(bold)
        height = metrics.height()
        top = box.top() + max((box.height() - 2 * height - 4) // 2, 0)
        painter.setFont(bold)
        painter.setPen(QColor(colors.muted if row.state is SlideState.MISSING else colors.text))
        name = metrics.elidedText(row.slide.name, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(QRect(box.left(), top, box.width(), height), Qt.AlignmentFlag.AlignVCenter, name)
        shades = {
            SlideState.FAILED: colors.error_text,
            SlideState.MISSING: colors.warning_text,
            SlideState.RUNNING: colors.accent,
            SlideState.WAITING: colors.accent,
        }
        painter.setFont(font)
        painter.setPen(QColor(shades.get(row.state, colors.warning_text if row.outdated else colors.muted)))
        said = QFontMetrics(font).elidedText(self._model.said(row), Qt.TextElideMode.ElideRight, box.width())
        below = QRect(box.left(), top + height + 4, box.width(), height)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, said)
