"""Start a training that may outlive the window, find it again, stop it. No Qt here."""

import contextlib
import logging
import os
import platform
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from e2evit_gui.jobs.training_child import HINT, MESSAGE, child_words
from e2evit_gui.jobs.training_spec import TrainingSpec, write_spec
from e2evit_model.errors import E2EViTError, TrainingError
from e2evit_model.files import explain_write_error, output_folder
from e2evit_model.runs.records import RecordFault, from_record, read_json, write_json
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.runs.status import State, read_status

if TYPE_CHECKING:
    from e2evit_model.cohort.folds import Folds

_log = logging.getLogger(__name__)

ASKED = ".asked"
"""Hidden beside the runs: what was asked of each, who works on it, and its last words. A run folder itself must begin empty."""

PATIENCE_S = 12.0
"""So long a training may take to stop by itself; what it is killed in is done again when it is resumed."""

_SAME_START_S = 2.0
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class AskedFolder:
    """The window's own files of a run."""

    path: Path

    @classmethod
    def of(cls, run: Path) -> "AskedFolder":
        """Return the folder of a run."""
        return cls(run.parent / ASKED / run.name)

    @property
    def spec(self) -> Path:
        """What was asked."""
        return self.path / "spec.json"

    @property
    def folds(self) -> Path:
        """The folds that were shown."""
        return self.path / "folds.csv"

    @property
    def config(self) -> Path:
        """The settings alone, as the command line reads them."""
        return self.path / "config.json"

    @property
    def process(self) -> Path:
        """Which process works on it."""
        return self.path / "process.json"

    @property
    def output(self) -> Path:
        """What the process said."""
        return self.path / "output.txt"


@dataclass(frozen=True, kw_only=True)
class WorkingProcess:
    """A process by its number, when it began (numbers are used again), and on which machine."""

    process: int
    process_started: float
    machine: str

    def find(self) -> psutil.Process | None:
        """Return the process while it is there and works."""
        if self.machine != platform.node() or not self.process:
            return None
        try:
            found = psutil.Process(self.process)
            same = abs(found.create_time() - self.process_started) < _SAME_START_S
            return found if same and found.status() != psutil.STATUS_ZOMBIE else None
        except (psutil.NoSuchProcess, psutil.AccessDenied, ValueError):
            return None


def ask(run: Path, spec: TrainingSpec, folds: "Folds") -> TrainingSpec:
    """Write what is asked of a run, with its folds, and return it with the path of these.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    asked = AskedFolder.of(run)
    output_folder(asked.path)
    from e2evit_model.cohort.fold_files import write_folds  # with pandas, which the window does not start with

    write_folds(folds, asked.folds)
    whole = TrainingSpec(**{**vars(spec), "folds": str(asked.folds)})
    write_spec(whole, asked.spec)
    write_json(asked.config, dict(whole.config))
    return whole


def begin(run: Path) -> int:
    """Start the process that trains what was asked of a run, or goes on with it; return its number.

    Raises
    ------
    TrainingError
        When a process trains there already.
    OutputError
        When its output cannot be written.
    """
    if find_process(run) is not None:
        raise TrainingError(f"{run.name} is being trained already.", hint="Wait for it, or stop it first.")
    asked = AskedFolder.of(run)
    words = [*child_words(), "--run", str(run)]
    words += ["--spec", str(asked.spec)] if asked.spec.is_file() else []
    try:
        output_folder(asked.path)
        with asked.output.open("wb") as output:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_environment(),
                start_new_session=sys.platform != "win32",
                creationflags=_apart(),
            )
    except OSError as error:
        raise explain_write_error(error, asked.output) from error
    _started.append(process)
    began = psutil.Process(process.pid).create_time()
    write_json(asked.process, WorkingProcess(process=process.pid, process_started=began, machine=platform.node()))
    _log.info("The training %s begins", run.name)
    return process.pid


def _environment() -> dict[str, str]:
    """Let the new process import what this one imports, wherever it was started from."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}


def _apart() -> int:
    """Return what keeps the end of the window and of its terminal from the training on Windows; elsewhere a session does."""
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS
    return 0


def reap() -> None:
    """Take note of trainings of this window that have ended: until then the system keeps them as if they were there."""
    _started[:] = [process for process in _started if process.poll() is None]


def find_process(run: Path) -> psutil.Process | None:
    """Return the process that trains in a run folder on this machine, whoever started it."""
    reap()
    return next((found for known in _known(run) if (found := known.find()) is not None), None)


def _known(run: Path) -> list[WorkingProcess]:
    known = []
    with contextlib.suppress(E2EViTError):
        status = read_status(RunFolder(run).status)
        if status.state == State.RUNNING:
            known.append(
                WorkingProcess(process=status.process, process_started=status.process_started, machine=status.machine)
            )
    asked = AskedFolder.of(run).process
    if asked.is_file():
        with contextlib.suppress(E2EViTError, RecordFault):
            known.append(from_record(WorkingProcess, read_json(asked, TrainingError, hint="")))
    return known


def request_stop(run: Path) -> psutil.Process | None:
    """Ask the training of a run to stop after what it is doing, and return its process; None when there is none."""
    process = find_process(run)
    if process is None:
        return None
    with contextlib.suppress(psutil.NoSuchProcess):
        if sys.platform == "win32":
            process.terminate()  # nothing gentler reaches it; it goes on from its last epoch all the same
        else:
            process.send_signal(signal.SIGINT)
    return process


def stop(run: Path, *, patience_s: float = PATIENCE_S) -> bool:
    """Stop the training of a run, with its process when it does not hear; say whether there was one.

    Waits for the end: call it in a thread.
    """
    process = request_stop(run)
    if process is None:
        return False
    if not _gone(process, patience_s):
        with contextlib.suppress(psutil.NoSuchProcess):
            for one in (*process.children(recursive=True), process):
                one.kill()
        _gone(process, 2.0)
    _log.info("The training %s was stopped", run.name)
    return True


def _gone(process: psutil.Process, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        reap()
        with contextlib.suppress(psutil.TimeoutExpired):
            process.wait(0.2)
            return True
    return False


def last_words(run: Path) -> tuple[str, str]:
    """Return why the last process of a run ended, and what to do about it; empty when it did not say."""
    try:
        lines = AskedFolder.of(run).output.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "", ""
    said = [number for number, line in enumerate(lines) if line.startswith(MESSAGE)]
    if not said:
        return "", ""
    hint = next((line[len(HINT) :] for line in lines[said[-1] :] if line.startswith(HINT)), "")
    return lines[said[-1]][len(MESSAGE) :], hint
