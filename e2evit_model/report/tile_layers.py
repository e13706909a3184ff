"""The layers of values of tiles that figures and heat maps show: values, scale, range, colors, and what they are not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError
from e2evit_model.explain.maps import OcclusionMap, RolloutMap, Target
from e2evit_model.inference.result import SlideResult
from e2evit_model.options import Options, option
from e2evit_model.overlay.color_bar import QUANTITY_LABELS
from e2evit_model.overlay.colors import COLOR_TABLES, SIGNED_TABLES, color_table
from e2evit_model.overlay.values import (
    DisplayScale,
    Limits,
    check_limits,
    default_limits,
    limits_around_zero,
    place_in_limits,
    scale_quantity,
)

NOT_WHY = "Attention: where the model looked, not why."


class TileLayer(StrEnum):
    """What the colors stand for."""

    ATTENTION = "attention"
    ROLLOUT = "rollout"
    OCCLUSION = "occlusion"
    DISAGREEMENT = "disagreement"
    TISSUE = "tissue"


NEEDS_RUNS = (TileLayer.ROLLOUT, TileLayer.OCCLUSION, TileLayer.DISAGREEMENT)
"""Layers for which the model must run again."""

OF_OCCLUSION = (TileLayer.OCCLUSION, TileLayer.DISAGREEMENT)
"""Layers of an occlusion map."""


@dataclass(frozen=True, kw_only=True)
class LayerSettings(Options):
    """Which values of the tiles are shown, and how they become colors."""

    layer: TileLayer = option(
        TileLayer.ATTENTION,
        label="Layer",
        help="Rollout, occlusion and the disagreement of the folds need further runs of the model.",
    )
    transformer_layer: int | None = option(
        None,
        label="Transformer layer",
        minimum=1,
        maximum=100,
        help="Attention of this layer, counted from 1; when nothing is said, the last.",
    )
    head: int | None = option(
        None,
        label="Attention head",
        minimum=1,
        maximum=100,
        help="Attention of this head, counted from 1; when nothing is said, the mean of all.",
    )
    scale: DisplayScale = option(
        DisplayScale.TIMES_UNIFORM,
        label="Scale",
        help="Times uniform has the same colors on every slide. A layer that has no such scale is shown as its values are.",
    )
    lowest: float | None = option(
        None,
        label="Lowest value",
        help="That of the first color, in the numbers of the scale (rank: 0 to 1). A range of your own is the same on every slide.",
    )
    highest: float | None = option(
        None, label="Highest value", help="That of the last color, in the numbers of the scale."
    )
    colors: str = option(
        COLOR_TABLES[0],
        label="Colors",
        choices=COLOR_TABLES + SIGNED_TABLES,
        help="From the lowest to the highest value. Values with a sign take vik, bam or berlin, whose middle is 0.",
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerValues:
    """``values`` (N,) raw; ``labels`` says for each scale the layer can be shown on what its numbers mean, its own first.

    ``limits`` the range of the raw values, None for the scale's own; ``signed`` says that 0 lies in the middle; ``caption`` what
    the layer is not.
    """

    name: str
    values: NDArray[np.float64]
    labels: Mapping[DisplayScale, str]
    caption: str = ""
    limits: Limits | None = None
    signed: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class PaintedLayer:
    """A layer on its scale.

    ``quantity`` (N,) is its values in the numbers of the scale, ``places`` (N,) in 0..1 between the ``limits``; NaN for no value.
    """

    layer: LayerValues
    scale: DisplayScale
    limits: Limits
    colors: str
    quantity: NDArray[np.float64]
    places: NDArray[np.float32]

    @property
    def table(self) -> NDArray[np.uint8]:
        """The color table, (256, 4)."""
        return color_table(self.colors)

    @property
    def label(self) -> str:
        """What the numbers of the color bar mean."""
        return self.layer.labels[self.scale]

    def by_tile(self) -> NDArray[np.uint8]:
        """Return the color of each tile, (N, 4) RGBA, alpha 0 where there is no value."""
        there = np.isfinite(self.places)
        colors = self.table[np.round(np.where(there, self.places, 0.0) * 255).astype(np.uint8)]
        colors[:, 3] = np.where(there, 255, 0)
        return colors


def paint_layer(layer: LayerValues, settings: LayerSettings) -> PaintedLayer:
    """Put a layer on the chosen scale, in the chosen colors and range, as far as it has them.

    Raises
    ------
    OptionError
        When the range stands in the wrong order, or does not fit the scale.
    """
    scale = settings.scale if settings.scale in layer.labels else next(iter(layer.labels))
    quantity = scale_quantity(layer.values, scale)
    own = (
        layer.limits if layer.limits is not None and scale is DisplayScale.CLIPPED else default_limits(quantity, scale)
    )
    low = own[0] if settings.lowest is None else settings.lowest
    high = own[1] if settings.highest is None else settings.highest
    limits = check_limits(scale, (low, high))
    fitting = SIGNED_TABLES if layer.signed and scale is DisplayScale.CLIPPED else COLOR_TABLES
    colors = settings.colors if settings.colors in fitting else fitting[0]
    places = place_in_limits(quantity, scale, limits)
    return PaintedLayer(layer=layer, scale=scale, limits=limits, colors=colors, quantity=quantity, places=places)


def layer_values(
    settings: LayerSettings,
    result: SlideResult,
    *,
    rollout: RolloutMap | None = None,
    occlusion: OcclusionMap | None = None,
) -> LayerValues:
    """Return the values of the chosen layer of an analyzed slide.

    Raises
    ------
    OptionError
        When the model has no such layer or head, or the layer was not computed.
    """
    match settings.layer:
        case TileLayer.ATTENTION:
            return _attention(settings, result)
        case TileLayer.TISSUE:
            labels = {DisplayScale.CLIPPED: "tissue in the tile"}
            values = result.grid.tissue.astype(np.float64)
            return LayerValues(name="Tissue in the tile", values=values, labels=labels, limits=(0.0, 1.0))
        case TileLayer.ROLLOUT:
            if rollout is None:
                raise _not_computed("The rollout of the attention")
            return _rollout(rollout)
        case TileLayer.OCCLUSION:
            if occlusion is None:
                raise _not_computed("The occlusion map")
            return _occlusion(occlusion)
        case TileLayer.DISAGREEMENT:
            if occlusion is None:
                raise _not_computed("The disagreement of the folds")
            return _disagreement(occlusion)


def _not_computed(what: str) -> OptionError:
    return OptionError(
        f"{what} was not computed for this slide.", hint="Show the layer in the window and compute it, then export."
    )


def _attention(settings: LayerSettings, result: SlideResult) -> LayerValues:
    if settings.transformer_layer is None and settings.head is None:
        return LayerValues(
            name="Attention", values=result.attention.astype(np.float64), labels=QUANTITY_LABELS, caption=NOT_WHY
        )
    layers, heads = result.layers.shape[:2]
    block, head = settings.transformer_layer or layers, settings.head
    if block > layers:
        raise OptionError(f"The model has {layers} layers: there is no layer {block}.", hint="Choose one that it has.")
    if head is not None and head > heads:
        raise OptionError(f"A layer has {heads} heads: there is no head {head}.", hint="Choose one that it has.")
    values = result.layers[block - 1].astype(np.float64)
    kept = "attention × number of tiles"
    return LayerValues(
        name=f"Attention of layer {block}, " + (f"head {head}" if head else "all heads"),
        values=values[head - 1] if head else values.mean(axis=0),
        labels={
            DisplayScale.TIMES_UNIFORM: QUANTITY_LABELS[DisplayScale.TIMES_UNIFORM],
            DisplayScale.RANK: QUANTITY_LABELS[DisplayScale.RANK],
            DisplayScale.CLIPPED: kept,
            DisplayScale.LOG: f"{kept}, log scale",
        },
        caption=NOT_WHY + (" A single head is a part of the model, not its opinion." if head else ""),
    )


def _rollout(found: RolloutMap) -> LayerValues:
    return LayerValues(
        name="Attention, rolled out",
        values=found.shares.astype(np.float64),
        labels={
            **QUANTITY_LABELS,
            DisplayScale.CLIPPED: "share of the rollout",
            DisplayScale.LOG: "share of the rollout, log scale",
            DisplayScale.TIMES_UNIFORM: "times uniform rollout",
        },
        caption="Rollout: where information came from through all layers, not why it mattered.",
    )


def _occlusion(found: OcclusionMap) -> LayerValues:
    values = found.by_tile(found.change)
    rank = QUANTITY_LABELS[DisplayScale.RANK]
    if found.target is Target.RISK:
        return LayerValues(
            name="Occlusion",
            values=values,
            labels={DisplayScale.CLIPPED: "added to the risk", DisplayScale.RANK: rank},
            caption="Occlusion: what the risk loses without the square; what this model depends on, not what causes the disease.",
            limits=limits_around_zero(values),
            signed=True,
        )
    return LayerValues(
        name="Occlusion",
        values=values,
        labels={DisplayScale.CLIPPED: "distance of the embedding", DisplayScale.RANK: rank},
        caption="Occlusion: how far the embedding moves without the square (cosine distance); no trained head, so no risk.",
    )


def _disagreement(found: OcclusionMap) -> LayerValues:
    spread = found.disagreement
    if spread is None:
        raise OptionError(
            "This model has no folds that could disagree.", hint="Choose another layer, or a model of several folds."
        )
    return LayerValues(
        name="Disagreement of the folds",
        values=found.by_tile(spread),
        labels={
            DisplayScale.CLIPPED: "spread of the fold models",
            DisplayScale.RANK: QUANTITY_LABELS[DisplayScale.RANK],
        },
        caption="How far the fold models disagree on what the square adds to the risk (standard deviation).",
    )
