"""How a window begins and ends: its first size, and that it goes when it is closed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

FRAME_PX = 48
"""What title bar and frame take of the height, at most."""


def open_at(window: QWidget, width: int, height: int) -> None:
    """Give a window its first size, no larger than its screen has room for: buttons below the screen cannot be pressed."""
    room = window.screen().availableSize()
    window.resize(min(width, room.width()), min(height, room.height() - FRAME_PX))


def open_once(dialog: QDialog) -> None:
    """Open a dialog that is gone once it is closed: its parent would keep it, with all it shows, until the program ends."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
