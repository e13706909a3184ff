"""The outline of the tissue over the slide: only what can be seen of it is drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from e2evit_gui.viewer.kept_drawing import KeptDrawing
from e2evit_gui.viewer.viewport import Viewport

MOST_OUTLINE_POINTS = 4000
"""More are drawn coarser: so many take some 60 ms, those of a mask of noise took seconds (choice)."""

PIECE = 128
"""Points of an outline that are in view or not, together."""

KEPT_CUTS = 12
"""Cuts of the outline that are kept: those that one view looks at before it finds a coarse one, and of views near it."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """An outline without points that lie closer together than a step, in pieces.

    ``points`` is (M, 2), level-0 pixels; a piece is ``points[begins[i]:ends[i]]``, and ``boxes`` (K, 4) its left, top, right and
    bottom. Pieces of one ring share the point where they meet.
    """

    points: NDArray[np.float64]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    boxes: NDArray[np.float64]

    def visible(self, view: Viewport) -> NDArray[np.int64]:
        """Return the pieces that may be in view."""
        edge = 8 * view.scale
        left, top, right, bottom = self.boxes.T
        inside = (left <= view.x + view.width * view.scale + edge) & (right >= view.x - edge)
        inside &= (top <= view.y + view.height * view.scale + edge) & (bottom >= view.y - edge)
        return np.flatnonzero(inside)


class TissueLayer:
    """The outline of the tissue: rings of level-0 points, outer ones and holes alike.

    A ragged outline has a hundred thousand points. What is drawn is what can be seen: pieces of rings in view, without points that
    fall into the same half pixel of the screen as the one before; with too many of them left, coarser still.
    """

    def __init__(self, rings: Sequence[NDArray[np.float64]]) -> None:
        kept = [np.asarray(ring, np.float64) for ring in rings if len(ring) > 1]
        self._points = np.concatenate(kept) if kept else np.zeros((0, 2))
        self._ends = np.cumsum([len(ring) for ring in kept]).astype(np.int64)
        self._cuts: dict[float, Cut] = {}
        self._drawn: tuple[tuple[float, bytes], list[QPolygonF]] = ((0.0, b""), [])
        self._kept = KeptDrawing()

    def paint(self, painter: QPainter, view: Viewport, pen: QPen) -> None:
        """Draw the outline, white under the pen so that it shows on any stain."""
        made_of = (pen.color().rgba(), pen.widthF())
        self._kept.paint(painter, view, made_of, lambda painter: self._draw(painter, view, pen))

    def _draw(self, painter: QPainter, view: Viewport, pen: QPen) -> None:
        to_screen = view.transform()
        mapped = [to_screen.map(piece) for piece in self._polygons(view)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for one in (QPen(QColor(255, 255, 255, 150), 2 * pen.widthF()), pen):
            one.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            one.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(one)
            for piece in mapped:  # each for itself: the time of one path with all of them grows with the square
                painter.drawPolyline(piece)
        painter.restore()

    def _polygons(self, view: Viewport) -> list[QPolygonF]:
        """Return the pieces in view, in level-0 pixels."""
        if not len(self._points):
            return []
        step = 2.0 ** math.floor(math.log2(view.scale / 2))
        while True:
            cut = self._cut_at(step)
            numbers = cut.visible(view)
            begins, ends = cut.begins[numbers], cut.ends[numbers]
            over = (ends - begins).sum() / MOST_OUTLINE_POINTS
            if over <= 1:
                break
            # at twice the step a line has half of the points, a mask of noise loses its rings all at once: in between
            step *= 2.0 ** max(math.floor(math.log2(over) / 2), 1)
        name = (step, numbers.tobytes())
        if name != self._drawn[0]:
            pieces = [cut.points[at:end].tolist() for at, end in zip(begins.tolist(), ends.tolist(), strict=True)]
            self._drawn = (name, [QPolygonF([QPointF(x, y) for x, y in piece]) for piece in pieces])
        return self._drawn[1]

    def _cut_at(self, step: float) -> Cut:
        """Return the outline cut for a step; it is kept, since every view of about this magnification asks for it."""
        cut = self._cuts.pop(step, None) or _cut(self._points, self._ends, step)
        self._cuts[step] = cut
        while len(self._cuts) > KEPT_CUTS:
            del self._cuts[next(iter(self._cuts))]
        return cut


def _cut(points: NDArray[np.float64], ring_ends: NDArray[np.int64], step: float) -> Cut:
    """Leave out points in the same square of ``step`` level-0 pixels as the one before, and cut rings into pieces."""
    cells = np.floor(points / step)
    starts, lasts = np.r_[0, ring_ends[:-1]], ring_ends - 1
    keep = np.ones(len(cells), np.bool_)
    keep[1:] = np.any(cells[1:] != cells[:-1], axis=1)
    keep[starts] = True
    counts = np.add.reduceat(keep.astype(np.int64), starts)
    keep[lasts[counts > 1]] = True  # closed as it was; a ring within one square is not seen
    keep[starts[counts == 1]] = False
    counts = np.add.reduceat(keep.astype(np.int64), starts)
    kept, counts = points[keep], counts[counts > 0]
    if not len(kept):
        none = np.zeros(0, np.int64)
        return Cut(points=kept, begins=none, ends=none, boxes=np.zeros((0, 4)))
    ends = np.cumsum(counts)
    pieces = np.maximum(-(-(counts - 1) // PIECE), 1)
    first = np.repeat(np.cumsum(pieces) - pieces, pieces)
    begins = np.repeat(ends - counts, pieces) + (np.arange(pieces.sum()) - first) * PIECE
    whole = np.repeat(ends, pieces)
    after = np.minimum(begins + PIECE + 1, whole)
    # up to the next piece, and the point that both share
    low = np.minimum(np.minimum.reduceat(kept, begins), kept[after - 1])
    high = np.maximum(np.maximum.reduceat(kept, begins), kept[after - 1])
    return Cut(points=kept, begins=begins, ends=after, boxes=np.concatenate([low, high], axis=1))
