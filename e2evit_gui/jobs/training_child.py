"""The process that trains: begun by the window, outlives it when the user says so. Never imports Qt.

``python -m e2evit_gui.jobs.training_child --run FOLDER [--spec FILE]``: with a spec, the training that it asks for, new or gone on
with; without one, a run that has its cohort already.
"""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from e2evit_gui.jobs import TRAINING_CHILD
from e2evit_gui.jobs.failure import explain
from e2evit_gui.jobs.giving_way import process_gives_way
from e2evit_gui.jobs.training_spec import TrainingSpec, read_spec
from e2evit_model.progress import Cancelled
from e2evit_model.runs.run_folder import RunFolder

if TYPE_CHECKING:
    from e2evit_model.cohort.check import CohortCheck
    from e2evit_model.cohort.cohort import Cohort
    from e2evit_model.cohort.folds import Folds

DONE, FAULT, UNUSABLE, STOPPED = 0, 1, 2, 130
MESSAGE, HINT = "Error: ", "Hint:  "
"""How the last words of this process begin, as those of the command line do."""


def child_words() -> list[str]:
    """Return the words that start this process, the run's arguments yet to come."""
    if getattr(sys, "frozen", False):
        return [sys.executable, TRAINING_CHILD]
    return [sys.executable, "-m", "e2evit_gui.jobs.training_child"]


class _Stop:
    """A progress callable that raises ``Cancelled`` once the process was asked to end."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._heard)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self._asked.set()

    def __call__(self, step: str, done: int, total: int) -> None:  # noqa: ARG002 - the run's status tells the progress
        if self._asked.is_set():
            raise Cancelled


def patients_of(spec: TrainingSpec) -> "tuple[CohortCheck, Cohort, Folds]":
    """Read the cohort and the folds that a spec names.

    Raises
    ------
    CohortError
        When they are gone, faulty, or do not fit each other.
    """
    from e2evit_model.cohort.fold_files import import_folds

    check = spec.check()
    cohort = check.accept()
    return check, cohort, import_folds(Path(spec.folds), cohort).accept(cohort)


def train(spec: TrainingSpec, run_folder: Path, stop: _Stop) -> None:
    """Train what a spec asks for; a run that was begun goes on.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.training.cross_validation.cross_validate`.
    """
    from e2evit_model.training.cross_validation import cross_validate

    config = spec.training_config()
    check, cohort, folds = patients_of(spec)
    cross_validate(cohort, folds, config, run_folder, report=check.to_record(), progress=stop)


def compare(spec: TrainingSpec, folder: Path, stop: _Stop) -> None:
    """Train every combination that a spec asks for, and put them side by side; what is done already is left alone.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.ablation.running.run_ablation`.
    """
    from e2evit_model.ablation.axes import combine, parse_axis
    from e2evit_model.ablation.running import run_ablation
    from e2evit_model.ablation.table import write_ablation, write_reports

    axes = [parse_axis(text) for text in spec.vary]
    variants = combine(spec.training_config(), axes, one_at_a_time=spec.one_at_a_time)
    check, cohort, folds = patients_of(spec)
    trained = run_ablation(cohort, folds, variants, folder, report=check.to_record(), progress=stop)
    write_reports(trained, progress=stop)
    write_ablation(trained, folder, folds=len(folds))


def go_on(run_folder: Path, stop: _Stop) -> None:
    """Go on with a run whose cohort is written.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.training.cross_validation.resume`.
    """
    from e2evit_model.training.cross_validation import resume

    resume(run_folder, progress=stop)


def report(run_folder: Path) -> None:
    """Write the report of a finished run.

    Raises
    ------
    E2EViTError
        As :func:`~e2evit_model.report.run_report.write_report`.
    """
    from e2evit_model.report.run_report import write_report

    write_report(run_folder)


def work(run_folder: Path, spec_file: Path | None, stop: _Stop) -> None:
    """Do what is asked of a folder: a comparison, a training, or the rest of one; a training ends with its report."""
    spec = read_spec(spec_file) if spec_file is not None else None
    if spec is not None and spec.vary:
        compare(spec, run_folder, stop)
        return
    run = RunFolder(run_folder)
    if spec is not None and not (run.cohort.is_file() and run.folds.is_file()):
        train(spec, run_folder, stop)
    else:
        go_on(run_folder, stop)
    report(run_folder)


def main(argv: Sequence[str] | None = None) -> int:
    """Train, and say in words what went wrong."""
    parser = argparse.ArgumentParser(description="Train a risk model in a process of its own.")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--spec", type=Path)
    given = parser.parse_args(argv)
    process_gives_way()
    stop = _Stop()
    stop.listen()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        work(given.run, given.spec, stop)
    except Cancelled:
        return STOPPED
    except Exception as error:  # noqa: BLE001 - the last line of the process: anything else would end it without a word
        failure = explain(error)
        sys.stderr.write(f"{MESSAGE}{failure.message}\n{HINT}{failure.hint}\n")
        return UNUSABLE if failure.expected else FAULT
    return DONE


if __name__ == "__main__":
    sys.exit(main())
