"""The session: the slide that is open, what was found on it, and what the user chose."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from e2evit_gui.jobs.failure import Failure
from e2evit_model.inference.result import SlideResult
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.slides.protocol import Slide
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tissue.mask import TissueMask


class Weight(StrEnum):
    """How much a notice weighs."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A sentence for the bar above the slide; ``action`` is the text of a button that calls ``act``."""

    message: str
    hint: str = ""
    details: str = ""
    weight: Weight = Weight.ERROR
    action: str = ""
    act: Callable[[], object] | None = field(default=None, compare=False)

    @classmethod
    def of(cls, failure: Failure) -> "Notice":
        """Make the notice of a failure."""
        return cls(message=failure.message, hint=failure.hint, details=failure.details)


@dataclass(frozen=True, kw_only=True)
class OpenSlide:
    """A slide and the file it was opened from."""

    path: Path
    slide: Slide


class Session(QObject):
    """Hold what is open; every setter tells its ``*_changed`` signal, and only when something changed.

    Replacing the slide forgets mask, grid, result and the tiles under the cursor, in this order of signals: slide, mask, grid,
    result. A replaced slide is not closed here: whoever reads from it closes it when the last read has ended.

    ``undo`` is the one stack of everything that can be taken back, whoever made the change.
    """

    slide_changed = Signal()
    mask_changed = Signal()
    grid_changed = Signal()
    result_changed = Signal()
    settings_changed = Signal()
    model_changed = Signal()
    hovered_changed = Signal(int)  # index in the grid, -1 for none
    selected_changed = Signal(int)
    noticed = Signal(object)  # Notice

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo = QUndoStack(self)
        self._open: OpenSlide | None = None
        self._mask: TissueMask | None = None
        self._grid: TileGrid | None = None
        self._result: SlideResult | None = None
        self._outdated: SlideResult | None = None
        self._settings = AnalysisSettings()
        self._model: ModelChoice | None = None
        self._hovered = -1
        self._selected = -1

    @property
    def open(self) -> OpenSlide | None:
        """The open slide, or none."""
        return self._open

    @property
    def slide(self) -> Slide | None:
        """The open slide without its path, or none."""
        return self._open.slide if self._open is not None else None

    @property
    def mask(self) -> TissueMask | None:
        """The tissue of the open slide, once found."""
        return self._mask

    @property
    def grid(self) -> TileGrid | None:
        """The tiles of the open slide in strip order, once laid."""
        return self._grid

    @property
    def result(self) -> SlideResult | None:
        """What the last finished analysis of the open slide found."""
        return self._result

    @property
    def outdated(self) -> SlideResult | None:
        """The result that went away when the tiles became others; it comes back with them."""
        return self._outdated

    @property
    def settings(self) -> AnalysisSettings:
        """The settings of the next analysis."""
        return self._settings

    @property
    def model(self) -> ModelChoice | None:
        """The model of the next analysis."""
        return self._model

    @property
    def hovered(self) -> int:
        """The tile under the cursor, in the slide or in the strip; -1 for none."""
        return self._hovered

    @property
    def selected(self) -> int:
        """The tile that was clicked or stepped to; -1 for none."""
        return self._selected

    def set_slide(self, opened: OpenSlide | None) -> None:
        """Replace the slide and forget what was found on the one before."""
        self._open = opened
        self._mask = self._grid = self._result = self._outdated = None
        self._hovered = self._selected = -1
        self.slide_changed.emit()
        self.mask_changed.emit()
        self.grid_changed.emit()
        self.result_changed.emit()
        self.hovered_changed.emit(-1)
        self.selected_changed.emit(-1)

    def set_mask(self, mask: TissueMask | None) -> None:
        """Take the tissue of the open slide."""
        if mask is not self._mask:
            self._mask = mask
            self.mask_changed.emit()

    def set_grid(self, grid: TileGrid | None) -> None:
        """Take the tiles of the open slide; a result of other tiles is put aside until they are its own again."""
        if grid is self._grid:
            return
        self._grid = grid
        if self._result is not None and not _same_tiles(grid, self._result.grid):
            self._outdated, self._result = self._result, None
            self.result_changed.emit()
        elif self._outdated is not None and _same_tiles(grid, self._outdated.grid):
            self._result, self._outdated = self._outdated, None
            self.result_changed.emit()
        self.set_hovered(-1)
        self.set_selected(-1)
        self.grid_changed.emit()

    def set_result(self, result: SlideResult | None) -> None:
        """Take a result; its mask and grid become those of the session."""
        self._result, self._outdated = result, None
        if result is not None:
            self._mask, self._grid = result.mask, result.grid
            self.mask_changed.emit()
            self.grid_changed.emit()
            self.set_hovered(-1)
        self.result_changed.emit()

    def set_settings(self, settings: AnalysisSettings) -> None:
        """Take the settings of the next analysis."""
        if settings != self._settings:
            self._settings = settings
            self.settings_changed.emit()

    def set_model(self, model: ModelChoice | None) -> None:
        """Take the model of the next analysis."""
        if model != self._model:
            self._model = model
            self.model_changed.emit()

    def set_hovered(self, tile: int) -> None:
        """Tell which tile the cursor is on (-1: none)."""
        if tile != self._hovered:
            self._hovered = tile
            self.hovered_changed.emit(tile)

    def set_selected(self, tile: int) -> None:
        """Choose a tile (-1: none)."""
        if tile != self._selected:
            self._selected = tile
            self.selected_changed.emit(tile)

    def notify(self, notice: Notice) -> None:
        """Show a sentence above the slide."""
        self.noticed.emit(notice)


def _same_tiles(one: TileGrid | None, other: TileGrid) -> bool:
    if one is None or len(one) != len(other) or one.width != other.width:
        return False
    return bool(np.array_equal(one.x, other.x) and np.array_equal(one.y, other.y))
