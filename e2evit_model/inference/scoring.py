"""The risks of many slides by one risk model: one row a slide, resumable, a bad slide not stopping the others."""

import functools
import hashlib
import json
import logging
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from e2evit_model.errors import E2EViTError, OptionError
from e2evit_model.files import cache_folder, write_whole
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.models import LoadedModel, load_model
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.processes import own_or_given, run_jobs, until_given_up
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.records import RecordFault, from_record
from e2evit_model.spreadsheet import safe_cell

_log = logging.getLogger(__name__)

STEP = "Scoring slides"
_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class SlideScore:
    """What is kept of one slide; ``survival`` is S at the end of each bin, mean over members."""

    slide_id: str
    fingerprint: str
    mpp: float
    n_tiles: int
    model_sha256: str
    risk: float
    member_risks: tuple[float, ...]
    percentile: float | None
    group: str | None
    survival: tuple[float, ...]
    bin_edges_days: tuple[float | None, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SlideFailure:
    """A slide that could not be analyzed, and why."""

    slide_id: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class _Job:
    slide_id: str
    path: Path
    settings: AnalysisSettings
    choice: ModelChoice
    kept: Path


@functools.lru_cache(maxsize=1)
def _model(choice: ModelChoice, stamp: str) -> LoadedModel:  # noqa: ARG001 - another file under the same name is another model
    """Load a model once a process."""
    return load_model(choice)


def _stamp(choice: ModelChoice) -> str:
    """Return what changes when the files of a model change."""
    path = Path(choice.source)
    files = sorted(path.glob("*")) if path.is_dir() else [path] if path.is_file() else []
    return json.dumps([(f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in files])


def score_slides(
    slides: Sequence[tuple[str, Path]],
    settings: AnalysisSettings,
    choice: ModelChoice,
    *,
    workers: int = 1,
    progress: Progress = silent,
    executor: Executor | None = None,
) -> tuple[list[SlideScore], list[SlideFailure]]:
    """Score slides, given as (id, path); what was done by an earlier, stopped call is not done again.

    Parameters
    ----------
    workers
        Processes of our own; 1 works in this process. ``executor``, where given, is used instead.

    Returns
    -------
    tuple
        One row a slide, in the order given, and the slides that failed with their reasons.

    Raises
    ------
    E2EViTError
        When the model cannot be loaded.
    Cancelled
        When ``progress`` raises it; finished slides are kept.
    """
    stamp = _stamp(choice)
    # a wrong model is told at once, not once a slide
    if executor is None and workers == 1:
        _model(choice, stamp)
    jobs = [
        _Job(slide_id=i, path=p, settings=settings, choice=choice, kept=_kept(p, settings, choice, stamp))
        for i, p in slides
    ]
    found: dict[str, SlideScore | SlideFailure] = {}
    if executor is None and workers == 1:
        for done, job in enumerate(jobs):
            progress(STEP, done, len(jobs))
            found[job.slide_id] = _analyze(job, progress=_Quiet(progress, done, len(jobs)))
        progress(STEP, len(jobs), len(jobs))
    else:
        with own_or_given(executor, min(workers, max(len(jobs), 1))) as pool:
            run_jobs(
                pool,
                functools.partial(_analyze, progress=until_given_up),
                jobs,
                heard=lambda job, outcome: found.update({job.slide_id: outcome}),
                tick=lambda done: progress(STEP, done, len(jobs)),
            )
    outcomes = [found[job.slide_id] for job in jobs]
    return [o for o in outcomes if isinstance(o, SlideScore)], [o for o in outcomes if isinstance(o, SlideFailure)]


class _Quiet:
    """Lets the user cancel inside a slide, and says how far the slides are."""

    def __init__(self, progress: Progress, done: int, total: int) -> None:
        self._progress, self._done, self._total = progress, done, total

    def __call__(self, step: str, done: int, total: int) -> None:  # noqa: ARG002 - the slides are counted, not their parts
        self._progress(STEP, self._done, self._total)


def _kept(path: Path, settings: AnalysisSettings, choice: ModelChoice, stamp: str) -> Path:
    """Return where the row of a slide is kept: its name is made of all that decides it."""
    said: list[Any] = [_VERSION, str(path.absolute()), settings.to_record(), asdict(choice), stamp]
    if path.is_file():
        stat = path.stat()
        said += [stat.st_size, stat.st_mtime_ns]
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
    return cache_folder() / "rows" / f"{digest}.json"


def _analyze(job: _Job, *, progress: Progress = silent) -> SlideScore | SlideFailure:
    known = _read_row(job.kept)
    if known is not None:
        return known
    try:
        model = _model(job.choice, _stamp(job.choice))
        result = analyze_slide(job.path, job.settings, model, progress=progress)
    except E2EViTError as error:
        return SlideFailure(slide_id=job.slide_id, reason=error.message, hint=error.hint)
    risk = result.risk
    if risk is None:
        return SlideFailure(slide_id=job.slide_id, reason=result.why_no_risk)
    row = SlideScore(
        slide_id=job.slide_id,
        fingerprint=result.info.fingerprint,
        mpp=result.grid.scale.mpp,
        n_tiles=len(result.grid),
        model_sha256=result.model.weights_sha256,
        risk=risk.risk,
        member_risks=risk.member_risks,
        percentile=risk.percentile,
        group=risk.group,
        survival=tuple(map(float, risk.survival.mean(axis=0))),
        bin_edges_days=tuple(edge if np.isfinite(edge) else None for edge in risk.bin_edges_days),
        notices=result.notices,
    )
    _write_row(job.kept, row)
    return row


def _read_row(path: Path) -> SlideScore | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return from_record(SlideScore, record)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecordFault) as error:
        _log.info("a kept row is damaged and is made again (%s)", type(error).__name__)
        return None


def _write_row(path: Path, row: SlideScore) -> None:
    try:
        with write_whole(path) as temporary:
            temporary.write_text(json.dumps(asdict(row)), encoding="utf-8")
    except E2EViTError as error:
        # the row is in memory all the same: only resuming is lost
        _log.info("a row could not be kept: %s", error.message)


def risk_table(rows: Sequence[SlideScore]) -> pd.DataFrame:
    """Return one row a slide: slide_id, risk, percentile, group, S at the end of each time bin, and what made it."""
    names = ["slide_id", "risk", "percentile", "group", "fingerprint", "mpp", "model_sha256", "n_tiles"]
    edges = rows[0].bin_edges_days[1:] if rows else ()
    ends = [f"S_{edge:.0f}_days" if edge is not None else "S_end" for edge in edges]
    front = [
        (
            safe_cell(r.slide_id),
            r.risk,
            r.percentile,
            r.group,
            r.fingerprint,
            r.mpp,
            r.model_sha256,
            r.n_tiles,
            *r.survival,
        )
        for r in rows
    ]
    return pd.DataFrame(front, columns=pd.Index([*names, *ends]))


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV or Parquet, by its suffix, whole or not at all.

    Raises
    ------
    OptionError
        When the suffix is neither.
    OutputError
        When it cannot be written.
    """
    check_table_path(path)
    with write_whole(path) as temporary:
        if path.suffix.lower() == ".csv":
            table.to_csv(temporary, index=False)
        else:
            table.to_parquet(temporary, index=False)


def check_table_path(path: Path) -> None:
    """Refuse a table that is neither CSV nor Parquet.

    Raises
    ------
    OptionError
        With the two suffixes.
    """
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise OptionError(
            f"{path.name} is neither a .csv nor a .parquet file.", hint="Choose a name that ends with one of them."
        )
