"""A drawing over the slide that is kept while nothing of it changes: an overlay that changes paints without the lines above it."""

from collections.abc import Callable, Hashable

from PySide6.QtGui import QImage, QPainter

from e2evit_gui.viewer.viewport import Viewport


class KeptDrawing:
    """Draw, and from the second time on copy what was drawn; nothing is kept while the view moves: it would be for one frame."""

    def __init__(self) -> None:
        self._name: Hashable = None
        self._image = QImage()

    def paint(self, painter: QPainter, view: Viewport, made_of: Hashable, draw: Callable[[QPainter], None]) -> None:
        """Paint what ``draw`` draws into device pixels of a view; ``made_of`` is what it depends on beside the view."""
        name = (view, made_of)
        if name != self._name:
            self._name, self._image = name, QImage()
            draw(painter)
            return
        if self._image.isNull():
            self._image = QImage(view.width, view.height, QImage.Format.Format_ARGB32_Premultiplied)
            self._image.fill(0)
            with QPainter(self._image) as own:
                draw(own)
        painter.drawImage(0, 0, self._image)
