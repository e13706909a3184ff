"""One tile twice: its true pixels, and what the model sees of it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from e2evit_gui.theme import style
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_model.tiling.grid import TileGrid

CLIENT = "tile"
_GAP = 8
_LARGEST = 168


class TilePair(QWidget):
    """Draw a tile from the slide's own tile cache, and beside it the patch or patches that the transformer gets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("The tile, and what the model sees of it"))
        self._tiles: SlideTiles | None = None
        self._grid: TileGrid | None = None
        self._tile = -1
        self._seen: NDArray[np.uint8] | None = None

    def show_tile(
        self, tiles: SlideTiles | None, grid: TileGrid | None, tile: int, seen: NDArray[np.uint8] | None
    ) -> None:
        """Take a tile by its number (-1: none), and what is seen of it, (S, S, 3), once there is a result."""
        if tiles is not self._tiles and tiles is not None:
            tiles.arrived.connect(self.update)
        self._tiles, self._grid, self._tile = tiles, grid, tile
        self._seen = None if seen is None else np.ascontiguousarray(seen)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Prefer two squares as high as there is room."""
        side = self._side()
        return QSize(2 * side + _GAP, side + self.fontMetrics().height() + 2)

    def resizeEvent(self, event: object) -> None:
        """Keep the width with the height."""
        self.setFixedWidth(self.sizeHint().width())
        super().resizeEvent(event)  # type: ignore[arg-type]

    def _side(self) -> int:
        return max(min(self.height() - self.fontMetrics().height() - 2, _LARGEST), 48)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both."""
        if self._tiles is None or self._grid is None or not 0 <= self._tile < len(self._grid):
            return
        with QPainter(self) as painter:
            side = self._side()
            true, seen = QRect(0, 0, side, side), QRect(side + _GAP, 0, side, side)
            self._paint_true(painter, true, self._tiles, self._grid)
            painter.fillRect(seen, QColor(style.colors().base))
            if self._seen is not None:
                patch = self._seen
                image = QImage(
                    patch.data, patch.shape[1], patch.shape[0], 3 * patch.shape[1], QImage.Format.Format_RGB888
                )
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
                painter.drawImage(seen, image)
            painter.setPen(QColor(style.colors().muted))
            line = self.fontMetrics().height()
            for box, text in ((true, self.tr("true pixels")), (seen, self.tr("as seen"))):
                below = QRect(box.left() - _GAP // 2, box.bottom() + 2, box.width() + _GAP, line)
                said = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, below.width())
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, said)

    def _paint_true(self, painter: QPainter, box: QRect, tiles: SlideTiles, grid: TileGrid) -> None:
        ratio = self.devicePixelRatioF()
        painter.fillRect(box, QColor(style.colors().border))
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        source = QRectF(float(grid.x[self._tile]), float(grid.y[self._tile]), grid.width, grid.width)
        target = QRectF(box.x() * ratio, box.y() * ratio, box.width() * ratio, box.height() * ratio).toAlignedRect()
        level = tiles.pyramid.level_for(grid.width / target.width())
        tiles.want(CLIENT, tiles.paint(painter, source, target, level))
        painter.restore()
