"""The files with which a run begins, and the proof that a resumed run is the same one."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from e2evit_model.cohort.cohort import Cohort, CohortSlide
from e2evit_model.cohort.export import export_cohort, read_exported
from e2evit_model.cohort.fold_files import import_folds, write_folds
from e2evit_model.cohort.folds import Folds
from e2evit_model.convert.devices import choose_device
from e2evit_model.errors import TrainingError
from e2evit_model.runs.environment import environment_record
from e2evit_model.runs.records import read_json, write_json
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import RunFolder, RunRecord
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.network import choose_dtype
from e2evit_model.training.prepare import FailedSlide

log = logging.getLogger(__name__)

_OTHER = "Resume that run with what it was begun with, or choose a new folder."
_MODEL = "model"
_SLIDE = "slide "


def public_config(config: TrainingConfig) -> dict[str, Any]:
    """Return the config as plain values without any path: a weight file is named, not where it lies."""
    record = config.to_record()
    record["model"] = Path(config.model).name
    return record


def begin(run: RunFolder, cohort: Cohort, folds: Folds, config: TrainingConfig, *, command: str = "") -> RunRecord:
    """Write ``run.json``, or check that the folder holds this very run.

    Raises
    ------
    RunError
        When it holds another run, a newer version's, or something that is not a run.
    OutputError
        When it cannot be written.
    """
    there = run.read_run() if run.run.is_file() else None
    if there is None and run.path.is_dir() and any(p.name != run.lock.name for p in run.path.iterdir()):
        raise RunError(
            f"{run.name} already holds something that is not a run.", hint="Choose a new or an empty folder."
        )
    sources = {_MODEL: config.model} if Path(config.model).exists() else {}
    sources |= {f"{_SLIDE}{slide.slide_id}": str(slide.path) for slide in cohort.slides if slide.path is not None}
    record = RunRecord(
        name=run.name,
        created=there.created if there else datetime.now(UTC).isoformat(timespec="seconds"),
        cohort=cohort.name,
        endpoint=cohort.endpoint,
        model=Path(config.model).name,
        config=public_config(config),
        folds=len(folds),
        seed=config.seed,
        sources=sources,
        command=there.command if there else command,
    )
    if there is None:
        run.write_run(record)
        return record
    # files may have moved since; what was asked may not have changed
    if replace(there, sources={}, name="") != replace(record, sources={}, name=""):
        raise RunError(f"{run.name} holds another run already.", hint=_OTHER)
    return there


def begun_config(run: RunFolder) -> TrainingConfig:
    """Return the config of a run that was begun, its weight file where it lay then.

    Raises
    ------
    RunError
        When the folder is no run.
    OptionError
        When its config is of another version.
    """
    record = run.read_run()
    config = TrainingConfig.from_record(dict(record.config))
    return replace(config, model=record.sources.get(_MODEL, config.model))


def begun_cohort(run: RunFolder) -> tuple[Cohort, Folds]:
    """Return cohort and folds of a run that was begun, slides where they lay then.

    Raises
    ------
    RunError, CohortError
        When the folder is no run, or was stopped before it had written them.
    """
    record = run.read_run()
    if not run.cohort.is_file() or not run.folds.is_file():
        raise RunError(
            f"{run.name} was stopped before its slides were prepared, so there is nothing to go on from.",
            hint="Start the training again with the same table and folder; slides that were prepared stay so.",
        )
    cohort = read_exported(run.cohort, name=record.cohort, endpoint=record.endpoint)
    slides = tuple(replace(slide, path=_path_of(slide, record.sources)) for slide in cohort.slides)
    cohort = replace(cohort, slides=slides)
    return cohort, import_folds(run.folds, cohort).accept(cohort)


def _path_of(slide: CohortSlide, sources: Mapping[str, str]) -> Path | None:
    found = sources.get(f"{_SLIDE}{slide.slide_id}")
    return None if found is None else Path(found)


def write_material(
    run: RunFolder, cohort: Cohort, folds: Folds, report: Mapping[str, Any], failed: Sequence[FailedSlide]
) -> None:
    """Write cohort, folds and report of the cohort before anything is trained, or check that they are the same.

    Raises
    ------
    RunError
        When the run was begun with other patients, labels, slides or folds.
    OutputError
        When they cannot be written.
    """
    if run.cohort.is_file() and run.folds.is_file():
        _check_same(run, cohort, folds)
        return
    left_out = [{"slide_id": slide.slide_id, "reason": slide.reason} for slide in failed]
    write_json(run.cohort_report, {**report, "left_out_slides": left_out})
    write_folds(folds, run.folds)
    export_cohort(cohort, run.cohort)  # last: it says that the others are there


def _check_same(run: RunFolder, cohort: Cohort, folds: Folds) -> None:
    before = read_exported(run.cohort)
    same = (
        before.patient_ids == cohort.patient_ids
        and np.array_equal(before.time_days, cohort.time_days)
        and np.array_equal(before.event, cohort.event)
        and sorted((s.slide_id, s.patient_id) for s in before.slides)
        == sorted((s.slide_id, s.patient_id) for s in cohort.slides)
    )
    if not same:
        raise RunError(f"{run.name} was begun with another cohort.", hint=_OTHER)
    if import_folds(run.folds, before).folds != folds:
        raise RunError(f"{run.name} was begun with other folds.", hint=_OTHER)


def write_environment(run: RunFolder, config: TrainingConfig) -> int:
    """Write ``environment.json`` once, and return with how many threads a fold runs: as many as at the beginning.

    Raises
    ------
    OutputError
        When it cannot be written.
    TrainingError
        When it is damaged.
    """
    now = environment_record()
    if not run.environment.is_file():
        own = config.threads or max(int(now["threads"]) // config.folds_in_parallel, 1)
        device = choose_device(config.device)
        used = {"device": device.type, "precision": str(choose_dtype(config.precision, device)).removeprefix("torch.")}
        write_json(run.environment, {**now, **used, "threads_a_fold": own})
        return own
    before = read_json(run.environment, TrainingError, hint=_OTHER)
    if before.get("packages") != now["packages"]:
        log.warning("this run was begun with other versions of its packages: results may differ in the last digits")
    return int(before.get("threads_a_fold", 1))
