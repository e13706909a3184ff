"""kill -9 at random moments: nothing is lost, and the result is equal to the last bit."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from e2evit_model.cli.main import STOPPED
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.runs.status import State, read_status, real_state

ROOT = Path(__file__).resolve().parents[2]
MOMENTS = 5


def start(folder, weights, changes):
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.training.run_in_child", str(folder), str(weights), json.dumps(changes)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)


def finish(process):
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said.decode()


def outcome(folder):
    """What must be equal to the last bit, whatever happened on the way."""
    run = RunFolder(folder)
    files = [run.predictions, run.model / "heads.safetensors", *run.model.glob("member_*.safetensors")]
    files += [run.fold(n).best for n in range(2)]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def watch_until(process, folder, moment):
    """Let the process run until some file was replaced so many times (or it ended)."""
    seen, last = 0, None
    while process.poll() is None and seen < moment:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.005)
        states = [p.stat().st_mtime_ns for p in sorted(folder.glob("fold_*/*.pt")) if p.exists()]
        if states != last:
            seen, last = seen + 1, states
    return process.poll() is None


@pytest.mark.slow
def test_folds_in_other_processes_end_when_their_run_is_killed_and_it_goes_on(tmp_path, weights):
    changes = {"folds_in_parallel": 2, "epochs": 6, "patience": 6}
    folder = tmp_path / "killed"
    process = start(folder, weights, changes)
    assert watch_until(process, folder, 3)
    workers = psutil.Process(process.pid).children(recursive=True)
    assert len(workers) >= 2
    process.send_signal(signal.SIGKILL)
    process.communicate()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive
    run = RunFolder(folder)
    assert State.RUNNING not in {real_state(read_status(path)) for path in (run.status, run.fold(0).status)}
    finish(start(folder, weights, changes))
    finish(start(tmp_path / "whole", weights, changes))
    assert outcome(folder) == outcome(tmp_path / "whole")


@pytest.mark.slow
def test_ctrl_c_ends_folds_in_other_processes(tmp_path, weights):
    """The signal reaches this process alone, as from a job manager: the folds must hear of it from their run."""
    changes = {"folds_in_parallel": 2, "epochs": 400, "patience": 400}
    folder = tmp_path / "stopped"
    process = start(folder, weights, changes)
    assert watch_until(process, folder, 3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == STOPPED
    run = RunFolder(folder)
    states = [read_status(path).state for path in (run.status, run.fold(0).status, run.fold(1).status)]
    assert states == [State.CANCELLED] * 3


@pytest.mark.slow
def test_a_run_that_is_killed_at_random_moments_comes_to_the_same_bits(tmp_path, weights):
    finish(start(tmp_path / "whole", weights, {}))
    wanted = outcome(tmp_path / "whole")
    moments, killed = random.Random(7), 0
    folder = tmp_path / "killed"
    for _ in range(MOMENTS):
        process = start(folder, weights, {})
        if watch_until(process, folder, moments.randrange(1, 6)):
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += 1
            status = read_status(RunFolder(folder).status)
            assert real_state(status) == State.INTERRUPTED
        else:
            process.communicate()
    assert killed >= 2
    finish(start(folder, weights, {}))
    assert outcome(folder) == wanted
    assert read_status(RunFolder(folder).status).state == State.DONE
