import threading

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from e2evit_gui.jobs.worker import Worker, finish_all
from e2evit_model.errors import TissueError


class Ears(QObject):
    """Hear a worker in the window's thread."""

    def __init__(self, worker):
        super().__init__()
        self.endings, self.steps, self.threads = [], [], set()
        worker.progressed.connect(self.progressed)
        worker.succeeded.connect(self.succeeded)
        worker.failed.connect(self.failed)
        worker.cancelled.connect(self.cancelled)

    @Slot(str, int, int)
    def progressed(self, *step):
        self.steps.append(step)

    @Slot(object)
    def succeeded(self, result):
        self.threads.add(QThread.currentThread())
        self.endings.append(("succeeded", result))

    @Slot(object)
    def failed(self, failure):
        self.endings.append(("failed", failure))

    @Slot()
    def cancelled(self):
        self.endings.append(("cancelled", None))


def run(qtbot, task):
    worker = Worker(task, name="Test")
    ears = Ears(worker)
    with qtbot.waitSignal(worker.finished, timeout=10_000):
        worker.begin()
    qtbot.waitUntil(lambda: bool(ears.endings), timeout=10_000)
    assert len(ears.endings) == 1
    return ears


def test_success_is_told_in_the_windows_thread(qtbot, qapp):
    where = []

    def task(progress):
        where.append(threading.current_thread())
        progress("Step", 1, 2)
        return 42

    ears = run(qtbot, task)
    assert ears.endings == [("succeeded", 42)]
    assert ears.steps == [("Step", 1, 2)]
    assert where[0] is not threading.main_thread()
    assert ears.threads == {qapp.thread()}


def test_failure_is_told_with_its_sentence(qtbot):
    def task(progress):
        raise TissueError("No tissue was found.", hint="Look.")

    kind, failure = run(qtbot, task).endings[0]
    assert (kind, failure.message, failure.hint, failure.details) == ("failed", "No tissue was found.", "Look.", "")


@pytest.mark.parametrize("error", [ZeroDivisionError("why"), MemoryError(), SystemExit(3)])
def test_no_error_ends_the_program(qtbot, error):
    def task(progress):
        raise error

    kind, failure = run(qtbot, task).endings[0]
    assert kind == "failed"
    assert failure.message.endswith(".")


def test_cancelling_ends_at_the_next_progress(qtbot):
    entered = threading.Event()

    def task(progress):
        entered.set()
        while True:
            progress("On and on", 0, 0)

    worker = Worker(task)
    ears = Ears(worker)
    with qtbot.waitSignal(worker.finished, timeout=10_000):
        worker.begin()
        assert entered.wait(10)
        worker.cancel()
    qtbot.waitUntil(lambda: bool(ears.endings), timeout=10_000)
    assert ears.endings == [("cancelled", None)]


def test_a_result_that_comes_after_cancelling_is_not_told(qtbot):
    worker = Worker(lambda progress: 1)
    ears = Ears(worker)
    worker.cancel()
    with qtbot.waitSignal(worker.finished, timeout=10_000):
        worker.begin()
    qtbot.waitUntil(lambda: bool(ears.endings), timeout=10_000)
    assert ears.endings == [("cancelled", None)]


def test_a_worker_nobody_holds_runs_to_its_end(qtbot):
    done = threading.Event()
    Worker(lambda progress: done.set()).begin()
    assert done.wait(10)
    assert finish_all()
