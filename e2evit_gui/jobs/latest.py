"""One thing at a time, and only the newest counts: for what is asked again at every change."""

from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs.worker import Task, Worker


class Latest(QObject):
    """Run tasks in threads; a newer task takes the place of an older one, of which nothing more is told.

    ``busy_changed`` says whether one runs, before the ending of the last is told.
    """

    progressed = Signal(str, int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._worker: Worker | None = None

    @property
    def busy(self) -> bool:
        """Whether a task runs whose ending will be told."""
        return self._worker is not None

    def begin(self, task: Task) -> None:
        """Run a task instead of the one that runs."""
        if self._worker is not None:
            self._worker.cancel()
        worker = self._worker = Worker(task, name=self._name)
        worker.progressed.connect(self._progressed)
        worker.succeeded.connect(self._succeeded)
        worker.failed.connect(self._failed)
        worker.cancelled.connect(self._cancelled)
        worker.begin()
        self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Stop the task; nothing is told of it."""
        if self._worker is not None:
            self._worker.cancel()
            self._end()

    def _end(self) -> None:
        self._worker = None
        self.busy_changed.emit(False)

    @Slot(str, int, int)
    def _progressed(self, step: str, done: int, total: int) -> None:
        if self.sender() is self._worker:
            self.progressed.emit(step, done, total)

    @Slot(object)
    def _succeeded(self, result: object) -> None:
        if self.sender() is self._worker:
            self._end()
            self.succeeded.emit(result)

    @Slot(object)
    def _failed(self, failure: object) -> None:
        if self.sender() is self._worker:
            self._end()
            self.failed.emit(failure)

    @Slot()
    def _cancelled(self) -> None:
        if self.sender() is self._worker:
            self._end()
