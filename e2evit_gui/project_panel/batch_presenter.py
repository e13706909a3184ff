"""Ask the queue for slides of the project, and put what it finds into the project. No widgets here."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs.batch import BatchJob, BatchQueue, JobState
from e2evit_gui.state.project import ProjectState
from e2evit_gui.state.session import Notice, Session, Weight
from e2evit_model.annotations.document import regions_from_document
from e2evit_model.errors import AnnotationError
from e2evit_model.inference.settings import AnalysisSettings
from e2evit_model.project.entries import ResultEntry, SlideEntry
from e2evit_model.project.project import Project, replaced_by

_log = logging.getLogger(__name__)


class BatchPresenter(QObject):
    """Act for "Analyze" on several slides.

    ``result_kept`` carries the slide whose new result is in the project now; ``results_requested``: show all of them.
    """

    results_requested = Signal()
    result_kept = Signal(str)
    noticed = Signal(object)  # Notice
    job_changed = Signal(str, str, int, int)

    def __init__(self, state: ProjectState, session: Session, queue: BatchQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._session, self.queue = state, session, queue
        self._told = 0
        queue.finished.connect(self._finished)
        queue.emptied.connect(self._emptied)
        queue.changed.connect(self._tell)
        queue.progressed.connect(self._tell)
        state.opened.connect(queue.stop)

    def analyze(self, slide_ids: Sequence[str], *, missing: frozenset[str] = frozenset()) -> None:
        """Queue slides with the chosen model and settings; those that are missing are left out, and that is said."""
        project, model = self._state.project, self._session.model
        if project is None:
            return
        if project.read_only or model is None:
            message = project.read_only or self.tr("Choose a model first: it analyzes the slides.")
            self.noticed.emit(Notice(message=message, weight=Weight.INFO))
            return
        slides = [slide for one in slide_ids if one not in missing and (slide := project.slide(one)) is not None]
        jobs = []
        for slide in slides:
            settings = self._settings_of(slide)
            if settings is not None:
                jobs.append(
                    BatchJob(
                        slide_id=slide.id,
                        name=slide.name,
                        path=project.path_of(slide),
                        settings=settings,
                        model=model,
                        folder=project.folder.path,
                    )
                )
        self.queue.add(jobs)
        left_out = len(slide_ids) - len(jobs)
        if left_out:
            self.noticed.emit(
                Notice(
                    message=self.tr("{n} slides are missing or unusable and were left out.").format(n=left_out),
                    weight=Weight.WARNING,
                )
            )

    def _settings_of(self, slide: SlideEntry) -> AnalysisSettings | None:
        """Return the settings of a slide: its own resolution where the user gave it, and its own regions."""
        mpp = slide.mpp if slide.mpp_source == "user" else None
        try:
            drawn = regions_from_document(self._state.regions(slide.id))
        except AnnotationError as error:
            self.noticed.emit(Notice(message=f"{slide.name}: {error.message}", hint=error.hint))
            return None
        return replace(self._session.settings, mpp=mpp, selection=drawn.selection())

    @Slot(object, object)
    def _finished(self, job: BatchJob, entry: ResultEntry) -> None:
        project = self._state.project
        if project is not None and project.folder.path == job.folder:
            keep_result(self._state, project, entry)
            self.result_kept.emit(job.slide_id)

    @Slot()
    def _emptied(self) -> None:
        failed = [job for job in self.queue.jobs if job.state is JobState.FAILED]
        done = [job for job in self.queue.jobs if job.state is JobState.DONE]
        if failed:
            self.noticed.emit(
                Notice(
                    message=self.tr("{n} of {all} slides could not be analyzed.").format(
                        n=len(failed), all=len(failed) + len(done)
                    ),
                    hint=self.tr("JOBS says why, and can try again."),
                    weight=Weight.WARNING,
                    action=self.tr("Show the results") if done else "",
                    act=self.results_requested.emit,
                )
            )
        elif done:
            self.noticed.emit(
                Notice(
                    message=self.tr("{n} slides were analyzed.").format(n=len(done))
                    if len(done) > 1
                    else self.tr("One slide was analyzed."),
                    weight=Weight.INFO,
                    action=self.tr("Show the results"),
                    act=self.results_requested.emit,
                )
            )

    @Slot()
    def _tell(self, _job: object = None) -> None:
        running, waiting = self.queue.running, self.queue.waiting
        if running is None:
            if waiting and self.queue.paused:
                self.job_changed.emit(self.tr("Paused, {n} waiting").format(n=len(waiting)), "", 0, 1)
            else:
                self.job_changed.emit("", "", 0, 0)
            return
        name = running.name
        if waiting:
            name = self.tr("{slide} ({n} waiting)").format(slide=name, n=len(waiting))
        self.job_changed.emit(name, running.step or name, running.done, running.total)


def keep_result(state: ProjectState, project: Project, entry: ResultEntry) -> None:
    """Put a result into the project; it takes the place of older ones of the same model on the same slide."""
    documents = {old.key: None for old in replaced_by(project, entry)}
    state.change("Result", {**documents, entry.key: entry}, undoable=False)
