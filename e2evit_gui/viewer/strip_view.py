"""The strip on screen, in three forms; only what is visible is painted, from the slide's own tile cache."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
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
from e2evit_gui.viewer.slide_tiles import FRAME_MS, SlideTiles
from e2evit_gui.viewer.strip_cells import StripCells
from e2evit_model.strip.layout import StripLayout
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
        self._cells = StripCells()
        self._form = StripForm.WRAPPED
        self._cell = FIRST_CELL
        self._hovered = self._selected = -1
        self._choose_bars()

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
        self._choose_bars()
        self._update_bars()
        self.show_tile(first)
        self.viewport().update()

    def _choose_bars(self) -> None:
        """Keep the one scroll bar that the form needs, so that the room for tiles does not change by what is in it."""
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        on = off if self._grid is None else Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        in_a_row = self._form is StripForm.ROW
        self.setHorizontalScrollBarPolicy(on if in_a_row else off)
        self.setVerticalScrollBarPolicy(off if in_a_row else on)

    def show_strip(self, tiles: SlideTiles | None, grid: TileGrid | None) -> None:
        """Take the tiles of a slide, or none."""
        if tiles is not self._tiles and tiles is not None:
            tiles.arrived.connect(self.viewport().update)
        self._tiles, self._grid = tiles, grid
        self._choose_bars()
        self._cells.clear()
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
        """Take the overlay's color of each tile, (N, 4) RGBA, or none; the tiles in view stay where they are."""
        before, bar = self.layout_of().row_height, self.verticalScrollBar()
        row = int(max(self._scrolled()[1] - self._origin()[1], 0) // before)
        self._bands = colors
        self._update_bars()
        # rows stand farther apart with bands under them
        moved = row * (self.layout_of().row_height - before)
        bar.setValue(bar.value() + round(moved / self.devicePixelRatioF()))
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
        ratio = self.devicePixelRatioF()
        left, top = self._origin()
        x, y, side, _ = self.layout_of().rectangle(tile)
        for bar, at, room in (
            (self.horizontalScrollBar(), (x + left) / ratio, self.viewport().width()),
            (self.verticalScrollBar(), (y + top) / ratio, self.viewport().height()),
        ):
            if at < bar.value() or at + side / ratio > bar.value() + room:
                bar.setValue(round(at - (room - side / ratio) / 2))

    def layout_of(self) -> StripLayout:
        """Return where the tiles stand, in device pixels from the strip's own corner."""
        ratio = self.devicePixelRatioF()
        count = len(self._grid) if self._grid is not None else 0
        band = round(_BAND * ratio) if self._bands is not None else 0
        if self._form is StripForm.ROW:
            room = round((self.viewport().height() - self._ruler_height() - 2 * _PADDING) * ratio) - band
            return StripLayout.one_row(count, min(max(room, SMALLEST_CELL), round(LARGEST_CELL * ratio)))
        return StripLayout.wrapped(
            count,
            round(self._cell * ratio),
            width=round((self.viewport().width() - 2 * _PADDING) * ratio),
            row_gap=round(3 * ratio) + band,
            label_width=round(self._gutter() * ratio),
        )

    def _origin(self) -> tuple[int, int]:
        """Return the strip's corner in device pixels from the scrolled area's."""
        ratio = self.devicePixelRatioF()
        above = self._ruler_height() if self._form is StripForm.ROW else 0
        return round(_PADDING * ratio), round((_PADDING + above) * ratio)

    def _gutter(self) -> int:
        """Return the room for the number of a row's first tile, in logical pixels."""
        count = len(self._grid) if self._grid is not None else 0
        return QFontMetrics(self.font()).horizontalAdvance("0" * max(len(str(count)), 2)) + 10

    def _ruler_height(self) -> int:
        return QFontMetrics(self.font()).height() + 2

    def _first_visible(self) -> int:
        layout = self.layout_of()
        x, y = self._scrolled()
        left, top = self._origin()
        tile = layout.tile_at(max(x - left, 0) + layout.label_width + 1, max(y - top, 0) + 1)
        return -1 if tile is None else tile

    def _scrolled(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return round(self.horizontalScrollBar().value() * ratio), round(self.verticalScrollBar().value() * ratio)

    def _update_bars(self) -> None:
        layout, ratio = self.layout_of(), self.devicePixelRatioF()
        left, top = self._origin()
        wide = round((layout.width + 2 * left) / ratio) if self._form is StripForm.ROW else 0
        high = round((layout.height + 2 * top) / ratio) if self._form is not StripForm.ROW else 0
        for bar, whole, room in (
            (self.horizontalScrollBar(), wide, self.viewport().width()),
            (self.verticalScrollBar(), high, self.viewport().height()),
        ):
            bar.setRange(0, max(whole - room, 0))
            bar.setPageStep(room)
            bar.setSingleStep(max(round(layout.row_height / ratio), 1))

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the visible tiles."""
        with QPainter(self.viewport()) as painter:
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
            layout = self.layout_of()
            (x, y), (left, top) = self._scrolled(), self._origin()
            width, height = round(self.viewport().width() * ratio), round(self.viewport().height() * ratio)
            shown = layout.visible(x - left, y - top, width, height).tolist()
            painter.save()
            painter.scale(1 / ratio, 1 / ratio)
            painter.translate(left - x, top - y)
            if self._form is StripForm.SEEN and self._seen is not None:
                self._paint_seen(painter, layout, shown, self._seen)
            else:
                self._paint_tiles(painter, layout, shown, self._tiles, self._grid)
            self._paint_bands(painter, layout, shown, round(_BAND * ratio))
            self._paint_frames(painter, layout, ratio)
            painter.restore()
            self._paint_numbers(painter, layout, shown, ratio)

    def _paint_words(self, painter: QPainter, text: str) -> None:
        painter.setPen(QColor(style.colors().muted))
        painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)

    def _paint_tiles(
        self, painter: QPainter, layout: StripLayout, shown: list[int], tiles: SlideTiles, grid: TileGrid
    ) -> None:
        level = tiles.pyramid.level_for(grid.width / layout.tile_side)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        missing: dict[TileKey, None] = {}
        self._cells.begin_frame()
        waiting = QColor(style.colors().border)
        hair = 1 if layout.tile_side >= 24 else 0  # so that one sees where a tile ends
        for tile in shown:
            target = _box(layout, tile).adjusted(0, 0, -hair, 0)
            source = QRectF(float(grid.x[tile]), float(grid.y[tile]), grid.width, grid.width)
            wanted = self._cells.paint(painter, tiles, tile, source, target, level=level, waiting=waiting)
            missing.update(dict.fromkeys(wanted))
        self._cells.end_frame(painter, tiles, waiting=waiting, between=QColor(style.colors().base))
        tiles.want(CLIENT, list(missing))
        if self._cells.late:
            QTimer.singleShot(FRAME_MS, self.viewport(), self.viewport().update)

    def _paint_seen(self, painter: QPainter, layout: StripLayout, shown: list[int], seen: NDArray[np.uint8]) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        side = seen.shape[1]
        hair = 1 if layout.tile_side >= 24 else 0
        for tile in shown:
            patch = np.ascontiguousarray(seen[tile])
            image = QImage(patch.data, side, side, 3 * side, QImage.Format.Format_RGB888)
            painter.drawImage(_box(layout, tile).adjusted(0, 0, -hair, 0), image)

    def _paint_bands(self, painter: QPainter, layout: StripLayout, shown: list[int], band: int) -> None:
        if self._bands is None:
            return
        for tile in shown:
            red, green, blue, alpha = self._bands[tile].tolist()
            if alpha:
                box = _box(layout, tile)
                painter.fillRect(box.left(), box.bottom() + 1, box.width(), band, QColor(red, green, blue))

    def _paint_frames(self, painter: QPainter, layout: StripLayout, ratio: float) -> None:
        colors = style.colors()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for tile, color in ((self._selected, colors.accent), (self._hovered, colors.highlight)):
            if not 0 <= tile < layout.count:
                continue
            frame = QRectF(_box(layout, tile)).adjusted(0.5, 0.5, -0.5, -0.5)
            for pen in (QPen(QColor(0, 0, 0, 200), 4 * ratio), QPen(QColor(color), 2 * ratio)):
                pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
                painter.setPen(pen)
                painter.drawRect(frame)

    def _paint_numbers(self, painter: QPainter, layout: StripLayout, shown: list[int], ratio: float) -> None:
        """Write the number of the first tile of each row; along one row, of every so many tiles."""
        painter.setPen(QColor(style.colors().muted))
        (x, y), (left, top) = self._scrolled(), self._origin()
        line = QFontMetrics(self.font()).height()
        if self._form is StripForm.ROW:
            room = QFontMetrics(self.font()).horizontalAdvance("0" * (len(str(layout.count)) + 1))
            step = next((s for s in _RULER_STEPS if s * layout.tile_side / ratio >= room), _RULER_STEPS[-1])
            for tile in shown:
                if tile == 0 or (tile + 1) % step == 0:
                    place = (_box(layout, tile).left() + left - x) / ratio
                    box = QRectF(place, _PADDING - 2, max(layout.tile_side / ratio, room), line)
                    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(tile + 1))
            return
        for tile, at in layout.row_starts(y - top, self.viewport().height() * ratio):
            box = QRectF(_PADDING, (at + top - y) / ratio, self._gutter() - 8, layout.tile_side / ratio)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(tile + 1))

    # hands

    def _tile_under(self, position: QPointF) -> int:
        ratio = self.devicePixelRatioF()
        (x, y), (left, top) = self._scrolled(), self._origin()
        tile = self.layout_of().tile_at(position.x() * ratio + x - left, position.y() * ratio + y - top)
        return -1 if tile is None else tile

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


def _box(layout: StripLayout, tile: int) -> QRect:
    x, y, width, height = layout.rectangle(tile)
    return QRect(round(x), round(y), round(width), round(height))
