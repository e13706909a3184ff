"""What the analysis of one slide gives; does not import torch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.survival.prediction import SurvivalPrediction
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tissue.mask import TissueMask


@dataclass(frozen=True, kw_only=True)
class ModelSummary:
    """What was run, for screen and record: no path in it.

    ``weights_sha256`` is of the weight file(s); ``conversion`` the record of the conversion settings; ``demonstration`` a sentence
    when the model must not be taken for a trained one, else empty.
    """

    name: str
    backbone: str
    weights_sha256: str
    licence: str
    patch_px: int
    conversion: Mapping[str, Any]
    demonstration: str = ""


@dataclass(frozen=True, kw_only=True)
class SlideResult:
    """Everything the analysis of a slide found.

    ``grid`` holds the N tiles that were read, in strip order. ``embedding`` is (C,). ``attention`` (N,) float32 is the share of
    CLS attention of each tile: last layer, mean over heads, raw (with the prefix's share it sums to 1). ``layers`` is
    (layers, heads, N) float16: the same by layer and head, *times N* so that 1 means uniform. ``seen`` (N, S, S, 3) uint8 is
    what the model sees of each tile: its mean patch (S = P), or those of its parts side by side (S = 2 P) with more than one
    token a tile. ``color_share`` is the share of the tokens' variance that the mean color explains, ``None`` for too few tiles.
    ``risk`` is ``None`` without a trained head, and ``why_no_risk`` says why. ``notices`` are sentences the user should read;
    ``seconds`` is wall time by step.
    """

    info: SlideInfo
    mask: TissueMask
    grid: TileGrid
    model: ModelSummary
    embedding: NDArray[np.float32]
    attention: NDArray[np.float32]
    layers: NDArray[np.float16]
    seen: NDArray[np.uint8]
    risk: SurvivalPrediction | None
    why_no_risk: str
    notices: tuple[str, ...]
    seconds: Mapping[str, float]
    device: str
    color_share: float | None = None
    record: Mapping[str, Any] = field(default_factory=dict)
