"""The move tool: select regions, move them, drag their corners. Where it finds no region, the hand moves the slide."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QPainter

from e2evit_gui.state.regions import Regions
from e2evit_gui.viewer.regions_layer import HANDLE_PX, MOST_HANDLES, handles_of
from e2evit_gui.viewer.tool_hand import Hand
from e2evit_gui.viewer.tools import POINT_REACH_PX, STILL_PX
from e2evit_gui.viewer.viewport import Viewport
from e2evit_model.annotations.region import Region, Shape
from e2evit_model.tissue.polygons import Polygon, Ring

LINE_REACH_PX = 5.0


def _tr(text: str) -> str:
    return QCoreApplication.translate("SelectTool", text)


class SelectTool:
    """A click selects the region under it (Shift or Ctrl: one more); a selected one is moved, its corners are dragged.

    A region that fills the view is not moved by dragging: the slide is.
    """

    cursor = Qt.CursorShape.OpenHandCursor

    def __init__(self, regions: Regions, view: Callable[[], Viewport | None], *, shown: Callable[[], bool]) -> None:
        self._regions, self._view, self._shown = regions, view, shown
        self._begin: Hand | None = None
        self._before: Region | None = None
        self._now: Region | None = None
        self._corner = -1

    @property
    def busy(self) -> bool:
        """Whether a region is being dragged."""
        return self._now is not None

    def press(self, hand: Hand) -> bool:
        """Take hold of a corner or of the selected region; all else is left to the slide."""
        if not self._shown():
            return False
        one = self._regions.one_selected
        if one is not None:
            self._corner = corner_at(one, hand)
            if self._corner >= 0 or (reached(one, hand) and not self._fills_view(one)):
                self._begin, self._before = hand, one
                return True
        return False

    def choose(self, hand: Hand) -> None:
        """Select what lies under a click; with Shift or Ctrl, one more or one less."""
        found = region_at(self._regions, hand)
        keys = [region.key for region in self._regions.selected]
        if found is None:
            if not (hand.shift or hand.control):
                self._regions.select(())
        elif hand.shift or hand.control:
            others = [key for key in keys if key != found.key]
            self._regions.select(others if found.key in keys else (*keys, found.key))
        else:
            self._regions.select((found.key,))

    def move(self, hand: Hand) -> bool:
        """Drag what is held; else show what could be."""
        if self._begin is None or self._before is None:
            return self._show_cursor(hand)
        dx, dy = hand.x - self._begin.x, hand.y - self._begin.y
        if self._now is None and abs(dx) + abs(dy) < STILL_PX * hand.per_px:
            return False
        self._now = with_corner(self._before, self._corner, dx, dy) if self._corner >= 0 else self._before.moved(dx, dy)
        self._regions.preview(self._now)
        return True

    def _show_cursor(self, hand: Hand) -> bool:
        one = self._regions.one_selected if self._shown() else None
        if one is not None and corner_at(one, hand) >= 0:
            self.cursor = Qt.CursorShape.PointingHandCursor
        elif one is not None and reached(one, hand) and not self._fills_view(one):
            self.cursor = Qt.CursorShape.SizeAllCursor
        else:
            self.cursor = Qt.CursorShape.OpenHandCursor
        return False

    def release(self, hand: Hand) -> None:
        """Leave what was dragged where it is; a press that did not move selects what lies under it."""
        now, self._now, before, corner = self._now, None, self._before, self._corner
        self._begin = self._before = None
        self._regions.preview(None)
        if now is None:
            if corner < 0:
                self.choose(hand)
        elif before is not None:
            text = _tr("Move a corner") if corner >= 0 else _tr("Move a region")
            self._regions.change([now], text)

    def double_click(self, hand: Hand) -> bool:
        """Set one more corner where the outline of the selected region is clicked twice."""
        one = self._regions.one_selected if self._shown() else None
        if one is None or one.shape is Shape.POINTS or one.distance_to(hand.x, hand.y) > LINE_REACH_PX * hand.per_px:
            return False
        if corner_at(one, hand) < 0:
            self._regions.change([with_more(one, hand.x, hand.y)], _tr("Add a corner"))
        return True

    def cancel(self) -> None:
        """Let go of what is held, where it was."""
        self._begin = self._before = self._now = None
        self._regions.preview(None)

    def finish(self) -> None:
        """Leave it to the mouse."""

    def paint(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Draw nothing: what is dragged is drawn with the regions."""

    def _fills_view(self, region: Region) -> bool:
        view = self._view()
        if view is None:
            return False
        left, top, right, bottom = region.box
        across, down = view.width * view.scale, view.height * view.scale
        return left <= view.x and top <= view.y and right >= view.x + across and bottom >= view.y + down


