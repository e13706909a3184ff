"""Look at the slides and the model before a training: contact sheet, disk, dry run. No widgets here."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.jobs.measured import DiskSpace, DryRun
from e2evit_gui.jobs.model_process import ModelProcess
from e2evit_model.cohort.cohort import Cohort, CohortSlide
from e2evit_model.convert.backbones import BACKBONES, Backbone
from e2evit_model.errors import E2EViTError
from e2evit_model.progress import Progress
from e2evit_model.training.config import DEFAULT_TILE_MPP, TileSettings, TrainingConfig

_log = logging.getLogger(__name__)

CARDS = 12
PICTURE_PX = 420
"""The longer side of a picture: sharp at twice the size of a card."""

_TASKS = "e2evit_gui.jobs.training_tasks:"


@dataclass(frozen=True, kw_only=True)
class Card:
    """One slide of the contact sheet: its picture, its tissue as rings in pixels of the picture, its tiles, or why it has none."""

    slide_id: str
    path: Path
    picture: QImage | None = None
    rings: Sequence[NDArray[np.float64]] = ()
    tiles: int = 0
    area_mm2: float | None = None
    note: str = ""
    message: str = ""
    hint: str = ""


def choose_slides(slides: Sequence[CohortSlide], turn: int) -> list[CohortSlide]:
    """Choose slides spread evenly over the cohort; each ``turn`` gives others."""
    there = [slide for slide in slides if slide.path is not None]
    number = min(CARDS, len(there))
    return [there[(index * len(there) // number + turn) % len(there)] for index in range(number)]


def look_at(slide: CohortSlide, tiles: TileSettings, tile_mpp: float, tile_px: int, progress: Progress) -> Card:
    """Make the card of a slide; one that cannot be used has the reason on it.

    Raises
    ------
    Cancelled
        When ``progress`` raises it.
    """
    # imported here: image libraries would make the window's start slow
    from e2evit_gui.jobs.tissue import find_tissue
    from e2evit_model.report.low_power import low_power
    from e2evit_model.slides.opening import open_slide
    from e2evit_model.tiling.making import make_grid
    from e2evit_model.tissue.outline import outline

    path = slide.path or Path(slide.slide_id)
    card = Card(slide_id=slide.slide_id, path=path)
    try:
        with open_slide(path, mpp=tiles.mpp) as opened:
            pixels, downsample = low_power(opened, PICTURE_PX, progress=progress)
            height, width = pixels.shape[:2]
            picture = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
            card = Card(slide_id=slide.slide_id, path=path, picture=picture)
            mask = find_tissue(opened, path, method=tiles.tissue, progress=progress)
            rings = [ring / downsample for ring in outline(mask)]
            card = Card(slide_id=slide.slide_id, path=path, picture=picture, rings=rings, area_mm2=mask.area_mm2())
            grid = make_grid(
                opened.info, mask, tile_px=tile_px, mpp=tile_mpp, fraction=tiles.tissue_fraction, order=tiles.order
            )
            return Card(**{**vars(card), "tiles": len(grid), "note": grid.scale.note})
    except E2EViTError as error:
        return Card(**{**vars(card), "message": error.message, "hint": error.hint})


def _decides_disk(cohort: Cohort, config: TrainingConfig) -> tuple[Any, ...]:
    return cohort.slides, config.model, config.backbone, config.tiles, config.conversion


@dataclass(frozen=True, kw_only=True)
class _Wish:
    kind: str
    function: str
    arguments: tuple[Any, ...]


class SlidePresenter(QObject):
    """Act for the pages of tiles, model and compute.

    ``cards`` come one after the other; ``disk``, ``measured`` and ``backbone`` are what the process of its own found. Failures are
    kept by kind ("disk", "dry run", "model").
    """

    cards_begun = Signal(object)  # the chosen slides
    card_made = Signal(int, object)  # number of the sheet, Card
    cards_ended = Signal()
    disk_changed = Signal()
    measured_changed = Signal()
    backbone_changed = Signal()
    here_changed = Signal()
    progressed = Signal(str, str, int, int)  # kind, step, done, total

    def __init__(self, process: ModelProcess | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.process = process if process is not None else ModelProcess(self)
        self.disk: DiskSpace | None = None
        self.measured: DryRun | None = None
        self.backbone: Backbone | None = None
        self.here: frozenset[str] | None = None
        self.failures: dict[str, Failure] = {}
        self.sheet = 0
        self._tiles: list[int] = []
        self._disk_of: tuple[Any, ...] = ()
        self._waiting: deque[_Wish] = deque()
        self._now: _Wish | None = None
        self.card_made.connect(self._count_tiles)
        self._cards = Latest("Looking at the slides", self)
        self._cards.busy_changed.connect(lambda busy: None if busy else self.cards_ended.emit())
        self._finding = Latest("Looking for weights", self)
        self._finding.succeeded.connect(self._found_here)
        self.process.progressed.connect(self._progressed)
        self.process.succeeded.connect(self._succeeded)
        self.process.failed.connect(self._failed)
        self.process.cancelled.connect(self._cancelled)

    # the contact sheet

    @property
    def looking(self) -> bool:
        """Whether cards are being made."""
        return self._cards.busy

    @property
    def usual_tiles(self) -> int:
        """How many tiles a slide of the sheet has on the average; 0 while none was looked at."""
        return round(sum(self._tiles) / len(self._tiles)) if self._tiles else 0

    @Slot(int, object)
    def _count_tiles(self, sheet: int, card: Card) -> None:
        if sheet == self.sheet and card.tiles:
            self._tiles.append(card.tiles)

    def tile_of(self, config: TrainingConfig) -> tuple[float, int]:
        """Return resolution (um/px) and size (px) of the tiles, as the settings or the backbone say."""
        backbone = BACKBONES.get(config.model) or self.backbone
        mpp = config.tiles.tile_mpp or (backbone.mpp if backbone else None) or DEFAULT_TILE_MPP
        return mpp, config.tiles.tile_px or (backbone.tile_px if backbone else 224)

    def show_sheet(self, cohort: Cohort, config: TrainingConfig, turn: int) -> None:
        """Make the cards of some slides."""
        chosen = choose_slides(cohort.slides, turn)
        self.sheet += 1
        self._tiles = []
        number, tiles, (mpp, side) = self.sheet, config.tiles, self.tile_of(config)

        def task(progress: Progress) -> None:
            for done, slide in enumerate(chosen):
                progress("Looking at the slides", done, len(chosen))
                self.card_made.emit(number, look_at(slide, tiles, mpp, side, progress))

        self.cards_begun.emit(chosen)
        self._cards.begin(task)

    # the process of its own

    def ask_disk(self, cohort: Cohort, config: TrainingConfig) -> None:
        """Ask how much disk preparing takes."""
        self.disk = None
        self._disk_of = _decides_disk(cohort, config)
        self._ask("disk", "need_of_disk", cohort.slides, config)
        self.disk_changed.emit()

    def renew_disk(self, cohort: Cohort, config: TrainingConfig) -> None:
        """Ask how much disk preparing takes, unless it was asked with these settings."""
        if self._disk_of != _decides_disk(cohort, config):
            self.ask_disk(cohort, config)

    def ask_dry_run(self, cohort: Cohort, config: TrainingConfig) -> None:
        """Ask what the largest slide costs."""
        self.measured = None
        self._ask("dry run", "dry_run", cohort.slides, config)
        self.measured_changed.emit()

    def forget_dry_run(self) -> None:
        """Forget what was measured: it was of other settings."""
        if self.measured is not None or "dry run" in self.failures:
            self.measured = None
            self.failures.pop("dry run", None)
            self.measured_changed.emit()

    def ask_backbone(self, model: Path, name: str | None) -> None:
        """Ask which backbone a weight file is of."""
        self.backbone = None
        self._ask("model", "name_backbone", model, name)
        self.backbone_changed.emit()

    def asking(self, kind: str) -> bool:
        """Whether an answer of this kind is still to come."""
        return any(wish is not None and wish.kind == kind for wish in (self._now, *self._waiting))

    def cancel(self, kind: str) -> None:
        """Do without an answer of this kind."""
        self._waiting = deque(wish for wish in self._waiting if wish.kind != kind)
        if self._now is not None and self._now.kind == kind:
            self.process.cancel()

    def _ask(self, kind: str, function: str, *arguments: Any) -> None:
        self.failures.pop(kind, None)
        self.cancel(kind)
        self._waiting.append(_Wish(kind=kind, function=_TASKS + function, arguments=arguments))
        self._next()

    def _next(self) -> None:
        if self._now is None and self._waiting and not self.process.busy:
            self._now = self._waiting.popleft()
            self.process.ask(self._now.function, *self._now.arguments)

    def _end(self) -> str:
        kind = self._now.kind if self._now is not None else ""
        self._now = None
        self._next()
        return kind

    def _tell(self, kind: str) -> None:
        signals: dict[str, Callable[[], None]] = {
            "disk": self.disk_changed.emit,
            "dry run": self.measured_changed.emit,
            "model": self.backbone_changed.emit,
        }
        signals.get(kind, lambda: None)()

    @Slot(str, int, int)
    def _progressed(self, step: str, done: int, total: int) -> None:
        if self._now is not None:
            self.progressed.emit(self._now.kind, step, done, total)

    @Slot(object)
    def _succeeded(self, result: object) -> None:
        kind = self._end()
        if isinstance(result, DiskSpace):
            self.disk = result
        elif isinstance(result, DryRun):
            self.measured = result
        elif isinstance(result, Backbone):
            self.backbone = result
        self._tell(kind)

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        kind = self._end()
        self.failures[kind] = failure
        self._tell(kind)

    @Slot()
    def _cancelled(self) -> None:
        self._tell(self._end())

    # weights on this machine

    def find_weights(self) -> None:
        """Find out which backbones have their weights on this machine."""

        def task(_progress: Progress) -> frozenset[str]:
            from e2evit_model.convert.hub import weights_at_hand

            return frozenset(name for name, one in BACKBONES.items() if weights_at_hand(one) is not None)

        self._finding.begin(task)

    @Slot(object)
    def _found_here(self, here: frozenset[str]) -> None:
        self.here = here
        self.here_changed.emit()

    def shut_down(self) -> None:
        """End what runs here."""
        self._waiting.clear()
        self._now = None
        self._cards.cancel()
        self._finding.cancel()
        self.process.stop()
