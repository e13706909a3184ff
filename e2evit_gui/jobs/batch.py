"""The queue of slides to analyze, one after the other, in a process of its own."""

import logging
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.model_process import ModelProcess
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.project.entries import ResultEntry

_log = logging.getLogger(__name__)

ANALYZE = "e2evit_gui.jobs.model_tasks:analyze_into_project"


class JobState(StrEnum):
    """Where a slide of the queue stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(eq=False)
class BatchJob:
    """One slide to be analyzed: what is asked, and how far it is. ``seconds`` is how long it took."""

    slide_id: str
    name: str
    path: Path
    settings: AnalysisSettings
    model: ModelChoice
    folder: Path
    state: JobState = JobState.WAITING
    failure: Failure | None = None
    step: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0


class BatchQueue(QObject):
    """Analyze slides in order; pause after the one that runs, cancel, ask again, change the order of those that wait.

    ``changed`` follows every change of jobs, order or states, ``progressed`` the job that runs; ``finished`` carries a job and its
    ``ResultEntry``; ``emptied`` comes when nothing waits or runs any more.
    """

    changed = Signal()
    progressed = Signal(object)  # BatchJob
    finished = Signal(object, object)  # BatchJob, ResultEntry
    emptied = Signal()

    def __init__(self, parent: QObject | None = None, *, process: ModelProcess | None = None) -> None:
        super().__init__(parent)
        self._process = process if process is not None else ModelProcess(self)
        self._jobs: list[BatchJob] = []
        self._running: BatchJob | None = None
        self._began = 0.0
        self._paused = False
        self._process.progressed.connect(self._progressed)
        self._process.succeeded.connect(self._succeeded)
        self._process.failed.connect(self._failed)
        self._process.cancelled.connect(self._cancelled)

    @property
    def jobs(self) -> list[BatchJob]:
        """All jobs in the order of the queue, ended ones too."""
        return list(self._jobs)

    @property
    def running(self) -> BatchJob | None:
        """The job that runs."""
        return self._running

    @property
    def paused(self) -> bool:
        """Whether no further job begins."""
        return self._paused

    @property
    def waiting(self) -> list[BatchJob]:
        """The jobs that wait, in order."""
        return [job for job in self._jobs if job.state is JobState.WAITING]

    def job_of(self, slide_id: str) -> BatchJob | None:
        """Return the newest job of a slide."""
        return next((job for job in reversed(self._jobs) if job.slide_id == slide_id), None)

    def seconds_left(self) -> float | None:
        """Estimate how long the rest takes, by the mean of the slides that are done; ``None`` before the first one."""
        took = [job.seconds for job in self._jobs if job.state is JobState.DONE]
        if not took:
            return None
        mean = sum(took) / len(took)
        of_this = max(mean - (time.monotonic() - self._began), 0.0) if self._running is not None else 0.0
        return mean * len(self.waiting) + of_this

    # what can be asked

    def add(self, jobs: Iterable[BatchJob]) -> int:
        """Put jobs at the end; a slide that waits or runs already is not taken twice. Returns how many were added."""
        busy = {job.slide_id for job in self._jobs if job.state in {JobState.WAITING, JobState.RUNNING}}
        added = [job for job in jobs if job.slide_id not in busy]
        names = {job.slide_id for job in added}
        # what ended before says nothing any more about a slide that is asked for again
        self._jobs = [job for job in self._jobs if job.slide_id not in names] + added
        self.changed.emit()
        self._next()
        return len(added)

    def pause(self) -> None:
        """Begin no further job; the one that runs is finished."""
        if not self._paused:
            self._paused = True
            self.changed.emit()

    def resume(self) -> None:
        """Go on."""
        if self._paused:
            self._paused = False
            self.changed.emit()
            self._next()

    def cancel(self, jobs: Collection[BatchJob]) -> None:
        """Cancel jobs that wait or run."""
        for job in jobs:
            if job.state is JobState.WAITING:
                job.state = JobState.CANCELLED
            elif job is self._running:
                self._process.cancel()
        self.changed.emit()
        self._tell_when_empty()

    def cancel_all(self) -> None:
        """Cancel everything that waits or runs."""
        self.cancel([job for job in self._jobs if job.state in {JobState.WAITING, JobState.RUNNING}])

    def retry(self, jobs: Collection[BatchJob]) -> None:
        """Put failed and cancelled jobs at the end of the queue again."""
        again = [job for job in self._jobs if job in jobs and job.state in {JobState.FAILED, JobState.CANCELLED}]
        for job in again:
            self._jobs.remove(job)
            job.state, job.failure, job.step, job.done, job.total = JobState.WAITING, None, "", 0, 0
            self._jobs.append(job)
        self.changed.emit()
        self._next()

    def move(self, jobs: Collection[BatchJob], step: int) -> None:
        """Move waiting jobs up (-1) or down (+1) among those that wait."""
        order = self.waiting
        numbers = [number for number, job in enumerate(order) if job in jobs]
        for number in numbers if step < 0 else reversed(numbers):
            other = number + step
            if 0 <= other < len(order) and order[other] not in jobs:
                order[number], order[other] = order[other], order[number]
        places = [number for number, job in enumerate(self._jobs) if job.state is JobState.WAITING]
        for place, job in zip(places, order, strict=True):
            self._jobs[place] = job
        self.changed.emit()

    def forget_ended(self) -> None:
        """Take jobs that have ended off the list."""
        self._jobs = [job for job in self._jobs if job.state in {JobState.WAITING, JobState.RUNNING}]
        self.changed.emit()

    def stop(self) -> None:
        """End everything at once and forget it: for another project, or the end of the program."""
        self._jobs.clear()
        self._running = None
        self._paused = False
        self._process.stop()
        self.changed.emit()

    # the process tells

    def _next(self) -> None:
        if self._running is not None or self._paused or self._process.busy:
            return
        job = next(iter(self.waiting), None)
        if job is None:
            return
        job.state, self._running = JobState.RUNNING, job
        self._began = time.monotonic()
        self.changed.emit()
        self._process.ask(ANALYZE, job.path, job.settings, job.model, job.folder, job.slide_id)

    @Slot(str, int, int)
    def _progressed(self, step: str, done: int, total: int) -> None:
        job = self._running
        if job is not None:
            job.step, job.done, job.total = step, done, total
            self.progressed.emit(job)

    @Slot(object)
    def _succeeded(self, result: object) -> None:
        job = self._end(JobState.DONE)
        if job is not None and isinstance(result, ResultEntry):
            self.finished.emit(job, result)
        self._go_on()

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        job = self._end(JobState.FAILED)
        if job is not None:
            job.failure = failure
        self._go_on()

    @Slot()
    def _cancelled(self) -> None:
        self._end(JobState.CANCELLED)
        self._go_on()

    def _end(self, state: JobState) -> BatchJob | None:
        job, self._running = self._running, None
        if job is not None:
            job.state, job.seconds = state, time.monotonic() - self._began
        return job

    def _go_on(self) -> None:
        self.changed.emit()
        self._next()
        self._tell_when_empty()

    def _tell_when_empty(self) -> None:
        if self._running is None and not self.waiting:
            # its memory is given back: the next batch starts another
            self._process.stop()
            self.emptied.emit()
