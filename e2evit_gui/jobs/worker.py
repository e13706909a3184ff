"""The one class for work in a thread of the window's process."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from e2evit_gui.jobs.failure import explain
from e2evit_gui.jobs.pauses import set_modules_aside
from e2evit_model.progress import Cancelled, Progress

_log = logging.getLogger(__name__)

Task = Callable[[Progress], Any]

_alive: set["Worker"] = set()  # a QThread must outlive its run, whoever forgets it


class Worker(QThread):
    """Run ``task(progress)`` in a thread and tell its end exactly once.

    Signals leave from the thread itself; connect them to methods of objects that live in the window's thread.

    ``succeeded`` carries what the task returned, ``failed`` a :class:`~e2evit_gui.jobs.failure.Failure`, ``cancelled`` nothing.
    """

    progressed = Signal(str, int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, task: Task, *, name: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self._cancel = threading.Event()
        self.name = name
        self.setObjectName(name or "worker")

    def begin(self) -> "Worker":
        """Start the thread and keep it alive until it has ended."""
        _alive.add(self)
        self.finished.connect(self._forget)
        self.start()
        return self

    def cancel(self) -> None:
        """Ask the task to stop at its next progress call."""
        self._cancel.set()

    def run(self) -> None:
        """Do the work; called by Qt in the new thread."""
        try:
            self._check()
            result = self._task(self._progress)
            self._check()
        except Cancelled:
            _log.info("%s: cancelled", self.name)
            self.cancelled.emit()
        except BaseException as error:  # noqa: BLE001 - the last line of the thread: anything else would end the program
            self.failed.emit(explain(error))
        else:
            self.succeeded.emit(result)
        finally:
            self._task = _nothing
            set_modules_aside()  # most libraries come in with the first task that needs them

    def _check(self) -> None:
        if self._cancel.is_set():
            raise Cancelled

    def _progress(self, step: str, done: int, total: int) -> None:
        self._check()
        self.progressed.emit(step, done, total)

    def _forget(self) -> None:
        _alive.discard(self)


def _nothing(_progress: Progress) -> None:
    """Stand where the task was, so that what it held is let go."""


def finish_all(timeout_s: float = 5.0) -> bool:
    """Cancel all workers and wait for them; say whether every one ended in time."""
    workers = list(_alive)
    for worker in workers:
        worker.cancel()
    ended = [worker.wait(round(timeout_s * 1000)) for worker in workers]
    return all(ended)
