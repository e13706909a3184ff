"""Tiles of a strip at the size at which they are drawn: a copy is made many times faster than a tile is put together."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from e2evit_gui.viewer.pyramid import TileKey
from e2evit_gui.viewer.slide_tiles import SlideTiles

MOST_BYTES = 24 << 20
"""About 2 000 tiles of the first size, or two panels of the largest tiles (choice)."""

SAME_PLACE_PX = 1.0
WIDEST_GAP_PX = 2
"""Level-0 px by which neighbors may miss each other, device pixels that may lie between them: a hair."""

FRAME_S = 0.006
"""Tiles are put together for so long in one frame, the others in the next ones: a panel full of them takes 30 ms (choice)."""


@dataclass(frozen=True)
class _Piece:
    """A level-0 rectangle, and where it goes in device pixels."""

    source: QRectF
    target: QRect

    def follows(self, other: "_Piece") -> bool:
        """Say whether this one stands to the right of another on the slide, without a gap, and on the screen."""
        return (
            abs(self.source.left() - other.source.right()) < SAME_PLACE_PX
            and abs(self.source.top() - other.source.top()) < SAME_PLACE_PX
            and self.target.top() == other.target.top()
            and 0 < self.target.left() - other.target.right() <= WIDEST_GAP_PX
        )


def _runs(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Return pieces by runs of those that follow each other."""
    runs: list[list[_Piece]] = []
    for piece in pieces:
        if runs and piece.follows(runs[-1][-1]):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


class StripCells:
    """Drawn tiles of one strip, kept once all their pixels are there; for the window's thread alone."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._left_s = FRAME_S
        self.late = 0
        self._rough: list[_Piece] = []
        self._cells: OrderedDict[tuple[int, int, int, int, int], QImage] = OrderedDict()

    @property
    def held_bytes(self) -> int:
        """Bytes that are held now."""
        return self._held

    def __len__(self) -> int:
        return len(self._cells)

    def clear(self) -> None:
        """Let go of everything, as for another strip."""
        self._cells.clear()
        self._held = 0

    def begin_frame(self) -> None:
        """Begin to count the time for tiles that have to be put together, and in ``late`` those for which there is none."""
        self._left_s, self.late = FRAME_S, 0
        self._rough.clear()

    def end_frame(self, painter: QPainter, tiles: SlideTiles, *, waiting: QColor, between: QColor) -> None:
        """Paint from the coarsest level what the frame had no pixels or no time for; ``between`` is the color between tiles.

        Tiles that are neighbors on slide and screen are painted as one, a row in one call instead of twenty.
        """
        for run in _runs(self._rough):
            target = run[0].target.united(run[-1].target)
            painter.fillRect(target, waiting)
            tiles.paint_roughly(painter, run[0].source.united(run[-1].source), target)
            for left, right in pairwise(run):
                gap = right.target.left() - left.target.right() - 1
                painter.fillRect(left.target.right() + 1, target.top(), gap, target.height(), between)
        self._rough.clear()

    def paint(
        self,
        painter: QPainter,
        tiles: SlideTiles,
        tile: int,
        source: QRectF,
        target: QRect,
        *,
        level: int,
        waiting: QColor,
    ) -> list[TileKey]:
        """Paint a tile of the strip, a level-0 rectangle, into device pixels; return what is missing of the slide for it.

        ``waiting`` is the color where nothing is there yet. Where tiles of ``level`` are missing, and for what the frame has no
        time for, ``end_frame`` has the coarsest level stand in.
        """
        name = (tile, target.width(), target.height(), level, waiting.rgba())
        cell = self._cells.get(name)
        if cell is not None:
            self._cells.move_to_end(name)
            painter.drawImage(target.topLeft(), cell)
            return []
        missing = tiles.missing(source, level)
        if missing or self._left_s <= 0:
            self.late += not missing
            self._rough.append(_Piece(source, target))
            return missing
        began = time.perf_counter()
        cell = QImage(target.size(), QImage.Format.Format_RGB32)
        cell.fill(waiting)
        with QPainter(cell) as own:
            own.setRenderHints(painter.renderHints())
            missing = tiles.paint(own, source, QRect(0, 0, target.width(), target.height()), level)
        painter.drawImage(target.topLeft(), cell)
        self._left_s -= time.perf_counter() - began
        if not missing:  # a tile may have left the cache since it was asked for
            self._cells[name] = cell
            self._held += cell.sizeInBytes()
            while self._held > self._most:
                self._held -= self._cells.popitem(last=False)[1].sizeInBytes()
        return missing
