"""JOBS: what runs, how far it is, how long it will take, and Cancel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from e2evit_gui.forms.durations import TimeLeft, written_seconds


class JobsLine(QWidget):
    """One line that is there while something runs."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(10)
        self.text = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setMaximumWidth(320)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.left = QLabel()
        self.left.setProperty("role", "muted")
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.cancel_requested)
        row.addWidget(self.text)
        row.addWidget(self.bar, 1)
        row.addWidget(self.left)
        row.addStretch(1)
        row.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignRight)
        self._clock = TimeLeft()
        self._jobs: dict[str, tuple[str, str, int, int]] = {}
        self.hide()

    def show_job(self, owner: str, name: str, step: str, done: int, total: int) -> None:
        """Show the job of an owner; an empty name ends it. Of several jobs the one that began first is shown."""
        if name:
            self._jobs[owner] = (name, step, done, total)
        else:
            self._jobs.pop(owner, None)
        self.setVisible(bool(self._jobs))
        if self._jobs:
            self._show(*next(iter(self._jobs.values())))
        else:
            self._clock.forget()

    def _show(self, name: str, step: str, done: int, total: int) -> None:
        self.text.setText(step if step == name else self.tr("{name}: {step}").format(name=name, step=step))
        self.bar.setRange(0, total)  # 0 to 0 shows that it is unknown
        self.bar.setValue(done)
        left = self._clock.seconds(step, done, total)
        self.left.setText(self.tr("{time} left").format(time=written_seconds(left)) if left is not None else "")
