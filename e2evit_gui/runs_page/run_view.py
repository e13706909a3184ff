"""One run: where it stands, how its folds learn, what can be done with it."""

import time
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from e2evit_gui.forms.durations import written_seconds
from e2evit_gui.forms.texts import muted
from e2evit_gui.runs_page.curves import EpochPlot, color_of
from e2evit_gui.runs_page.snapshot import RunSnapshot
from e2evit_gui.runs_page.words import STATES, c_index_of, state_of, tr
from e2evit_gui.runs_page.work_view import WorkView
from e2evit_gui.theme import style
from e2evit_model.runs.status import State

_LINEAR_COX = "linear-cox"
_CHANCE = 0.5
_SOONEST_S = 2.0


class RunView(WorkView):
    """``report_requested`` and ``model_requested`` carry the folder of the run, too."""

    report_requested = Signal(object)
    model_requested = Signal(object)

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(path, parent)
        self._step: tuple[str, int, float] = ("", 0, 0.0)
        self.left = muted()
        self.score = QLabel()
        self.score.setProperty("role", "score")
        self.score_note = muted(tr("Harrell's C-index on the test parts, mean ± SD over the folds"))
        self.report = QPushButton(tr("Open report"))
        self.model = QPushButton(tr("Open in viewer"))
        self.loss = EpochPlot(tr("loss: validation, training (dashed)"), "val_loss", dashed="train_loss")
        self.c_index = EpochPlot(tr("C-index on the validation part"), "val_c_index")
        self.c_index.reference = _CHANCE
        self.folds = QTableWidget(0, 5)
        self._lay_out()
        self.report.clicked.connect(lambda: self.report_requested.emit(self.path))
        self.model.clicked.connect(lambda: self.model_requested.emit(self.path))
        style.keeper().changed.connect(self._color_folds)

    def _lay_out(self) -> None:
        self.model.setProperty("role", "primary")
        self.folds.setHorizontalHeaderLabels([tr("Fold"), tr("State"), tr("Epochs"), tr("Best C, val."), tr("C, test")])
        self.folds.setTabKeyNavigation(False)
        self.folds.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.folds.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.folds.setShowGrid(False)
        self.folds.setAccessibleName(tr("Folds"))
        self.folds.verticalHeader().hide()
        self.folds.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.folds.horizontalHeader().setHighlightSections(False)
        self.folds.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        above = [self.title, self.about, self.state, self.bar, self.left, self.error, self.score, self.score_note]
        column = self.lay_out_head(above, [self.report, self.model])
        column.addSpacing(6)
        column.addWidget(self.c_index, 1)
        column.addWidget(self.loss, 1)
        column.addWidget(self.folds)
        column.addStretch(0)

    def show_run(self, run: RunSnapshot, *, stopping: bool) -> None:
        """Show what the run's files say now."""
        record = run.record
        self.title.setText(f"{record.cohort}, {record.endpoint}" if record is not None else run.name)
        self.about.setText(_about(run))
        self._show_state(run, stopping=stopping)
        self.error.say(run.message, run.hint)
        score = c_index_of(run)
        self.score.setText(score.split(" (")[0])
        self.score_note.setText(_score_note(run))
        for label in (self.score, self.score_note):
            label.setVisible(bool(score))
        self.show_hands(here=run.here, can_resume=run.can_resume, stopping=stopping)
        for button, there, why in (
            (self.report, run.has_report, tr("There is no report yet.")),
            (self.model, run.has_model, tr("The risk model is made when all folds are done.")),
        ):
            button.setEnabled(there)
            button.setToolTip("" if there else why)
        learns = record is not None and record.config.get("method") != _LINEAR_COX
        most = record.config.get("epochs") if record is not None else 1
        for plot in (self.loss, self.c_index):
            plot.setVisible(learns)
            plot.show_folds(run.folds, most=most if isinstance(most, int) else 1)
        self._show_folds(run)

    def _show_state(self, run: RunSnapshot, *, stopping: bool) -> None:
        status, runs = run.status, run.state is State.RUNNING
        steps = [status.step] if runs and status.step else []
        if run.folds:
            steps.append(tr("{done} of {all} folds done").format(done=run.folds_done, all=len(run.folds)))
        self.show_state(state_of(run, stopping=stopping), steps)
        self.bar.setVisible(runs or run.state is State.QUEUED)
        self.bar.setRange(0, status.total if runs else 0)
        self.bar.setValue(status.done)
        self.left.setText(self._time_left(run) if runs else "")
        self.left.setVisible(bool(self.left.text()))

    def _time_left(self, run: RunSnapshot) -> str:
        """Say how long the run will take at most by its epochs, or the step by its own pace."""
        whole = run.most_seconds_left()
        if whole is not None:
            return tr("at most {time} left").format(time=written_seconds(whole))
        status, now = run.status, time.monotonic()
        step, first, began = self._step
        if status.step != step or status.done < first:
            self._step = (status.step, status.done, now)
            return ""
        spent, done = now - began, status.done - first
        if done <= 0 or spent < _SOONEST_S or status.total <= 0:
            return ""
        return tr("{time} left of this step").format(time=written_seconds(spent * (status.total - status.done) / done))

    def _show_folds(self, run: RunSnapshot) -> None:
        self.folds.setVisible(bool(run.folds))
        self.folds.setRowCount(len(run.folds))
        for row, fold in enumerate(run.folds):
            state = fold.state
            if state is State.RUNNING and not run.here:
                state = State.INTERRUPTED
            waiting = state is State.QUEUED
            cells = [
                str(fold.number),
                tr("waiting") if waiting else tr(STATES[state]),
                str(len(fold.epochs)) if fold.epochs else "",
                "" if fold.best_c is None else f"{fold.best_c:.3f}",
                "" if fold.test_c is None else f"{fold.test_c:.3f}",
            ]
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self.folds.setItem(row, column, item)
        self._color_folds()
        height = (
            self.folds.horizontalHeader().height() + sum(self.folds.rowHeight(r) for r in range(len(run.folds))) + 4
        )
        self.folds.setFixedHeight(min(height, 230))

    def _color_folds(self) -> None:
        for row in range(self.folds.rowCount()):
            item = self.folds.item(row, 0)
            if item is not None:
                item.setForeground(color_of(row))


def _about(run: RunSnapshot) -> str:
    record = run.record
    if record is None:
        return tr("The process is starting.") if run.here else ""
    method = str(record.config.get("method", ""))
    return ", ".join(
        part for part in (record.model, method, record.created[:16].replace("T", " ") + " UTC", run.name) if part
    )


def _score_note(run: RunSnapshot) -> str:
    note = tr("Harrell's C-index on the test parts, mean ± SD over the folds")
    if run.interval is not None:
        note += tr("; 95 % interval {low} to {high}").format(
            low=f"{run.interval[0]:.3f}", high=f"{run.interval[1]:.3f}"
        )
    return note
