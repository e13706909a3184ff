"""1 Cohort: folder and table, what the columns mean, what is wrong, the flow, the survival curve."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from e2evit_gui.forms.plain_table import PlainTable
from e2evit_gui.forms.texts import Sentence, heading, muted
from e2evit_gui.training_wizard.file_choice import FileChoice
from e2evit_gui.training_wizard.flow_drawing import FlowDrawing
from e2evit_gui.training_wizard.km_plot import KaplanMeierPlot
from e2evit_gui.training_wizard.mapping_editor import MappingEditor
from e2evit_gui.training_wizard.page import Page
from e2evit_gui.training_wizard.presenter import WizardPresenter
from e2evit_gui.training_wizard.words import count, counted, tr
from e2evit_model.cohort.check import CohortCheck
from e2evit_model.cohort.matching import Matching

_TABLES = "*.csv *.tsv *.txt *.xlsx *.zip"


class CohortPage(Page):
    """Ask for table and folder; show what they give."""

    def __init__(self, presenter: WizardPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Cohort"),
            tr(
                "A clinical table and the folder with its slides. What the columns mean is proposed; change what is wrong."
            ),
            parent,
        )
        self._presenter = presenter
        self.table = FileChoice(tr("Clinical table"), endings=_TABLES)
        self.slides = FileChoice(tr("Folder of slides"), folder=True)
        self.slide_table = FileChoice(tr("Table of slides"), endings=_TABLES)
        self.slide_table.line.setPlaceholderText(tr("only where a second table says which slide is of which patient"))
        self.state = muted()
        self.mapping = MappingEditor()
        self.again = QPushButton(tr("Propose again"))
        self.again.setProperty("role", "flat")
        self.problems = PlainTable([tr("Line"), tr("Column"), tr("What is wrong")], tr("Problems of the table"))
        self.warnings = PlainTable([tr("What to look at")], tr("Warnings"))
        self.matches = PlainTable(
            [tr("Slide"), tr("Patient"), tr("File"), tr("Found by")], tr("Slides and their files")
        )
        self.flow = FlowDrawing()
        self.curve = KaplanMeierPlot()
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        for choice in (self.table, self.slides, self.slide_table):
            self.column.addWidget(choice)
        self.column.addWidget(self.state)
        self._below = QWidget()
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        title = QHBoxLayout()
        title.addWidget(heading(tr("What the columns mean")))
        title.addStretch(1)
        title.addWidget(self.again)
        left.addLayout(title)
        left.addWidget(self.mapping)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(tr("What to look at"))
        self.tabs.tabBar().setAccessibleName(tr("What to look at"))
        self.tabs.setMinimumHeight(190)
        for table in (self.problems, self.warnings, self.matches):
            self.tabs.addTab(table, "")
        left.addWidget(self.tabs, 1)
        right.addWidget(heading(tr("Who is used")))
        right.addWidget(self.flow)
        right.addSpacing(6)
        right.addWidget(heading(tr("Kaplan-Meier")))
        right.addWidget(self.curve, 1)
        row = QHBoxLayout(self._below)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(24)
        row.addLayout(left, 11)
        row.addLayout(right, 9)
        self.column.addWidget(self._below, 1)
        self.column.addStretch(0)
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        presenter = self._presenter
        self.table.chosen.connect(lambda path: presenter.choose_files(table=path))
        self.slides.chosen.connect(lambda path: presenter.choose_files(slides=path))
        self.slide_table.chosen.connect(lambda path: presenter.choose_files(slide_table=path))
        self.mapping.said.connect(lambda said: presenter.map_column(**said))
        self.mapping.endpoint_chosen.connect(presenter.choose_endpoint)
        self.again.clicked.connect(presenter.propose_again)
        presenter.checked_changed.connect(self._show)
        presenter.busy_changed.connect(self._show_state)
        presenter.draft_changed.connect(self._show_files)

    def blocked(self) -> str:
        """Say what is missing of the cohort."""
        presenter = self._presenter
        if presenter.draft.table is None:
            return tr("Choose the clinical table.")
        if presenter.checking:
            return tr("The cohort is being checked.")
        if presenter.check_failure is not None:
            return presenter.check_failure.message
        if presenter.checked is not None and presenter.checked.check.problems:
            number = len(presenter.checked.check.problems)
            return (
                tr("1 problem is to be mended first.")
                if number == 1
                else tr("{n} problems are to be mended first.").format(n=number)
            )
        if presenter.draft.slides is None:
            return tr("Choose the folder of slides.")
        return "" if presenter.cohort is not None else tr("The cohort is not known yet.")

    def _show_files(self) -> None:
        draft = self._presenter.draft
        for choice, path in (
            (self.table, draft.table),
            (self.slides, draft.slides),
            (self.slide_table, draft.slide_table),
        ):
            if choice.path != path:
                choice.show_path(path)

    def _show_state(self) -> None:
        presenter = self._presenter
        checked = presenter.checked
        if presenter.checking:
            self.state.setText(tr("Reading the table and looking for slides…"))
        elif checked is not None:
            cohort, proposal = checked.check.cohort, checked.check.proposal
            like = (
                tr("The table looks like one of {name}. ").format(name=proposal.convention)
                if proposal.convention
                else ""
            )
            self.state.setText(
                like
                + tr("{patients}, {events} with the event, {slides}.").format(
                    patients=counted(len(cohort), "patient"),
                    events=count(cohort.events),
                    slides=counted(len(cohort.slides), "slide"),
                )
            )
        else:
            self.state.setText("")
        self.blocked_changed.emit()

    def _show(self) -> None:
        presenter = self._presenter
        checked, failure = presenter.checked, presenter.check_failure
        at_folder = (
            failure is not None
            and presenter.draft.slides is not None
            and presenter.draft.slides.name in failure.message
        )
        _tell(self.slides.error, failure.message if failure and at_folder else "", failure.hint if failure else "")
        _tell(self.table.error, failure.message if failure and not at_folder else "", failure.hint if failure else "")
        self._below.setVisible(checked is not None)
        if checked is not None:
            check = checked.check
            self.mapping.show_check(check)
            self.flow.show_flow(check.flow)
            self.curve.show_curve(checked.curve, np.asarray(check.cohort.time_days), check.mapping.endpoint)
            self._show_lists(check)
        self._show_state()

    def _show_lists(self, check: CohortCheck) -> None:
        self.problems.show_rows([[str(p.line) if p.line else "", p.column, p.message] for p in check.problems])
        self.warnings.show_rows([[warning] for warning in check.warnings])
        rows = _matching_rows(check.matching)
        self.matches.show_rows(rows)
        titles = (
            tr("Problems ({n})").format(n=len(check.problems)),
            tr("To look at ({n})").format(n=len(check.warnings)),
            tr("Slides ({n})").format(n=len(rows)),
        )
        for index, title in enumerate(titles):
            self.tabs.setTabText(index, title)
        if check.problems:
            self.tabs.setCurrentIndex(0)
        elif self.tabs.currentIndex() == 0:
            self.tabs.setCurrentIndex(1 if check.warnings else 2)


def _tell(sentence: Sentence, text: str, hint: str) -> None:
    sentence.say(text, hint if text else "")


def _matching_rows(matching: Matching | None) -> list[list[str]]:
    """Return what is missing first: that is what a person looks for."""
    if matching is None:
        return []
    return [
        *([slide, "", "", tr("no file")] for slide in matching.slides_without_file),
        *(["", "", name, tr("no row")] for name in matching.files_without_row),
        *([match.slide_id, match.patient_id, match.path.name, tr(str(match.by))] for match in matching.matches),
    ]
