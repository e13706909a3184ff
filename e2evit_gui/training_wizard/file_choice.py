"""A file or folder: typed, dropped or chosen, with what is wrong with it right below."""

import os
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.forms.texts import Sentence
from e2evit_model.files import is_file, is_folder


class FileChoice(QWidget):
    """``chosen`` carries a path, or None when the line was emptied."""

    chosen = Signal(object)

    def __init__(
        self,
        name: str,
        *,
        folder: bool = False,
        made_when_missing: bool = False,
        endings: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._folder, self._endings = name, folder, endings
        self._made_when_missing = made_when_missing
        self._path: Path | None = None
        self.setAcceptDrops(True)
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.setAcceptDrops(False)
        self.line.editingFinished.connect(self._typed)
        self.button = QPushButton(self.tr("Choose…"))
        self.button.setAccessibleName(self.tr("Choose: {name}").format(name=name))
        self.button.clicked.connect(self._ask)
        self.error = Sentence()
        label = QLabel(name)
        label.setMinimumWidth(120)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(row)
        column.addWidget(self.error)

    @property
    def path(self) -> Path | None:
        """What is chosen."""
        return self._path

    def show_path(self, path: Path | None) -> None:
        """Show a path without telling."""
        self._path = path
        self.line.setText(str(path) if path is not None else "")
        self._judge()

    def take(self, path: Path | None) -> None:
        """Take a path and tell, when it is another."""
        before = self._path
        self.show_path(path)
        if path != before:
            self.chosen.emit(path)

    def _judge(self) -> None:
        path = self._path
        there = path is None or self._made_when_missing or (is_folder(path) if self._folder else is_file(path))
        what = self.tr("folder") if self._folder else self.tr("file")
        self.error.say("" if there else self.tr("There is no such {what}.").format(what=what))

    def _typed(self) -> None:
        text = self.line.text().strip()
        self.take(Path(os.path.expanduser(text)) if text else None)  # noqa: PTH111 - Path's raises for an unknown user

    def _ask(self) -> None:
        begin = str(self._path or Path.home())
        if self._folder:
            found = QFileDialog.getExistingDirectory(self, self._name, begin)
        else:
            endings = f"{self._name} ({self._endings});;" if self._endings else ""
            found, _ = QFileDialog.getOpenFileName(self, self._name, begin, endings + self.tr("All files (*)"))
        if found:
            self.take(Path(found))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file or folder."""
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        event.acceptProposedAction()
        self.take(Path(event.mimeData().urls()[0].toLocalFile()))
