"""The occlusion map: what the model says of a slide without one part of it, for one part after the other.

Every square of tiles is left out and the strip is run again without it, exactly as an analysis of the other tiles would run it:
the strip becomes shorter and distances along it are those of the shorter strip. Nothing is painted over, so no made-up color is
shown to the model. After Zeiler and Fergus: Visualizing and Understanding Convolutional Networks (ECCV 2014).

The slide is not read again: the mean patches of the other tiles are those that were read. Strips of different tiles differ in
length and in every distance, so they are run one by one; weights are loaded once a fold model, patches are averaged once.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.convert.e2evit import Encoding
from e2evit_model.errors import TilingError
from e2evit_model.explain.maps import OcclusionCost, OcclusionMap, Target, occlusion_cost
from e2evit_model.explain.settings import OcclusionSettings
from e2evit_model.explain.squares import Squares, choose_side, lay_squares
from e2evit_model.inference.analyze import PreparedStrip, prepare_strip
from e2evit_model.inference.encoding import encode_parts
from e2evit_model.inference.models import LoadedModel
from e2evit_model.inference.record import strip_record
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.risk_model import RiskModel

_log = logging.getLogger(__name__)

STEP = "Leaving out squares"


def occlude_slide(
    path: Path | str,
    settings: AnalysisSettings,
    occlusion: OcclusionSettings,
    model: ModelChoice | LoadedModel,
    *,
    announce: Callable[[Squares, OcclusionCost], None] | None = None,
    progress: Progress = silent,
) -> OcclusionMap:
    """Run the model without each square of tiles; see :func:`occlude_strip`.

    Raises
    ------
    TilingError
        When all tiles lie in one square, so that nothing would be left.
    E2EViTError, Cancelled
        As :func:`~e2evit_model.inference.analyze.analyze_slide`.
    """
    strip = prepare_strip(path, settings, model, progress=progress)
    return occlude_strip(strip, occlusion, announce=announce, progress=progress)


def occlude_strip(
    strip: PreparedStrip,
    occlusion: OcclusionSettings,
    *,
    announce: Callable[[Squares, OcclusionCost], None] | None = None,
    progress: Progress = silent,
) -> OcclusionMap:
    """Run the model on a prepared strip without each of its squares.

    Parameters
    ----------
    announce
        Hears the squares and what they will take, as soon as the whole strip was run once and the time of a run is known.

    Raises
    ------
    TilingError
        When all tiles lie in one square.
    """
    squares = squares_of(strip, occlusion)
    begin = time.perf_counter()
    members = strip.loaded.members

    def first_run(seconds: float) -> None:
        if announce is not None:
            announce(squares, occlusion_cost(len(squares), members=members, seconds_a_run=seconds * members))

    counted = _Counted(progress, (len(squares) + 1) * members, first_run)
    parts = [np.arange(len(strip.grid)), *(squares.without(number) for number in range(len(squares)))]
    by_member, device, notices = encode_parts(
        strip.loaded,
        strip.plan,
        strip.stack,
        strip.grid,
        parts,
        tokens=strip.tokens,
        all_layers=False,
        progress=counted,
        each=counted.next,
    )
    seconds = time.perf_counter() - begin
    _log.info("%d squares took %.1f s", len(squares), seconds)
    whole, without, target = _measured(strip.loaded.risk, by_member)
    found = OcclusionMap(
        info=strip.info,
        grid=strip.grid,
        model=strip.loaded.summary,
        squares=squares,
        target=target,
        whole=whole,
        without=without,
        seconds=seconds,
        notices=(*strip.notices, *notices),
    )
    record = strip_record(strip.info, strip.mask, strip.grid, strip.loaded, strip.plan)
    return replace(found, record=record | _outcome(found) | {"device": device})


def squares_of(strip: PreparedStrip, occlusion: OcclusionSettings) -> Squares:
    """Return the squares that will be left out.

    Raises
    ------
    TilingError
        When all tiles lie in one square.
    """
    side = occlusion.side if occlusion.side is not None else choose_side(strip.grid, occlusion.squares)
    squares = lay_squares(strip.grid, side)
    if len(squares) < 2:
        raise TilingError(
            f"All {len(strip.grid)} tiles lie in one square of {side} x {side} tiles: without it nothing would be left.",
            hint="Choose smaller squares, or allow more of them.",
        )
    return squares


def _measured(
    risk: RiskModel | None, by_member: Sequence[Sequence[Encoding]]
) -> tuple[NDArray[np.float64], NDArray[np.float64], Target]:
    """Return what is measured of the whole strip, (M,), and without each square, (G, M): by each fold model.

    Without a trained head it is the cosine distance between the embedding and that of the whole strip.
    """
    if risk is None:
        rows = np.stack([encoding.embedding for encoding in by_member[0]]).astype(np.float64)
        length = np.maximum(np.linalg.norm(rows, axis=1), np.finfo(np.float64).tiny)
        distance = 1.0 - rows @ rows[0] / (length * length[0])
        return np.zeros(1), np.maximum(distance[1:, None], 0.0), Target.EMBEDDING
    predicted = []
    for one in zip(*by_member, strict=True):  # the same strip by every backbone
        embeddings = np.stack([encoding.embedding for encoding in one])
        predicted.append(risk.predict(embeddings[0] if risk.backbone_is_shared else embeddings).member_risks)
    risks = np.array(predicted, np.float64)
    return risks[0], risks[1:], Target.RISK


def _outcome(found: OcclusionMap) -> dict[str, Any]:
    return {
        "occlusion": {
            "target": found.target.value,
            "square_side_tiles": found.squares.side,
            "squares": len(found.squares),
            "whole_by_member": found.whole.tolist(),
            "without_by_member": found.without.tolist(),
            "tiles_in_square": found.squares.sizes.tolist(),
        },
        "notices": list(found.notices),
        "seconds": {"occlusion": round(found.seconds, 3)},
    }


class _Counted:
    """Count runs instead of the blocks of each, and let the user cancel inside a run."""

    def __init__(self, progress: Progress, total: int, first_run: Callable[[float], None]) -> None:
        self._progress, self._done, self._total = progress, 0, total
        self._first_run, self._begin = first_run, time.perf_counter()

    def __call__(self, step: str, done: int, total: int) -> None:  # noqa: ARG002 - runs are counted, not their parts
        self._progress(STEP, self._done, self._total)

    def next(self) -> None:
        """Count a run that has ended."""
        self._done += 1
        if self._done == 1:
            self._first_run(time.perf_counter() - self._begin)
        self._progress(STEP, self._done, self._total)
