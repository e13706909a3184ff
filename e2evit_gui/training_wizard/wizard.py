"""The window of the wizard: its steps at the left, the page, Back and Next below."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.texts import Sentence
from e2evit_gui.jobs.failure import explain
from e2evit_gui.theme.windows import open_at
from e2evit_gui.training_wizard.cohort_page import CohortPage
from e2evit_gui.training_wizard.compute_page import ComputePage
from e2evit_gui.training_wizard.draft import load_template, save_template
from e2evit_gui.training_wizard.folds_page import FoldsPage
from e2evit_gui.training_wizard.model_page import ModelPage
from e2evit_gui.training_wizard.page import Page
from e2evit_gui.training_wizard.presenter import WizardPresenter
from e2evit_gui.training_wizard.review_page import ReviewPage
from e2evit_gui.training_wizard.slide_presenter import SlidePresenter
from e2evit_gui.training_wizard.tiles_page import TilesPage
from e2evit_gui.training_wizard.words import tr
from e2evit_model.errors import E2EViTError

_log = logging.getLogger(__name__)

TEMPLATES = "*.json"
_STEP_PX = 36
_AnyPage = TypeVar("_AnyPage", bound=Page)


class TrainingWizard(QDialog):
    """Six pages. ``started`` carries the folder of the run; ``slide_requested`` a slide to look at and its resolution or None.

    Back keeps everything; a page can be reached when all before it are complete. A grey Next says why.
    """

    started = Signal(object)
    slide_requested = Signal(object, object)

    def __init__(self, runs_folder: Path | None = None, parent: QWidget | None = None, *, at_once: bool = True) -> None:
        """Make all pages at once, or leave that to :meth:`grow`, before which the wizard is not to be shown."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Train a risk model"))
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        open_at(self, 1180, 840)
        self.presenter = WizardPresenter(self)
        self.slides = SlidePresenter(parent=self)
        self.pages: list[Page] = []
        self._making = self._make_pages(runs_folder)
        self.steps = QListWidget()
        self.stack = QStackedWidget()
        self.message = Sentence()
        self.reason = QLabel()
        self.back = QPushButton(self.tr("Back"))
        self.next = QPushButton(self.tr("Next"))
        self.save = QPushButton(self.tr("Save as template…"))
        self.load = QPushButton(self.tr("Load template…"))
        self._refreshing = QTimer(self)
        self._refreshing.setSingleShot(True)
        self._refreshing.setInterval(0)
        self._lay_out()
        while at_once and self.grow():
            pass

    def grow(self) -> bool:
        """Make one more page, and say whether one is missing still: all at once hold the window for a fifth of a second."""
        return next(self._making, False)

    def _make_pages(self, runs_folder: Path | None) -> Iterator[bool]:
        self.cohort = self._add(CohortPage(self.presenter))
        yield True
        self.folds = self._add(FoldsPage(self.presenter))
        yield True
        self.tiles = self._add(TilesPage(self.presenter, self.slides))
        yield True
        self.model = self._add(ModelPage(self.presenter, self.slides))
        yield True
        self.compute = self._add(ComputePage(self.presenter, self.slides))
        yield True
        self.review = self._add(ReviewPage(self.presenter, self.slides))
        self.review.runs.show_path(runs_folder)
        self.review.runs.error.say("")
        self._connect()
        self.go_to(0)

    def _add(self, page: _AnyPage) -> _AnyPage:
        """Take a page and its step."""
        self.pages.append(page)
        item = QListWidgetItem(f"{len(self.pages)}   {page.title}")
        item.setSizeHint(QSize(0, _STEP_PX))
        self.steps.addItem(item)
        self.stack.addWidget(page)
        return page

    def _lay_out(self) -> None:
        self.steps.setFixedWidth(168)
        self.steps.viewport().setAutoFillBackground(False)
        self.steps.setFrameShape(QFrame.Shape.NoFrame)
        self.steps.setAccessibleName(self.tr("Steps"))
        self.steps.setSpacing(3)
        self.reason.setProperty("role", "muted")
        self.reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.reason.setWordWrap(True)
        self.next.setProperty("role", "primary")
        for button in (self.back, self.next, self.save, self.load):
            button.setAutoDefault(False)
        for button in (self.save, self.load):
            button.setProperty("role", "flat")
        middle = QHBoxLayout()
        middle.setSpacing(0)
        aside = QVBoxLayout()
        aside.setContentsMargins(8, 12, 8, 8)
        aside.addWidget(self.steps)
        middle.addLayout(aside)
        middle.addWidget(self.stack, 1)
        below = QHBoxLayout()
        below.setContentsMargins(14, 8, 14, 12)
        below.setSpacing(10)
        below.addWidget(self.load)
        below.addWidget(self.save)
        below.addWidget(self.reason, 1)
        below.addWidget(self.back)
        below.addWidget(self.next)
        line = QFrame()
        line.setObjectName("line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addLayout(middle, 1)
        column.addWidget(line)
        column.addLayout(below)

    def _connect(self) -> None:
        self.back.clicked.connect(lambda: self.go_to(self.current - 1))
        self.next.clicked.connect(self._next)
        self.save.clicked.connect(self._ask_save)
        self.load.clicked.connect(self._ask_load)
        self.steps.currentRowChanged.connect(self._step_chosen)
        self._refreshing.timeout.connect(self._refresh)
        for page in self.pages:
            page.blocked_changed.connect(self._refreshing.start)
        self.presenter.checked_changed.connect(self.slides.forget_dry_run)
        self.tiles.slide_requested.connect(self.slide_requested)
        self.review.started.connect(self._started)

    # steps

    @property
    def current(self) -> int:
        """The number of the page that is shown, from 0."""
        return self.stack.currentIndex()

    def first_blocked(self) -> int:
        """Return the first page that is not complete, or how many there are."""
        return next((number for number, page in enumerate(self.pages) if page.blocked()), len(self.pages))

    def go_to(self, number: int) -> None:
        """Show a page."""
        number = min(max(number, 0), len(self.pages) - 1)
        self.stack.setCurrentIndex(number)
        self.pages[number].entered()
        self._refresh()

    def _next(self) -> None:
        if self.current == len(self.pages) - 1:
            self.review.start()
        else:
            self.go_to(self.current + 1)

    def _step_chosen(self, number: int) -> None:
        if number >= 0 and number != self.current:
            self.go_to(number)

    def _refresh(self) -> None:
        """Say where one is, where one can go, and why not further."""
        reach = self.first_blocked()
        self.steps.blockSignals(True)
        for number in range(len(self.pages)):
            item = self.steps.item(number)
            reachable = number <= max(reach, 0)
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            item.setFlags(flags if reachable or number == self.current else Qt.ItemFlag.NoItemFlags)
        self.steps.setCurrentRow(self.current)
        self.steps.blockSignals(False)
        last = self.current == len(self.pages) - 1
        why = self.pages[min(reach, self.current)].blocked() if reach <= self.current else ""
        self.next.setText(self.tr("Start training") if last else self.tr("Next"))
        self.next.setEnabled(not why)
        self.next.setToolTip(why)
        self.reason.setText(why)
        self.back.setEnabled(self.current > 0)

    # templates

    def _ask_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Save as template"), "training.json", tr("Templates ({endings})").format(endings=TEMPLATES)
        )
        if name:
            self.save_template(Path(name))

    def save_template(self, path: Path) -> None:
        """Save what was chosen, without files, folders and patients."""
        try:
            save_template(self.presenter.draft, path)
            self.message.say("")
        except E2EViTError as error:
            self.message.explain(explain(error))

    def _ask_load(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, tr("Load template"), "", tr("Templates ({endings});;All files (*)").format(endings=TEMPLATES)
        )
        if name:
            self.load_template(Path(name))

    def load_template(self, path: Path) -> None:
        """Take the choices of a template; files and folders stay."""
        try:
            draft = load_template(path, self.presenter.draft)
        except E2EViTError as error:
            self.message.explain(explain(error))
            return
        self.message.say("")
        self.slides.forget_dry_run()
        self.presenter.take(draft)
        self.pages[self.current].entered()
        self._refresh()

    # the end

    def _started(self, run: Path) -> None:
        self.started.emit(run)
        self.go_to(0)  # the next training has another name, so its review is made again
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter in a field from leaving the page, and Esc from losing what was chosen."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the process that measured; what was chosen stays for the next time."""
        self.slides.process.stop()
        super().closeEvent(event)

    def shut_down(self) -> None:
        """End what runs here: for the end of the program."""
        self.presenter.shut_down()
        self.slides.shut_down()
