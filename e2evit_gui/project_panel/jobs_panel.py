"""JOBS: the queue of slides, with its order, what runs, and why something failed."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.durations import written_seconds
from e2evit_gui.forms.whole_rows import WholeRows
from e2evit_gui.jobs.batch import BatchJob, BatchQueue, JobState
from e2evit_gui.state.written import percent
from e2evit_gui.theme import style

Index = QModelIndex | QPersistentModelIndex
_ROW_PX = 25


class JobModel(QAbstractTableModel):
    """The queue as a table: slide, state, what is done or why it failed."""

    def __init__(self, queue: BatchQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._jobs: list[BatchJob] = []
        queue.changed.connect(self._refresh)
        queue.progressed.connect(self._progressed)

    def job(self, row: int) -> BatchJob:
        """Return the job of a row."""
        return self._jobs[row]

    def row_of(self, job: BatchJob) -> int:
        """Return the row of a job, -1 for none."""
        return self._jobs.index(job) if job in self._jobs else -1

    def _refresh(self) -> None:
        jobs = self._queue.jobs
        if len(jobs) != len(self._jobs):
            self.beginResetModel()
            self._jobs = jobs
            self.endResetModel()
        elif jobs:
            self._jobs = jobs
            self.dataChanged.emit(self.index(0, 0), self.index(len(jobs) - 1, 2))

    def _progressed(self, job: BatchJob) -> None:
        row = self.row_of(job)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 2), self.index(row, 2))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of jobs."""
        return 0 if parent.isValid() else len(self._jobs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return three: slide, state, details."""
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the titles of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (self.tr("Slide"), self.tr("State"), self.tr("Details"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        job = self._jobs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (job.name, self._state(job), self._details(job))[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and job.failure is not None:
            return "\n".join(part for part in (job.failure.message, job.failure.hint) if part)
        if role == Qt.ItemDataRole.ForegroundRole and job.state is JobState.FAILED and index.column() > 0:
            return QColor(style.colors().error_text)
        return None

    def _state(self, job: BatchJob) -> str:
        words = {
            JobState.WAITING: self.tr("waiting"),
            JobState.RUNNING: self.tr("running"),
            JobState.DONE: self.tr("done"),
            JobState.FAILED: self.tr("failed"),
            JobState.CANCELLED: self.tr("cancelled"),
        }
        return words[job.state]

    def _details(self, job: BatchJob) -> str:
        if job.state is JobState.FAILED and job.failure is not None:
            return job.failure.message
        if job.state is JobState.RUNNING:
            share = f" {percent(100 * job.done // job.total / 100)}" if job.total else ""
            return f"{job.step}{share}"
        return written_seconds(job.seconds) if job.state is JobState.DONE else ""


class JobsPanel(QWidget):
    """The table of the queue and its buttons. ``open_requested`` carries a slide id."""

    open_requested = Signal(str)

    def __init__(self, queue: BatchQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._queue = queue
        self._followed: BatchJob | None = None
        self.model = JobModel(queue, self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setFrameShape(QTableView.Shape.NoFrame)
        self.table.setAccessibleName(self.tr("Queue of slides"))
        self.table.setTabKeyNavigation(False)
        rows = self.table.verticalHeader()
        rows.hide()
        rows.setDefaultSectionSize(max(_ROW_PX, self.fontMetrics().height() + 8))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, 260)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.text = QLabel()
        self.text.setProperty("role", "muted")
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.text.setWordWrap(True)
        self.pause = QPushButton(self.tr("Pause"))
        self.up = QPushButton(self.tr("Up"))
        self.down = QPushButton(self.tr("Down"))
        self.retry = QPushButton(self.tr("Try again"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.clear = QPushButton(self.tr("Clear ended"))
        self._buttons = (self.pause, self.up, self.down, self.retry, self.cancel, self.clear)
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(self.text, 1)
        for button in self._buttons:
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(WholeRows(self.table), 1)
        column.addLayout(row)

    def _connect(self) -> None:
        queue = self._queue
        self.pause.clicked.connect(lambda: queue.resume() if queue.paused else queue.pause())
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.retry.clicked.connect(self._retry)
        self.cancel.clicked.connect(self._cancel)
        self.clear.clicked.connect(queue.forget_ended)
        self.table.doubleClicked.connect(lambda index: self.open_requested.emit(self.model.job(index.row()).slide_id))
        self.table.selectionModel().selectionChanged.connect(self._refresh)
        queue.changed.connect(self._refresh)

    @property
    def chosen(self) -> list[BatchJob]:
        """The chosen jobs."""
        return [self.model.job(index.row()) for index in self.table.selectionModel().selectedRows()]

    def _move(self, step: int) -> None:
        chosen = self.chosen
        self._queue.move(chosen, step)
        self.table.clearSelection()
        selection = self.table.selectionModel()
        for job in chosen:
            index = self.model.index(self.model.row_of(job), 0)
            selection.select(index, selection.SelectionFlag.Select | selection.SelectionFlag.Rows)

    def _retry(self) -> None:
        self._queue.retry(self.chosen or [job for job in self._queue.jobs if job.state is JobState.FAILED])

    def _cancel(self) -> None:
        if chosen := self.chosen:
            self._queue.cancel(chosen)
        else:
            self._queue.cancel_all()

    def _refresh(self) -> None:
        queue, jobs, chosen = self._queue, self._queue.jobs, self.chosen
        of = {state: sum(job.state is state for job in jobs) for state in JobState}
        active = of[JobState.WAITING] + of[JobState.RUNNING] > 0
        for button in self._buttons:
            button.setVisible(bool(jobs))
        self.pause.setText(self.tr("Resume") if queue.paused else self.tr("Pause"))
        self.pause.setEnabled(active)
        movable = any(job.state is JobState.WAITING for job in chosen)
        self.up.setEnabled(movable)
        self.down.setEnabled(movable)
        ended = {JobState.FAILED, JobState.CANCELLED}
        self.retry.setEnabled(any(job.state in ended for job in chosen) or (not chosen and of[JobState.FAILED] > 0))
        self.cancel.setText(self.tr("Cancel chosen") if chosen else self.tr("Cancel all"))
        self.cancel.setEnabled(any(job.state in {JobState.WAITING, JobState.RUNNING} for job in chosen or jobs))
        self.clear.setEnabled(len(jobs) > of[JobState.WAITING] + of[JobState.RUNNING])
        self.text.setText(self._said(of))
        self.text.setToolTip(self.text.text())
        self._follow(queue.running)

    def _follow(self, running: BatchJob | None) -> None:
        """Keep the slide that runs in view, unless rows were chosen: then somebody is at work there."""
        if running is not None and running is not self._followed and not self.chosen:
            self.table.scrollTo(self.model.index(self.model.row_of(running), 0))
        self._followed = running

    def _said(self, of: dict[JobState, int]) -> str:
        if not self._queue.jobs:
            return self.tr("No slide is waiting. Choose slides in PROJECT, right click, Analyze.")
        parts = [
            self.tr("{n} running").format(n=of[JobState.RUNNING]),
            self.tr("{n} waiting").format(n=of[JobState.WAITING]),
            self.tr("{n} done").format(n=of[JobState.DONE]),
        ]
        if of[JobState.FAILED]:
            parts.append(self.tr("{n} failed").format(n=of[JobState.FAILED]))
        left = self._queue.seconds_left()
        if left and of[JobState.WAITING] + of[JobState.RUNNING]:
            parts.append(self.tr("{time} left").format(time=written_seconds(left)))
        if self._queue.paused:
            parts.append(self.tr("paused"))
        return ", ".join(parts)
