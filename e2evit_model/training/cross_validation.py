"""``cross_validate``: from a cohort and its folds to a run folder with predictions, figures and a risk model."""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.folds import Folds, accept_folds
from e2evit_model.convert.devices import choose_device
from e2evit_model.errors import Cancelled, E2EViTError, TrainingError
from e2evit_model.processes import own_or_given, run_jobs, until_given_up
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.records import write_json
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.runs.run_tables import write_predictions
from e2evit_model.runs.status import State, StatusWriter, only_one
from e2evit_model.training.config import Method, TrainingConfig
from e2evit_model.training.embeddings import Embedder, embed_all
from e2evit_model.training.evaluation import evaluate
from e2evit_model.training.fold_files import FoldResult, read_result
from e2evit_model.training.fold_job import FoldFailure, FoldJob, run_fold
from e2evit_model.training.network import Pretrained, load_pretrained
from e2evit_model.training.prepare import FailedSlide, wish_for
from e2evit_model.training.prepare_tokens import prepare_material
from e2evit_model.training.run_begin import (
    begin,
    begun_cohort,
    begun_config,
    public_config,
    write_environment,
    write_material,
)
from e2evit_model.training.run_model import write_run_model
from e2evit_model.training.strips import Strips

log = logging.getLogger(__name__)

STEP = "Training folds"


@dataclass(frozen=True, kw_only=True)
class FinishedRun:
    """A run that is done: its folder, what ``metrics.json`` holds, and the slides that were left out."""

    folder: RunFolder
    metrics: Mapping[str, Any]
    left_out: tuple[FailedSlide, ...] = ()


def cross_validate(
    cohort: Cohort,
    folds: Folds,
    config: TrainingConfig,
    run_folder: Path,
    *,
    strips: Strips | None = None,
    report: Mapping[str, Any] | None = None,
    command: str = "",
    progress: Progress = silent,
    executor: Executor | None = None,
) -> FinishedRun:
    """Train and test every fold; write the whole run folder. Called again on the same folder, it goes on where it was stopped.

    Parameters
    ----------
    cohort
        Patients with labels and slides.
    folds
        Which patient is trained on, validated on and tested on, in each fold.
    run_folder
        A new folder, or that of the same run.
    strips
        The strips of the slides, where they are prepared already; by default the slides are prepared here.
    report
        What is known of the cohort (mapping, flow), for ``cohort_report.json``.
    executor
        Runs slides and folds as jobs; by default processes of our own for ``config.folds_in_parallel`` above 1, else this process.

    Raises
    ------
    TrainingError
        When slides cannot be used and are not to be left out, or a fold failed; the other folds are done then.
    CohortError
        When the folds cannot be used with the slides that are there.
    RunError
        When the folder holds another run, a newer version's, or a training is running in it.
    BackboneError, WeightsError, DeviceError, OptionError
        When the model cannot be had, or not be run.
    OutputError
        When the folder cannot be written; what was there stays, and the run can be resumed.
    Cancelled
        When ``progress`` raises it; the run can be resumed.
    """
    choose_device(config.device)
    pretrained = load_pretrained(config)
    run = RunFolder(Path(run_folder))
    with only_one(run.lock):
        begin(run, cohort, folds, config, command=command)
        status = StatusWriter(run.status)
        watched = _Watched(status, progress)
        try:
            status.set_state(State.RUNNING)
            task = _Task(run=run, config=config, pretrained=pretrained, progress=watched, executor=executor)
            done = _run(task, cohort, folds, strips, report or {})
            status.set_state(State.DONE)
        except E2EViTError as error:
            _say(status, State.FAILED, error.message, error.hint)
            raise
        except (Cancelled, KeyboardInterrupt):
            _say(status, State.CANCELLED)
            raise
        except BaseException:
            _say(status, State.FAILED)
            raise
    return done


def resume(
    run_folder: Path, *, strips: Strips | None = None, progress: Progress = silent, executor: Executor | None = None
) -> FinishedRun:
    """Go on with a run that was stopped, to the result that it would have had.

    Raises
    ------
    RunError
        When the folder is no run, or was stopped before its slides were prepared.
    E2EViTError
        As :func:`cross_validate`.
    """
    run = RunFolder(Path(run_folder))
    config = begun_config(run)
    cohort, folds = begun_cohort(run)
    return cross_validate(cohort, folds, config, run.path, strips=strips, progress=progress, executor=executor)


