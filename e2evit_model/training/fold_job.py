"""One fold as a job for a process: fit, open the test part, write; with a status that others can watch, and a way to stop it."""

import logging
import time
from dataclasses import dataclass
from pathlib import Path

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.folds import Folds
from e2evit_model.errors import Cancelled, E2EViTError
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.runs.status import State, StatusWriter, read_status
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.fold import fit_fold, predict_test_part
from e2evit_model.training.fold_files import StoreOnDisk, is_done, write_result
from e2evit_model.training.network import load_pretrained
from e2evit_model.training.parts import split
from e2evit_model.training.randomness import fix_arithmetic
from e2evit_model.training.strips import Strips

log = logging.getLogger(__name__)

_SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True, kw_only=True)
class FoldJob:
    """Everything that a process needs to train one fold of a run."""

    run: Path
    fold: int
    cohort: Cohort
    folds: Folds
    config: TrainingConfig
    strips: Strips
    threads: int


@dataclass(frozen=True, kw_only=True)
class FoldFailure:
    """Why a fold failed."""

    fold: int
    message: str
    hint: str = ""


class _Watched:
    """Progress that also beats the fold's heart, and stops when the run's status says that it was stopped."""

    def __init__(self, run: RunFolder, status: StatusWriter, progress: Progress) -> None:
        self._run, self._status, self._progress = run, status, progress
        self._looked = time.monotonic()

    def __call__(self, step: str, done: int, total: int) -> None:
        self._status.progress(step, done, total)
        self._progress(step, done, total)
        now = time.monotonic()
        if now - self._looked >= _SECONDS_BETWEEN_LOOKS:
            self._looked = now
            if read_status(self._run.status).state in (State.CANCELLED, State.FAILED):
                raise Cancelled


def run_fold(job: FoldJob, *, progress: Progress = silent) -> FoldFailure | None:
    """Train one fold and predict its test part; a fold that is done is left alone, one that was stopped goes on.

    Returns
    -------
    FoldFailure or None
        Why it failed, so that other folds may go on; ``None`` when it is done.

    Raises
    ------
    Cancelled
        When ``progress`` raises it, or the run's status says so.
    """
    run = RunFolder(job.run)
    folder = run.fold(job.fold)
    if is_done(folder):
        return None
    status = StatusWriter(folder.status)
    try:
        status.beat(fold=job.fold)
        status.set_state(State.RUNNING)
        fix_arithmetic(job.threads)
        watched = _Watched(run, status, progress)
        part, sealed = split(job.cohort, job.folds, job.fold, job.strips, folder.test_opened)
        fitted = fit_fold(part, job.config, load_pretrained(job.config), StoreOnDisk(folder), progress=watched)
        test, predicted = predict_test_part(fitted, sealed, progress=watched)
        write_result(folder, fitted, test, predicted)
        status.set_state(State.DONE)
    except E2EViTError as error:
        log.info("fold %d failed: %s", job.fold, error.message)
        _say(status, State.FAILED, error)
        return FoldFailure(fold=job.fold, message=error.message, hint=error.hint)
    except BaseException as error:
        # also what is no error of ours: a fold must not look as if it were still running
        _say(status, State.CANCELLED if isinstance(error, (Cancelled, KeyboardInterrupt)) else State.FAILED, error)
        raise
    return None


def _say(status: StatusWriter, state: State, error: BaseException) -> None:
    message = error.message if isinstance(error, E2EViTError) else ""
    hint = error.hint if isinstance(error, E2EViTError) else ""
    try:
        status.set_state(state, message=message, hint=hint)
    except E2EViTError as unwritten:  # the disk is full: the reason is told by the caller
        log.debug("the status of the fold cannot be written: %s", unwritten.message)
