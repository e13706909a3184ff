"""What a run and a comparison have in common on the page: what it is, where it stands, stop and resume."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.forms.texts import Sentence, hero, muted
from e2evit_gui.runs_page.words import tr


class WorkView(QFrame):
    """``stop_requested`` and ``resume_requested`` carry the folder."""

    stop_requested = Signal(object)
    resume_requested = Signal(object)

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.title = hero("")
        self.title.setWordWrap(True)
        self.about = muted()
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(tr("Progress"))
        self.error = Sentence()
        self.stop = QPushButton(tr("Stop"))
        self.resume = QPushButton(tr("Resume"))
        self.stop.clicked.connect(lambda: self.stop_requested.emit(self.path))
        self.resume.clicked.connect(lambda: self.resume_requested.emit(self.path))

    def lay_out_head(self, above: list[QWidget], buttons: list[QPushButton]) -> QVBoxLayout:
        """Lay these widgets and, after Stop and Resume, these buttons out; return the column for what comes below."""
        row = QHBoxLayout()
        for button in (self.stop, self.resume, *buttons):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        for widget in above:
            column.addWidget(widget)
        column.addLayout(row)
        return column

    def show_state(self, words: str, parts: list[str]) -> None:
        """Say where it stands, and how far it is."""
        words = words[:1].upper() + words[1:]
        self.state.setText(f"{words}: {', '.join(parts)}" if parts else words)

    def show_hands(self, *, here: bool, can_resume: bool, stopping: bool) -> None:
        """Offer to stop what runs here, and to go on with what does not."""
        self.stop.setVisible(here)
        self.stop.setEnabled(not stopping)
        self.resume.setVisible(can_resume)
