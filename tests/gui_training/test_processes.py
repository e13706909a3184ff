"""The training's own process: begun, found again, stopped, killed, with its last words."""

import psutil
import pytest

from e2evit_gui.jobs import training_process
from e2evit_gui.jobs.training_process import AskedFolder, find_process, last_words, stop
from e2evit_gui.jobs.training_spec import TrainingSpec, read_spec, write_spec
from e2evit_gui.runs_page.listing import read_runs
from e2evit_gui.runs_page.snapshot import ENDED_EARLY, read_run
from e2evit_model.errors import TrainingError
from e2evit_model.runs.status import State
from tests.gui_training.run_files import sleeper, write_asked, write_run


@pytest.fixture
def waiting():
    """A process that waits; ended afterwards."""
    process = sleeper()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_run_that_was_begun_elsewhere_is_found_by_its_status(tmp_path, waiting):
    began = psutil.Process(waiting.pid).create_time()
    run = write_run(tmp_path / "r", state="running", process=waiting.pid, started=began)
    assert find_process(run).pid == waiting.pid
    found = read_run(run)
    assert (found.state, found.here) == (State.RUNNING, True)


def test_a_number_that_another_process_has_now_is_not_the_training(tmp_path, waiting):
    run = write_run(tmp_path / "r", state="running", process=waiting.pid, started=1000.0)
    assert find_process(run) is None
    assert read_run(run).state is State.INTERRUPTED


def test_a_training_is_stopped_by_asking(tmp_path, waiting):
    run = write_asked(tmp_path / "r", process=waiting.pid)
    assert stop(run, patience_s=20)
    assert waiting.stdout.read() == b"asked\n"
    assert find_process(run) is None
    assert not stop(run)


def test_one_that_does_not_hear_is_ended(tmp_path):
    process = sleeper(deaf=True)
    run = write_asked(tmp_path / "r", process=process.pid)
    assert stop(run, patience_s=0.3)
    assert process.stdout.read() == b"", "it was not asked to end, but ended"
    assert not psutil.pid_exists(process.pid)
    process.stdout.close()


def test_what_was_asked_and_has_not_begun_is_starting_and_then_dead(tmp_path, waiting):
    run = write_asked(tmp_path / "r", process=waiting.pid)
    assert [(one.path, one.state, one.here) for one in read_runs(tmp_path)] == [(run, State.QUEUED, True)]
    waiting.kill()
    waiting.wait()
    found = read_run(run)
    assert (found.state, found.message) == (State.FAILED, ENDED_EARLY)


def test_two_trainings_in_one_folder_are_refused(tmp_path, waiting):
    run = write_asked(tmp_path / "r", process=waiting.pid)
    with pytest.raises(TrainingError, match=r"^r is being trained already\.$"):
        training_process.begin(run)


def test_the_last_words_of_the_newest_failure_are_told(tmp_path):
    text = "a line\nError: First.\nHint:  One.\nmore\nError: The weights are gone.\nHint:  Bring them back.\n"
    run = write_asked(tmp_path / "r", process=2**30, output=text)
    assert last_words(run) == ("The weights are gone.", "Bring them back.")
    assert read_run(run).message == "The weights are gone."
    assert last_words(tmp_path / "other") == ("", "")


def test_a_spec_survives_the_disk_and_refuses_nonsense(tmp_path):
    spec = TrainingSpec(table="/a.csv", slides="/s", folds="/f.csv", mapping={"time": "t"}, config={"epochs": 3})
    write_spec(spec, tmp_path / "spec.json")
    assert read_spec(tmp_path / "spec.json") == spec
    assert spec.training_config().epochs == 3
    for text, sentence in (
        ("{}", 'spec.json lacks the field "table".'),
        ('{"schema_version": 9}', "spec.json was made by a newer version of this program."),
        ("x", "spec.json is damaged: it is not readable JSON."),
    ):
        (tmp_path / "spec.json").write_text(text)
        with pytest.raises(TrainingError) as caught:
            read_spec(tmp_path / "spec.json")
        assert caught.value.message == sentence


@pytest.mark.slow
def test_a_training_that_cannot_begin_leaves_its_reason(tmp_path):
    run = tmp_path / "runs" / "r"
    spec = TrainingSpec(table=str(tmp_path / "gone.csv"), slides=str(tmp_path), folds="")
    asked = AskedFolder.of(run)
    asked.path.mkdir(parents=True)
    write_spec(spec, asked.spec)
    pid = training_process.begin(run)
    psutil.Process(pid).wait(60)
    found = read_run(run)
    assert found.state is State.FAILED
    assert "gone.csv" in found.message
    assert str(tmp_path) not in found.message + found.hint
