"""What lies over the slide: tile grid, heat map, the tiles under the cursor. Painted in device pixels."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from e2evit_gui.viewer.kept_drawing import KeptDrawing
from e2evit_gui.viewer.viewport import Viewport
from e2evit_model.overlay.picture import TilePicture, paint_tiles, to_rgba
from e2evit_model.tiling.grid import TileGrid

SMALLEST_GRID_PX = 5.0
"""Below this side of a tile on screen the grid's lines would hide the slide."""

LARGEST_PIXEL = 4.0
"""Device pixels: Qt paints a raster of such pixels within a sixth of a device pixel over a width of 2 560."""


class GridLayer:
    """The tiles' edges, and where each tile lies; only tiles in view are touched."""

    def __init__(self, grid: TileGrid) -> None:
        """Take a grid of at least one tile."""
        self._grid = grid
        self._places = paint_tiles(np.zeros(len(grid), np.float32), grid)
        by_row = np.lexsort((grid.x, grid.y))
        self._x, self._y = grid.x[by_row], grid.y[by_row]
        self._kept = KeptDrawing()

    def tile_at(self, x: float, y: float) -> int:
        """Return the tile at a level-0 point, -1 for none."""
        tile = self._places.tile_at(x, y)
        return -1 if tile is None else tile

    def visible(self, view: Viewport) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return x and y (level-0 px) of the tiles that the view touches."""
        side = self._grid.width
        top, bottom = view.y - side, view.y + view.height * view.scale
        rows = slice(int(np.searchsorted(self._y, top)), int(np.searchsorted(self._y, bottom, side="right")))
        x, y = self._x[rows], self._y[rows]
        inside = (x > view.x - side) & (x < view.x + view.width * view.scale)
        return x[inside], y[inside]

    def paint(self, painter: QPainter, view: Viewport, color: QColor) -> None:
        """Draw the edges of the tiles in view."""
        if self._grid.width / view.scale >= SMALLEST_GRID_PX:
            self._kept.paint(painter, view, color.rgba(), lambda painter: self._draw(painter, view, color))

    def _draw(self, painter: QPainter, view: Viewport, color: QColor) -> None:
        side = self._grid.width / view.scale
        x, y = self.visible(view)
        left = np.round((x - view.x) / view.scale) + 0.5
        top = np.round((y - view.y) / view.scale) + 0.5
        right = np.round((x + self._grid.width - view.x) / view.scale) + 0.5
        bottom = np.round((y + self._grid.width - view.y) / view.scale) + 0.5
        lines = [
            line
            for x0, y0, x1, y1 in zip(left.tolist(), top.tolist(), right.tolist(), bottom.tolist(), strict=True)
            for line in (QLineF(x0, y0, x1, y0), QLineF(x0, y0, x0, y1), QLineF(x1, y0, x1, y1), QLineF(x0, y1, x1, y1))
        ]
        faint = QColor(color)
        faint.setAlphaF(min(0.25 + side / 400, 0.6))
        painter.setPen(QPen(faint, 1))
        painter.drawLines(lines)


class HeatLayer:
    """One small image, a pixel a tile, drawn in one call, and contour lines over it."""

    def __init__(self, picture: TilePicture, contours: Sequence[NDArray[np.float64]] = ()) -> None:
        """Take a picture of tiles, and lines of level-0 points, each (K, 2)."""
        self._picture = picture
        self._image = QImage()
        self._contours = QPainterPath()
        for line in contours:
            self._contours.addPolygon(QPolygonF([QPointF(x, y) for x, y in line.tolist()]))

    def color(self, table: NDArray[np.uint8]) -> None:
        """Color the picture by a table, (256, 4) RGBA."""
        if self._picture.index.size:
            self._image = _from_rgba(to_rgba(self._picture, table))

    def paint(self, painter: QPainter, view: Viewport, opacity: float, *, smooth: bool) -> None:
        """Draw the part in view; lines keep their width at every magnification."""
        _paint_raster(painter, view, self._image, self._picture, opacity=opacity, smooth=smooth)
        if self._contours.isEmpty():
            return
        path = view.transform().map(self._contours)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # dark under bright shows on any color of the table and on any stain
        for color, width in ((QColor(0, 0, 0, 170), 3.0), (QColor(255, 255, 255, 235), 1.4)):
            painter.setPen(
                QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            )
            painter.drawPath(path)
        painter.restore()


class SeenLayer:
    """What the model sees: every tile replaced by its mean patch."""

    def __init__(self, picture: TilePicture, seen: NDArray[np.uint8]) -> None:
        self._picture = picture
        self._side = seen.shape[1]
        rows, columns = picture.tile.shape
        raster = np.zeros((rows, columns, self._side, self._side, 4), np.uint8)
        there = picture.tile >= 0
        raster[there, :, :, :3] = seen[picture.tile[there]]
        raster[there, :, :, 3] = 255
        whole = raster.transpose(0, 2, 1, 3, 4).reshape(rows * self._side, columns * self._side, 4)
        self._image = _from_rgba(whole)

    def paint(self, painter: QPainter, view: Viewport, opacity: float) -> None:
        """Draw the part in view; never smoothed, since these are the model's very pixels."""
        _paint_raster(painter, view, self._image, self._picture, opacity=opacity, smooth=False)


