"""Helping hands: the list of commands, the page of shortcuts, the settings."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from e2evit_gui.main_window.command_list import CommandList, Shortcuts

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow


class Helping(QObject):
    """The window's part in them."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.list: CommandList | None = None
        window.commands.command_list.triggered.connect(self.show_commands)
        window.commands.shortcuts.triggered.connect(lambda: Shortcuts(window).open())

    def show_commands(self) -> None:
        """Open the list of commands; made anew, since menus change."""
        if self.list is not None:
            self.list.deleteLater()
        self.list = CommandList(self._window)
        # the list must have closed first: a command may open a window of its own
        self.list.triggered.connect(lambda action: QTimer.singleShot(0, action.trigger))
        self.list.open_over(self._window)
