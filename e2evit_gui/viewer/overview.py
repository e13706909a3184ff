"""The overview: the whole slide in a corner, with a frame where one looks; a click goes there."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from e2evit_gui.theme import style
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_gui.viewer.viewport import Viewport

LONGEST = 150


class Overview(QWidget):
    """A small picture of the slide; ``jumped`` carries the level-0 point that was clicked or dragged to."""

    jumped = Signal(QPointF)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tiles: SlideTiles | None = None
        self._view: Viewport | None = None
        self._picture = QPixmap()
        self._whole = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Overview of the slide"))
        self.setToolTip(self.tr("Overview: click to go there"))
        self.hide()

    def show_slide(self, tiles: SlideTiles | None) -> None:
        """Take another slide, or none."""
        self._tiles = tiles
        self._picture, self._whole = QPixmap(), False
        if tiles is not None:
            finest = tiles.pyramid.levels[0]
            longest = max(finest.width, finest.height)
            size = QSize(max(LONGEST * finest.width // longest, 12), max(LONGEST * finest.height // longest, 12))
            self.setFixedSize(size)
        self.setVisible(tiles is not None)

    def look(self, view: Viewport) -> None:
        """Move the frame."""
        self._view = view
        self.update()

    def refresh(self) -> None:
        """Paint the picture again while tiles of it were missing."""
        if not self._whole:
            self._picture = QPixmap()
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture and the frame."""
        with QPainter(self) as painter:
            if self._picture.isNull():
                self._draw_picture()
            painter.drawPixmap(0, 0, self._picture)
            painter.setPen(QPen(QColor(style.colors().border), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            if self._view is not None and self._tiles is not None:
                frame = QPen(QColor(style.colors().accent), 2)
                frame.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
                painter.setPen(frame)
                painter.drawRect(self._frame(self._view))

    def _frame(self, view: Viewport) -> QRectF:
        per_x, per_y = self.width() / view.slide_width, self.height() / view.slide_height
        frame = QRectF(
            view.x * per_x, view.y * per_y, view.width * view.scale * per_x, view.height * view.scale * per_y
        ).intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        if min(frame.width(), frame.height()) < 5:  # a point would not be seen
            center = frame.center()
            frame = QRectF(center.x() - 3, center.y() - 3, 6, 6)
        return frame

    def _draw_picture(self) -> None:
        ratio = self.devicePixelRatioF()
        self._picture = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        self._picture.fill(QColor(style.colors().panel))
        if self._tiles is not None:
            finest = self._tiles.pyramid.levels[0]
            with QPainter(self._picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                target = QRect(0, 0, self._picture.width(), self._picture.height())
                whole = QRectF(0, 0, finest.width * finest.downsample, finest.height * finest.downsample)
                missing = self._tiles.paint(painter, whole, target, self._tiles.pyramid.coarsest)
            self._whole = not missing
        self._picture.setDevicePixelRatio(ratio)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where the click is."""
        self._jump(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the drag."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._jump(event)

    def _jump(self, event: QMouseEvent) -> None:
        if self._view is not None:
            x = event.position().x() / self.width() * self._view.slide_width
            y = event.position().y() / self.height() * self._view.slide_height
            self.jumped.emit(QPointF(x, y))
        event.accept()
