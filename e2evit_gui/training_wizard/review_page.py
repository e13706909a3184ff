"""6 Review: everything that was chosen, the command, Start."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.forms.plain_table import PlainTable
from e2evit_gui.forms.texts import Sentence, heading, muted
from e2evit_gui.training_wizard.command import command_of
from e2evit_gui.training_wizard.file_choice import FileChoice
from e2evit_gui.training_wizard.page import Page
from e2evit_gui.training_wizard.presenter import WizardPresenter
from e2evit_gui.training_wizard.slide_presenter import SlidePresenter
from e2evit_gui.training_wizard.summary import summary
from e2evit_gui.training_wizard.vary_part import VaryPart
from e2evit_gui.training_wizard.words import tr


class ReviewPage(Page):
    """``started`` comes when the training has begun."""

    started = Signal(object)  # Path of the run

    def __init__(self, presenter: WizardPresenter, slides: SlidePresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Review"),
            tr(
                "What will be done. It runs in a process of its own: you may go on with other slides, or close the window."
            ),
            parent,
        )
        self._presenter, self._slides = presenter, slides
        self.runs = FileChoice(tr("Folder of runs"), folder=True, made_when_missing=True)
        self.name = QLineEdit()
        self.name.setReadOnly(True)
        self.name.setAccessibleName(tr("Name of the run"))
        self.facts = PlainTable(["", tr("What"), tr("Chosen")], tr("What will be done"))
        self.vary = VaryPart()
        self.command = QPlainTextEdit()
        self.command.setReadOnly(True)
        self.command.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.command.setFixedHeight(92)
        self.command.setAccessibleName(tr("The same on the command line"))
        self.copy = QPushButton(tr("Copy as command"))
        self.copied = muted()
        self.error = Sentence()
        self._lay_out()
        self.copy.clicked.connect(self._copy)
        self.runs.chosen.connect(self._runs_chosen)
        self.vary.changed.connect(self._vary_edited)
        slides.disk_changed.connect(self._show_facts)

    def _lay_out(self) -> None:
        self.column.addWidget(self.facts, 1)
        self.column.addWidget(self.vary)
        self.column.addWidget(heading(tr("Where it goes")))
        self.column.addWidget(self.runs)
        name = QHBoxLayout()
        name.setSpacing(8)
        label = QLabel(tr("Name of the run"))
        label.setMinimumWidth(120)
        name.addWidget(label)
        name.addWidget(self.name, 1)
        self.column.addLayout(name)
        row = QHBoxLayout()
        row.addWidget(heading(tr("The same on the command line")))
        row.addWidget(self.copied, 1)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignRight)
        self.column.addLayout(row)
        below = QVBoxLayout()
        below.addWidget(self.command)
        below.addWidget(self.error)
        self.column.addLayout(below)

    @property
    def run(self) -> Path | None:
        """Where the run will be."""
        return self.runs.path / self.name.text() if self.runs.path is not None and self.name.text() else None

    def entered(self) -> None:
        """Show everything as it is now, under a new name."""
        self.copied.setText("")
        self.error.say("")
        self.name.setText(self._presenter.run_name(datetime.now().astimezone()))
        if self._presenter.cohort is not None:
            self._slides.renew_disk(self._presenter.cohort, self._presenter.draft.config)
        self._show_facts()
        self._show_vary()
        self._show_command()

    def _vary_edited(self) -> None:
        draft = self._presenter.draft
        axes, alone = self.vary.axes, self.vary.one_at_a_time.isChecked()
        if (axes, alone) != (draft.vary, draft.one_at_a_time):
            self._presenter.take(replace(draft, vary=axes, one_at_a_time=alone))
        self._show_vary()
        self._show_command()
        self.blocked_changed.emit()

    def _show_vary(self) -> None:
        draft = self._presenter.draft
        self.vary.show_axes(draft.vary, draft.config, one_at_a_time=draft.one_at_a_time)

    def _show_facts(self) -> None:
        """Show what was chosen; the disk is known a moment later."""
        self.facts.show_rows(summary(self._presenter, self._slides))

    def blocked(self) -> str:
        """Say what keeps the training from beginning."""
        return self.vary.blocked() if self.runs.path is not None else tr("Choose the folder of runs.")

    def start(self) -> None:
        """Start the training, or say why it cannot be started."""
        run = self.run
        if run is None:
            return
        failure = self._presenter.start(run)
        self.error.explain(failure)
        if failure is None:
            self.started.emit(run)

    def _runs_chosen(self, _path: Path | None) -> None:
        self._show_command()
        self.blocked_changed.emit()

    def _show_command(self) -> None:
        run = self.run
        spec = self._presenter.spec()
        if run is None or spec is None:
            self.command.setPlainText("")
        else:
            self.command.setPlainText(command_of(spec, self._presenter.draft, run))

    def _copy(self) -> None:
        """Write what the command reads, and copy it."""
        run = self.run
        if run is None:
            return
        failure = self._presenter.save_asked(run)
        self.error.explain(failure)
        if failure is None:
            QGuiApplication.clipboard().setText(self.command.toPlainText())
            self.copied.setText(tr("Copied; its files are saved beside the runs."))
