"""What is painted over the slide, and how."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from e2evit_gui.state.layer_values import (
    ASKED_FOR,
    OF_SQUARES,
    LayerValues,
    OverlayLayer,
    attention_values,
    disagreement_values,
    head_values,
    occlusion_values,
    rollout_values,
    tissue_values,
)
from e2evit_gui.state.session import Session
from e2evit_model.explain.maps import OcclusionMap, RolloutMap
from e2evit_model.inference.result import SlideResult
from e2evit_model.overlay.colors import COLOR_TABLES, SIGNED_TABLES, color_table
from e2evit_model.overlay.contours import even_contours
from e2evit_model.overlay.picture import TilePicture
from e2evit_model.overlay.values import (
    DisplayScale,
    Limits,
    default_limits,
    percentile_of,
    place_in_limits,
    scale_quantity,
    times_uniform,
)
from e2evit_model.tiling.grid import TileGrid

__all__ = ["Overlay", "OverlayChoice", "OverlayLayer"]

_log = logging.getLogger(__name__)

NEARLY_EVEN = 1.1
"""Multiples of the mean that are all below this are told apart by a third decimal only."""


@dataclass(frozen=True, kw_only=True)
class OverlayChoice:
    """Everything a user may choose for the overlay.

    ``head`` -1 is the mean over heads. ``limits`` is None for the scale's own, in the scale's quantity; ``fixed`` keeps them from
    slide to slide. ``hide_below`` leaves out the tiles below the range. ``contours`` is a number of lines. ``opacity`` is 0..1.
    """

    layer: OverlayLayer = OverlayLayer.ATTENTION
    block: int = -1
    head: int = -1
    scale: DisplayScale = DisplayScale.RANK
    limits: Limits | None = None
    fixed: bool = False
    hide_below: bool = False
    contours: int = 0
    colors: str = COLOR_TABLES[0]
    signed_colors: str = SIGNED_TABLES[0]
    smooth: bool = False
    opacity: float = 0.55
    visible: bool = True


class Overlay(QObject):
    """Values of the chosen layer, placed on the chosen scale.

    ``choice_changed`` comes with any change; ``values_changed`` only when the values themselves are others (so that opacity and
    colors do not make a histogram again).
    """

    choice_changed = Signal()
    values_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._choice = OverlayChoice()
        self._layer: LayerValues | None = None
        self._computed = 0
        self._own_limits: Limits | None = None
        self._placed: tuple[object, NDArray[np.float32]] | None = None
        self._quantity: NDArray[np.float64] = np.zeros(0)
        self._rollout: RolloutMap | None = None
        self._occlusion: OcclusionMap | None = None
        self._explained: SlideResult | None = None
        self._scale_of_attention = self._choice.scale
        session.result_changed.connect(self._refresh)
        session.grid_changed.connect(self._refresh)

    @property
    def choice(self) -> OverlayChoice:
        """What the user chose."""
        return self._choice

    @property
    def values(self) -> NDArray[np.float64]:
        """(N,) raw values of the layer, empty when there are none."""
        return self._layer.values if self._layer is not None else np.zeros(0)

    @property
    def quantity(self) -> NDArray[np.float64]:
        """(N,) values in the quantity of the scale; the histogram and the limits speak of it."""
        return self._quantity

    @property
    def scales(self) -> tuple[DisplayScale, ...]:
        """The scales that the layer can be shown on; its own is the first."""
        return tuple(self._layer.labels) if self._layer is not None else ()

    @property
    def scale(self) -> DisplayScale:
        """The scale in use: the chosen one, or the layer's own where it cannot be shown on that."""
        return self._choice.scale if self._choice.scale in self.scales or not self.scales else self.scales[0]

    @property
    def limits(self) -> Limits:
        """The limits in use, chosen or the scale's own."""
        if self._choice.limits is not None:
            return self._choice.limits
        if self._layer is not None and self._layer.limits is not None and self.scale is DisplayScale.CLIPPED:
            return self._layer.limits
        if self._own_limits is None:
            self._own_limits = default_limits(self._quantity, self.scale)
        return self._own_limits

    @property
    def signed(self) -> bool:
        """Whether 0 lies in the middle of the colors."""
        return self._layer is not None and self._layer.signed and self.scale is DisplayScale.CLIPPED

    @property
    def colors(self) -> str:
        """The name of the color table in use."""
        return self._choice.signed_colors if self.signed else self._choice.colors

    @property
    def table(self) -> NDArray[np.uint8]:
        """The color table in use, (256, 4)."""
        return color_table(self.colors)

    @property
    def has_values(self) -> bool:
        """Whether there is a value a tile to color."""
        return self.values.size > 0

    @property
    def grid(self) -> TileGrid | None:
        """The tiles that the values belong to."""
        result = self._session.result
        return result.grid if result is not None else self._session.grid

    @property
    def result(self) -> SlideResult | None:
        """The result the layers come from."""
        return self._session.result

    @property
    def has_slide(self) -> bool:
        """Whether a slide is open."""
        return self._session.slide is not None

    @property
    def outdated(self) -> bool:
        """Whether there was a result, of other tiles than those that are kept now."""
        return self._session.outdated is not None

    @property
    def painted(self) -> bool:
        """Whether there is something to paint over the slide."""
        return self.has_values or (self._choice.layer is OverlayLayer.SEEN and self.result is not None)

    @property
    def rollout(self) -> RolloutMap | None:
        """The attention rollout of the result, once it was asked for."""
        return self._rollout

    @property
    def occlusion(self) -> OcclusionMap | None:
        """The occlusion map of the result, once it was asked for."""
        return self._occlusion

    @property
    def label(self) -> str:
        """What the numbers of the color bar mean."""
        return self._layer.labels[self.scale] if self._layer is not None else ""

    @property
    def caption(self) -> str:
        """What the layer is not."""
        return self._layer.caption if self._layer is not None else ""

    @property
    def unit(self) -> str:
        """What a raw value is, in words."""
        return self._layer.labels.get(DisplayScale.CLIPPED, "") if self._layer is not None else ""

    @property
    def coloring(self) -> tuple[object, ...]:
        """Everything that decides the color of a tile: where it is equal, a picture made before is still right."""
        choice = self._choice
        return self._computed, self.scale, self.limits, choice.hide_below, choice.contours, self.colors

    def written(self, tile: int) -> str:
        """Write the raw value of a tile with its sign of unit."""
        return self.in_words(float(self.values[tile])) if self.values.size else ""

    @property
    def shares(self) -> bool:
        """Whether a tile's value says most beside the mean of all tiles."""
        return self._layer is not None and self._layer.shares

    def beside_mean(self, tiles: Sequence[int]) -> list[str]:
        """Write each of some tiles as a multiple of the slide's mean tile; as it is where the layer shares nothing out."""
        if not self.shares or not np.nansum(self.values) > 0:
            return [self.written(tile) for tile in tiles]
        times = times_uniform(self.values)[list(tiles)].tolist()
        digits = 3 if max(times, default=0.0) < NEARLY_EVEN else 2
        return [f"{value:.{digits}f}×" for value in times]

    def in_words(self, value: float) -> str:
        """Write a raw value of the layer with its sign of unit."""
        return self._layer.written(value) if self._layer is not None else ""

    def positions(self) -> NDArray[np.float32]:
        """Return (N,) places between the limits, 0..1, NaN for no value and for what is hidden; made once for all who paint."""
        made_of = (self._computed, self.scale, self.limits, self._choice.hide_below)
        if self._placed is not None and self._placed[0] == made_of:
            return self._placed[1]
        places = place_in_limits(self._quantity, self.scale, self.limits)
        if self._choice.hide_below:
            places[self._quantity < self.limits[0]] = np.nan
        places.flags.writeable = False
        self._placed = (made_of, places)
        return places

    def shown(self) -> int:
        """Return how many tiles lie at or above the beginning of the range."""
        return int(np.count_nonzero(self._quantity >= self.limits[0]))

    def contours(self, picture: TilePicture) -> list[NDArray[np.float64]]:
        """Return the contour lines, evenly over the range of the colors, in level-0 pixels."""
        if not self.has_values:
            return []
        places = place_in_limits(self._quantity, self.scale, self.limits)
        return even_contours(places, picture, self._choice.contours)

    def percentile(self, tile: int) -> float | None:
        """Return the place of a tile's value among all tiles, in percent."""
        return percentile_of(self.values, float(self.values[tile])) if 0 <= tile < self.values.size else None

    def ranking(self) -> NDArray[np.int64]:
        """Return the tiles from the highest value to the lowest."""
        return np.argsort(-self.values, kind="stable")

    def choose(self, **changes: object) -> None:
        """Change some fields of the choice."""
        before = self._choice
        choice = self._with_its_scale(replace(before, **changes), "scale" in changes)  # type: ignore[arg-type]
        if choice == before:
            return
        other_values = (choice.layer, choice.block, choice.head, choice.scale) != (
            before.layer,
            before.block,
            before.head,
            before.scale,
        )
        if other_values and "limits" not in changes:
            choice = replace(choice, limits=None, fixed=False)
        self._choice = choice
        if other_values:
            self._compute()
            self.values_changed.emit()
        self.choice_changed.emit()

    def _with_its_scale(self, choice: OverlayChoice, chosen: bool) -> OverlayChoice:
        """Go on with the scale of attention among layers of attention; begin with the values as they are on layers of squares."""
        squares, before = (layer in OF_SQUARES for layer in (choice.layer, self._choice.layer))
        if chosen or squares == before:
            return choice
        if squares:
            self._scale_of_attention = choice.scale
        return replace(choice, scale=DisplayScale.CLIPPED if squares else self._scale_of_attention)

    def fix(self, fixed: bool) -> None:
        """Keep the range in use from slide to slide, so that they can be compared by color; or no more."""
        self.choose(fixed=fixed, limits=self.limits if fixed else None)

    def take_rollout(self, rollout: RolloutMap) -> None:
        """Take the attention rollout of the result."""
        self._rollout = rollout
        self._tell_others()

    def take_occlusion(self, found: OcclusionMap) -> None:
        """Take the occlusion map of the result."""
        self._occlusion = found
        self._tell_others()

    def _refresh(self) -> None:
        """Take the values of another result or grid; a range chosen for the one before means nothing now, unless it is fixed."""
        if self._session.result is not self._explained:
            self._explained = self._session.result
            self._rollout = self._occlusion = None
        limits = self._choice.limits if self._choice.fixed else None
        self._choice = replace(self._choice, limits=limits, head=-1, block=-1)
        self._tell_others()

    def _tell_others(self) -> None:
        self._compute()
        self.values_changed.emit()
        self.choice_changed.emit()

    def _compute(self) -> None:
        self._computed += 1
        self._own_limits = None
        self._layer = self._values_of_layer()
        self._quantity = np.zeros(0)
        if self._layer is not None and self._layer.values.size:
            self._quantity = scale_quantity(self._layer.values, self.scale)

    def _values_of_layer(self) -> LayerValues | None:
        result, grid, choice = self._session.result, self.grid, self._choice
        if choice.layer in ASKED_FOR:
            return self._values_asked_for(choice.layer)
        match choice.layer:
            case OverlayLayer.TISSUE if grid is not None:
                return tissue_values(grid)
            case OverlayLayer.ATTENTION if result is not None:
                return attention_values(result)
            case OverlayLayer.HEAD if result is not None and result.layers.size:
                return head_values(result, choice.block, choice.head)
        return None

    def _values_asked_for(self, layer: OverlayLayer) -> LayerValues | None:
        if layer is OverlayLayer.ROLLOUT:
            return rollout_values(self._rollout.shares) if self._rollout is not None else None
        if self._occlusion is None:
            return None
        return (occlusion_values if layer is OverlayLayer.OCCLUSION else disagreement_values)(self._occlusion)
