import os
import signal

import psutil
import pytest

from e2evit_gui.jobs.apart import DIED, call_apart
from e2evit_gui.jobs.apart import DIED_HINT as APART_HINT
from e2evit_gui.jobs.failure import UNEXPECTED_HINT
from e2evit_gui.jobs.giving_way import NICENESS
from e2evit_gui.jobs.model_process import DIED_HINT, PATIENCE_MS, ModelProcess
from e2evit_model.errors import E2EViTError
from e2evit_model.progress import silent

TASKS = "tests.gui.child_tasks"
PATIENCE = 30_000


class Ears:
    """Count every ending and keep the progress."""

    def __init__(self, process):
        self.endings, self.steps = [], []
        process.succeeded.connect(lambda result: self.endings.append(("succeeded", result)))
        process.failed.connect(lambda failure: self.endings.append(("failed", failure)))
        process.cancelled.connect(lambda: self.endings.append(("cancelled", None)))
        process.progressed.connect(lambda step, done, total: self.steps.append((step, done, total)))


@pytest.fixture(scope="module")
def shared(qapp):
    """One process for all tests that leave it alive: starting one takes a second."""
    made = ModelProcess()
    yield made
    made.stop()


@pytest.fixture
def process(shared):
    yield shared
    assert not shared.busy


def ask(qtbot, process, task, *arguments):
    ears = Ears(process)
    process.ask(f"{TASKS}:{task}", *arguments)
    qtbot.waitUntil(lambda: bool(ears.endings), timeout=PATIENCE)
    assert len(ears.endings) == 1
    return ears


@pytest.mark.skipif(os.name == "nt", reason="Windows knows classes of priority, not numbers")
def test_the_window_comes_before_the_model_where_cores_are_few(qtbot, process):
    ((_, found),) = ask(qtbot, process, "niceness").endings
    assert found == max(psutil.Process().nice(), NICENESS)


def test_a_result_comes_back_with_progress_on_the_way_and_the_process_stays(qtbot, process):
    first = ask(qtbot, process, "add", 2, 3)
    before = process.pid
    second = ask(qtbot, process, "add", 4, 5)
    (_, (total, calls)), (_, (other, more)) = first.endings[0], second.endings[0]
    assert (total, other) == (5, 9)
    assert more == calls + 1, "the second request met another process"
    assert process.pid == before
    assert second.steps[0] == ("Starting", 0, 0)
    assert ("Adding", 2, 2) in second.steps


def test_bad_input_is_a_sentence_without_details(qtbot, process):
    kind, failure = ask(qtbot, process, "refuse").endings[0]
    assert kind == "failed"
    assert (failure.message, failure.hint, failure.details) == ("The file is empty.", "Copy it again.", "")
    assert failure.expected


def test_a_fault_is_a_sentence_with_details(qtbot, process):
    kind, failure = ask(qtbot, process, "stumble").endings[0]
    assert kind == "failed"
    assert failure.message == "Something went wrong that should not: ZeroDivisionError."
    assert failure.hint == UNEXPECTED_HINT
    assert "nobody foresaw this" in failure.details
    assert not failure.expected


def test_a_task_that_listens_is_cancelled_and_the_process_stays(qtbot, process):
    ears = Ears(process)
    process.ask(f"{TASKS}:wait_politely")
    qtbot.waitUntil(lambda: ("Waiting", 0, 0) in ears.steps, timeout=PATIENCE)
    pid = process.pid
    process.cancel()
    qtbot.waitUntil(lambda: bool(ears.endings), timeout=PATIENCE)
    assert ears.endings == [("cancelled", None)]
    assert process.pid == pid, "it heard: nothing was ended"
    assert ask(qtbot, process, "add", 1, 1).endings[0][1][0] == 2


def test_a_task_that_does_not_listen_is_cancelled_within_two_seconds(qtbot, process):
    ears = Ears(process)
    process.ask(f"{TASKS}:wait_deafly")
    qtbot.waitUntil(lambda: ("Deaf", 0, 0) in ears.steps, timeout=PATIENCE)
    process.cancel()
    qtbot.waitUntil(lambda: bool(ears.endings), timeout=PATIENCE)
    assert PATIENCE_MS < 2_000, "the promise is two seconds"
    assert ears.endings == [("cancelled", None)]
    assert ask(qtbot, process, "add", 1, 1).endings[0][1] == (2, 1), "a new process answers"


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        ("leave", "The model's process ended unexpectedly (code 7)."),
        pytest.param(
            "be_killed",
            "The model's process ended unexpectedly (stopped by the system, SIGKILL).",
            marks=pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX"),
        ),
    ],
)
def test_the_death_of_the_process_is_a_sentence_and_the_next_request_works(qtbot, process, task, sentence):
    kind, failure = ask(qtbot, process, task).endings[0]
    assert (kind, failure.message, failure.hint) == ("failed", sentence, DIED_HINT)
    assert ask(qtbot, process, "add", 2, 2).endings[0][1] == (4, 1)


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
def test_a_kill_from_outside_while_idle_is_not_told_and_the_next_request_works(qtbot, process):
    ask(qtbot, process, "add", 1, 1)
    ears = Ears(process)
    os.kill(process.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: process.pid is None, timeout=PATIENCE)
    assert ears.endings == []
    assert ask(qtbot, process, "add", 2, 2).endings[0][1] == (4, 1)


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
def test_a_process_that_died_unseen_is_started_again_without_a_word(qtbot, process):
    ask(qtbot, process, "add", 1, 1)
    os.kill(process.pid, signal.SIGKILL)
    # asked at once: the window has not heard of the death yet
    assert ask(qtbot, process, "add", 2, 3).endings == [("succeeded", (5, 1))]


def test_a_process_that_is_warmed_up_has_imported_its_module_before_it_is_asked(qtbot):
    made = ModelProcess(preload="tests.gui.marker")
    made.warm_up()
    pid = made.pid
    try:
        loaded = ask(qtbot, made, "modules").endings[0][1]
        assert "tests.gui.marker" in loaded
        assert made.pid == pid
    finally:
        made.stop()


def test_what_cannot_be_read_back_does_not_leave_the_window_waiting(qtbot, process):
    kind, failure = ask(qtbot, process, "send_nonsense").endings[0]
    assert kind == "failed"
    assert failure.message.startswith("The model's process ended unexpectedly")


def test_the_process_imports_no_qt(qtbot, process):
    loaded = ask(qtbot, process, "modules").endings[0][1]
    assert not [name for name in loaded if name.startswith(("PySide6", "pyqtgraph"))]


def test_two_requests_at_a_time_are_a_mistake_of_the_caller(qtbot, process):
    ears = Ears(process)
    process.ask(f"{TASKS}:wait_politely")
    with pytest.raises(RuntimeError):
        process.ask(f"{TASKS}:add", 1, 1)
    process.cancel()
    qtbot.waitUntil(lambda: bool(ears.endings), timeout=PATIENCE)


def test_a_call_in_a_process_of_its_own():
    steps = []
    assert call_apart(f"{TASKS}:add", 2, 3, progress=lambda *step: steps.append(step)) == (5, 1)
    assert ("Adding", 2, 2) in steps
    with pytest.raises(E2EViTError) as refused:
        call_apart(f"{TASKS}:refuse", progress=silent)
    assert (refused.value.message, refused.value.hint) == ("The file is empty.", "Copy it again.")
    with pytest.raises(E2EViTError) as died:
        call_apart(f"{TASKS}:be_killed", progress=silent)
    assert (died.value.message, died.value.hint) == (DIED, APART_HINT)
