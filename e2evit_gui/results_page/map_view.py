"""Slides as small pictures on a plane: those that lie near each other look alike to the model."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from e2evit_gui.results_page.apart import moved_apart
from e2evit_gui.theme import style
from e2evit_gui.viewer.slide_pictures import SlidePictures, scaled_to

SIDE = 56
_MARGIN = 48.0
_ZOOM_STEP = 1.2
_MOST_ZOOM = 40.0
_STILL_PX = 4
_APART_PX = 16.0
"""So much of a slide is seen beside one that lies over it."""
_FRAME_PX = 3.0


class MapView(QWidget):
    """Draw slides at their points. Wheel zooms, dragging moves, a click or Return opens; arrow keys go to the next slide.

    ``chosen`` carries a slide id, ``pointed`` the one under the cursor or the keys ("" for none).
    """

    chosen = Signal(str)
    pointed = Signal(str)

    def __init__(self, pictures: SlidePictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Map of the slides"))
        self._pictures = pictures
        self._slides: tuple[str, ...] = ()
        self._points: NDArray[np.float64] = np.zeros((0, 2))
        self._extent = (1.0, 1.0)
        self._names: dict[str, str] = {}
        self._colors: dict[str, QColor] = {}
        self._open = ""
        self._current = -1
        self._zoom = 1.0
        self._shift = QPointF()
        self._pressed: QPointF | None = None
        self._dragged = False
        self._scaled: dict[tuple[int, float], QPixmap] = {}
        self._apart: tuple[float, NDArray[np.float64]] | None = None
        pictures.arrived.connect(self.update)
        style.keeper().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Prefer a large square."""
        return QSize(640, 480)

    def show_points(
        self, slides: tuple[str, ...], points: NDArray[np.float64], names: dict[str, str], colors: dict[str, QColor]
    ) -> None:
        """Take slides, their points (n, 2), what they are called, and the color of each frame."""
        self._slides, self._names, self._colors = slides, names, colors
        spread = np.ptp(points, axis=0).max() if len(points) else 0.0
        middle = (points.max(axis=0) + points.min(axis=0)) / 2 if len(points) else np.zeros(2)
        self._points = (points - middle) / (spread or 1.0)  # one scale on both axes: distances stay distances
        extent = np.ptp(self._points, axis=0) if len(points) else np.ones(2)
        self._extent = max(float(extent[0]), 0.05), max(float(extent[1]), 0.05)
        self._current, self._apart = -1, None
        self.fit()

    def show_open(self, slide_id: str) -> None:
        """Mark the slide that is open."""
        self._open = slide_id
        self.update()

    def fit(self) -> None:
        """Show all slides."""
        self._zoom, self._shift = 1.0, QPointF()
        self.update()

    def place(self, index: int) -> QPointF:
        """Return where a slide is on the widget."""
        x, y = self._on_screen()[index]
        return QPointF(self.width() / 2 + x, self.height() / 2 - y) + self._shift

    def _on_screen(self) -> NDArray[np.float64]:
        """Return the points (n, 2) in pixels around the middle, those that would cover each other a little apart."""
        across, up = self._extent
        room = min((self.width() - 2 * _MARGIN) / across, (self.height() - 2 * _MARGIN) / up)
        side = max(room, 20.0) * self._zoom
        if self._apart is None or self._apart[0] != side:
            self._apart = side, moved_apart(self._points * side, _APART_PX)
        return self._apart[1]

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all slides that are in view, the one under the cursor last."""
        with QPainter(self) as painter:
            colors = style.colors()
            painter.fillRect(self.rect(), QColor(colors.base))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            on_top = [self._slides.index(self._open)] if self._open in self._slides else []
            if self._current >= 0:
                on_top = [*(index for index in on_top if index != self._current), self._current]
            order = [*(index for index in range(len(self._slides)) if index not in on_top), *on_top]
            seen = QRectF(self.rect()).adjusted(-SIDE, -SIDE, SIDE, SIDE)
            for index in order:
                at = self.place(index)
                if seen.contains(at):
                    self._paint_slide(painter, index, at)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)  # a name's plate has one
                painter.setPen(QPen(QColor(colors.accent), 1))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_slide(self, painter: QPainter, index: int, at: QPointF) -> None:
        colors, slide_id = style.colors(), self._slides[index]
        picture = self._pictures.get(slide_id)
        ratio = self.devicePixelRatioF()
        box = QRectF(at.x() - SIDE / 2, at.y() - SIDE / 2, SIDE, SIDE)
        if picture is not None:
            key = (picture.cacheKey(), ratio)
            if key not in self._scaled:
                self._scaled[key] = scaled_to(picture, SIDE, SIDE, ratio)
            fitted = self._scaled[key]
            size = fitted.deviceIndependentSize()
            box = QRectF(at.x() - size.width() / 2, at.y() - size.height() / 2, size.width(), size.height())
            painter.drawPixmap(box.topLeft(), fitted)
        else:
            painter.fillRect(box, QColor(colors.window))
        self._paint_frame(painter, index, box)
        if index == self._current:
            self._paint_name(painter, self._names.get(slide_id, ""), box)

    def _paint_frame(self, painter: QPainter, index: int, box: QRectF) -> None:
        """Draw a frame in the color of the risk, and around it a line that shows it on every ground, or the open slide's ring."""
        colors, slide_id = style.colors(), self._slides[index]

        def around(far: float, color: QColor, width: float) -> None:
            painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(box.adjusted(-far, -far, far, far))

        painter.setBrush(Qt.BrushStyle.NoBrush)
        around(_FRAME_PX / 2, self._colors.get(slide_id, QColor(colors.border)), _FRAME_PX)
        if slide_id == self._open:
            around(_FRAME_PX + 2, QColor(colors.base), 3)
            around(_FRAME_PX + 4.5, QColor(colors.accent), 2.5)
        if index == self._current:
            around(_FRAME_PX + 1, QColor(colors.text), 2)
        else:
            around(_FRAME_PX + 0.5, QColor(colors.muted), 1)

    def _paint_name(self, painter: QPainter, name: str, box: QRectF) -> None:
        colors, metrics = style.colors(), QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(name) + 12
        left = min(max(box.center().x() - width / 2, 2.0), max(self.width() - width - 2, 2.0))
        plate = QRectF(left, box.bottom() + 10, width, metrics.height() + 4)
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(QColor(colors.panel))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(QColor(colors.text))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, name)

    # hands

    def _under(self, position: QPointF) -> int:
        near = [
            (abs(at.x() - position.x()) + abs(at.y() - position.y()), index)
            for index in range(len(self._slides))
            if abs((at := self.place(index)).x() - position.x()) <= SIDE / 2 and abs(at.y() - position.y()) <= SIDE / 2
        ]
        return min(near)[1] if near else -1

    def _point_to(self, index: int) -> None:
        if index != self._current:
            self._current = index
            self.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)
            self.pointed.emit(self._slides[index] if index >= 0 else "")
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag or a click."""
        self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the map, or say what the cursor is on."""
        if self._pressed is None:
            self._point_to(self._under(event.position()))
            return
        moved = event.position() - self._pressed
        if self._dragged or moved.manhattanLength() >= _STILL_PX:
            self._dragged, self._pressed = True, event.position()
            self._shift += moved
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the slide that was clicked."""
        pressed, self._pressed = self._pressed, None
        index = self._under(event.position())
        if pressed is not None and not self._dragged and index >= 0:
            self.chosen.emit(self._slides[index])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        zoom = min(max(self._zoom * _ZOOM_STEP ** (event.angleDelta().y() / 120), 0.5), _MOST_ZOOM)
        middle = QPointF(self.width() / 2, self.height() / 2)
        from_middle = event.position() - middle - self._shift
        self._shift += from_middle * (1 - zoom / self._zoom)
        self._zoom = zoom
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the nearest slide in a direction, open it, or show all again."""
        directions = {
            Qt.Key.Key_Left: (-1.0, 0.0),
            Qt.Key.Key_Right: (1.0, 0.0),
            Qt.Key.Key_Up: (0.0, -1.0),
            Qt.Key.Key_Down: (0.0, 1.0),
        }
        key = Qt.Key(event.key())
        if key in directions and self._slides:
            self._point_to(self._next(*directions[key]))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._current >= 0:
            self.chosen.emit(self._slides[self._current])
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _next(self, x: float, y: float) -> int:
        if self._current < 0:
            return 0
        here = self.place(self._current)
        best, found = float("inf"), self._current
        for index in range(len(self._slides)):
            away = self.place(index) - here
            along = away.x() * x + away.y() * y
            aside = abs(away.x() * y) + abs(away.y() * x)
            if index != self._current and along > 0 and along + 2 * aside < best:
                best, found = along + 2 * aside, index
        return found

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Draw without the frame of the focus."""
        self.update()
        super().focusOutEvent(event)
