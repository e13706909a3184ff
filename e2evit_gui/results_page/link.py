"""Views of several slides that move together: by the same distance on the glass, at the same magnification."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from e2evit_gui.viewer.canvas import Canvas
from e2evit_gui.viewer.viewport import Viewport


@dataclass
class _Linked:
    """A canvas, micrometres a level-0 pixel of its slide (1 where unknown), and its view when it was last heard of."""

    canvas: Canvas
    mpp: float
    view: Viewport | None = None


class ViewLink(QObject):
    """Follow whichever view the user moves, and move the others by as much."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[_Linked] = []
        self._moving = False
        self.on = True

    def add(self, canvas: Canvas, mpp: float | None) -> None:
        """Link a canvas that shows a slide."""
        linked = _Linked(canvas=canvas, mpp=mpp or 1.0, view=canvas.view)
        self._all.append(linked)
        canvas.view_changed.connect(lambda: self._moved(linked))

    def align(self) -> None:
        """Show every slide whole, all at one magnification: that of the largest."""
        self._moving = True
        for linked in self._all:
            linked.canvas.fit()
        views = [(linked, linked.canvas.view) for linked in self._all]
        coarsest = max((view.scale * linked.mpp for linked, view in views if view is not None), default=1.0)
        for linked, view in views:
            if view is not None:
                linked.canvas.show_view(view.slide_width / 2, view.slide_height / 2, coarsest / linked.mpp)
            linked.view = linked.canvas.view
        self._moving = False

    def _moved(self, moved: _Linked) -> None:
        before, now = moved.view, moved.canvas.view
        moved.view = now
        resized = before is not None and now is not None and (before.width, before.height) != (now.width, now.height)
        if self._moving or not self.on or before is None or now is None or resized:
            return
        zoom = now.scale / before.scale
        right = (now.center[0] - before.center[0]) * moved.mpp
        down = (now.center[1] - before.center[1]) * moved.mpp
        self._moving = True
        for other in self._all:
            view = other.canvas.view
            if other is not moved and view is not None:
                x, y = view.center
                other.canvas.show_view(x + right / other.mpp, y + down / other.mpp, view.scale * zoom)
                other.view = other.canvas.view
        self._moving = False
