"""Training in the main window: the Train menu, the wizard, the runs, and what becomes of a training when the window closes."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMessageBox

from e2evit_gui.jobs import training_process
from e2evit_gui.jobs.loading import Loader
from e2evit_gui.runs_page.page import RunsPage
from e2evit_gui.runs_page.presenter import RunsPresenter
from e2evit_gui.state.session import Notice, Weight
from e2evit_model.inference.settings import ModelChoice

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow
    from e2evit_gui.training_wizard.wizard import TrainingWizard

_log = logging.getLogger(__name__)


def first_runs_folder() -> Path:
    """Return where runs go until the user says otherwise."""
    return Path(platformdirs.user_documents_dir()) / "E2E-ViT runs"


class Training(QObject):
    """The window's part in training. Wizard and page are made when they are first opened; what was chosen in them stays."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.runs = RunsPresenter(self)
        self.wizard: TrainingWizard | None = None
        self._growing: TrainingWizard | None = None  # page by page, while the window goes on
        self._next_page = QTimer(self)
        self._next_page.setSingleShot(True)
        self._next_page.setInterval(0)
        self._next_page.timeout.connect(self._show_wizard)
        self.page: RunsPage | None = None
        self._told = False
        self.loader = Loader(self)
        self.loader.failed.connect(lambda failure: window.session.notify(Notice.of(failure)))
        self.open_wizard_action = self._action(self.tr("&Train a risk model…"), "Ctrl+T")
        self.open_runs_action = self._action(self.tr("&Runs…"), "Ctrl+Shift+T")
        self.open_wizard_action.triggered.connect(self.open_wizard)
        self.open_runs_action.triggered.connect(self.open_runs)
        self._add_menu()
        self.runs.runs_changed.connect(self._tell_once)
        QTimer.singleShot(0, self._look)

    def _action(self, text: str, keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        return action

    def _add_menu(self) -> None:
        """Put the menu before Window and Help, which are the last two."""
        bar = self._window.menuBar()
        menu = bar.addMenu(self.tr("&Train"))
        menu.addActions([self.open_wizard_action, self.open_runs_action])
        before = bar.actions()[-3]
        bar.removeAction(menu.menuAction())
        bar.insertMenu(before, menu)

    def _look(self) -> None:
        """Find a training that was left running; a folder that was never used is not looked at."""
        folder = self._window.preferences.runs_folder
        if folder is not None:
            self.runs.watch(folder)

    def _tell_once(self) -> None:
        if self._told or not self.runs.runs:
            return
        self._told = True
        for run in self.runs.running:
            self._window.session.notify(
                Notice(
                    message=self.tr("A training goes on in the background: {name}.").format(name=run.title),
                    hint=self.tr("Open it with Train, Runs (Ctrl+Shift+T)."),
                    weight=Weight.INFO,
                )
            )

    def open_wizard(self) -> None:
        """Show the wizard as it was left."""
        # imported when first needed: image and survival libraries would make the window's start slow
        self.loader.then(["e2evit_gui.training_wizard.wizard"], self._show_wizard)

    def _show_wizard(self) -> None:
        if self.wizard is None:
            from e2evit_gui.training_wizard.wizard import TrainingWizard

            if self._growing is None:
                folder = self._window.preferences.runs_folder or first_runs_folder()
                self._growing = TrainingWizard(folder, self._window, at_once=False)
            if self._growing.grow():
                self._next_page.start()
                return
            self.wizard, self._growing = self._growing, None
            self.wizard.started.connect(self._started)
            self.wizard.slide_requested.connect(self._open_slide)
        self.wizard.show()
        self.wizard.raise_()
        self.wizard.activateWindow()

    def open_runs(self) -> None:
        """Show the runs."""
        if self.page is None:
            self.page = RunsPage(self.runs, self._window)
            self.page.model_requested.connect(self._open_model)
            self.page.folder_chosen.connect(self._choose_folder)
            self.page.new_requested.connect(self.open_wizard)
        self.runs.watch(self.runs.root or self._window.preferences.runs_folder)
        self.page.show()
        self.page.raise_()
        self.page.activateWindow()

    def _started(self, run: Path) -> None:
        self._told = True
        self._choose_folder(run.parent)
        self.open_runs()
        if self.page is not None:
            self.page.select(run)

    def _choose_folder(self, folder: Path) -> None:
        self._window.preferences.remember_runs_folder(folder)
        self.runs.watch(folder)

    def _open_slide(self, path: Path, mpp: float | None) -> None:
        self._window.open(path, mpp=mpp)
        self._window.raise_()

    def _open_model(self, folder: Path) -> None:
        self._window.choose_model(ModelChoice(source=str(folder)))
        self._window.raise_()
        self._window.activateWindow()

    # the end

    def may_close(self) -> bool:
        """Ask what becomes of a training that runs; say whether the window may close."""
        running = self.runs.running
        if not running:
            return True
        question = QMessageBox(self._window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(self.tr("A training is running"))
        question.setText(
            self.tr("A training is running.")
            if len(running) == 1
            else self.tr("{n} trainings are running.").format(n=len(running))
        )
        question.setInformativeText(
            self.tr(
                "It can go on in the background and is found again at the next start. A stopped one can be resumed."
            )
        )
        keep = question.addButton(self.tr("Keep running"), QMessageBox.ButtonRole.AcceptRole)
        stop = question.addButton(self.tr("Stop"), QMessageBox.ButtonRole.DestructiveRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.setDefaultButton(keep)
        question.exec()
        if question.clickedButton() is stop:
            for run in running:
                training_process.request_stop(run.path)
            return True
        return question.clickedButton() is keep

    def shut_down(self) -> None:
        """End what belongs to the window; trainings go on."""
        self.runs.shut_down()
        self.loader.cancel()
        self._next_page.stop()
        for window in (self.page, self.wizard):
            if window is not None:
                window.close()
        if self.wizard is not None:
            self.wizard.shut_down()
