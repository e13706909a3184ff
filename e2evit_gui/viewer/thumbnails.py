"""A row of tiles as small pictures, painted from the slide's own tile cache."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from e2evit_gui.theme import style
from e2evit_gui.viewer.pyramid import TileKey
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_model.tiling.grid import TileGrid

CLIENT = "thumbnails"
SIDE = 72
_GAP = 6


class Thumbnails(QWidget):
    """Show some tiles with a caption each. ``chosen`` and ``hovered`` carry the tile's number in the grid, -1 for none."""

    chosen = Signal(int)
    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._tiles: SlideTiles | None = None
        self._grid: TileGrid | None = None
        self._shown: list[int] = []
        self._captions: list[str] = []
        self._selected = self._marked = -1

    def show_tiles(
        self, tiles: SlideTiles | None, grid: TileGrid | None, shown: Sequence[int], captions: Sequence[str]
    ) -> None:
        """Take tiles by their numbers, and what stands below each."""
        if tiles is not self._tiles and tiles is not None:
            tiles.arrived.connect(self.update)
        self._tiles, self._grid = tiles, grid
        self._shown, self._captions = list(shown), list(captions)
        self.updateGeometry()
        self.update()

    def mark(self, selected: int, hovered: int) -> None:
        """Mark the tile that is selected and the one under the cursor."""
        self._selected, self._marked = selected, hovered
        self.update()

    def sizeHint(self) -> QSize:
        """Prefer three in a row."""
        width = 3 * (SIDE + _GAP)
        return QSize(width, self.heightForWidth(width))

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows."""
        columns = self._columns(width)
        rows = -(-len(self._shown) // columns)
        return rows * self._pitch_y()

    def _columns(self, width: int) -> int:
        return max((width + _GAP) // (SIDE + _GAP), 1)

    def _pitch_y(self) -> int:
        return SIDE + self.fontMetrics().height() + _GAP

    def _place(self, index: int) -> QRect:
        row, column = divmod(index, self._columns(self.width()))
        return QRect(column * (SIDE + _GAP), row * self._pitch_y(), SIDE, SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tiles."""
        if self._tiles is None or self._grid is None:
            return
        with QPainter(self) as painter:
            colors = style.colors()
            ratio = self.devicePixelRatioF()
            level = self._tiles.pyramid.level_for(self._grid.width / (SIDE * ratio))
            missing: dict[TileKey, None] = {}
            for index, (tile, caption) in enumerate(zip(self._shown, self._captions, strict=True)):
                box = self._place(index)
                painter.fillRect(box, QColor(colors.border))
                painter.save()
                painter.scale(1 / ratio, 1 / ratio)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                source = QRectF(
                    float(self._grid.x[tile]), float(self._grid.y[tile]), self._grid.width, self._grid.width
                )
                target = QRectF(box.x() * ratio, box.y() * ratio, SIDE * ratio, SIDE * ratio).toAlignedRect()
                missing.update(dict.fromkeys(self._tiles.paint(painter, source, target, level)))
                painter.restore()
                self._paint_frame(painter, tile, box)
                painter.setPen(QColor(colors.muted))
                text = QRect(box.left(), box.bottom() + 1, box.width(), self.fontMetrics().height())
                painter.drawText(text, Qt.AlignmentFlag.AlignCenter, caption)
            self._tiles.want(CLIENT, list(missing))

    def _paint_frame(self, painter: QPainter, tile: int, box: QRect) -> None:
        colors = style.colors()
        color = colors.highlight if tile == self._marked else colors.accent if tile == self._selected else ""
        if color:
            painter.setPen(QPen(QColor(color), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -1))

    def _tile_under(self, position: QPointF) -> int:
        for index, tile in enumerate(self._shown):
            if self._place(index).contains(position.toPoint()):
                return tile
        return -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a tile."""
        tile = self._tile_under(event.position())
        if tile >= 0:
            self.chosen.emit(tile)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say which tile the cursor is on."""
        tile = self._tile_under(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if tile >= 0 else Qt.CursorShape.ArrowCursor)
        self.hovered.emit(tile)
