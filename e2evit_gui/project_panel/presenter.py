"""Open and make projects, take slides in, find them where they were moved to, take them out. No widgets here."""

import logging
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.jobs.worker import Task, Worker
from e2evit_gui.state.project import ProjectState
from e2evit_gui.state.session import Notice, Weight
from e2evit_model.progress import Progress
from e2evit_model.project.entries import SlideEntry
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.project.project import Project, slide_keys
from e2evit_model.project.slides import TakenIn, expand, find_moved, missing_slides, take_in

_log = logging.getLogger(__name__)


class ProjectPresenter(QObject):
    """Act for the project's panel and menu; what comes of it is told by ``state``.

    ``missing_changed`` comes when other slides are missing now; ``moved_asked`` carries how many are missing right after a project
    was opened; ``job_changed`` name, step, done and total of what runs (an empty name: nothing).
    """

    missing_changed = Signal()
    moved_asked = Signal(int)
    job_changed = Signal(str, str, int, int)
    noticed = Signal(object)  # Notice
    project_opened = Signal(object)  # Path

    def __init__(self, state: ProjectState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.missing: frozenset[str] = frozenset()
        self._asked = False
        self._job: Worker | None = None
        self._looking = Latest("missing slides", self)
        self._looking.succeeded.connect(self._looked)
        self._looking.failed.connect(self._job_failed)
        state.slides_changed.connect(self.look_for_missing)

    @property
    def busy(self) -> bool:
        """Whether a project is being opened, or slides are being taken in or looked for."""
        return self._job is not None

    @property
    def looking(self) -> bool:
        """Whether it is being seen which slides are missing."""
        return self._looking.busy

    # projects

    def create(self, path: Path) -> None:
        """Make a project and open it; the one that is open is closed."""
        self._begin(self.tr("Making the project"), lambda _progress: Project.create(path), self._project_ready)

    def open(self, path: Path) -> None:
        """Open a project; the one that is open is closed when the new one is there."""
        current = self.state.project
        if current is not None and current.folder.path.resolve() == path.resolve():
            return
        self._begin(self.tr("Opening the project"), lambda _progress: Project.open(path), self._project_ready)

    def close(self) -> bool:
        """Close the project; say whether it could be saved."""
        self.cancel()
        return self.state.close()

    @Slot(object)
    def _project_ready(self, project: Project) -> None:
        if not self._is_current(project):
            return
        if not self.state.close():
            project.abandon()
            return
        self._asked = False
        self.state.take(project)
        self.project_opened.emit(project.folder.path)

    def _is_current(self, project: Project) -> bool:
        """Say whether the sender is the job that counts; a project that nobody waits for any more is let go."""
        if self.sender() is self._job:
            self._end()
            return True
        project.abandon()
        return False

    # slides

    def add(self, paths: Sequence[Path]) -> None:
        """Take slides in, and all slides below folders."""
        project = self.state.project
        if project is None or not self._may_change():
            return
        folder = project.folder
        known = {slide.id for slide in project.slides()}

        def task(progress: Progress) -> TakenIn:
            progress("Looking for slides", 0, 0)
            return take_in(folder, expand(paths), known=known, progress=progress)

        self._begin(self.tr("Adding slides"), task, self._taken_in)

    @Slot(object)
    def _taken_in(self, taken: TakenIn) -> None:
        if self.sender() is not self._job:
            return
        self._end()
        self.add_entries(taken.entries)
        count = len(taken.entries)
        if taken.refused:
            names = ", ".join(name for name, _ in taken.refused[:3])
            more = len(taken.refused) - 3
            message = self.tr("{n} of the files cannot be opened as slides: {names}").format(
                n=len(taken.refused), names=names
            )
            self._say(message + (self.tr(" and {n} more.").format(n=more) if more > 0 else "."), Weight.WARNING)
        if not count and not taken.refused:
            known = taken.known
            self._say(
                self.tr("All of these slides are in the project already.")
                if known
                else self.tr("No slides were found there."),
                Weight.INFO,
            )

    def add_entries(self, entries: Sequence[SlideEntry]) -> None:
        """Put slides that were opened into the project: one step on the undo stack."""
        if entries:
            label = self.tr("Add {n} slides").format(n=len(entries)) if len(entries) > 1 else self.tr("Add a slide")
            self.state.change(label, {entry.key: entry for entry in entries})

    def remove(self, slide_ids: Collection[str]) -> None:
        """Take slides out of the project, with their results, regions and views; their files are untouched."""
        project = self.state.project
        if project is None or not slide_ids or not self._may_change():
            return
        keys = [key for slide_id in slide_ids for key in slide_keys(project, slide_id)]
        count = len(slide_ids)
        label = self.tr("Remove {n} slides").format(n=count) if count > 1 else self.tr("Remove a slide")
        self.state.change(label, dict.fromkeys(keys))

    def remove_results(self, slide_ids: Collection[str]) -> None:
        """Remove the results of slides."""
        project = self.state.project
        if project is None or not self._may_change():
            return
        keys = [result.key for slide_id in slide_ids for result in project.results(slide_id)]
        if keys:
            self.state.change(self.tr("Remove results"), dict.fromkeys(keys))

    def _may_change(self) -> bool:
        project = self.state.project
        if project is not None and project.read_only:
            self._say(project.read_only, Weight.WARNING)
            return False
        return True

    # missing slides

    def look_for_missing(self) -> None:
        """See which slides are not where they were; in a thread, since a network drive may take its time."""
        project = self.state.project
        if project is None:
            self._looking.cancel()
            self._set_missing(frozenset())
            return
        folder, slides = project.folder, project.slides()
        self._looking.begin(lambda _progress: (folder, missing_slides(folder, slides)))

    @Slot(object)
    def _looked(self, found: tuple[ProjectFolder, tuple[str, ...]]) -> None:
        project = self.state.project
        folder, missing = found
        if project is None or folder is not project.folder:
            return
        self._set_missing(frozenset(missing))
        if missing and not self._asked:
            self.moved_asked.emit(len(missing))
        self._asked = True

    def _set_missing(self, missing: frozenset[str]) -> None:
        if missing != self.missing:
            self.missing = missing
            self.missing_changed.emit()

    def find_in(self, where: Path) -> None:
        """Look for the missing slides below a folder."""
        project = self.state.project
        if project is None or not self._may_change():
            return
        missing = [slide for slide in project.slides() if slide.id in self.missing]
        self._begin(
            self.tr("Looking for the slides"),
            lambda progress: find_moved(missing, where, progress=progress),
            self._found,
        )

    @Slot(object)
    def _found(self, found: dict[str, Path]) -> None:
        if self.sender() is not self._job:
            return
        self._end()
        project = self.state.project
        if project is None:
            return
        documents = {}
        for slide_id, path in found.items():
            slide = project.slide(slide_id)
            if slide is not None:
                documents[slide.key] = {**vars(slide), "path": project.folder.relative(path)}
        still = len(self.missing) - len(documents)
        if documents:
            self.state.change(self.tr("Find moved slides"), documents)
        self._say(
            self.tr("{n} slides were found, {still} are still missing.").format(n=len(documents), still=still)
            if still
            else self.tr("All missing slides were found."),
            Weight.WARNING if still else Weight.INFO,
        )

    # jobs

    def cancel(self) -> None:
        """Stop what runs here."""
        if self._job is not None:
            self._job.cancel()

    def _begin(self, name: str, task: Task, succeeded: Callable[[Any], None]) -> None:
        if self._job is not None:
            self._job.cancel()
        worker = self._job = Worker(task, name=name)
        worker.progressed.connect(self._job_progressed)
        worker.succeeded.connect(succeeded)
        worker.failed.connect(self._job_failed)
        worker.cancelled.connect(self._job_cancelled)
        self.job_changed.emit(name, name, 0, 0)
        worker.begin()

    def _end(self) -> None:
        self._job = None
        self.job_changed.emit("", "", 0, 0)

    @Slot(str, int, int)
    def _job_progressed(self, step: str, done: int, total: int) -> None:
        if self._job is not None and self.sender() is self._job:
            self.job_changed.emit(self._job.name, step, done, total)

    @Slot(object)
    def _job_failed(self, failure: Failure) -> None:
        if self.sender() is self._job:
            self._end()
        self.noticed.emit(Notice.of(failure))

    @Slot()
    def _job_cancelled(self) -> None:
        if self.sender() is self._job:
            self._end()

    def _say(self, message: str, weight: Weight) -> None:
        self.noticed.emit(Notice(message=message, weight=weight))
