"""Commands that stay pressed: while there is nothing that they could show, they do not look pressed."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction


class RestingToggles(QObject):
    """Hold checkable commands; each comes back pressed, or not, as it was before it could not be used."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._kept: dict[QAction, bool] = {}

    def add(self, action: QAction, act: Callable[[bool], object] | None = None) -> None:
        """Take a command; ``act`` hears of it only while it can be used."""
        if act is not None:
            action.toggled.connect(lambda on: act(on) if action.isEnabled() else None)

    def enable(self, action: QAction, there: bool) -> None:
        """Say whether a command can be used."""
        if there == action.isEnabled():
            return
        if there:
            action.setEnabled(True)
            action.setChecked(self._kept.pop(action, action.isChecked()))
        else:
            self._kept[action] = action.isChecked()
            action.setEnabled(False)
            action.setChecked(False)
