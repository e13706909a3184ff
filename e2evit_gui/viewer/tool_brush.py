"""The brush: paint an area, or with Alt take away from it; also for corrections of the tissue."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF, QTransform

from e2evit_gui.viewer.tool_hand import Hand
from e2evit_gui.viewer.tools import DRAWING, Corner, on_screen
from e2evit_gui.viewer.viewport import Viewport
from e2evit_model.annotations.region import in_ring, ring_area
from e2evit_model.tissue.polygons import Polygon, Ring

Paint = Callable[[tuple[Polygon, ...], bool], None]
"""Take a stroke as polygons, and whether it takes away."""

UNITS = 16.0
"""Radius of the brush in the units in which shapes are joined: a tenth of a unit is far below what is seen."""

SMALLEST_UNITS = 12.0
"""Crumbs and holes under this area are artefacts of joining."""


class BrushTool:
    """Paint with a round brush whose size stays the same on screen; Alt takes away.

    ``subtracts`` turns the brush into an eraser; ``tint`` is the color of the stroke while it is painted.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, paint: Paint, diameter_px: Callable[[], float], *, subtracts: bool = False) -> None:
        self._stroke_done, self._diameter, self._subtracts = paint, diameter_px, subtracts
        self._line: list[Corner] = []
        self._radius = 1.0
        self._takes_away = subtracts
        self._at: Corner | None = None
        self._per_px = 1.0

    @property
    def busy(self) -> bool:
        """Whether a stroke is being painted."""
        return bool(self._line)

    def press(self, hand: Hand) -> bool:
        """Begin a stroke."""
        self._radius = self._diameter() / 2 * hand.per_px
        self._takes_away = self._subtracts != hand.alt
        self._line = [(hand.x, hand.y)]
        self.move(hand)
        return True

    def move(self, hand: Hand) -> bool:
        """Paint on."""
        self._at, self._per_px = (hand.x, hand.y), hand.per_px
        if self._line:
            far = np.hypot(hand.x - self._line[-1][0], hand.y - self._line[-1][1])
            if far >= self._radius / 6:
                self._line.append((hand.x, hand.y))
        return True

    def release(self, hand: Hand) -> None:
        """End the stroke."""
        line, self._line = [*self._line, (hand.x, hand.y)], []
        polygons = stroke_polygons(line, self._radius)
        if polygons:
            self._stroke_done(polygons, self._takes_away)

    def double_click(self, _hand: Hand) -> bool:
        """Take a double click for the beginning of a stroke."""
        return False

    def cancel(self) -> None:
        """Forget the stroke."""
        self._line = []

    def finish(self) -> None:
        """Leave it to the mouse."""

    def paint(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Draw the stroke so far and the brush's ring."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self._diameter() / 2 * ratio
        if self._line:
            tint = QColor(30, 30, 30, 110) if self._takes_away else QColor(DRAWING)
            tint.setAlpha(110)
            pen = QPen(tint, 2 * radius, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            line = on_screen(view, self._line)
            if len(self._line) > 1:
                painter.drawPolyline(line)
            else:
                painter.drawPoint(line.at(0))
        if self._at is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            middle = QPointF(*view.to_screen(*self._at))
            for pen in (QPen(QColor(0, 0, 0, 160), 3 * ratio), QPen(QColor(255, 255, 255), ratio)):
                painter.setPen(pen)
                painter.drawEllipse(middle, radius, radius)


def stroke_polygons(line: list[Corner], radius: float) -> tuple[Polygon, ...]:
    """Return what a round brush of a radius covers along a line, in the same pixels."""
    frame = _Frame(np.array(line), radius)
    path = QPainterPath()
    path.addPolygon(frame.inward(np.array(line)))
    if path.length() < 1e-6:
        path = QPainterPath()
        path.addEllipse(frame.inward(np.array(line[:1])).at(0), UNITS, UNITS)
    else:
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * UNITS)
        stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
        stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        stroker.setCurveThreshold(0.1)
        path = stroker.createStroke(path)
    path.setFillRule(Qt.FillRule.WindingFill)
    return frame.outward(path.simplified())


def joined(
    area: tuple[Polygon, ...], stroke: tuple[Polygon, ...], radius: float, *, take_away: bool
) -> tuple[Polygon, ...]:
    """Return an area with a stroke of a brush of that radius, or without it; empty when nothing is left."""
    frame = _Frame(np.concatenate([polygon.outer for polygon in (*area, *stroke)]), radius)
    one, other = frame.path(area), frame.path(stroke)
    return frame.outward(one.subtracted(other) if take_away else one.united(other))


class _Frame:
    """Coordinates near 0 in which the brush's radius is ``UNITS``: joining shapes loses digits far from the origin."""

    def __init__(self, corners: Ring, radius: float) -> None:
        self._middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
        self._factor = UNITS / radius

    def inward(self, ring: Ring) -> QPolygonF:
        return QPolygonF([QPointF(x, y) for x, y in ((ring - self._middle) * self._factor).tolist()])

    def path(self, polygons: tuple[Polygon, ...]) -> QPainterPath:
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        for polygon in polygons:
            for ring in (polygon.outer, *polygon.holes):
                path.addPolygon(self.inward(ring))
                path.closeSubpath()
        return path

    def outward(self, path: QPainterPath) -> tuple[Polygon, ...]:
        """Return the parts of a path with their holes, without crumbs and corners that are not needed."""
        rings = []
        for polygon in path.toSubpathPolygons(QTransform()):
            ring = np.array([(polygon.at(k).x(), polygon.at(k).y()) for k in range(polygon.size())])
            if len(ring) > 1 and np.allclose(ring[0], ring[-1]):
                ring = ring[:-1]
            ring = _thinned(ring)
            if len(ring) >= 3 and ring_area(ring) > SMALLEST_UNITS:
                rings.append(ring)
        return _nested(rings, lambda ring: ring / self._factor + self._middle)


def _thinned(ring: Ring) -> Ring:
    """Drop corners nearer than a fifth of a unit to the one kept before."""
    kept: list[int] = []
    for number, corner in enumerate(ring):
        if not kept or np.abs(corner - ring[kept[-1]]).max() >= 0.2:
            kept.append(number)
    return ring[kept]


def _nested(
    rings: list[Ring],
    place: Callable[[Ring], Ring],
) -> tuple[Polygon, ...]:
    """Give every hole to the smallest ring around it: rings of a simplified path lie in each other, and do not cross."""
    order = sorted(rings, key=ring_area, reverse=True)
    depth = [0] * len(order)
    parent = [-1] * len(order)
    for number, ring in enumerate(order):
        middle = (ring[0] + ring[1]) / 2
        for before in range(number):
            if in_ring(order[before], float(middle[0]), float(middle[1])):
                depth[number] += 1
                parent[number] = before
    holes: dict[int, list[Ring]] = {}
    for number, ring in enumerate(order):
        if depth[number] % 2:
            holes.setdefault(parent[number], []).append(place(ring))
    return tuple(
        Polygon(outer=place(ring), holes=tuple(holes.get(number, ())))
        for number, ring in enumerate(order)
        if depth[number] % 2 == 0
    )
