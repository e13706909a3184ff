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

from e2evit_gui.jobs import TRAINING_CHILD
from e2evit_gui.jobs.failure import explain
from e2evit_gui.jobs.training_spec import read_spec
from e2evit_model.progress import Cancelled
from e2evit_model.runs.run_folder import RunFolder

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


def train(spec_file: Path, run_folder: Path, stop: _Stop) -> None:
    """Train what a spec asks for; a run that was begun goes on.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.training.cross_validation.cross_validate`.
    """
    from e2evit_model.cohort.fold_files import import_folds
    from e2evit_model.training.cross_validation import cross_validate

    spec = read_spec(spec_file)
    config = spec.training_config()
    check = spec.check()
    cohort = check.accept()
    folds = import_folds(Path(spec.folds), cohort).accept(cohort)
    cross_validate(cohort, folds, config, run_folder, report=check.to_record(), progress=stop)


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


def main(argv: Sequence[str] | None = None) -> int:
    """Train, and say in words what went wrong."""
    parser = argparse.ArgumentParser(description="Train a risk model in a process of its own.")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--spec", type=Path)
    given = parser.parse_args(argv)
    stop = _Stop()
    stop.listen()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    run = RunFolder(given.run)
    prepared = run.cohort.is_file() and run.folds.is_file()
    try:
        if given.spec is not None and not prepared:
            train(given.spec, given.run, stop)
        else:
            go_on(given.run, stop)
        report(given.run)
    except Cancelled:
        return STOPPED
    except Exception as error:  # noqa: BLE001 - the last line of the process: anything else would end it without a word
        failure = explain(error)
        sys.stderr.write(f"{MESSAGE}{failure.message}\n{HINT}{failure.hint}\n")
        return UNUSABLE if failure.expected else FAULT
    return DONE


if __name__ == "__main__":
    sys.exit(main())
