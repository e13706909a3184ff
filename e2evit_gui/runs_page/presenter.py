"""Look at the runs every second, stop them, go on with them. No widgets here."""

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from e2evit_gui.jobs import training_process
from e2evit_gui.jobs.failure import Failure, explain
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.jobs.worker import Worker
from e2evit_gui.runs_page.listing import Snapshot, read_runs
from e2evit_model.errors import E2EViTError
from e2evit_model.progress import Progress
from e2evit_model.runs.status import State

_log = logging.getLogger(__name__)

LOOK_EVERY_MS = 1000


class RunsPresenter(QObject):
    """Act for the page of runs. ``runs`` are those of ``root``, newest first; ``stopping`` those that were asked to end."""

    runs_changed = Signal()
    failed = Signal(object)  # Failure
    root_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.root: Path | None = None
        self.runs: tuple[Snapshot, ...] = ()
        self.stopping: set[Path] = set()
        self._reading = Latest("Looking at the runs", self)
        self._reading.succeeded.connect(self._read)
        self._reading.failed.connect(self.failed)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    @property
    def running(self) -> list[Snapshot]:
        """The runs whose process is on this machine."""
        return [run for run in self.runs if run.here and run.state in (State.QUEUED, State.RUNNING)]

    def find(self, path: Path) -> Snapshot | None:
        """Return a run by its folder."""
        return next((run for run in self.runs if run.path == path), None)

    def watch(self, root: Path | None) -> None:
        """Look at another folder of runs from now on."""
        if root != self.root:
            self.root, self.runs = root, ()
            self.root_changed.emit()
            self.runs_changed.emit()
        self._timer.stop() if root is None else self._timer.start()
        self.look()

    def look(self) -> None:
        """Read the runs, unless they are being read."""
        root = self.root
        if root is None or self._reading.busy:
            return

        def task(_progress: Progress) -> tuple[Snapshot, ...]:
            return tuple(read_runs(root))

        self._reading.begin(task)

    @Slot(object)
    def _read(self, runs: tuple[Snapshot, ...]) -> None:
        self.stopping &= {run.path for run in runs if run.here}
        if runs != self.runs:
            self.runs = runs
            self.runs_changed.emit()

    def stop(self, path: Path) -> None:
        """Stop a run; what it has done stays, and it can be resumed."""
        self.stopping.add(path)
        self.runs_changed.emit()

        def task(_progress: Progress) -> None:
            training_process.stop(path)

        self._do(task, "Stopping the training")

    def resume(self, path: Path) -> None:
        """Go on with a run after its last epoch."""
        try:
            training_process.begin(path)
        except E2EViTError as error:
            self.failed.emit(explain(error))
        self.look()

    def _do(self, task: Callable[[Progress], None], name: str) -> None:
        worker = Worker(task, name=name)
        worker.succeeded.connect(self._done)
        worker.failed.connect(self._not_done)
        worker.begin()

    @Slot(object)
    def _done(self, _result: object) -> None:
        self.look()

    @Slot(object)
    def _not_done(self, failure: Failure) -> None:
        self.failed.emit(failure)

    def shut_down(self) -> None:
        """Look no more; trainings go on."""
        self._timer.stop()
        self._reading.cancel()
