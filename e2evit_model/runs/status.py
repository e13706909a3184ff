"""What a run is doing: ``status.json`` with a heartbeat, and the lock that keeps two trainings out of one folder."""

import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock, Timeout

from e2evit_model.files import explain_write_error
from e2evit_model.runs.records import RecordFault, from_record, read_json, write_json
from e2evit_model.runs.run_error import RunError

SILENT_SECONDS = 300.0
"""A run on another machine that has not beaten for so long is taken for interrupted."""
_BEAT_SECONDS = 1.0
_AGAIN = "Start the training again, or resume it."


class State(StrEnum):
    """Where a run or a fold stands. ``interrupted`` is never written: it is what ``running`` means without a process."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class Status:
    """What a run or a fold is doing.

    ``heartbeat`` is seconds since 1970; ``process`` and ``process_started`` (seconds since 1970) name the process on ``machine``.
    ``step``, ``done`` and ``total`` are the progress as the user sees it; ``message`` and ``hint`` the error of a failed run.
    """

    state: str
    heartbeat: float
    process: int = 0
    process_started: float = 0.0
    machine: str = ""
    fold: int | None = None
    epoch: int | None = None
    step: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    hint: str = ""


def read_status(path: Path) -> Status:
    """Read a ``status.json``; what is not there yet is queued.

    Raises
    ------
    RunError
        When it is damaged.
    """
    if not path.is_file():
        return Status(state=State.QUEUED, heartbeat=0.0)
    record = read_json(path, RunError, hint=_AGAIN)
    try:
        status = from_record(Status, record)
    except RecordFault as fault:
        raise RunError(f"{path.name} {fault}.", hint=_AGAIN) from fault
    if status.state not in set(State):
        raise RunError(f'{path.name} holds the unknown state "{status.state}".', hint=_AGAIN)
    return status


def real_state(status: Status, *, now: float | None = None) -> State:
    """Return where a run stands: one that says it runs, but whose process is gone, is interrupted."""
    if status.state != State.RUNNING:
        return State(status.state)
    if status.machine == _machine():
        return State.RUNNING if _is_alive(status.process, status.process_started) else State.INTERRUPTED
    silent = (time.time() if now is None else now) - status.heartbeat
    return State.RUNNING if silent < SILENT_SECONDS else State.INTERRUPTED


class StatusWriter:
    """Keeps a ``status.json`` up to date; writes at most once a second, and every change of state at once."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._written = float("-inf")
        process = psutil.Process()
        self.status = Status(
            state=State.QUEUED,
            heartbeat=clock(),
            process=process.pid,
            process_started=process.create_time(),
            machine=_machine(),
        )

    def set_state(self, state: State, *, message: str = "", hint: str = "") -> None:
        """Write a change of state at once.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        self.status = replace(self.status, state=state, message=message, hint=hint)
        self._write()

    def beat(self, **changes: Any) -> None:
        """Note fold, epoch, step, done or total; written when the last writing is a second ago.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        self.status = replace(self.status, **changes)
        if self._clock() - self._written >= _BEAT_SECONDS:
            self._write()

    def progress(self, step: str, done: int, total: int) -> None:
        """Note progress: may be given wherever a ``Progress`` is wanted."""
        self.beat(step=step, done=done, total=total)

    def _write(self) -> None:
        self.status = replace(self.status, heartbeat=self._clock())
        write_json(self._path, self.status)
        self._written = self.status.heartbeat


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock of a run folder; the system lets go of it when the process dies, however it dies.

    Raises
    ------
    RunError
        When another process trains in this folder.
    OutputError
        When the lock cannot be written.
    """
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as held:
        raise RunError(
            "A training is running in this run folder already.", hint="Wait for it, stop it, or start a new run."
        ) from held
    except OSError as error:
        raise explain_write_error(error, path) from error
    try:
        yield
    finally:
        lock.release()


def _is_alive(process: int, started: float) -> bool:
    try:
        return abs(psutil.Process(process).create_time() - started) < 2  # numbers of processes are used again
    except (psutil.NoSuchProcess, psutil.AccessDenied, ValueError):
        return False


def _machine() -> str:
    return platform.node()
