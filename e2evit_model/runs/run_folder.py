"""The folder of a training run: every file of it is named here, and nowhere else."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from e2evit_model.files import output_folder
from e2evit_model.runs.records import RecordFault, from_record, read_json, refuse_newer, to_record, write_json
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.status import State, read_status, real_state

RUN_SCHEMA_VERSION = 1
_AGAIN = "Choose another run, or start the training again."


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """``run.json``: what was asked. ``config`` and ``folds`` are records of options; ``sources`` say where table and slides are.

    ``sources`` stays on this machine: it is left out of everything that is exported.
    """

    name: str
    created: str
    cohort: str
    endpoint: str
    model: str
    config: Mapping[str, Any]
    folds: int
    seed: int
    sources: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    schema_version: int = RUN_SCHEMA_VERSION


@dataclass(frozen=True)
class FoldFolder:
    """The files of one fold. ``previous`` is the state of the epoch before ``last``, for when that was cut short."""

    path: Path

    @property
    def status(self) -> Path:
        """What the fold is doing."""
        return self.path / "status.json"

    @property
    def bins(self) -> Path:
        """The edges of its time bins."""
        return self.path / "bins.json"

    @property
    def log(self) -> Path:
        """One row an epoch."""
        return self.path / "log.csv"

    @property
    def best(self) -> Path:
        """The weights of the best epoch."""
        return self.path / "best.safetensors"

    @property
    def last(self) -> Path:
        """The state after the last epoch, to go on from."""
        return self.path / "last.pt"

    @property
    def previous(self) -> Path:
        """The state after the epoch before."""
        return self.path / "previous.pt"

    @property
    def predictions(self) -> Path:
        """Risks of the test part; written once, when the test part is opened."""
        return self.path / "predictions.csv"

    @property
    def test_opened(self) -> Path:
        """When the test part was opened."""
        return self.path / "test_opened.json"


@dataclass(frozen=True)
class RunFolder:
    """The files of a run."""

    path: Path

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.path.name

    @property
    def run(self) -> Path:
        """What was asked."""
        return self.path / "run.json"

    @property
    def environment(self) -> Path:
        """Versions, device, packages."""
        return self.path / "environment.json"

    @property
    def cohort(self) -> Path:
        """The clean table."""
        return self.path / "cohort.csv"

    @property
    def cohort_report(self) -> Path:
        """Mapping, flow, drops and the hash of the source."""
        return self.path / "cohort_report.json"

    @property
    def folds(self) -> Path:
        """Which patient is in which part."""
        return self.path / "folds.csv"

    @property
    def status(self) -> Path:
        """What the run is doing."""
        return self.path / "status.json"

    @property
    def lock(self) -> Path:
        """Held while a process trains here."""
        return self.path / "training.lock"

    @property
    def predictions(self) -> Path:
        """Out-of-fold risks of all patients."""
        return self.path / "predictions.csv"

    @property
    def metrics(self) -> Path:
        """Every figure with its interval and how it was made."""
        return self.path / "metrics.json"

    @property
    def report(self) -> Path:
        """The report as one page."""
        return self.path / "report.html"

    @property
    def report_pdf(self) -> Path:
        """The report for printing."""
        return self.path / "report.pdf"

    @property
    def figures(self) -> Path:
        """Figures of the report as SVG."""
        return self.path / "figures"

    @property
    def model(self) -> Path:
        """The risk model that the application opens."""
        return self.path / "model"

    def fold(self, number: int) -> FoldFolder:
        """Return the files of one fold."""
        return FoldFolder(self.path / f"fold_{number}")

    def read_run(self) -> RunRecord:
        """Read ``run.json``.

        Raises
        ------
        RunError
            When the folder is no run, was made by a newer version, or is damaged.
        """
        if not self.run.is_file():
            raise RunError(f"{self.name} is not a run: run.json is missing.", hint=_AGAIN)
        record = read_json(self.run, RunError, hint=_AGAIN)
        newest = "Install the newest version of E2E-ViT Desktop to open this run."
        refuse_newer(record, RUN_SCHEMA_VERSION, RunError, made=f"{self.name} was made", hint=newest)
        try:
            return from_record(RunRecord, record)
        except RecordFault as fault:
            raise RunError(f"run.json {fault}.", hint=_AGAIN) from fault

    def write_run(self, record: RunRecord) -> None:
        """Write ``run.json`` once: a run is never changed into another.

        Raises
        ------
        RunError
            When the folder holds another run already.
        OutputError
            When it cannot be written.
        """
        if self.run.is_file() and to_record(self.read_run()) != to_record(record):
            raise RunError(f"{self.name} holds another run already.", hint="Resume that run, or choose a new folder.")
        output_folder(self.path)
        write_json(self.run, record)


def run_folder_name(cohort: str, model: str, config: Mapping[str, Any], *, now: datetime) -> str:
    """Return ``<date>_<cohort>_<model>_<hash8>``; the hash is of everything that was asked and the time to the second."""
    asked = json.dumps([to_record(config), now.isoformat(timespec="seconds")], sort_keys=True, default=str)
    digest = hashlib.sha256(asked.encode()).hexdigest()[:8]
    return f"{now:%Y-%m-%d}_{_slug(cohort)}_{_slug(model)}_{digest}"


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-.")[:40] or "unnamed"


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """A run in a list; ``problem`` is a sentence when it cannot be opened."""

    folder: RunFolder
    record: RunRecord | None
    state: State
    folds_done: int
    mean_c: float | None
    problem: str = ""


def list_runs(root: Path) -> list[RunSummary]:
    """List the runs below a folder, newest first; damaged ones are listed with what is wrong, hidden folders are not."""
    if not root.is_dir():
        return []
    found = [_summary(RunFolder(path)) for path in root.iterdir() if _looks_like_run(path)]
    return sorted(found, key=lambda run: (run.record.created if run.record else "", run.folder.name), reverse=True)


def _looks_like_run(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".") and (path / "run.json").is_file()


def _summary(folder: RunFolder) -> RunSummary:
    try:
        record = folder.read_run()
        state = real_state(read_status(folder.status))
        done = sum(read_status(folder.fold(k).status).state == State.DONE for k in range(record.folds))
        return RunSummary(folder=folder, record=record, state=state, folds_done=done, mean_c=_mean_c(folder))
    except RunError as error:
        return RunSummary(
            folder=folder, record=None, state=State.FAILED, folds_done=0, mean_c=None, problem=error.message
        )


def _mean_c(folder: RunFolder) -> float | None:
    if not folder.metrics.is_file():
        return None
    record: Any = read_json(folder.metrics, RunError, hint=_AGAIN)
    for name in ("harrell_c", "mean", "value"):
        record = record.get(name) if isinstance(record, Mapping) else None
    return float(record) if isinstance(record, int | float) else None
