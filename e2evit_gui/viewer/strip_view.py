"""The strip on screen, in three forms; only what is visible is painted, from the slide's own tile cache."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from e2evit_gui.theme import style
from e2evit_gui.viewer.pyramid import TileKey
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_gui.viewer.strip_geometry import StripGeometry
from e2evit_model.tiling.grid import TileGrid

CLIENT = "strip"
SMALLEST_CELL, LARGEST_CELL, FIRST_CELL = 16, 224, 56
_PADDING = 6
_BAND = 5  # the overlay's color under a tile
_RULER_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class StripForm(StrEnum):
    """How the strip is laid out."""

    ROW = "row"
    WRAPPED = "wrapped"
    SEEN = "seen"


class StripView(QAbstractScrollArea):
    """Show tiles in strip order. ``hovered`` and ``clicked`` carry a tile, -1 for none. Ctrl+wheel changes their size."""

    hovered = Signal(int)
    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumHeight(72)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Strip of tiles"))
        self._tiles: SlideTiles | None = None
        self._grid: TileGrid | None = None
        self._seen: NDArray[np.uint8] | None = None
        self._bands: NDArray[np.uint8] | None = None
        self._form = StripForm.WRAPPED
        self._cell = FIRST_CELL
        self._hovered = self._selected = -1

    def sizeHint(self) -> QSize:
        """Prefer room for three rows."""
        return QSize(600, 190)

    # what is shown

    @property
    def form(self) -> StripForm:
        """How the strip is laid out."""
        return self._form

    def set_form(self, form: StripForm) -> None:
        """Lay the strip out in another way; the first visible tile stays visible."""
        first = self._first_visible()
        self._form = form
        self._update_bars()
        self.show_tile(first)
        self.viewport().update()

    def show_strip(self, tiles: SlideTiles | None, grid: TileGrid | None) -> None:
        """Take the tiles of a slide, or none."""
        if tiles is not self._tiles and tiles is not None:
            tiles.arrived.connect(self.viewport().update)
        self._tiles, self._grid = tiles, grid
        self._seen = self._bands = None
        self._hovered = self._selected = -1
        self.horizontalScrollBar().setValue(0)
        self.verticalScrollBar().setValue(0)
        self._update_bars()
        self.viewport().update()

    def set_seen(self, seen: NDArray[np.uint8] | None) -> None:
        """Take what the model sees, (N, P, P, 3), once there is a result."""
        self._seen = seen
        self.viewport().update()

    def set_bands(self, colors: NDArray[np.uint8] | None) -> None:
        """Take the overlay's color of each tile, (N, 4) RGBA, or none."""
        self._bands = colors
        self.viewport().update()

    def highlight(self, tile: int) -> None:
        """Mark the tile under the cursor."""
        if tile != self._hovered:
            self._hovered = tile
            self.viewport().update()

    def select(self, tile: int) -> None:
        """Mark a tile and bring it into view."""
        self._selected = tile
        self.show_tile(tile)
        self.viewport().update()

    def show_tile(self, tile: int) -> None:
        """Scroll until a tile is seen."""
        if self._grid is None or not 0 <= tile < len(self._grid):
            return
        geometry, ratio = self.geometry_of(), self.devicePixelRatioF()
        x, y = geometry.place(tile)
        for bar, at, room in (
            (self.horizontalScrollBar(), x / ratio, self.viewport().width()),
            (self.verticalScrollBar(), y / ratio, self.viewport().height()),
        ):
            side = geometry.pitch / ratio
            if at < bar.value() or at + side > bar.value() + room:
                bar.setValue(round(at - (room - side) / 2))

    def geometry_of(self) -> StripGeometry:
        """Return where the tiles stand, in device pixels."""
        ratio = self.devicePixelRatioF()
        count = len(self._grid) if self._grid is not None else 0
        padding = round(_PADDING * ratio)
        if self._form is StripForm.ROW:
            ruler = round(self._ruler_height() * ratio)
            cell = round((self.viewport().height() - _BAND) * ratio) - ruler - 2 * padding
            cell = min(max(cell, SMALLEST_CELL), round(LARGEST_CELL * ratio))
            return StripGeometry.one_row(count, cell, gap=round(2 * ratio), left=padding, top=padding + ruler)
        left = padding + round(self._gutter() * ratio)
        width = round(self.viewport().width() * ratio) - padding
        gap = round((2 + (_BAND if self._bands is not None else 0)) * ratio)
        return StripGeometry.wrapped(count, round(self._cell * ratio), width, gap=gap, left=left, top=padding)

    def _gutter(self) -> int:
        """Return the room for the number of a row's first tile, in logical pixels."""
        count = len(self._grid) if self._grid is not None else 0
        return QFontMetrics(self.font()).horizontalAdvance("0" * max(len(str(count)), 2)) + 10

    def _ruler_height(self) -> int:
        return QFontMetrics(self.font()).height() + 2

    def _first_visible(self) -> int:
        ratio = self.devicePixelRatioF()
        geometry = self.geometry_of()
        x, y = self.horizontalScrollBar().value() * ratio, self.verticalScrollBar().value() * ratio
        return geometry.tile_at(x + geometry.left + 1, y + geometry.top + 1)

    def _update_bars(self) -> None:
        geometry, ratio = self.geometry_of(), self.devicePixelRatioF()
        wide = round(geometry.width / ratio) + _PADDING if self._form is StripForm.ROW else 0
        high = round(geometry.height / ratio) + _PADDING if self._form is not StripForm.ROW else 0
        for bar, whole, room in (
            (self.horizontalScrollBar(), wide, self.viewport().width()),
            (self.verticalScrollBar(), high, self.viewport().height()),
        ):
            bar.setRange(0, max(whole - room, 0))
            bar.setPageStep(room)
            bar.setSingleStep(max(round(geometry.pitch / ratio), 1))

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the visible tiles."""
        painter = QPainter(self.viewport())
        colors = style.colors()
        painter.fillRect(self.viewport().rect(), QColor(colors.base))
        if self._tiles is None or self._grid is None or len(self._grid) == 0:
            self._paint_words(
                painter, self.tr("The tiles of the slide stand here side by side, as the model reads them.")
            )
            return
        if self._form is StripForm.SEEN and self._seen is None:
            self._tiles.want(CLIENT, [])
            self._paint_words(
                painter, self.tr("Run a model to see what it sees: the mean of all patches of each tile.")
            )
            return
        ratio = self.devicePixelRatioF()
        geometry = self.geometry_of()
        x, y = round(self.horizontalScrollBar().value() * ratio), round(self.verticalScrollBar().value() * ratio)
        width, height = round(self.viewport().width() * ratio), round(self.viewport().height() * ratio)
        shown = geometry.visible(x, y, width, height)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.translate(-x, -y)
        if self._form is StripForm.SEEN and self._seen is not None:
            self._paint_seen(painter, geometry, shown, self._seen)
        else:
            self._paint_tiles(painter, geometry, shown, self._tiles, self._grid)
        self._paint_bands(painter, geometry, shown, round(_BAND * ratio))
        self._paint_frames(painter, geometry, ratio)
        painter.restore()
        self._paint_numbers(painter, geometry, shown, ratio)

    def _paint_words(self, painter: QPainter, text: str) -> None:
        painter.setPen(QColor(style.colors().muted))
        painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)

    def _paint_tiles(
        self, painter: QPainter, geometry: StripGeometry, shown: list[int], tiles: SlideTiles, grid: TileGrid
    ) -> None:
        level = tiles.pyramid.level_for(grid.width / geometry.cell)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        missing: dict[TileKey, None] = {}
        waiting = QColor(style.colors().border)
        for tile in shown:
            x, y = geometry.place(tile)
            target = QRect(x, y, geometry.cell, geometry.cell)
            source = QRectF(float(grid.x[tile]), float(grid.y[tile]), grid.width, grid.width)
            painter.fillRect(target, waiting)
            missing.update(dict.fromkeys(tiles.paint(painter, source, target, level)))
        tiles.want(CLIENT, list(missing))

    def _paint_seen(
        self, painter: QPainter, geometry: StripGeometry, shown: list[int], seen: NDArray[np.uint8]
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        side = seen.shape[1]
        for tile in shown:
            patch = np.ascontiguousarray(seen[tile])
            image = QImage(patch.data, side, side, 3 * side, QImage.Format.Format_RGB888)
            x, y = geometry.place(tile)
            painter.drawImage(QRect(x, y, geometry.cell, geometry.cell), image)

    def _paint_bands(self, painter: QPainter, geometry: StripGeometry, shown: list[int], band: int) -> None:
        if self._bands is None:
            return
        for tile in shown:
            red, green, blue, alpha = self._bands[tile].tolist()
            if alpha:
                x, y = geometry.place(tile)
                painter.fillRect(QRect(x, y + geometry.cell, geometry.cell, band), QColor(red, green, blue))

    def _paint_frames(self, painter: QPainter, geometry: StripGeometry, ratio: float) -> None:
        colors = style.colors()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for tile, color in ((self._selected, colors.accent), (self._hovered, colors.highlight)):
            if not 0 <= tile < geometry.count:
                continue
            x, y = geometry.place(tile)
            frame = QRectF(x + 0.5, y + 0.5, geometry.cell - 1, geometry.cell - 1)
            for pen in (QPen(QColor(0, 0, 0, 200), 4 * ratio), QPen(QColor(color), 2 * ratio)):
                pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
                painter.setPen(pen)
                painter.drawRect(frame)

    def _paint_numbers(self, painter: QPainter, geometry: StripGeometry, shown: list[int], ratio: float) -> None:
        painter.setPen(QColor(style.colors().muted))
        x, y = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        line = QFontMetrics(self.font()).height()
        if self._form is StripForm.ROW:
            room = QFontMetrics(self.font()).horizontalAdvance("0" * (len(str(geometry.count)) + 1))
            step = next((s for s in _RULER_STEPS if s * geometry.pitch / ratio >= room), _RULER_STEPS[-1])
            for tile in shown:
                if tile == 0 or (tile + 1) % step == 0:
                    place = geometry.place(tile)[0] / ratio - x
                    box = QRectF(place, _PADDING - 2, max(geometry.cell / ratio, room), line)
                    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(tile + 1))
            return
        for tile in shown:
            if tile % geometry.columns == 0:
                place = geometry.place(tile)[1] / ratio - y
                box = QRectF(_PADDING, place, self._gutter() - 8, geometry.cell / ratio)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(tile + 1))

    # hands

    def _tile_under(self, position: QPointF) -> int:
        ratio = self.devicePixelRatioF()
        x = (position.x() + self.horizontalScrollBar().value()) * ratio
        y = (position.y() + self.verticalScrollBar().value()) * ratio
        return self.geometry_of().tile_at(x, y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say which tile the cursor is on."""
        self.hovered.emit(self._tile_under(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Say which tile was clicked."""
        tile = self._tile_under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and tile >= 0:
            self.clicked.emit(tile)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say that the cursor is gone."""
        if event.type() == QEvent.Type.Leave:
            self.hovered.emit(-1)
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll along the strip, also sideways with a plain wheel; with Ctrl, change the size of the tiles."""
        steps = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if steps and self._form is not StripForm.ROW:
                first = self._first_visible()
                self._cell = round(min(max(self._cell * 1.2**steps, SMALLEST_CELL), LARGEST_CELL))
                self._update_bars()
                self.show_tile(first)
                self.viewport().update()
        elif self._form is StripForm.ROW and steps:
            bar = self.horizontalScrollBar()
            bar.setValue(round(bar.value() - steps * 3 * bar.singleStep()))
        else:
            super().wheelEvent(event)
        event.accept()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Paint again where it was scrolled to."""
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for another width."""
        self._update_bars()
        super().resizeEvent(event)
