"""Projects in the main window: their commands, the list of slides, the queue, and what becomes of them at the end."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox

from e2evit_gui.jobs.batch import BatchQueue
from e2evit_gui.main_window.opened_slide import OpenedSlide
from e2evit_gui.main_window.recent_projects import is_project
from e2evit_gui.main_window.window_memory import (
    model_choice,
    model_record,
    overlay_changes,
    overlay_record,
    settings_of,
    settings_record,
)
from e2evit_gui.project_panel.batch_presenter import BatchPresenter
from e2evit_gui.project_panel.jobs_panel import JobsPanel
from e2evit_gui.project_panel.panel import ProjectPanel
from e2evit_gui.project_panel.presenter import ProjectPresenter
from e2evit_gui.project_panel.slide_model import SlideModel, SlideState, SortBy
from e2evit_gui.state.project import ProjectState
from e2evit_gui.state.session import Notice, Weight
from e2evit_gui.theme.windows import open_once
from e2evit_gui.viewer.slide_pictures import SlidePictures
from e2evit_model.project.entries import WINDOW
from e2evit_model.project.project import window_document

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow

_log = logging.getLogger(__name__)


class Projects(QObject):
    """The window's part in projects. ``panel`` and ``jobs`` are the contents of docks."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.state = ProjectState(window.session.undo, self)
        self.presenter = ProjectPresenter(self.state, self)
        self.queue = BatchQueue(self)
        self.batch = BatchPresenter(self.state, window.session, self.queue, self)
        self.pictures = SlidePictures(self.state, self)
        self.model = SlideModel(self.state, self.presenter, self.queue, self.pictures, self)
        self.panel = ProjectPanel(self.model)
        self.jobs = JobsPanel(self.queue)
        self._to_add: Sequence[Path] = ()
        self._restoring = False

    def connect_window(self) -> None:
        """Connect everything, once all parts of the window are there."""
        window, commands = self._window, self._window.commands
        self.opened_slide = OpenedSlide(self.state, window.session, window.slides, window.models, window.page.canvas)
        commands.new_project.triggered.connect(lambda _on: self.ask_new())
        commands.open_project.triggered.connect(self.ask_open)
        commands.close_project.triggered.connect(self.close_for_good)
        commands.save.triggered.connect(self.state.save_all)
        commands.add_slides.triggered.connect(self.ask_slides)
        commands.add_folder.triggered.connect(self.ask_folder)
        commands.find_missing.triggered.connect(self.ask_where)
        self.presenter.missing_changed.connect(self._missing_changed)
        commands.next_slide.triggered.connect(lambda: self.step(1))
        commands.previous_slide.triggered.connect(lambda: self.step(-1))
        commands.analyze_chosen.triggered.connect(lambda: self.analyze(self.panel.chosen))
        commands.analyze_rest.triggered.connect(self._analyze_rest)
        self._connect_panels()
        for talker in (self.state, self.presenter, self.batch):
            talker.noticed.connect(window.session.notify)
        self.presenter.job_changed.connect(lambda *said: window.jobs.show_job("project", *said))
        self.batch.job_changed.connect(lambda *said: window.jobs.show_job("batch", *said))
        self.state.opened.connect(self._opened)
        state, queue, presenter = self.state, self.queue, self.presenter
        for signal in (state.results_changed, queue.changed, presenter.missing_changed, window.session.slide_changed):
            signal.connect(self._count_slides)  # after the rows, which follow the first three
        for asked in (window.page.empty.analyze_requested, window.run_panel.rest_requested):
            asked.connect(self._analyze_rest)
        self.presenter.project_opened.connect(window.preferences.remember_project)
        self.presenter.moved_asked.connect(self._tell_missing)
        self.opened_slide.changed.connect(self._slide_changed)
        self.batch.result_kept.connect(self._result_kept)
        window.session.result_changed.connect(self._mark_outdated)
        window.overlay.choice_changed.connect(self._remember)
        window.session.settings_changed.connect(self._remember)
        window.session.model_changed.connect(self._remember)
        self.panel.order.order_changed.connect(self._remember)
        self._opened()

    def _connect_panels(self) -> None:
        panel = self.panel
        panel.open_requested.connect(self.open_slide)
        panel.analyze_requested.connect(self.analyze)
        panel.remove_requested.connect(self.presenter.remove)
        panel.remove_results_requested.connect(self.presenter.remove_results)
        panel.find_requested.connect(self.ask_where)
        panel.add_requested.connect(self.ask_slides)
        panel.add_folder_requested.connect(self.ask_folder)
        panel.new_requested.connect(self.ask_new)
        panel.files_dropped.connect(self._dropped_on_panel)
        panel.open_project_requested.connect(self.ask_open)
        self.jobs.open_requested.connect(self.open_slide)

    def _count_slides(self) -> None:
        """Offer what can be done with the project while no slide is open."""
        rows, window = self.model.rows, self._window
        rest = len(self._rest) if self.state.writable else 0
        results = any(row.result is not None for row in rows)
        window.page.empty.show_project(len(rows), rest=rest, results=results)
        window.run_panel.offer_rest(rest if window.session.slide is None else 0)

    # what is asked

    def ask_new(self, paths: Sequence[Path] = ()) -> None:
        """Ask where a new project goes, make it, and take slides in."""
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            self.tr("New project: name its folder"),
            str(self._first_folder() / self.tr("My project")),
            "",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if name:
            self._to_add = tuple(paths)
            self.presenter.create(Path(name))

    def ask_open(self) -> None:
        """Ask for the folder of a project and open it."""
        name = QFileDialog.getExistingDirectory(
            self._window, self.tr("Open a project: choose its folder"), str(self._first_folder())
        )
        if name:
            self.open(Path(name))

    def _first_folder(self) -> Path:
        recent = self._window.preferences.recent_projects
        return recent[0].parent if recent else Path.home()

    def ask_slides(self) -> None:
        """Ask for slides and take them in."""
        paths = self._window.questions.slide_files()
        if paths:
            self.presenter.add(paths)

    def ask_folder(self) -> None:
        """Ask for a folder and take in all slides below it."""
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Folder with slides"))
        if name:
            self.presenter.add([Path(name)])

    def ask_where(self) -> None:
        """Ask where the missing slides are now."""
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Where are the missing slides now?"))
        if name:
            self.presenter.find_in(Path(name))

    # what is done

    def open(self, path: Path) -> None:
        """Open a project."""
        self.presenter.open(path.parent if path.is_file() else path)

    def take(self, paths: Sequence[Path]) -> bool:
        """Take files that were dropped, where they are for a project; say whether that was so."""
        if len(paths) == 1 and is_project(paths[0]):
            self.open(paths[0])
            return True
        several = len(paths) > 1 or paths[0].is_dir()
        if self.state.project is not None and (several or self._window.session.open is not None):
            self.presenter.add(paths)
            return True
        if several:
            self.ask_new(paths)
        return several

    def _dropped_on_panel(self, paths: Sequence[Path]) -> None:
        """Take in what was dropped onto the list, a single slide too; without a project, one is made for it."""
        if len(paths) == 1 and is_project(paths[0]):
            self.open(paths[0])
        elif self.state.project is not None:
            self.presenter.add(paths)
        else:
            self.ask_new(paths)

    def open_slide(self, slide_id: str) -> None:
        """Open a slide of the project in the window; one that is missing is asked for."""
        project = self.state.project
        slide = project.slide(slide_id) if project is not None else None
        if project is None or slide is None or slide_id == self.opened_slide.slide_id:
            return
        if project.is_missing(slide):
            self.presenter.look_for_missing()
            self._window.session.notify(
                Notice(
                    message=self.tr("{name} is not where it was.").format(name=slide.name),
                    hint=self.tr("Choose the folder where it is now: File, Find missing slides."),
                    weight=Weight.WARNING,
                )
            )
            return
        mpp = slide.mpp if slide.mpp_source == "user" else None
        self._window.open(project.path_of(slide), mpp=mpp)

    def step(self, step: int) -> None:
        """Open the next or the previous slide of the list, as it is ordered and searched; missing ones are passed over."""
        missing = self.presenter.missing
        shown = [one for one in self.panel.order.shown if one not in missing]
        if not shown:
            return
        current = self.opened_slide.slide_id
        at = shown.index(current) + step if current in shown else (0 if step > 0 else len(shown) - 1)
        if 0 <= at < len(shown):
            self.open_slide(shown[at])

    def analyze(self, slide_ids: Sequence[str]) -> None:
        """Queue slides."""
        if slide_ids:
            if not self._window.process.busy:
                self._window.process.stop()  # one model in memory is enough; the next run of a single slide starts it again
            self.batch.analyze(slide_ids, missing=self.presenter.missing)
            self._window.docks.queue.show()
            self._window.docks.queue.raise_()

    @property
    def _rest(self) -> list[str]:
        states = {SlideState.NOT_ANALYZED, SlideState.FAILED}
        return [row.slide.id for row in self.model.rows if row.state in states]

    def _analyze_rest(self) -> None:
        """Queue all slides that have no result yet."""
        self.analyze(self._rest)

    # what is told

    def _opened(self) -> None:
        project = self.state.project
        commands = self._window.commands
        for action in (commands.close_project, commands.next_slide, commands.previous_slide, commands.analyze_rest):
            action.setEnabled(project is not None)
        for action in (commands.save, commands.add_slides, commands.add_folder, commands.analyze_chosen):
            action.setEnabled(self.state.writable)
        self.panel.add.setEnabled(self.state.writable)
        self._missing_changed()
        self.panel.show_project(project.name if project is not None else None)
        self._window.docks.show_project(project is not None)
        self._window.refresh_title()
        if project is not None:
            self._restore()
            if self._to_add:
                paths, self._to_add = self._to_add, ()
                self.presenter.add(paths)

    def _missing_changed(self) -> None:
        self._window.commands.find_missing.setEnabled(bool(self.presenter.missing) and self.state.writable)

    def _restore(self) -> None:
        project, window = self.state.project, self._window
        if project is None:
            return
        said = window_document(project)
        self._restoring = True
        try:
            if "settings" in said:
                window.session.set_settings(settings_of(said["settings"]))
                window.run_panel.form.show_settings(window.session.settings)
            window.overlay.choose(**overlay_changes(said.get("overlay")))
            choice = model_choice(said.get("model"), project.folder)
            if choice is not None and choice != window.session.model:
                window.choose_model(choice)
            if said.get("sort") in set(SortBy):
                self.panel.order.order_by(SortBy(said["sort"]))
                self.panel.sorting.setCurrentIndex(self.panel.sorting.findData(said["sort"]))
        finally:
            self._restoring = False
        slide = project.slide(str(said.get("slide", "")))
        if slide is not None and window.session.open is None and not project.is_missing(slide):
            self.open_slide(slide.id)

    def _remember(self) -> None:
        project, window = self.state.project, self._window
        if project is None or self._restoring:
            return
        said: dict[str, Any] = {
            "slide": self.opened_slide.slide_id,
            "model": model_record(window.session.model, project.folder),
            "settings": settings_record(window.session.settings),
            "overlay": overlay_record(window.overlay.choice),
            "sort": str(self.panel.order.by),
        }
        self.state.remember(WINDOW, said)

    def _slide_changed(self, slide_id: str) -> None:
        self.model.set_open(slide_id)
        if slide_id:
            self.panel.choose(slide_id)
            self._remember()

    def _mark_outdated(self) -> None:
        session = self._window.session
        if self.opened_slide.slide_id and (session.result is not None or session.outdated is not None):
            self.model.set_outdated(self.opened_slide.slide_id, session.outdated is not None)

    def _result_kept(self, slide_id: str) -> None:
        if slide_id == self.opened_slide.slide_id:
            self.opened_slide.want_result()

    def _tell_missing(self, count: int) -> None:
        """Ask once for the new folder."""
        question = QMessageBox(self._window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(self.tr("Slides are missing"))
        question.setText(
            self.tr("{n} slides are not where they were.").format(n=count)
            if count > 1
            else self.tr("One slide is not where it was.")
        )
        question.setInformativeText(
            self.tr(
                "Were they moved, or is this another computer? Choose the folder where they are now; they are known again by "
                "their content, whatever they are called. Results and regions are here in any case."
            )
        )
        choose = question.addButton(self.tr("Choose folder…"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(self.tr("Later"), QMessageBox.ButtonRole.RejectRole)
        choose.clicked.connect(self.ask_where)
        open_once(question)

    # the end

    def close_for_good(self) -> bool:
        """Close the project; say whether it could be saved."""
        return self.presenter.close()

    def may_close(self) -> bool:
        """Close the project; where it cannot be saved, ask. Says whether the window may close."""
        running = self.queue.running is not None or bool(self.queue.waiting)
        if running and not self._really_stop():
            return False
        self.queue.stop()
        if self.presenter.close():
            return True
        question = QMessageBox(self._window)
        question.setIcon(QMessageBox.Icon.Warning)
        question.setWindowTitle(self.tr("The project is not saved"))
        question.setText(self.tr("The last changes of the project cannot be saved."))
        question.setInformativeText(self.tr("Make room or connect the drive again, then try once more."))
        again = question.addButton(self.tr("Try again"), QMessageBox.ButtonRole.AcceptRole)
        lose = question.addButton(self.tr("Close without saving"), QMessageBox.ButtonRole.DestructiveRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.setDefaultButton(again)
        question.exec()
        if question.clickedButton() is lose:
            self.state.abandon()
            return True
        return question.clickedButton() is again and self.may_close()

    def _really_stop(self) -> bool:
        count = len(self.queue.waiting) + (self.queue.running is not None)
        answer = QMessageBox.question(
            self._window,
            self.tr("Slides are being analyzed"),
            self.tr("{n} slides are still to be analyzed. Stop and close? What is done is kept.").format(n=count),
        )
        return answer == QMessageBox.StandardButton.Yes
