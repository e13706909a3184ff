"""Train every variant on the same folds, one after the other; a stopped ablation goes on, a failed variant says why."""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2evit_model.ablation.axes import Variant
from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.fold_files import import_folds, write_folds
from e2evit_model.cohort.folds import Folds
from e2evit_model.errors import E2EViTError
from e2evit_model.files import output_folder
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.ablation_folder import AblationFolder
from e2evit_model.runs.records import read_json, write_json
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.runs.status import State, read_status, real_state
from e2evit_model.training.cross_validation import cross_validate
from e2evit_model.training.run_begin import public_config
from e2evit_model.training.strips import Strips

log = logging.getLogger(__name__)

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Trained:
    """A variant and what became of it: its run, or the reason why there is none."""

    variant: Variant
    run: RunFolder | None
    reason: str = ""


def run_ablation(
    cohort: Cohort,
    folds: Folds,
    variants: Sequence[Variant],
    folder: Path,
    *,
    strips: Strips | None = None,
    report: Mapping[str, Any] | None = None,
    command: str = "",
    progress: Progress = silent,
    executor: Executor | None = None,
) -> list[Trained]:
    """Train every variant on the same folds; what is done already is left alone.

    Slides are prepared once for all variants that need the same of them: the cache of preparing is shared.

    Parameters
    ----------
    folder
        A new folder, or that of the same ablation.
    strips
        The strips of the slides, where they are prepared already and serve every variant.

    Returns
    -------
    list of Trained
        In the order of the variants. One that cannot be trained does not stop the others.

    Raises
    ------
    RunError
        When the folder holds another ablation, or something else.
    OutputError
        When the folder cannot be written.
    Cancelled
        When ``progress`` raises it; called again, the ablation goes on.
    """
    files = AblationFolder(output_folder(folder))
    _begin(files, cohort, folds, variants, command)
    return [
        _train(
            files,
            variant,
            cohort,
            folds,
            strips=strips,
            report=report,
            progress=_Named(number, len(variants), progress),
            executor=executor,
        )
        for number, variant in enumerate(variants)
    ]


class _Named:
    """Progress that says which of the variants it is of."""

    def __init__(self, number: int, count: int, progress: Progress) -> None:
        self._before, self._progress = f"Run {number + 1} of {count}: ", progress

    def __call__(self, step: str, done: int, total: int) -> None:
        self._progress(f"{self._before}{step}", done, total)


def _begin(files: AblationFolder, cohort: Cohort, folds: Folds, variants: Sequence[Variant], command: str) -> None:
    record = {
        "schema_version": SCHEMA_VERSION,
        "cohort": cohort.name,
        "endpoint": cohort.endpoint,
        "command": command,
        "variants": [
            {
                "values": dict(variant.values),
                "folder": variant.folder,
                "config": None if variant.config is None else public_config(variant.config),
                "reason": variant.reason,
            }
            for variant in variants
        ],
    }
    if not files.record.is_file():
        if any(files.path.iterdir()):
            raise RunError(
                f"{files.path.name} already holds something that is not an ablation.",
                hint="Choose a new or an empty folder.",
            )
        write_folds(folds, files.folds)
        write_json(files.record, record)
        return
    again = "Choose another folder, or give the same table, folds and options to go on."
    there = read_json(files.record, RunError, hint=again)
    if {**there, "command": ""} != {**record, "command": ""}:
        raise RunError(f"{files.path.name} holds another ablation already.", hint=again)
    if import_folds(files.folds, cohort).folds != folds:
        raise RunError(f"{files.path.name} was begun with other folds.", hint=again)


def _train(
    files: AblationFolder,
    variant: Variant,
    cohort: Cohort,
    folds: Folds,
    *,
    strips: Strips | None,
    report: Mapping[str, Any] | None,
    progress: Progress,
    executor: Executor | None,
) -> Trained:
    if variant.config is None:
        return Trained(variant, None, variant.reason)
    run = files.run(variant.folder)
    if run.metrics.is_file() and real_state(read_status(run.status)) is State.DONE:
        return Trained(variant, run)
    try:
        cross_validate(
            cohort, folds, variant.config, run.path, strips=strips, report=report, progress=progress, executor=executor
        )
    except E2EViTError as error:
        log.info("%s failed: %s", variant.folder, error.message)
        return Trained(variant, None, error.message)
    return Trained(variant, run)
