"""What lies over the slide: tissue outline, tile grid, heat map, the tiles under the cursor. Painted in device pixels."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from e2evit_gui.viewer.viewport import Viewport
from e2evit_model.overlay.picture import TilePicture, to_rgba
from e2evit_model.tiling.grid import TileGrid

MOST_OUTLINE_POINTS = 4000
"""More are drawn coarser: so many take some 60 ms, those of a mask of noise took seconds (choice)."""

PIECE = 128
"""Points of an outline that are in view or not, together."""

SMALLEST_GRID_PX = 5.0
"""Below this side of a tile on screen the grid's lines would hide the slide."""


class TissueLayer:
    """The outline of the tissue: rings of level-0 points, outer ones and holes alike.

    A ragged outline has a hundred thousand points. What is drawn is what can be seen: pieces of rings in view, without points that
    fall into the same half pixel of the screen as the one before; with too many of them left, coarser still.
    """

    def __init__(self, rings: Sequence[NDArray[np.float64]]) -> None:
        kept = [np.asarray(ring, np.float64) for ring in rings if len(ring) > 1]
        self._points = np.concatenate(kept) if kept else np.zeros((0, 2))
        self._ends = np.cumsum([len(ring) for ring in kept]).astype(np.int64)
        self._step = 0.0
        self._pieces: list[NDArray[np.float64]] = []
        self._boxes = np.zeros((0, 4))
        self._drawn: tuple[bytes, list[QPolygonF]] = (b"", [])

    def paint(self, painter: QPainter, view: Viewport, pen: QPen) -> None:
        """Draw the outline, white under the pen so that it shows on any stain."""
        pieces, to_screen = self._polygons(view), _to_screen(view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        mapped = [to_screen.map(piece) for piece in pieces]
        for one in (QPen(QColor(255, 255, 255, 150), 2 * pen.widthF()), pen):
            one.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            one.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(one)
            for piece in mapped:  # each for itself: the time of one path with all of them grows with the square
                painter.drawPolyline(piece)
        painter.restore()

    def _polygons(self, view: Viewport) -> list[QPolygonF]:
        """Return the pieces in view, in level-0 pixels."""
        step = 2.0 ** math.floor(math.log2(view.scale / 2))
        while True:
            self._take_step(step)
            numbers = self._visible(view)
            if sum(len(self._pieces[number]) for number in numbers) <= MOST_OUTLINE_POINTS:
                break
            step *= 2
        name = np.float64(step).tobytes() + numbers.tobytes()
        if name != self._drawn[0]:
            pieces = [self._pieces[number].tolist() for number in numbers]
            self._drawn = (name, [QPolygonF([QPointF(x, y) for x, y in piece]) for piece in pieces])
        return self._drawn[1]

    def _visible(self, view: Viewport) -> NDArray[np.int64]:
        edge = 8 * view.scale
        left, top, right, bottom = self._boxes.T
        inside = (left <= view.x + view.width * view.scale + edge) & (right >= view.x - edge)
        inside &= (top <= view.y + view.height * view.scale + edge) & (bottom >= view.y - edge)
        return np.flatnonzero(inside)

    def _take_step(self, step: float) -> None:
        """Leave out points in the same square of ``step`` level-0 pixels as the one before, and cut rings into pieces."""
        if step == self._step or not len(self._points):
            return
        self._step = step
        cells = np.floor(self._points / step)
        starts, lasts = np.r_[0, self._ends[:-1]], self._ends - 1
        keep = np.ones(len(cells), np.bool_)
        keep[1:] = np.any(cells[1:] != cells[:-1], axis=1)
        keep[starts] = True
        counts = np.add.reduceat(keep.astype(np.int64), starts)
        keep[lasts[counts > 1]] = True  # closed as it was; a ring within one square is not seen
        keep[starts[counts == 1]] = False
        ring = np.repeat(np.arange(len(starts)), np.diff(np.r_[0, self._ends]))[keep]
        points = self._points[keep]
        ends = np.r_[np.flatnonzero(np.diff(ring)) + 1, len(ring)] if len(ring) else np.zeros(0, np.int64)
        begins = np.r_[0, ends[:-1]] if len(ends) else ends
        self._pieces = [
            points[at : min(at + PIECE + 1, end)]
            for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
            for at in range(begin, max(end - 1, begin + 1), PIECE)
        ]
        self._boxes = np.array([[*piece.min(axis=0), *piece.max(axis=0)] for piece in self._pieces]).reshape(-1, 4)


class GridLayer:
    """The tiles' edges; only tiles in view are touched."""

    def __init__(self, grid: TileGrid) -> None:
        self._grid = grid
        by_row = np.lexsort((grid.x, grid.y))
        self._x, self._y = grid.x[by_row], grid.y[by_row]

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
        side = self._grid.width / view.scale
        if side < SMALLEST_GRID_PX:
            return
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
        path = _to_screen(view).map(self._contours)
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


def _to_screen(view: Viewport) -> QTransform:
    return QTransform.fromTranslate(-view.x, -view.y) * QTransform.fromScale(1 / view.scale, 1 / view.scale)


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
    painter.drawImage(target, image, QRectF(left, top, right - left, bottom - top))
    painter.restore()
