"""What the files of a run say now. No Qt, no torch."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2evit_gui.jobs.training_process import find_process, last_words
from e2evit_model.errors import E2EViTError
from e2evit_model.runs.records import read_json
from e2evit_model.runs.risk_model_card import CARD_FILE
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import FoldFolder, RunFolder, RunRecord
from e2evit_model.runs.run_tables import EpochRow, read_epochs
from e2evit_model.runs.status import State, Status, read_status, real_state

_QUEUED = Status(state=State.QUEUED, heartbeat=0.0)
ENDED_EARLY = "The training ended before it could say why."


@dataclass(frozen=True, kw_only=True)
class FoldSnapshot:
    """One fold: where it stands, its epochs so far, its Harrell's C on the test part once it is known."""

    number: int
    state: State
    epochs: tuple[EpochRow, ...]
    test_c: float | None = None

    def values(self, name: str) -> tuple[list[float], list[float]]:
        """Return epochs and values of a column, where there are any."""
        pairs = [(row["epoch"] or 0.0, value) for row in self.epochs if (value := row.get(name)) is not None]
        return [epoch for epoch, _ in pairs], [value for _, value in pairs]

    @property
    def best_c(self) -> float | None:
        """The best C-index on the validation part."""
        return max(self.values("val_c_index")[1], default=None)

    @property
    def seconds(self) -> float:
        """The mean time of an epoch."""
        _, values = self.values("seconds")
        return sum(values) / len(values) if values else 0.0


@dataclass(frozen=True, kw_only=True)
class RunSnapshot:
    """One run. ``here`` says that its process is on this machine; ``message`` and ``hint`` why it did not end well."""

    path: Path
    state: State
    status: Status = _QUEUED
    record: RunRecord | None = None
    folds: tuple[FoldSnapshot, ...] = ()
    here: bool = False
    message: str = ""
    hint: str = ""
    mean_c: float | None = None
    sd_c: float | None = None
    interval: tuple[float, float] | None = None
    has_report: bool = False
    has_model: bool = False

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.path.name

    @property
    def title(self) -> str:
        """What it is of, in short."""
        return self.record.cohort if self.record is not None else self.name

    @property
    def folds_done(self) -> int:
        """How many folds are done."""
        return sum(fold.state is State.DONE for fold in self.folds)

    @property
    def can_resume(self) -> bool:
        """Whether it was stopped and can go on."""
        return self.state in (State.INTERRUPTED, State.CANCELLED, State.FAILED)

    def most_seconds_left(self) -> float | None:
        """Return how long the epochs that may still come take at most; None while no epoch was measured."""
        known = [fold.seconds for fold in self.folds if fold.seconds]
        if self.record is None or not known or self.state is not State.RUNNING:
            return None
        most = self.record.config.get("epochs")
        beside = self.record.config.get("folds_in_parallel") or 1
        if not isinstance(most, int):
            return None
        mean = sum(known) / len(known)
        left = sum((most - len(f.epochs)) * (f.seconds or mean) for f in self.folds if f.state is not State.DONE)
        return max(left, 0.0) / beside


def read_run(path: Path) -> RunSnapshot:
    """Read one run; a fault of its files is its message."""
    run, process = RunFolder(path), find_process(path)
    if not run.run.is_file():
        if process is not None:
            return RunSnapshot(path=path, state=State.QUEUED, here=True)
        message, hint = last_words(path)
        return RunSnapshot(path=path, state=State.FAILED, message=message or ENDED_EARLY, hint=hint)
    try:
        record, status = run.read_run(), read_status(run.status)
    except RunError as error:
        return RunSnapshot(path=path, state=State.FAILED, message=error.message, hint=error.hint)
    state = _state_of(status, working=process is not None)
    metrics = _metrics(run)
    message, hint = _why(path, status, state)
    return RunSnapshot(
        path=path,
        state=state,
        status=status,
        record=record,
        folds=tuple(_fold(run.fold(number), number, metrics) for number in range(record.folds)),
        here=process is not None,
        message=message,
        hint=hint,
        mean_c=_number(metrics, "harrell_c", "mean", "value"),
        sd_c=_number(metrics, "harrell_c", "sd"),
        interval=_interval(metrics),
        has_report=run.report.is_file(),
        has_model=(run.model / CARD_FILE).is_file(),
    )


def _state_of(status: Status, *, working: bool) -> State:
    """Return where a run stands: a process that was started again has not said so yet while it loads its model."""
    state = real_state(status)
    if working:
        return State.RUNNING
    return State.INTERRUPTED if state is State.QUEUED else state


def _why(path: Path, status: Status, state: State) -> tuple[str, str]:
    if state in (State.RUNNING, State.DONE, State.CANCELLED):
        return "", ""
    if status.message:
        return status.message, status.hint
    return last_words(path)


def _fold(folder: FoldFolder, number: int, metrics: Mapping[str, Any]) -> FoldSnapshot:
    try:
        state, epochs = real_state(read_status(folder.status)), tuple(read_epochs(folder.log))
    except RunError:
        state, epochs = State.FAILED, ()
    return FoldSnapshot(number=number, state=state, epochs=epochs, test_c=_test_c(metrics, number))


def _metrics(run: RunFolder) -> Mapping[str, Any]:
    if run.metrics.is_file():
        with contextlib.suppress(E2EViTError):
            return read_json(run.metrics, RunError, hint="")
    return {}


def _at(record: Any, *names: str) -> Any:
    for name in names:
        record = record.get(name) if isinstance(record, Mapping) else None
    return record


def _number(metrics: Mapping[str, Any], *names: str) -> float | None:
    found = _at(metrics, *names)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _test_c(metrics: Mapping[str, Any], number: int) -> float | None:
    folds = _at(metrics, "harrell_c", "folds")
    return _number(folds[number], "value") if isinstance(folds, list) and number < len(folds) else None


def _interval(metrics: Mapping[str, Any]) -> tuple[float, float] | None:
    low, high = _number(metrics, "harrell_c", "mean", "low"), _number(metrics, "harrell_c", "mean", "high")
    return None if low is None or high is None else (low, high)
