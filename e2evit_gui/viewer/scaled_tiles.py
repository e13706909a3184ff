"""Tiles at the size at which they are on screen, kept while the slide is panned: scaling a full screen anew takes a whole frame."""

from collections import OrderedDict

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from e2evit_gui.viewer.pyramid import TileKey

MOST_BYTES = 48 << 20
"""A screen of 4K takes 33 MB, with the tiles cut by its border some more (choice)."""

NEW_IN_A_FRAME = 8
"""Tiles that are scaled for keeping in one frame; the others are painted in the usual way, so that no frame takes twice as long."""


class ScaledTiles:
    """Scaled copies of tiles, for the window's thread alone.

    They pay only where the same scale is painted again, as in panning: while one zooms, nothing is kept.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._tiles: OrderedDict[tuple[TileKey, int, int, bool], QImage] = OrderedDict()
        self._scales: dict[tuple[int, int], tuple[float, float]] = {}  # of each place that is painted, by its size
        self._area = 0
        self._steady = False
        self._new = 0

    @property
    def held_bytes(self) -> int:
        """Bytes that are held now."""
        return self._held

    def begin_frame(self, source: QRectF, target: QRect) -> None:
        """Take note of what will be painted: a rectangle of the slide into one of device pixels."""
        place = (target.width(), target.height())
        # a view that is moved has the same scale but for rounding
        scale = (round(target.width() / source.width(), 9), round(target.height() / source.height(), 9))
        self._steady = self._scales.get(place) == scale
        if len(self._scales) > 16:  # a window that is being resized
            self._scales.clear()
        self._scales[place] = scale
        self._area = target.width() * target.height()
        self._new = 0

    def get(self, key: TileKey, image: QImage, whole: QRect, painter: QPainter) -> QImage | None:
        """Return ``image`` at the size of ``whole``, scaled as ``painter`` does; None where it is not worth keeping."""
        width, height = whole.width(), whole.height()
        smaller = width < image.width() or height < image.height()
        # a strip paints small pieces of large tiles
        if not self._steady or not smaller or width * height > self._area:
            return None
        smooth = bool(painter.renderHints() & QPainter.RenderHint.SmoothPixmapTransform)
        name = (key, width, height, smooth)
        scaled = self._tiles.get(name)
        if scaled is not None:
            self._tiles.move_to_end(name)
            return scaled
        if self._new == NEW_IN_A_FRAME:
            return None
        self._new += 1
        scaled = QImage(width, height, image.format())
        scaled.fill(0)
        with QPainter(scaled) as own:
            own.setRenderHints(painter.renderHints())
            own.drawImage(QRect(0, 0, width, height), image)
        self._tiles[name] = scaled
        self._held += scaled.sizeInBytes()
        while self._held > self._most:
            self._held -= self._tiles.popitem(last=False)[1].sizeInBytes()
        return scaled

    def clear(self) -> None:
        """Let go of everything."""
        self._tiles.clear()
        self._held = 0
