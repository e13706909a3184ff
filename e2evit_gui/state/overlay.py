"""What is painted over the slide, and how."""

import logging
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from e2evit_gui.state.session import Session
from e2evit_model.inference.result import SlideResult
from e2evit_model.overlay.color_bar import QUANTITY_LABELS
from e2evit_model.overlay.colors import COLOR_TABLES
from e2evit_model.overlay.values import (
    DisplayScale,
    Limits,
    default_limits,
    percentile_of,
    place_in_limits,
    scale_quantity,
)
from e2evit_model.tiling.grid import TileGrid

_log = logging.getLogger(__name__)


class OverlayLayer(StrEnum):
    """What the colors stand for."""

    ATTENTION = "attention"
    HEAD = "head"
    SEEN = "seen"
    TISSUE = "tissue"


@dataclass(frozen=True, kw_only=True)
class OverlayChoice:
    """Everything a user may choose for the overlay.

    ``head`` -1 is the mean over heads. ``limits`` is None for the scale's own, in the scale's quantity. ``opacity`` is 0..1.
    """

    layer: OverlayLayer = OverlayLayer.ATTENTION
    block: int = -1
    head: int = -1
    scale: DisplayScale = DisplayScale.RANK
    limits: Limits | None = None
    colors: str = COLOR_TABLES[0]
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
        self._values: NDArray[np.float64] = np.zeros(0)
        self._quantity: NDArray[np.float64] = np.zeros(0)
        session.result_changed.connect(self._refresh)
        session.grid_changed.connect(self._refresh)

    @property
    def choice(self) -> OverlayChoice:
        """What the user chose."""
        return self._choice

    @property
    def values(self) -> NDArray[np.float64]:
        """(N,) raw values of the layer, empty when there are none."""
        return self._values

    @property
    def quantity(self) -> NDArray[np.float64]:
        """(N,) values in the quantity of the scale; the histogram and the limits speak of it."""
        return self._quantity

    @property
    def scale(self) -> DisplayScale:
        """The scale in use: tissue fractions are always shown as they are."""
        return DisplayScale.CLIPPED if self._choice.layer is OverlayLayer.TISSUE else self._choice.scale

    @property
    def limits(self) -> Limits:
        """The limits in use, chosen or the scale's own."""
        if self._choice.limits is not None:
            return self._choice.limits
        if self._choice.layer is OverlayLayer.TISSUE:
            return 0.0, 1.0
        return default_limits(self._quantity, self.scale)

    @property
    def has_values(self) -> bool:
        """Whether there is a value a tile to color."""
        return self._values.size > 0

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
    def label(self) -> str:
        """What the numbers of the color bar mean."""
        layer = self._choice.layer
        if layer is OverlayLayer.TISSUE:
            return self.tr("tissue in the tile")
        if layer is OverlayLayer.HEAD and self.scale is not DisplayScale.RANK:
            logarithmic = self.scale is DisplayScale.LOG
            return self.tr("times uniform attention, log scale") if logarithmic else self.tr("times uniform attention")
        return QUANTITY_LABELS[self.scale]

    def written(self, tile: int) -> str:
        """Write the raw value of a tile with its unit: a share of attention, times uniform, or a share of tissue."""
        value = float(self._values[tile])
        layer = self._choice.layer
        if layer is OverlayLayer.TISSUE:
            return f"{value:.0%}"
        return f"{value:.2g}×" if layer is OverlayLayer.HEAD else f"{value:.3g}"

    def positions(self) -> NDArray[np.float32]:
        """Return (N,) places between the limits, 0..1, NaN for no value."""
        return place_in_limits(self._quantity, self.scale, self.limits)

    def percentile(self, tile: int) -> float | None:
        """Return the place of a tile's value among all tiles, in percent."""
        return percentile_of(self._values, float(self._values[tile])) if 0 <= tile < self._values.size else None

    def ranking(self) -> NDArray[np.int64]:
        """Return the tiles from the highest value to the lowest."""
        return np.argsort(-self._values, kind="stable")

    def choose(self, **changes: object) -> None:
        """Change some fields of the choice."""
        before = self._choice
        choice = replace(before, **changes)  # type: ignore[arg-type]
        if choice == before:
            return
        other_values = (choice.layer, choice.block, choice.head, choice.scale) != (
            before.layer,
            before.block,
            before.head,
            before.scale,
        )
        if other_values and "limits" not in changes:
            choice = replace(choice, limits=None)
        self._choice = choice
        if other_values:
            self._compute()
            self.values_changed.emit()
        self.choice_changed.emit()

    def _refresh(self) -> None:
        """Take the values of another result or grid; a range chosen for the one before means nothing now."""
        self._choice = replace(self._choice, limits=None, head=-1, block=-1)
        self._compute()
        self.values_changed.emit()
        self.choice_changed.emit()

    def _compute(self) -> None:
        self._values = self._raw()
        uniform = 1.0 if self._choice.layer is OverlayLayer.HEAD else None
        self._quantity = scale_quantity(self._values, self.scale, uniform=uniform) if self._values.size else np.zeros(0)

    def _raw(self) -> NDArray[np.float64]:
        result, grid = self._session.result, self.grid
        choice = self._choice
        if choice.layer is OverlayLayer.TISSUE and grid is not None:
            return grid.tissue.astype(np.float64)
        if result is None or choice.layer is OverlayLayer.TISSUE:
            return np.zeros(0)
        if choice.layer is OverlayLayer.HEAD:
            block = result.layers[choice.block].astype(np.float64)
            chosen: NDArray[np.float64] = block.mean(axis=0) if choice.head < 0 else block[choice.head]
            return chosen
        if choice.layer is OverlayLayer.SEEN:
            return np.zeros(0)
        return result.attention.astype(np.float64)
