"""Regions over the slide, in one pass: only those in view, small ones as marks, all of one color together."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from e2evit_gui.viewer.viewport import Viewport
from e2evit_model.annotations.region import Color, Region, Shape, StripRole, written_length
from e2evit_model.tissue.polygons import Ring

SMALLEST_PX = 4.0
"""A region that is smaller on screen is a mark."""

POINT_PX = 5.0
HANDLE_PX = 7.0
MOST_HANDLES = 400
MANY = 800
"""From so many areas in view on, those of one color are drawn together, with fewer corners and without smoothing."""

CORNERS_OF_MANY = 12
LARGE = 4.0
"""Areas so many times as large as most are drawn with all their corners all the same."""

_SELECTED = QColor("#ffd400")
_HATCH_ALPHA, _FILL_ALPHA = 70, 45


class RegionsLayer:
    """Draw regions; paths are made once a region and kept while it stays."""

    def __init__(self) -> None:
        self._regions: Sequence[Region] = ()
        self._boxes = np.zeros((0, 4))
        self._paths: dict[Region, QPainterPath] = {}
        self._is_selected: Callable[[Region], bool] = lambda _region: False
        self._handles_of: Region | None = None
        self._mpp: float | None = None
        self._together: dict[Color, QPainterPath] | None = None
        self._apart: frozenset[int] = frozenset()
        self._preview: Region | None = None

    def show_regions(self, regions: Sequence[Region], mpp: float | None) -> None:
        """Take the regions, the last one on top."""
        self._regions, self._mpp = regions, mpp
        self._boxes = np.array([region.box for region in regions], np.float64).reshape(-1, 4)
        # paths of regions that are gone or were changed are let go
        self._paths = {region: self._paths[region] for region in regions if region in self._paths}
        self._together, self._preview = None, None

    def show_preview(self, region: Region | None) -> None:
        """Take a region as it is being dragged; the one with its key stays where it was until it is let go."""
        self._preview = region

    def show_selected(self, is_selected: Callable[[Region], bool], handles_of: Region | None) -> None:
        """Take which regions are selected, and whose corners can be dragged."""
        self._is_selected, self._handles_of = is_selected, handles_of

    def visible(self, view: Viewport) -> list[int]:
        """Return the numbers of the regions that the view touches."""
        if not len(self._boxes):
            return []
        edge = 2 * POINT_PX * view.scale
        right, bottom = view.x + view.width * view.scale + edge, view.y + view.height * view.scale + edge
        left, top, far, low = self._boxes.T
        touched = (left <= right) & (far >= view.x - edge) & (top <= bottom) & (low >= view.y - edge)
        return np.flatnonzero(touched).tolist()

    def paint(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Draw what is in view, the selected ones last."""
        numbers = self.visible(view)
        if not numbers:
            return
        painter.save()
        if len(numbers) >= MANY:
            self._paint_together(painter, view)
            numbers = [
                number for number in numbers if number in self._apart or self._is_selected(self._regions[number])
            ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marks: dict[Color, list[QRectF]] = {}
        selected: list[Region] = []
        size = np.maximum(*(self._boxes[numbers, 2:] - self._boxes[numbers, :2]).T) / view.scale
        for number, extent in zip(numbers, size.tolist(), strict=True):
            region = self._regions[number]
            if self._is_selected(region):
                selected.append(region)
            elif extent < SMALLEST_PX and region.shape is not Shape.POINTS:
                x, y = view.to_screen(region.box[0], region.box[1])
                side = max(extent, 2.0)
                marks.setdefault(region.shown_color, []).append(QRectF(x, y, side, side))
            else:
                self._paint_one(painter, view, ratio, region, chosen=False)
        for color, boxes in marks.items():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*color))
            painter.drawRects(boxes)
        for region in selected if self._preview is None else [self._preview]:
            self._paint_one(painter, view, ratio, region, chosen=True)
        if self._handles_of is not None:
            _paint_handles(painter, view, ratio, self._handles_of)
        painter.restore()

    def _paint_together(self, painter: QPainter, view: Viewport) -> None:
        """Draw most areas in one call a color: a call a region costs more than its lines."""
        if self._together is None:
            self._gather()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setTransform(view.transform(), combine=True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, path in (self._together or {}).items():
            pen = QPen(QColor(*color), 1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPath(path)
        painter.restore()

    def _gather(self) -> None:
        extent = np.maximum(*(self._boxes[:, 2:] - self._boxes[:, :2]).T)
        large = extent > LARGE * float(np.median(extent))
        together: dict[Color, QPainterPath] = {}
        apart = set()
        for number, region in enumerate(self._regions):
            if not region.is_area or large[number]:
                apart.add(number)
                continue
            path = together.setdefault(region.shown_color, QPainterPath())
            for ring in region.rings:
                path.addPolygon(polygon_of(ring[:: max(1, -(-len(ring) // CORNERS_OF_MANY))]))
                path.closeSubpath()
        self._together, self._apart = together, frozenset(apart)

    def _paint_one(self, painter: QPainter, view: Viewport, ratio: float, region: Region, *, chosen: bool) -> None:
        color = _SELECTED if chosen else QColor(*region.shown_color)
        thick = (3.0 if chosen or region.role is StripRole.INCLUDE else 2.0) * ratio
        if region.shape is Shape.POINTS:
            _paint_points(painter, view, ratio, region, color)
            return
        pen = QPen(color, thick)
        pen.setCosmetic(True)
        painter.save()
        painter.setTransform(view.transform(), combine=True)
        painter.setPen(pen)
        if region.is_area and region.role is StripRole.EXCLUDE:
            hatch = QColor(0, 0, 0, _HATCH_ALPHA)
            painter.fillPath(self._path(region), hatch)
            pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
        elif region.is_area and chosen:
            light = QColor(*region.shown_color)
            light.setAlpha(_FILL_ALPHA)
            painter.fillPath(self._path(region), light)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path(region))
        painter.restore()
        if region.shape is Shape.LINE:
            painter.setPen(QPen(color, thick))
            paint_length(painter, view, ratio, region, self._mpp)

    def _path(self, region: Region) -> QPainterPath:
        path = self._paths.get(region)
        if path is None:
            path = self._paths[region] = path_of(region)
        return path


def path_of(region: Region) -> QPainterPath:
    """Return the outline of an area, or a line, in level-0 pixels."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in region.rings:
        path.addPolygon(polygon_of(ring))
        path.closeSubpath()
    if region.shape is Shape.LINE:
        path.addPolygon(polygon_of(region.points))
    return path


def polygon_of(ring: Ring) -> QPolygonF:
    """Return corners as Qt's."""
    return QPolygonF([QPointF(x, y) for x, y in ring.tolist()])


def _paint_points(painter: QPainter, view: Viewport, ratio: float, region: Region, color: QColor) -> None:
    painter.setPen(QPen(QColor(255, 255, 255, 220), 1.5 * ratio))
    painter.setBrush(color)
    radius = POINT_PX * ratio
    for x, y in region.points.tolist():
        painter.drawEllipse(QPointF(*view.to_screen(x, y)), radius, radius)


def _paint_handles(painter: QPainter, view: Viewport, ratio: float, region: Region) -> None:
    corners = handles_of(region)
    side = HANDLE_PX * ratio
    screen = [QPointF(*view.to_screen(x, y)) for x, y in corners.tolist()]
    inside = [one for one in screen if -side < one.x() < view.width + side and -side < one.y() < view.height + side]
    if len(inside) > MOST_HANDLES:
        return
    painter.setPen(QPen(QColor(0, 0, 0), ratio))
    painter.setBrush(_SELECTED)
    painter.drawRects([QRectF(one.x() - side / 2, one.y() - side / 2, side, side) for one in inside])


def handles_of(region: Region) -> Ring:
    """Return the corners that can be dragged, (k, 2), ring after ring."""
    return np.concatenate(region.rings) if region.is_area else region.points


def paint_length(painter: QPainter, view: Viewport, ratio: float, region: Region, mpp: float | None) -> None:
    """Write the length of a line beside its end, with a tick at both ends."""
    points = [QPointF(*view.to_screen(x, y)) for x, y in region.points.tolist()]
    if len(points) < 2:
        return
    for end, before in ((points[0], points[1]), (points[-1], points[-2])):
        length = math.hypot(end.x() - before.x(), end.y() - before.y()) or 1.0
        across = QPointF(-(end.y() - before.y()) / length, (end.x() - before.x()) / length) * 6 * ratio
        painter.drawLine(QLineF(end - across, end + across))
    font = painter.font()
    font.setPixelSize(round(12 * ratio))
    painter.setFont(font)
    text = written_length(region.length_px, mpp)
    width = painter.fontMetrics().horizontalAdvance(text) + 10 * ratio
    height = painter.fontMetrics().height() + 4 * ratio
    plate = QRectF(points[-1].x() + 10 * ratio, points[-1].y() - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 190))
    painter.drawRoundedRect(plate, 3 * ratio, 3 * ratio)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
