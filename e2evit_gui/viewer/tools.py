"""Tools that draw: rectangle, polygon, ruler, points. Each ends in one new region."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from e2evit_gui.viewer.regions_layer import POINT_PX, paint_length
from e2evit_gui.viewer.tool_hand import Hand
from e2evit_gui.viewer.viewport import Viewport
from e2evit_model.annotations.region import Region, Shape, new_area, new_line, new_points, rectangle
from e2evit_model.tissue.polygons import Polygon, Ring

DRAWING = QColor("#ffd400")
STILL_PX = 4.0
"""A press that moves less is a click."""

FREEHAND_PX = 3.0
"""While a polygon is dragged, a corner is set every so many screen pixels."""

Draw = Callable[[Region], None]
"""Take a region that was drawn to its end."""

Corner = tuple[float, float]


def outline_pen(ratio: float) -> QPen:
    """Return the pen of what is half drawn."""
    return QPen(DRAWING, 2 * ratio)


def on_screen(view: Viewport, corners: Sequence[Corner]) -> QPolygonF:
    """Return level-0 points as a polygon in device pixels."""
    return QPolygonF([QPointF(*view.to_screen(x, y)) for x, y in corners])


def paint_outline(painter: QPainter, view: Viewport, ratio: float, corners: Sequence[Corner], *, closed: bool) -> None:
    """Draw a half-drawn line, dark under bright so that it shows on any stain."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = on_screen(view, corners)
    for pen in (QPen(QColor(0, 0, 0, 150), 4 * ratio), outline_pen(ratio)):
        painter.setPen(pen)
        if closed:
            painter.drawPolygon(line)
        else:
            painter.drawPolyline(line)


class RectangleTool:
    """Drag from corner to corner; Shift makes a square."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._from: Corner | None = None
        self._to: Corner = (0.0, 0.0)
        self._per_px = 1.0

    @property
    def busy(self) -> bool:
        """Whether a rectangle is being dragged."""
        return self._from is not None

    def press(self, hand: Hand) -> bool:
        """Set the first corner."""
        self._from = self._to = (hand.x, hand.y)
        return True

    def move(self, hand: Hand) -> bool:
        """Drag the second corner."""
        if self._from is None:
            return False
        self._per_px = hand.per_px
        x, y = hand.x, hand.y
        if hand.shift:
            side = max(abs(x - self._from[0]), abs(y - self._from[1]))
            x = self._from[0] + (side if x >= self._from[0] else -side)
            y = self._from[1] + (side if y >= self._from[1] else -side)
        self._to = (x, y)
        return True

    def release(self, hand: Hand) -> None:
        """Set the second corner; what is only a click draws nothing."""
        self.move(hand)
        begin, self._from = self._from, None
        if (
            begin is not None
            and min(abs(self._to[0] - begin[0]), abs(self._to[1] - begin[1])) >= STILL_PX * hand.per_px
        ):
            self._draw(new_area((rectangle(*begin, *self._to),), shape=Shape.RECTANGLE))

    def double_click(self, _hand: Hand) -> bool:
        """Take a double click for the beginning of a drag."""
        return False

    def cancel(self) -> None:
        """Forget the rectangle."""
        self._from = None

    def finish(self) -> None:
        """Leave it to the mouse."""

    def paint(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Draw the rectangle so far."""
        if self._from is not None:
            corners = rectangle(*self._from, *self._to).outer.tolist()
            paint_outline(painter, view, ratio, [(x, y) for x, y in corners], closed=True)


