"""The values of each overlay layer, and what is said of them: unit, scales, range, colors."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from e2evit_gui.state.written import percent, signed
from e2evit_model.explain.maps import OcclusionMap, Target
from e2evit_model.inference.result import SlideResult
from e2evit_model.overlay.color_bar import QUANTITY_LABELS
from e2evit_model.overlay.values import DisplayScale, Limits, limits_around_zero
from e2evit_model.tiling.grid import TileGrid


def _tr(text: str) -> str:
    return QCoreApplication.translate("LayerValues", text)


class OverlayLayer(StrEnum):
    """What the colors stand for."""

    ATTENTION = "attention"
    HEAD = "head"
    ROLLOUT = "rollout"
    OCCLUSION = "occlusion"
    DISAGREEMENT = "disagreement"
    SEEN = "seen"
    TISSUE = "tissue"


ASKED_FOR = (OverlayLayer.ROLLOUT, OverlayLayer.OCCLUSION, OverlayLayer.DISAGREEMENT)
"""Layers that are computed when they are asked for."""

OF_SQUARES = (OverlayLayer.OCCLUSION, OverlayLayer.DISAGREEMENT)
"""Layers with one value for every square of tiles."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerValues:
    """``values`` (N,) raw, one a tile.

    ``labels`` says for each scale it can be shown on (the first is its own) what the numbers of the color bar mean. ``limits`` is
    its own range on the scale of raw values; ``signed`` says that 0 is in the middle. ``written`` writes a raw value with its unit.
    ``caption`` says what the layer is not. ``shares``: the tiles share something, so that a value says most beside the mean of all.
    """

    values: NDArray[np.float64]
    labels: dict[DisplayScale, str]
    written: Callable[[float], str]
    caption: str = ""
    limits: Limits | None = None
    signed: bool = False
    shares: bool = False


def _plain(value: float) -> str:
    return signed(value, ".3g")


def tissue_values(grid: TileGrid) -> LayerValues:
    """Return the tissue fraction of each tile."""
    return LayerValues(
        values=grid.tissue.astype(np.float64),
        labels={DisplayScale.CLIPPED: _tr("tissue in the tile")},
        written=percent,
        limits=(0.0, 1.0),
    )


def attention_values(result: SlideResult) -> LayerValues:
    """Return the share of attention, last layer."""
    return LayerValues(
        values=result.attention.astype(np.float64),
        labels=dict(QUANTITY_LABELS),
        written=_plain,
        caption=_tr("Attention is where the model looked, not why."),
        shares=True,
    )


def head_values(result: SlideResult, block: int, head: int) -> LayerValues:
    """Return attention of one layer and head (-1: the last one, the mean of all), as a result keeps it: times the tiles' number."""
    layer = result.layers[block].astype(np.float64)
    labels = {
        DisplayScale.RANK: QUANTITY_LABELS[DisplayScale.RANK],
        DisplayScale.CLIPPED: _tr("attention × number of tiles"),
        DisplayScale.TIMES_UNIFORM: QUANTITY_LABELS[DisplayScale.TIMES_UNIFORM],
        DisplayScale.LOG: _tr("attention × number of tiles, log scale"),
    }
    return LayerValues(
        values=layer.mean(axis=0) if head < 0 else layer[head],
        labels=labels,
        written=lambda value: f"{value:.2g}×",
        caption=_tr(
            "Attention is where the model looked, not why. A single head is a part of the model, not its opinion."
        ),
        shares=True,
    )


def rollout_values(rollout: NDArray[np.floating]) -> LayerValues:
    """Return attention rolled out through all layers."""
    labels = {
        **QUANTITY_LABELS,
        DisplayScale.CLIPPED: _tr("share of the rollout"),
        DisplayScale.LOG: _tr("share of the rollout, log scale"),
        DisplayScale.TIMES_UNIFORM: _tr("times uniform rollout"),
    }
    return LayerValues(
        values=rollout.astype(np.float64),
        labels=labels,
        written=_plain,
        caption=_tr(
            "Rollout multiplies attention through all layers: where information came from, not why it mattered."
        ),
        shares=True,
    )


def occlusion_values(found: OcclusionMap) -> LayerValues:
    """Return what the square of each tile adds."""
    values = found.by_tile(found.change)
    rank = QUANTITY_LABELS[DisplayScale.RANK]
    if found.target is Target.RISK:
        return LayerValues(
            values=values,
            labels={DisplayScale.CLIPPED: _tr("added to the risk"), DisplayScale.RANK: rank},
            written=lambda value: signed(value, "+.3g"),
            caption=_tr(
                "What the risk loses without the square: what this model depends on, not what causes the disease."
            ),
            limits=limits_around_zero(values),
            signed=True,
        )
    return LayerValues(
        values=values,
        labels={DisplayScale.CLIPPED: _tr("distance of the embedding"), DisplayScale.RANK: rank},
        written=_plain,
        caption=_tr("No trained head, so no risk: how far the embedding moves without the square (cosine distance)."),
    )


def disagreement_values(found: OcclusionMap) -> LayerValues | None:
    """Return the spread of the fold models, None where there is one model."""
    spread = found.disagreement
    if spread is None:
        return None
    return LayerValues(
        values=found.by_tile(spread),
        labels={
            DisplayScale.CLIPPED: _tr("spread of the fold models"),
            DisplayScale.RANK: QUANTITY_LABELS[DisplayScale.RANK],
        },
        written=_plain,
        caption=_tr("How far the fold models disagree on what the square adds to the risk (standard deviation)."),
    )
