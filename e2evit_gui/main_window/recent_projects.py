"""The menu of projects opened last."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from e2evit_gui.state.preferences import Preferences


def is_project(path: Path) -> bool:
    """Say whether a path is the folder of a project, or the main file in it."""
    return (path / "project.json").is_file() or (path.name == "project.json" and path.is_file())


class RecentProjects(QMenu):
    """Follows the preferences, and looks when it opens which projects are still there."""

    chosen = Signal(object)  # Path

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Recent &projects"))
        self.setToolTipsVisible(True)
        self._preferences = preferences
        self.aboutToShow.connect(self.fill)
        preferences.recent_changed.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """List the projects."""
        self.clear()
        recent = [path for path in self._preferences.recent_projects if is_project(path)]
        for path in recent:
            action = self.addAction(path.name)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _on=False, path=path: self.chosen.emit(path))
        self.setEnabled(bool(recent))
