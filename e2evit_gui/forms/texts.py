"""Labels of a page: heading, secondary text, a sentence with its weight."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from e2evit_gui.jobs.failure import Failure


def heading(text: str) -> QLabel:
    """Make the heading of a part of a page."""
    return _label(text, "heading")


def hero(text: str) -> QLabel:
    """Make the title of a page."""
    return _label(text, "hero")


def muted(text: str = "") -> QLabel:
    """Make secondary text that wraps."""
    label = _label(text, "muted")
    label.setWordWrap(True)
    return label


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    return label


def line() -> QFrame:
    """Make a thin line between two parts."""
    frame = QFrame()
    frame.setObjectName("line")
    return frame


class Sentence(QLabel):
    """A sentence at the place that it is about: an error, a warning; hidden while there is none."""

    def __init__(self, role: str = "error", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def say(self, text: str, hint: str = "") -> None:
        """Show a sentence and what to do about it; an empty one hides the label."""
        self.setText("\n".join(part for part in (text, hint) if part))
        self.setVisible(bool(text))

    def explain(self, failure: Failure | None) -> None:
        """Show a failure, or none."""
        self.say(failure.message if failure else "", failure.hint if failure else "")
        self.setToolTip(failure.details if failure else "")