def paint_tile_frame(painter: QPainter, view: Viewport, grid: TileGrid, tile: int, pen: QPen) -> None:
    """Draw a frame around a tile, dark under bright."""
    left, top = view.to_screen(float(grid.x[tile]), float(grid.y[tile]))
    side = max(grid.width / view.scale, 6.0)
    frame = QRectF(round(left) + 0.5, round(top) + 0.5, round(side), round(side))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for one in (QPen(QColor(0, 0, 0, 200), pen.widthF() * 2), pen):
        one.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(one)
        painter.drawRect(frame)


def _from_rgba(rgba: NDArray[np.uint8]) -> QImage:
    rgba = np.ascontiguousarray(rgba)
    height, width = rgba.shape[:2]
    image = QImage(rgba.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _paint_raster(
    painter: QPainter, view: Viewport, image: QImage, place: TilePicture, *, opacity: float, smooth: bool
) -> None:
    """Draw the pixels of a raster over the slide that are in view, and one around them for smoothing."""
    if image.isNull():
        return
    pixel = place.rectangle[2] / image.width()
    left = max(math.floor((view.x - place.x) / pixel) - 1, 0)
    top = max(math.floor((view.y - place.y) / pixel) - 1, 0)
    right = min(math.ceil((view.x + view.width * view.scale - place.x) / pixel) + 1, image.width())
    bottom = min(math.ceil((view.y + view.height * view.scale - place.y) / pixel) + 1, image.height())
    if right <= left or bottom <= top:
        return
    x, y = view.to_screen(place.x + left * pixel, place.y + top * pixel)
    target = QRectF(x, y, (right - left) * pixel / view.scale, (bottom - top) * pixel / view.scale)
    painter.save()
    painter.setOpacity(opacity)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    part = QRect(left, top, right - left, bottom - top)
    finer = _finer(pixel / view.scale)
    if finer == 1:
        painter.drawImage(target, image, QRectF(part))
    else:
        way = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
        shape = Qt.AspectRatioMode.IgnoreAspectRatio
        painter.drawImage(target, image.copy(part).scaled(part.size() * finer, shape, way))
    painter.restore()


def _finer(pixel: float) -> int:
    """Return by which power of two a raster is scaled before it is painted with pixels of ``pixel`` device pixels.

    Qt walks through an image in whole 1/65536 of its pixels: at 200 device pixels each, the tenth is six from its place. The way
    by a power of two is exact.
    """
    return 1 << max(math.ceil(math.log2(pixel / LARGEST_PIXEL)), 0)