class CornerTool:
    """Set corner after corner by clicks, or drag freely; a double click or Enter ends."""

    cursor = Qt.CursorShape.CrossCursor
    least = 3
    closed = True

    def __init__(self, draw: Draw, mpp: Callable[[], float | None] = lambda: None) -> None:
        self._draw, self._mpp = draw, mpp
        self._corners: list[Corner] = []
        self._cursor_at: Corner | None = None
        self._begun_at: Corner | None = None
        self._dragged = False

    @property
    def busy(self) -> bool:
        """Whether there are corners."""
        return bool(self._corners)

    def press(self, hand: Hand) -> bool:
        """Set a corner."""
        self._begun_at, self._dragged = (hand.x, hand.y), False
        self._corners.append((hand.x, hand.y))
        self._cursor_at = (hand.x, hand.y)
        return True

    def move(self, hand: Hand) -> bool:
        """Stretch the line to the hand; while it is pressed, draw freely."""
        if not self._corners:
            return False
        self._cursor_at = (hand.x, hand.y)
        if self._begun_at is not None:
            far = np.hypot(hand.x - self._corners[-1][0], hand.y - self._corners[-1][1])
            if far >= (FREEHAND_PX if self._dragged else STILL_PX) * hand.per_px:
                self._dragged = True
                self._drag(hand)
        return True

    def _drag(self, hand: Hand) -> None:
        self._corners.append((hand.x, hand.y))

    def release(self, _hand: Hand) -> None:
        """End what was drawn freely; a click waits for the next corner."""
        self._begun_at = None
        if self._dragged:
            self.finish()

    def double_click(self, _hand: Hand) -> bool:
        """End: the first of the two clicks has set the last corner."""
        self.finish()
        return True

    def cancel(self) -> None:
        """Forget all corners."""
        self._corners, self._cursor_at, self._begun_at, self._dragged = [], None, None, False

    def finish(self) -> None:
        """Take the corners as they are; too few draw nothing."""
        corners = np.array(self._corners, np.float64).reshape(-1, 2)
        self.cancel()
        if len(corners) > 1:
            # a click that hit the corner before it adds none
            corners = corners[np.append(True, (np.diff(corners, axis=0) != 0).any(axis=1))]
        if len(corners) >= self.least:
            self._draw(self._made(corners))

    def _made(self, corners: Ring) -> Region:
        return new_area((Polygon(outer=corners),))

    def paint(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Draw the corners so far, and the line to the hand."""
        if not self._corners:
            return
        line = [*self._corners, *([self._cursor_at] if self._cursor_at is not None else [])]
        paint_outline(painter, view, ratio, line, closed=self.closed and len(line) > 2)


class PolygonTool(CornerTool):
    """Draw an area corner by corner, or freely while the mouse is pressed."""


class RulerTool(CornerTool):
    """Drag a straight line, or click one with corners; its length stands beside it."""

    least = 2
    closed = False

    def _drag(self, hand: Hand) -> None:
        # a ruler that is dragged stays straight
        self._corners[1:] = [(hand.x, hand.y)]

    def _made(self, corners: Ring) -> Region:
        return new_line(corners)

    def paint(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Draw the line so far with its length."""
        super().paint(painter, view, ratio)
        if self._corners and self._cursor_at is not None:
            painter.setPen(outline_pen(ratio))
            line = [*self._corners, self._cursor_at] if not self._dragged else self._corners
            paint_length(painter, view, ratio, new_line(line), self._mpp())


class PointsTool:
    """Every click sets a point; points set one after the other are one region until another tool is taken or Esc is struck."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, draw: Draw, extend: Callable[[Corner], bool]) -> None:
        """``extend`` adds a point to the selected points and says whether there were any."""
        self._draw, self._extend = draw, extend

    busy = False

    def press(self, hand: Hand) -> bool:
        """Set a point."""
        if not self._extend((hand.x, hand.y)):
            self._draw(new_points([(hand.x, hand.y)]))
        return True

    def move(self, _hand: Hand) -> bool:
        """Wait for the click."""
        return False

    def release(self, _hand: Hand) -> None:
        """Be done already."""

    def double_click(self, _hand: Hand) -> bool:
        """Set a second point where the first one is: none."""
        return True

    def cancel(self) -> None:
        """Forget nothing: each point is drawn when it is set."""

    def finish(self) -> None:
        """Be done already."""

    def paint(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Draw nothing: points are drawn with the regions."""


POINT_REACH_PX = POINT_PX + 3
"""A click nearer than this to a point means it."""
