"""The painted tiles of one open slide, shared by the slide view, the overview and the strip."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QRegion

from e2evit_gui.viewer.pyramid import Pyramid, TileKey
from e2evit_gui.viewer.scaled_tiles import ScaledTiles
from e2evit_gui.viewer.tile_cache import TileCache
from e2evit_gui.viewer.tile_reader import TileReader
from e2evit_model.slides.protocol import Slide

FRAME_MS = 16
AGAIN_MS = 500


class SlideTiles(QObject):
    """Pyramid, cache and reader of a slide; ``arrived`` at most once a frame.

    Closing stops the reader; the slide itself is closed when the last read has ended.
    """

    arrived = Signal()
    failed = Signal(object)

    def __init__(self, slide: Slide, pyramid: Pyramid, parent: QObject | None = None) -> None:
        """Begin to read; ``pyramid`` is made beforehand in a thread, since it reads a few tiles of the slide."""
        super().__init__(parent)
        self.slide = slide
        self.pyramid = pyramid
        self.cache = TileCache()
        self._scaled = ScaledTiles()
        self._reader = TileReader(self.pyramid, self.cache, slide.icc_profile(), slide.close)
        self._frame = QTimer(self)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._look)
        self._again = QTimer(self)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._try_again)
        self._want_coarsest()

    @property
    def idle(self) -> bool:
        """Whether everything that was wanted is there."""
        return self._reader.idle and not self._frame.isActive()

    def want(self, client: str, keys: Sequence[TileKey]) -> None:
        """Say which tiles a client needs now, most urgent first."""
        self._reader.want(client, keys)
        if not self._reader.idle and not self._frame.isActive():
            self._frame.start()

    def get(self, key: TileKey) -> QImage | None:
        """Return a tile when it is there."""
        return self.cache.get(key)

    def close(self) -> None:
        """Stop reading and let go of all tiles; the slide closes when the last read has ended."""
        self._frame.stop()
        self._again.stop()
        self._reader.stop()
        self.cache.clear()
        self._scaled.clear()

    def join(self) -> None:
        """Wait until the last read has ended and the slide is closed."""
        self._reader.join()

    def missing(self, source: QRectF, level: int) -> list[TileKey]:
        """Return the tiles of a level under a level-0 rectangle that are not there."""
        return [key for key in self._under(source, level) if key not in self.cache]

    def paint_roughly(self, painter: QPainter, source: QRectF, target: QRect) -> None:
        """Paint a level-0 rectangle from the coarsest level alone: for small pieces that are many."""
        for key in self._under(source, self.pyramid.coarsest):
            image = self.cache.get(key)
            if image is not None:
                self._paint_tile(painter, key, image, source, target, keep=False)

    def paint(self, painter: QPainter, source: QRectF, target: QRect, level: int) -> list[TileKey]:
        """Paint a level-0 rectangle into a rectangle of device pixels, from the best tiles that are there.

        Edges fall on whole device pixels, so that no seam shows between tiles. Returns the tiles of ``level`` that are missing.
        """
        self._scaled.begin_frame(source, target)
        missing, bare = [], QRegion(target)
        for key in self._under(source, level):
            image = self.cache.get(key)
            if image is None:
                missing.append(key)
            else:
                bare -= self._paint_tile(painter, key, image, source, target)
        if missing:
            painter.save()
            self._stand_in(painter, source, target, level, bare)
            painter.restore()
        return missing

    def _stand_in(self, painter: QPainter, source: QRectF, target: QRect, level: int, bare: QRegion) -> None:
        """Paint where tiles of a level are missing from the finest that is there, each pixel once: scaling is what takes time."""
        for number in range(level + 1, len(self.pyramid.levels)):
            for key in self._under(source, number):
                if bare.isEmpty():
                    return
                image = self.cache.get(key)
                if image is not None and bare.intersects(whole := self._place_of(key, source, target)):
                    painter.setClipRegion(bare.intersected(whole))
                    bare -= self._paint_tile(painter, key, image, source, target)

    def _under(self, source: QRectF, level: int) -> list[TileKey]:
        return self.pyramid.tiles_in(level, source.left(), source.top(), source.right(), source.bottom())

    def _place_of(self, key: TileKey, source: QRectF, target: QRect) -> QRect:
        """Return where a tile lies, in device pixels; parts of it may be outside ``target``."""
        left, top, right, bottom = self.pyramid.levels[key.level].rectangle(key.column, key.row)
        along_x, along_y = target.width() / source.width(), target.height() / source.height()
        x0 = round(target.left() + (left - source.left()) * along_x)
        x1 = round(target.left() + (right - source.left()) * along_x)
        y0 = round(target.top() + (top - source.top()) * along_y)
        y1 = round(target.top() + (bottom - source.top()) * along_y)
        return QRect(x0, y0, max(x1 - x0, 0), max(y1 - y0, 0))

    def _paint_tile(
        self,
        painter: QPainter,
        key: TileKey,
        image: QImage,
        source: QRectF,
        target: QRect,
        *,
        keep: bool = True,
    ) -> QRect:
        """Paint a tile; return where it is seen."""
        whole = self._place_of(key, source, target)
        shown = whole.intersected(target)
        if shown.isEmpty():
            return shown
        scaled = self._scaled.get(key, image, whole, painter) if keep else None
        if scaled is not None:
            painter.drawImage(shown.topLeft(), scaled, shown.translated(-whole.topLeft()))
        elif shown == whole:
            painter.drawImage(whole, image)
        else:
            # only what is seen: a coarse tile under a near view would be scaled to a huge picture
            per_x, per_y = image.width() / whole.width(), image.height() / whole.height()
            corner = QPointF((shown.left() - whole.left()) * per_x, (shown.top() - whole.top()) * per_y)
            part = QRectF(corner.x(), corner.y(), shown.width() * per_x, shown.height() * per_y)
            painter.drawImage(QRectF(shown), image, part)
        return shown

    def _look(self) -> None:
        """Tell once a frame what the reader has done; look no more when it rests."""
        resting = self._reader.idle
        arrived, failure = self._reader.news()
        if resting:
            self._frame.stop()
        if arrived:
            self.arrived.emit()
        if failure is not None:
            self.failed.emit(failure)
        if self._reader.waits and not self._again.isActive():
            self._again.start()

    def _try_again(self) -> None:
        """Have tiles wanted again that could not be read a while ago: a drive may be back."""
        if not self._reader.waits:
            self._again.stop()
        elif self._reader.forgive():
            self._want_coarsest()
            self.arrived.emit()

    def _want_coarsest(self) -> None:
        coarsest = self.pyramid.levels[self.pyramid.coarsest]
        every = [
            TileKey(self.pyramid.coarsest, column, row)
            for row in range(coarsest.rows)
            for column in range(coarsest.columns)
        ]
        self.want("coarsest", [one for key in every for one in self._deepest_first(key)])

    def _deepest_first(self, key: TileKey) -> list[TileKey]:
        """Return a tile after all that it is averaged from, so that several threads share the work."""
        keys = [one for child in self.pyramid.children(key) for one in self._deepest_first(child)]
        return [*keys, key]
