"""Do what panels ask for: open a slide, find its tissue, lay its tiles, run the model. No widgets here."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs.failure import Failure, explain
from e2evit_gui.jobs.worker import Worker
from e2evit_gui.slide_page.model_facts import ModelFacts, tiles_for
from e2evit_gui.state.regions import Regions
from e2evit_gui.state.session import Notice, OpenSlide, Session, Weight
from e2evit_gui.viewer.pyramid import Pyramid
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_model.annotations.selection import NOTHING, Correction, TileSelection
from e2evit_model.errors import E2EViTError, TilingError
from e2evit_model.progress import Progress
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.protocol import Slide
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tissue.mask import TissueMask

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Opened:
    path: Path
    slide: Slide
    pyramid: Pyramid


@dataclass(frozen=True, kw_only=True)
class TissueFound:
    """A mask, and its outline as rings of level-0 points, each (K, 2); ``found`` is the mask before it was corrected by hand."""

    mask: TissueMask
    found: TissueMask
    rings: Sequence[NDArray[np.float64]]


class Presenter(QObject):
    """Act for the panels; what comes of it is told by the session.

    ``job_changed`` carries name, step, done and total of what runs (an empty name: nothing runs); ``failed`` a ``Failure``.
    ``facts`` is what is known of the chosen model, which decides on the tiles; ``problem`` why there is no tissue or are no tiles.
    """

    job_changed = Signal(str, str, int, int)
    failed = Signal(object)
    opened = Signal(object)  # Path

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.tiles: SlideTiles | None = None
        self.rings: Sequence[NDArray[np.float64]] = ()
        self.whole: TileGrid | None = None
        self._found: TissueMask | None = None
        self._regions: Regions | None = None
        self._corrected_by: tuple[Correction, ...] = ()
        self.facts: ModelFacts | None = None
        self.problem: Failure | None = None
        self._opening: Worker | None = None
        self._preparing: Worker | None = None
        session.settings_changed.connect(self._settings_changed)
        session.result_changed.connect(self._check_result)

    def follow(self, regions: Regions) -> None:
        """Keep to what is drawn: which tiles are kept, and how the tissue was corrected."""
        self._regions = regions
        regions.strip_changed.connect(self._regions_changed)

    @property
    def _selection(self) -> TileSelection:
        return self._regions.selection if self._regions is not None else NOTHING

    @property
    def busy(self) -> bool:
        """Whether a slide is being opened, or its tissue and tiles are being found."""
        return self._opening is not None or self._preparing is not None

    # open

    def open(self, path: Path, *, mpp: float | None = None) -> None:
        """Open a slide in a thread; the one that is open stays until the new one is there."""
        if self._opening is not None:
            self._opening.cancel()

        def task(_progress: Progress) -> _Opened:
            slide = open_slide(path, mpp=mpp)
            try:
                return _Opened(path=path, slide=slide, pyramid=Pyramid(slide))
            except BaseException:
                slide.close()
                raise

        self._opening = self._begin(self.tr("Opening the slide"), task, self._slide_opened, self._slide_refused)

    @Slot(object)
    def _slide_opened(self, opened: _Opened) -> None:
        if self.sender() is not self._opening:
            opened.slide.close()
            return
        self._opening = None
        self._cancel_preparing()
        self._let_go()
        self.tiles = SlideTiles(opened.slide, opened.pyramid, self)
        self.tiles.failed.connect(self._tiles_failed)
        self._session.set_slide(OpenSlide(path=opened.path, slide=opened.slide))
        self.opened.emit(opened.path)
        self._idle()
        self.find_tissue()

    @Slot(object)
    def _slide_refused(self, failure: Failure) -> None:
        if self.sender() is self._opening:
            self._opening = None
            self._idle()
            self._session.notify(Notice.of(failure))
            self.failed.emit(failure)

    def close(self) -> None:
        """Close the slide."""
        self._cancel_preparing()
        self._let_go()
        self._session.set_slide(None)

    def reopen(self, *, mpp: float | None) -> None:
        """Open the same file again with another resolution."""
        opened = self._session.open
        if opened is not None:
            self.open(opened.path, mpp=mpp)

    def shut_down(self) -> None:
        """End everything: for the end of the program."""
        self._cancel_preparing()
        tiles = self.tiles
        self._let_go()
        if tiles is not None:
            tiles.join()

    def _let_go(self) -> None:
        if self.tiles is not None:
            self.tiles.close()
            self.tiles.deleteLater()
            self.tiles = None
        self.rings = ()
        self.whole = self._found = None

    @Slot(object)
    def _tiles_failed(self, error: Exception) -> None:
        hint = error.hint if isinstance(error, E2EViTError) else ""
        message = error.message if isinstance(error, E2EViTError) else self.tr("A part of the slide cannot be read.")
        self._session.notify(Notice(message=message, hint=hint, weight=Weight.WARNING))

    # tissue and tiles

    def find_tissue(self) -> None:
        """Find the tissue of the open slide, then lay the tiles."""
        opened = self._session.open
        if opened is None:
            return
        self._cancel_preparing()
        self.problem = None
        method, selection = tiles_for(self._session.settings, self.facts).tissue, self._selection

        def task(progress: Progress) -> TissueFound:
            # imported here: image libraries would make the window's start slow
            from e2evit_gui.jobs.tissue import find_tissue

            return _corrected(find_tissue(opened.slide, opened.path, method=method, progress=progress), selection)

        self._corrected_by = selection.corrections
        self._preparing = self._begin(self.tr("Finding tissue"), task, self._tissue_found, self._preparing_failed)

    @Slot(object)
    def _tissue_found(self, found: TissueFound) -> None:
        if self.sender() is not self._preparing:
            return
        self._preparing = None
        self.rings, self._found = found.rings, found.found
        self._session.set_mask(found.mask)
        self._idle()
        self.lay_tiles()

    def lay_tiles(self) -> None:
        """Lay the tiles of the chosen model, or of the defaults while none is chosen."""
        slide, mask = self._session.slide, self._session.mask
        if slide is None or mask is None or slide.info.mpp is None:
            return
        self._cancel_preparing()
        self.problem = None
        wish = tiles_for(self._session.settings, self.facts)
        info = slide.info

        def task(_progress: Progress) -> TileGrid:
            from e2evit_model.tiling.making import make_grid

            return make_grid(
                info, mask, tile_px=wish.tile_px, mpp=wish.mpp, fraction=wish.tissue_fraction, order=wish.order
            )

        self._preparing = self._begin(self.tr("Laying tiles"), task, self._tiles_laid, self._preparing_failed)

    @Slot(object)
    def _tiles_laid(self, grid: TileGrid) -> None:
        if self.sender() is self._preparing:
            self._preparing = None
            self.whole = grid
            self._keep_tiles()
            self._idle()

    def _keep_tiles(self) -> None:
        """Give the session the tiles that the regions keep."""
        if self.whole is None:
            return
        try:
            kept = self._selection.kept_or_refused(self.whole)
        except TilingError as error:
            self.problem = explain(error)
            self._session.set_grid(None)
        else:
            self.problem = None
            self._session.set_grid(self.whole if kept.all() else self.whole.subset(kept))

    def _check_result(self) -> None:
        """Take a result away again that was made with other regions than those on the slide, as one that was kept may be."""
        result = self._session.result
        if result is None or self.whole is None or "regions" not in result.record:
            return
        if TileSelection.from_record(result.record["regions"] or {}) != self._selection:
            _log.info("A result of other regions is not shown")
            self._keep_tiles()

    def _regions_changed(self) -> None:
        """Follow the regions: at once where the tissue stays, in a thread where it was corrected."""
        if self._found is None:
            return
        selection, found = self._selection, self._found
        if [*map(id, selection.corrections)] == [*map(id, self._corrected_by)]:
            self._keep_tiles()
            return
        self._cancel_preparing()
        self.problem = None
        self._corrected_by = selection.corrections
        name = self.tr("Correcting the tissue")
        self._preparing = self._begin(
            name, lambda _progress: _corrected(found, selection), self._tissue_found, self._preparing_failed
        )

    @Slot(object)
    def _preparing_failed(self, failure: Failure) -> None:
        if self.sender() is self._preparing:
            self._preparing = None
            self.problem = failure
            self.whole = None
            self._session.set_grid(None)
            self._idle()
            self._session.notify(Notice.of(failure))
            self.failed.emit(failure)

    def _settings_changed(self) -> None:
        """Follow settings that decide on tissue or tiles."""
        mask, method = self._session.mask, tiles_for(self._session.settings, self.facts).tissue
        if mask is None or not _made_by(mask, method):
            self.find_tissue()
        else:
            self.lay_tiles()

    def set_facts(self, facts: ModelFacts | None) -> None:
        """Take what is known of the chosen model: find the tissue and lay the tiles as it was trained with."""
        before = tiles_for(self._session.settings, self.facts)
        self.facts = facts
        after = tiles_for(self._session.settings, facts)
        if after.tissue != before.tissue:
            self.find_tissue()
        elif after != before:
            self.lay_tiles()

    # jobs

    def _begin(
        self,
        name: str,
        task: Callable[[Progress], Any],
        succeeded: Callable[[Any], None],
        failed: Callable[[Failure], None],
    ) -> Worker:
        worker = Worker(task, name=name)
        worker.progressed.connect(self._job_progressed)
        worker.succeeded.connect(succeeded)
        worker.failed.connect(failed)
        worker.cancelled.connect(self._job_cancelled)
        self.job_changed.emit(name, name, 0, 0)
        return worker.begin()

    @Slot(str, int, int)
    def _job_progressed(self, step: str, done: int, total: int) -> None:
        worker = self.sender()
        if isinstance(worker, Worker) and worker in (self._opening, self._preparing):
            self.job_changed.emit(worker.name, step, done, total)

    @Slot()
    def _job_cancelled(self) -> None:
        worker = self.sender()
        if worker is self._opening:
            self._opening = None
        elif worker is self._preparing:
            self._preparing = None
        self._idle()

    def cancel(self) -> None:
        """Stop whatever runs here; what was open and found before stays."""
        for worker in (self._opening, self._preparing):
            if worker is not None:
                worker.cancel()

    def _cancel_preparing(self) -> None:
        if self._preparing is not None:
            self._preparing.cancel()
            self._preparing = None

    def _idle(self) -> None:
        if not self.busy:
            self.job_changed.emit("", "", 0, 0)


def _corrected(found: TissueMask, selection: TileSelection) -> TissueFound:
    """Correct a mask and find its outline; for a thread."""
    from e2evit_model.tissue.outline import outline

    mask = selection.corrected(found)
    return TissueFound(mask=mask, rings=outline(mask), found=found)


def _made_by(mask: TissueMask, method: str) -> bool:
    """Say whether a mask is of the method that is asked for now; a mask file is named by its name alone."""
    named = mask.method.split(" ", 1)[0].rstrip(",") == method
    return named or (bool(Path(method).suffix) and Path(method).name in mask.method)