def region_at(regions: Regions, hand: Hand) -> Region | None:
    """Return the topmost region under the hand; lines and points before areas, small areas before those around them."""
    reach = POINT_REACH_PX * hand.per_px
    near = [
        region
        for region in reversed(regions.drawn.regions)
        if region.box[0] - reach <= hand.x <= region.box[2] + reach
        and region.box[1] - reach <= hand.y <= region.box[3] + reach
        and reached(region, hand)
    ]
    areas = sorted((region for region in near if region.is_area), key=lambda region: region.area_px)
    return next((region for region in near if not region.is_area), areas[0] if areas else None)


def reached(region: Region, hand: Hand) -> bool:
    """Say whether the hand is in an area, or on a line or a point."""
    if region.is_area and region.contains(hand.x, hand.y):
        return True
    reach = POINT_REACH_PX if region.shape is Shape.POINTS else LINE_REACH_PX
    return region.distance_to(hand.x, hand.y) <= reach * hand.per_px


def corner_at(region: Region, hand: Hand) -> int:
    """Return the number of the corner under the hand among all of a region's, -1 for none."""
    corners = handles_of(region)
    far = np.abs(corners - (hand.x, hand.y)).max(axis=1) / hand.per_px
    nearest = int(far.argmin())
    return nearest if far[nearest] <= HANDLE_PX * 0.75 and len(corners) <= MOST_HANDLES else -1


def with_corner(region: Region, corner: int, dx: float, dy: float) -> Region:
    """Return a region with one corner moved; a rectangle stays one."""
    if not region.is_area:
        points = region.points.copy()
        points[corner] += (dx, dy)
        return replace(region, points=points)
    if region.shape is Shape.RECTANGLE:
        ring = region.polygons[0].outer.copy()
        fixed, moved = ring[(corner + 2) % 4], ring[corner] + (dx, dy)
        for number in ((corner + 1) % 4, (corner + 3) % 4):
            along_x = ring[number][0] == ring[corner][0]
            ring[number] = (moved[0], fixed[1]) if along_x else (fixed[0], moved[1])
        ring[corner] = moved
        return replace(region, polygons=(Polygon(outer=ring),))

    def drag(ring: Ring, at: int) -> Ring:
        other = ring.copy()
        other[at] += (dx, dy)
        return other

    return _with_ring(region, corner, drag)


def with_more(region: Region, x: float, y: float) -> Region:
    """Return a region with one more corner on the side that is nearest to a point."""
    if not region.is_area:
        return replace(region, points=_inserted(region.points, x, y, closed=False))
    corner = 0
    best = np.inf
    for ring in region.rings:
        distance = float(np.min(_side_distances(np.vstack([ring, ring[:1]]), x, y)))
        if distance < best:
            best, nearest = distance, corner
        corner += len(ring)
    changed = _with_ring(region, nearest, lambda ring, _at: _inserted(ring, x, y, closed=True))
    return replace(changed, shape=Shape.POLYGON)


def without_corner(region: Region, corner: int) -> Region | None:
    """Return a region without one corner, None when too few would be left."""
    if not region.is_area:
        least = 1 if region.shape is Shape.POINTS else 2
        points = np.delete(region.points, corner, axis=0)
        return replace(region, points=points) if len(points) >= least else None
    if region.shape is Shape.RECTANGLE:
        return None
    rings = region.rings
    at = corner
    for ring in rings:
        if at < len(ring):
            break
        at -= len(ring)
    if len(ring) <= 3:
        return None
    return _with_ring(region, corner, lambda found, place: np.delete(found, place, axis=0))


def _with_ring(region: Region, corner: int, change: Callable[[Ring, int], Ring]) -> Region:
    """Change the ring that holds a corner."""
    polygons = []
    for polygon in region.polygons:
        rings = []
        for ring in (polygon.outer, *polygon.holes):
            rings.append(change(ring, corner) if 0 <= corner < len(ring) else ring)
            corner -= len(ring)
        polygons.append(Polygon(outer=rings[0], holes=tuple(rings[1:])))
    return replace(region, polygons=tuple(polygons))


def _side_distances(points: Ring, x: float, y: float) -> Ring:
    begin, along = points[:-1], np.diff(points, axis=0)
    offset = np.array([x, y]) - begin
    place = np.clip((offset * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-12), 0.0, 1.0)
    distances: Ring = np.hypot(*(offset - along * place[:, None]).T)
    return distances


def _inserted(points: Ring, x: float, y: float, *, closed: bool) -> Ring:
    line = np.vstack([points, points[:1]]) if closed else points
    side = int(_side_distances(line, x, y).argmin())
    return np.insert(points, side + 1, (x, y), axis=0)
