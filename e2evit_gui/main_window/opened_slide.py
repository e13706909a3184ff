"""What the project keeps of the slide that is open (where one looked, its result) and brings back when it is opened again."""

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.jobs.worker import Worker
from e2evit_gui.project_panel.batch_presenter import keep_result
from e2evit_gui.slide_page.model_presenter import ModelPresenter
from e2evit_gui.slide_page.presenter import Presenter
from e2evit_gui.state.project import ProjectState
from e2evit_gui.state.session import Notice, Session, Weight
from e2evit_gui.viewer.canvas import Canvas
from e2evit_model.inference.result import SlideResult
from e2evit_model.progress import Progress
from e2evit_model.project.entries import VIEW, ResultEntry
from e2evit_model.project.project import Project
from e2evit_model.project.slides import entry_of_open, slide_id_of

_log = logging.getLogger(__name__)


class OpenedSlide(QObject):
    """Follow the open slide for the project. ``changed`` carries its id in the project, "" for none."""

    changed = Signal(str)
    result_kept = Signal(str)

    def __init__(
        self, state: ProjectState, session: Session, slides: Presenter, models: ModelPresenter, canvas: Canvas
    ) -> None:
        super().__init__(canvas)
        self._state, self._session, self._slides, self._canvas = state, session, slides, canvas
        self.slide_id = ""
        self._result_wanted = False
        self._which = ""
        self._reading = Latest("stored result", self)
        self._reading.succeeded.connect(self._read)
        self._reading.failed.connect(self._not_read)
        self._writing: dict[Worker, Project] = {}
        session.slide_changed.connect(self._slide_changed)
        state.opened.connect(self._slide_changed)
        canvas.view_changed.connect(self._view_changed)
        slides.job_changed.connect(self._job_changed)
        models.ran.connect(self._ran)

    @property
    def busy(self) -> bool:
        """Whether a result is being read or written."""
        return self._reading.busy or bool(self._writing)

    # a slide is opened

    def _slide_changed(self) -> None:
        opened, project = self._session.open, self._state.project
        self._reading.cancel()
        self._result_wanted = False
        self.slide_id = ""
        if opened is not None and project is not None:
            info = opened.slide.info
            slide_id = slide_id_of(info.fingerprint)
            entry = project.slide(slide_id)
            if entry is None and self._state.writable:
                try:
                    entry = entry_of_open(project.folder, opened.path, info)
                except OSError as error:  # its drive has gone right after it was opened
                    _log.debug("a slide is not taken into the project: %s", error.strerror)
                else:
                    self._state.change(self.tr("Add a slide"), {entry.key: entry})
            elif entry is not None and (entry.mpp, entry.mpp_source) != (info.mpp, info.mpp_source):
                known = {**vars(entry), "mpp": info.mpp, "mpp_source": info.mpp_source}
                self._state.change(self.tr("Resolution"), {entry.key: known}, undoable=False)
            if entry is not None:
                self.slide_id = slide_id
                self._restore_view()
                self.want_result()
        self.changed.emit(self.slide_id)

    def _restore_view(self) -> None:
        said = self._state.document(VIEW + self.slide_id)
        try:
            self._canvas.show_view(float(said["x"]), float(said["y"]), float(said["scale"]))
        except (TypeError, KeyError, ValueError):
            _log.debug("no view of this slide is remembered")

    def _view_changed(self) -> None:
        view = self._canvas.view
        if self.slide_id and view is not None and self._session.slide is not None:
            x, y = view.center
            self._state.remember(VIEW + self.slide_id, {"x": x, "y": y, "scale": view.scale})

    # its result is brought back

    def show_result(self, slide_id: str, result_id: str) -> None:
        """Show one of the results of a slide, which is open or being opened."""
        self._which = result_id
        if slide_id == self.slide_id:
            self._session.set_result(None)
            self.want_result()

    def want_result(self) -> None:
        """Bring the stored result back as soon as tissue and tiles are there."""
        self._result_wanted = bool(self.slide_id)
        QTimer.singleShot(0, self._bring_result)

    def _job_changed(self, name: str, _step: str, _done: int, _total: int) -> None:
        if not name:
            QTimer.singleShot(0, self._bring_result)

    @Slot()
    def _bring_result(self) -> None:
        project = self._state.project
        if not self._result_wanted or project is None or self._slides.busy or self._session.result is not None:
            return
        self._result_wanted = False
        results = [result.id for result in project.results(self.slide_id)]
        if results:
            which = self._which if self._which in results else results[-1]
            self._which = ""
            folder, result_id, slide_id = project.folder, which, self.slide_id

            def task(_progress: Progress) -> tuple[str, SlideResult]:
                # imported here: the library of tables would make the window's start slow
                from e2evit_model.project.results import read_result

                return slide_id, read_result(folder, result_id)

            self._reading.begin(task)

    @Slot(object)
    def _read(self, found: tuple[str, SlideResult]) -> None:
        slide_id, result = found
        if slide_id == self.slide_id and self._session.result is None and self._session.slide is not None:
            self._session.set_result(result)

    @Slot(object)
    def _not_read(self, failure: Failure) -> None:
        self._session.notify(Notice(message=failure.message, hint=failure.hint, weight=Weight.WARNING))

    # a result comes

    def _ran(self) -> None:
        project, result = self._state.project, self._session.result
        if project is None or result is None or not self._state.writable or not self.slide_id:
            return
        folder, slide_id = project.folder, self.slide_id

        def task(_progress: Progress) -> ResultEntry:
            from e2evit_model.project.results import write_result

            return write_result(folder, slide_id, result)

        worker = Worker(task, name="keep the result")
        self._writing[worker] = project
        worker.succeeded.connect(self._written)
        worker.failed.connect(self._not_written)
        worker.cancelled.connect(self._ended)
        worker.begin()

    @Slot(object)
    def _written(self, entry: ResultEntry) -> None:
        project = self._ended()
        if project is not None and project is self._state.project:
            keep_result(self._state, project, entry)
            self.result_kept.emit(entry.slide)

    @Slot(object)
    def _not_written(self, failure: Failure) -> None:
        self._ended()
        self._session.notify(Notice.of(failure))

    @Slot()
    def _ended(self) -> Project | None:
        worker: Any = self.sender()
        return self._writing.pop(worker, None)


def remembering(write: Callable[[], None], parent: QObject, *, after_ms: int = 500) -> QTimer:
    """Make a timer that calls ``write`` once, some time after it was started last: for what changes with every step of a hand."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    timer.timeout.connect(write)
    return timer
