"""When the window gives memory back: a while after a slide, a project, a comparison or an export was closed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from e2evit_gui.jobs.latest import Latest
from e2evit_gui.jobs.memory import give_back

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow

PAUSE_MS = 1000
"""Closing lets go of many things one after the other."""


class MemoryKeeper(QObject):
    """Hear of all that let go of much, and give it back in a thread."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._give_back)
        self._giving = Latest("giving memory back", self)
        window.session.slide_changed.connect(self.let_go)
        window.projects.state.opened.connect(self.let_go)

    @property
    def busy(self) -> bool:
        """Whether something is still to be given back."""
        return self._pause.isActive() or self._giving.busy

    @Slot()
    def let_go(self) -> None:
        """Take note that something large was let go of."""
        self._pause.start()

    @Slot()
    def _give_back(self) -> None:
        self._giving.begin(lambda _progress: give_back())