class _Watched:
    """Progress that also beats the run's heart; says at once when the user cancels, so that folds in other processes stop."""

    def __init__(self, status: StatusWriter, progress: Progress) -> None:
        self._status, self._progress = status, progress

    def __call__(self, step: str, done: int, total: int) -> None:
        self._status.progress(step, done, total)
        try:
            self._progress(step, done, total)
        except BaseException:
            _say(self._status, State.CANCELLED)
            raise


def _say(status: StatusWriter, state: State, message: str = "", hint: str = "") -> None:
    with suppress(E2EViTError):  # the disk is full: the reason is told by what is raised
        status.set_state(state, message=message, hint=hint)


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What all steps of a run share."""

    run: RunFolder
    config: TrainingConfig
    pretrained: Pretrained
    progress: Progress
    executor: Executor | None


def _run(
    task: _Task,
    cohort: Cohort,
    folds: Folds,
    strips: Strips | None,
    report: Mapping[str, Any],
) -> FinishedRun:
    run, config, progress = task.run, task.config, task.progress
    failed: tuple[FailedSlide, ...] = ()
    if strips is None:
        prepared = prepare_material(cohort.slides, config, task.pretrained, executor=task.executor, progress=progress)
        strips = prepared.accept(skip_failed=config.skip_failed)
        failed = prepared.failed
        cohort = without_slides(cohort, {slide.slide_id for slide in failed})
    folds = accept_folds(folds, cohort)
    write_material(run, cohort, folds, report, failed)
    threads = write_environment(run, config)
    if config.method is not Method.FINE_TUNE:
        embedder = Embedder(task.pretrained, config)
        embed_all(embedder, strips, [slide.slide_id for slide in cohort.slides], progress=progress)
    jobs = [
        FoldJob(run=run.path, fold=fold, cohort=cohort, folds=folds, config=config, strips=strips, threads=threads)
        for fold in range(len(folds))
    ]
    _raise_failures(_train(jobs, task))
    results = [read_result(run.fold(fold), fold) for fold in range(len(folds))]
    metrics = _write_outcome(task, cohort, folds, results)
    return FinishedRun(folder=run, metrics=metrics, left_out=failed)


def without_slides(cohort: Cohort, slide_ids: set[str]) -> Cohort:
    """Return the cohort without some slides, and without the patients who have none then."""
    if not slide_ids:
        return cohort
    slides = tuple(slide for slide in cohort.slides if slide.slide_id not in slide_ids)
    have = {slide.patient_id for slide in slides}
    return replace(cohort, slides=slides).subset([patient for patient in cohort.patient_ids if patient in have])


def _train(jobs: Sequence[FoldJob], task: _Task) -> list[FoldFailure]:
    workers, executor, progress = task.config.folds_in_parallel, task.executor, task.progress
    failures: list[FoldFailure] = []
    if executor is None and workers == 1:
        found = [run_fold(job, progress=progress) for job in jobs]
        return [failure for failure in found if failure is not None]

    def heard(job: FoldJob, failure: FoldFailure | None) -> None:  # noqa: ARG001 - the failure names its fold
        if failure is not None:
            failures.append(failure)

    with own_or_given(executor, min(workers, len(jobs))) as pool:
        work = partial(run_fold, progress=until_given_up)
        run_jobs(pool, work, jobs, heard=heard, tick=lambda done: progress(STEP, done, len(jobs)))
    return sorted(failures, key=lambda failure: failure.fold)


def _raise_failures(failures: Sequence[FoldFailure]) -> None:
    if failures:
        first = failures[0]
        which = f"Fold {first.fold} failed" if len(failures) == 1 else f"{len(failures)} folds failed"
        raise TrainingError(f"{which}: {first.message}", hint=first.hint)


def _write_outcome(task: _Task, cohort: Cohort, folds: Folds, results: Sequence[FoldResult]) -> dict[str, Any]:
    """Write predictions, model and figures; the figures last, since a list of runs shows them."""
    run, config, progress = task.run, task.config, task.progress
    rows = [row for result in results for row in result.rows]
    write_predictions(run.predictions, [r for r in rows if not r.slide_id] + [r for r in rows if r.slide_id])
    progress("Writing the risk model", 0, 1)
    write_run_model(
        run.model,
        results,
        cohort=cohort,
        config=config,
        pretrained=task.pretrained,
        wish=wish_for(config, task.pretrained.backbone),
        record={"run": run.name, "config": public_config(config), "folds": [result.details for result in results]},
    )
    metrics = evaluate(cohort, folds, results, seed=config.seed, progress=progress)
    write_json(run.metrics, metrics)
    log.info("run %s is done", run.name)
    return metrics
