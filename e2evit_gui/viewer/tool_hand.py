"""The tool in hand: it gets what mouse and keys do on the slide before the slide itself does."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from e2evit_gui.viewer.viewport import Viewport

if TYPE_CHECKING:
    from e2evit_gui.viewer.canvas import Canvas


PAN_STEPS = {
    Qt.Key.Key_Left: (0.1, 0.0),
    Qt.Key.Key_Right: (-0.1, 0.0),
    Qt.Key.Key_Up: (0.0, 0.1),
    Qt.Key.Key_Down: (0.0, -0.1),
}
"""What arrow keys move, in shares of the view."""


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Where the hand is: level-0 point, level-0 pixels a logical pixel of the screen, and the keys that are held."""

    x: float
    y: float
    per_px: float
    modifiers: Qt.KeyboardModifier

    @property
    def shift(self) -> bool:
        """Whether Shift is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)

    @property
    def alt(self) -> bool:
        """Whether Alt is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.AltModifier)

    @property
    def control(self) -> bool:
        """Whether Ctrl is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ControlModifier)


class Tool(Protocol):
    """What a tool does. ``press`` says whether the tool takes the drag; else the slide is moved, or the click is the slide's."""

    cursor: Qt.CursorShape

    @property
    def busy(self) -> bool:
        """Whether something is half drawn."""

    def press(self, hand: Hand) -> bool:
        """Begin; say whether the tool takes it."""

    def move(self, hand: Hand) -> bool:
        """Follow the hand, pressed or not; say whether what is painted is other now."""

    def release(self, hand: Hand) -> None:
        """End what was pressed."""

    def double_click(self, hand: Hand) -> bool:
        """End what was drawn corner by corner; say whether the tool takes it."""

    def cancel(self) -> None:
        """Forget what is half drawn."""

    def finish(self) -> None:
        """Take what is half drawn as it is."""

    def paint(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Draw what is half drawn, in device pixels."""


class ToolHand:
    """Give a canvas's events to its tool."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self.tool: Tool | None = None
        self._space = False
        self._pressed = False

    def take(self, tool: Tool | None) -> None:
        """Take another tool; what is half drawn by the one before is forgotten."""
        if self.tool is not None:
            self.tool.cancel()
        self.tool, self._pressed = tool, False
        self._canvas.show_cursor()
        self._canvas.update()

    @property
    def cursor(self) -> Qt.CursorShape:
        """The cursor over the slide."""
        return Qt.CursorShape.OpenHandCursor if self.tool is None or self._space else self.tool.cursor

    @property
    def busy(self) -> bool:
        """Whether something is half drawn."""
        return self.tool is not None and self.tool.busy

    def press(self, event: QMouseEvent) -> bool:
        """Offer a press to the tool."""
        if self.tool is None or self._space or event.button() != Qt.MouseButton.LeftButton or self._canvas.view is None:
            return False
        self._pressed = self.tool.press(self._hand(event))
        self._canvas.update()
        return self._pressed

    def move(self, event: QMouseEvent) -> bool:
        """Let the tool follow; say whether it holds the mouse."""
        if self.tool is None or self._canvas.view is None or (self._space and not self._pressed):
            return False
        if self.tool.move(self._hand(event)):
            self._canvas.update()
        if not self._pressed and not event.buttons():
            self._canvas.show_cursor()
        return self._pressed

    def release(self, event: QMouseEvent) -> bool:
        """End the tool's press."""
        if not self._pressed or self.tool is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        self._pressed = False
        self.tool.release(self._hand(event))
        self._canvas.show_cursor()
        self._canvas.update()
        return True

    def double_click(self, event: QMouseEvent) -> bool:
        """Offer a double click to the tool."""
        if self.tool is None or event.button() != Qt.MouseButton.LeftButton or self._canvas.view is None:
            return False
        taken = self.tool.double_click(self._hand(event))
        self._canvas.update()
        return taken

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether a key is the tool's and not a command of the window."""
        return self.busy and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)

    def key_press(self, event: QKeyEvent) -> bool:
        """Take Space (pan while it is held), Esc (forget) and Enter (finish)."""
        if event.key() == Qt.Key.Key_Space:
            self._space = True
            self._canvas.show_cursor()
            return True
        if self.tool is None or not self.wants(event):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.tool.cancel()
            self._pressed = False
        else:
            self.tool.finish()
        self._canvas.update()
        return True

    def key_release(self, event: QKeyEvent) -> None:
        """Give the tool back when Space is let go."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._canvas.show_cursor()

    def paint(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Draw what is half drawn."""
        if self.tool is not None:
            painter.save()
            self.tool.paint(painter, view, ratio)
            painter.restore()

    def _hand(self, event: QMouseEvent) -> Hand:
        point = self._canvas.point_at(event.position())
        view = self._canvas.view
        scale = view.scale if view is not None else 1.0
        return Hand(
            x=point.x(), y=point.y(), per_px=scale * self._canvas.devicePixelRatioF(), modifiers=event.modifiers()
        )
