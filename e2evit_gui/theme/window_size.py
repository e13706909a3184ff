"""The first size of a window."""

from PySide6.QtWidgets import QWidget

FRAME_PX = 48
"""What title bar and frame take of the height, at most."""


def open_at(window: QWidget, width: int, height: int) -> None:
    """Give a window its first size, no larger than its screen has room for: buttons below the screen cannot be pressed."""
    room = window.screen().availableSize()
    window.resize(min(width, room.width()), min(height, room.height() - FRAME_PX))
