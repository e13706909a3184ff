"""What the model sees of a slide, without running it: mean patches, and how much of them is color."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.inference.analyze import prepare_strip
from e2evit_model.inference.models import LoadedModel
from e2evit_model.inference.record import strip_record
from e2evit_model.inference.result import ModelSummary
from e2evit_model.inference.seen import color_share_of_strip, seen_tiles
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.tiling.grid import TileGrid

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SeenStrip:
    """The strip as the model gets it: ``seen`` (N, S, S, 3) uint8 and ``color_share`` as in ``SlideResult``.

    ``tokens_per_tile`` is the detail at which it is shown.
    """

    info: SlideInfo
    grid: TileGrid
    model: ModelSummary
    seen: NDArray[np.uint8]
    color_share: float | None
    patch_px: int
    tokens_per_tile: float
    notices: tuple[str, ...]
    record: Mapping[str, Any]


def see_strip(
    path: Path | str, settings: AnalysisSettings, model: ModelChoice | LoadedModel, *, progress: Progress = silent
) -> SeenStrip:
    """Read a slide into the patches that the model would get, and say how much of their tokens is color.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.inference.analyze.analyze_slide`.
    """
    strip = prepare_strip(path, settings, model, progress=progress)
    loaded, plan = strip.loaded, strip.plan
    means = strip.stack.means(loaded.backbone.patch_px)
    encoder = loaded.encoder(0, plan.conversion)
    groups = encoder.groups(len(strip.grid))
    share = color_share_of_strip(encoder, means, groups, strip.tokens[0] if strip.tokens else None)
    _log.info("the mean color explains %s of the tokens' variance", share)
    record = strip_record(strip.info, strip.mask, strip.grid, loaded, plan)
    return SeenStrip(
        info=strip.info,
        grid=strip.grid,
        model=loaded.summary,
        seen=seen_tiles(means, groups),
        color_share=share,
        patch_px=loaded.backbone.patch_px,
        tokens_per_tile=plan.conversion.tokens_per_tile,
        notices=strip.notices,
        record=record | {"seen": {"variance_explained_by_mean_color": share}, "notices": list(strip.notices)},
    )
