"""Status with heartbeat, and the lock."""

import subprocess
import sys

import psutil
import pytest

from e2evit_model.errors import OutputError
from e2evit_model.runs.records import write_json
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.status import SILENT_SECONDS, State, Status, StatusWriter, only_one, read_status, real_state

HOLD = """
import sys
from pathlib import Path
from e2evit_model.runs.status import State, StatusWriter, only_one
with only_one(Path(sys.argv[1]) / "training.lock"):
    StatusWriter(Path(sys.argv[1]) / "status.json").set_state(State.RUNNING)
    print("held", flush=True)
    sys.stdin.read()
"""


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_a_change_of_state_is_written_at_once_and_progress_once_a_second(tmp_path):
    clock = Clock()
    writer = StatusWriter(tmp_path / "status.json", clock=clock)
    assert read_status(tmp_path / "status.json").state == State.QUEUED
    writer.set_state(State.RUNNING)
    writer.beat(fold=1, epoch=2)
    assert read_status(tmp_path / "status.json").fold is None
    clock.now += 1
    writer.progress("Training", 3, 10)
    found = read_status(tmp_path / "status.json")
    assert (found.fold, found.epoch, found.step, found.done, found.total) == (1, 2, "Training", 3, 10)
    assert found.heartbeat == 1001
    writer.set_state(State.FAILED, message="The disk is full.", hint="Free some.")
    found = read_status(tmp_path / "status.json")
    assert (found.state, found.message, found.hint, found.fold) == ("failed", "The disk is full.", "Free some.", 1)
    assert real_state(found) is State.FAILED


def test_running_without_its_process_is_interrupted(tmp_path):
    writer = StatusWriter(tmp_path / "status.json")
    writer.set_state(State.RUNNING)
    assert real_state(read_status(tmp_path / "status.json")) is State.RUNNING
    used_again = Status(**(writer.status.__dict__ | {"process_started": psutil.Process().create_time() - 100}))
    assert real_state(used_again) is State.INTERRUPTED


def test_on_another_machine_the_heartbeat_decides():
    status = Status(state=State.RUNNING, heartbeat=1000.0, machine="elsewhere, surely", process=1)
    assert real_state(status, now=1000 + SILENT_SECONDS - 1) is State.RUNNING
    assert real_state(status, now=1000 + SILENT_SECONDS + 1) is State.INTERRUPTED


def test_two_trainings_in_one_folder_and_kill(tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline() == "held\n"
        with pytest.raises(RunError) as caught, only_one(tmp_path / "training.lock"):
            pass
        assert caught.value.message == "A training is running in this run folder already."
        assert real_state(read_status(tmp_path / "status.json")) is State.RUNNING
    finally:
        child.kill()
        child.communicate()
    assert real_state(read_status(tmp_path / "status.json")) is State.INTERRUPTED
    with only_one(tmp_path / "training.lock"):
        pass
    with only_one(tmp_path / "training.lock"):
        pass


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"state": "asleep", "heartbeat": 1}, 'status.json holds the unknown state "asleep".'),
        ({"heartbeat": 1}, 'status.json lacks the field "state".'),
    ],
)
def test_damaged_status(tmp_path, record, message):
    write_json(tmp_path / "status.json", record)
    with pytest.raises(RunError) as caught:
        read_status(tmp_path / "status.json")
    assert caught.value.message == message


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="a file is in the way where a folder is needed"):
        StatusWriter(tmp_path / "file" / "status.json").set_state(State.RUNNING)
    with pytest.raises(OutputError), only_one(tmp_path / "file" / "training.lock"):
        pass
