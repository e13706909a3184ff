"""What the files of a comparison say now. No Qt, no torch."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2evit_gui.jobs.training_process import AskedFolder, find_process, last_words
from e2evit_gui.runs_page.snapshot import ENDED_EARLY, RunSnapshot, read_run
from e2evit_model.errors import E2EViTError
from e2evit_model.runs.ablation_folder import AblationFolder, label_of
from e2evit_model.runs.records import read_json
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.status import State


@dataclass(frozen=True, kw_only=True)
class VariantSnapshot:
    """One combination: its run as far as it is, the difference to the first with its interval, or why there is no run."""

    label: str
    run: RunSnapshot | None
    reason: str = ""
    difference: float | None = None
    interval: tuple[float, float] | None = None

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to do for it."""
        return bool(self.reason) or (self.run is not None and self.run.state in (State.DONE, State.FAILED))


@dataclass(frozen=True, kw_only=True)
class AblationSnapshot:
    """One comparison. ``here`` says that its process is on this machine; ``message`` and ``hint`` why it did not end well."""

    path: Path
    state: State
    cohort: str = ""
    endpoint: str = ""
    variants: tuple[VariantSnapshot, ...] = ()
    here: bool = False
    can_resume: bool = False
    message: str = ""
    hint: str = ""
    figure: Path | None = None
    table: Path | None = None

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.path.name

    @property
    def title(self) -> str:
        """What it is of, in short."""
        return self.cohort or self.name

    @property
    def ended(self) -> int:
        """How many combinations are done or cannot be done."""
        return sum(variant.ended for variant in self.variants)

    @property
    def at_work(self) -> RunSnapshot | None:
        """The run that is being trained."""
        runs = (variant.run for variant in self.variants)
        return next((run for run in runs if run is not None and run.state is State.RUNNING), None)


def is_ablation(path: Path) -> bool:
    """Say whether a folder is that of a comparison."""
    return AblationFolder(path).record.is_file()


def read_ablation(path: Path) -> AblationSnapshot:
    """Read one comparison; a fault of its files is its message."""
    files, here = AblationFolder(path), find_process(path) is not None
    try:
        record = read_json(files.record, RunError, hint="Start the comparison again.")
        written = _written(files.table)
        variants = tuple(
            _variant(files, one, written[number] if number < len(written) else {})
            for number, one in enumerate(record.get("variants", ()))
        )
    except E2EViTError as error:
        return AblationSnapshot(path=path, state=State.FAILED, message=error.message, hint=error.hint)
    except (TypeError, KeyError, ValueError, AttributeError):
        hint = "Start the comparison again in another folder."
        return AblationSnapshot(
            path=path, state=State.FAILED, message=f"A file of {path.name} is damaged.", hint=hint, here=here
        )
    done = bool(written) and all(variant.ended for variant in variants)
    state = State.RUNNING if here else State.DONE if done else State.INTERRUPTED
    message, hint = ("", "") if here or done else last_words(path)
    return AblationSnapshot(
        path=path,
        state=state,
        cohort=str(record.get("cohort", "")),
        endpoint=str(record.get("endpoint", "")),
        variants=variants,
        here=here,
        can_resume=state is State.INTERRUPTED and AskedFolder.of(path).spec.is_file(),
        message=message or (ENDED_EARLY if state is State.INTERRUPTED and not variants else ""),
        hint=hint,
        figure=files.figure if files.figure.is_file() else None,
        table=files.table if files.table.is_file() else None,
    )


def _variant(files: AblationFolder, record: Mapping[str, Any], row: Mapping[str, str]) -> VariantSnapshot:
    folder = files.run(str(record["folder"]))
    run = read_run(folder.path) if folder.run.is_file() else None
    low, high = _number(row, "difference_low"), _number(row, "difference_high")
    return VariantSnapshot(
        label=label_of(dict(record["values"])),
        run=run,
        reason=str(record.get("reason", "")) or row.get("reason", ""),
        difference=_number(row, "difference"),
        interval=None if low is None or high is None else (low, high),
    )


def _written(table: Path) -> list[dict[str, str]]:
    """Return the rows of the table at the end; none while it is not written."""
    try:
        with table.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunError(f"{table.name} could not be read.", hint="Look whether the drive is still there.") from error


def _number(row: Mapping[str, str], name: str) -> float | None:
    text = row.get(name, "")
    return float(text) if text else None
