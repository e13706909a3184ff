"""Compute the layers that are asked for: rollout and occlusion, in the model's process. No widgets here."""

import logging
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.model_process import ModelProcess
from e2evit_gui.state.layer_values import OverlayLayer
from e2evit_gui.state.overlay import Overlay
from e2evit_gui.state.session import Notice, Session, Weight
from e2evit_model.annotations.selection import TileSelection
from e2evit_model.explain.maps import OcclusionMap, RolloutMap, occlusion_cost
from e2evit_model.explain.settings import OcclusionSettings
from e2evit_model.explain.squares import choose_side, lay_squares
from e2evit_model.inference.result import SlideResult
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice

_log = logging.getLogger(__name__)

TASKS = "e2evit_gui.jobs.explain_tasks"
OCCLUDE = f"{TASKS}:occlude"
ROLL_OUT = f"{TASKS}:roll_out"
ROLLOUT_RUNS = 2.5
"""A rollout takes about so many times what a run takes: there, and back with every layer's attention."""


@dataclass(frozen=True, kw_only=True)
class Price:
    """What computing a layer takes: ``runs`` of the model; ``squares`` of ``side`` tiles, 0 for a rollout."""

    squares: int
    side: int
    runs: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class _Ran:
    """What the result in the session was computed with."""

    result: SlideResult
    settings: AnalysisSettings
    model: ModelChoice


class ExplainPresenter(QObject):
    """Act for the overlay panel's layers that are computed on request.

    ``job_changed`` carries name, step, done and total of what runs (an empty name: nothing runs); ``changed`` comes when a
    computation begins or ends, or another result is there; ``failed`` carries a ``Failure``.
    """

    job_changed = Signal(str, str, int, int)
    changed = Signal()
    failed = Signal(object)

    def __init__(
        self, session: Session, overlay: Overlay, process: ModelProcess, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._overlay, self._process = session, overlay, process
        self._ran: _Ran | None = None
        self._computing: OverlayLayer | None = None
        self._for: SlideResult | None = None
        process.progressed.connect(self._progressed)
        process.succeeded.connect(self._succeeded)
        process.failed.connect(self._failed)
        process.cancelled.connect(self._cancelled)
        session.result_changed.connect(self._result_changed)
        session.slide_changed.connect(self.cancel)

    @property
    def computing(self) -> OverlayLayer | None:
        """The layer that is being computed."""
        return self._computing

    @property
    def running(self) -> bool:
        """Whether a layer is being computed."""
        return self._computing is not None

    @property
    def why_not(self) -> str:
        """Why nothing can be computed now; empty when it can."""
        if self._session.result is None:
            return self.tr("Run a model first.")
        if self._ran is None:
            return self.tr("The result was not computed in this window: run the model again.")
        if self._process.busy:
            return self.tr("The model is at work: wait until it has ended.")
        return ""

    def price(self, layer: OverlayLayer, occlusion: OcclusionSettings) -> Price | None:
        """Say what computing a layer for the result will take; None without a result."""
        result = self._session.result
        if result is None:
            return None
        run = max(result.seconds.get("run model", 0.0), 0.01)
        if layer is OverlayLayer.ROLLOUT:
            return Price(squares=0, side=0, runs=1, seconds=run * ROLLOUT_RUNS)
        side = occlusion.side if occlusion.side is not None else choose_side(result.grid, occlusion.squares)
        squares = len(lay_squares(result.grid, side))
        cost = occlusion_cost(squares, members=1, seconds_a_run=run)
        return Price(squares=squares, side=side, runs=cost.runs, seconds=cost.seconds)

    def compute(self, layer: OverlayLayer, occlusion: OcclusionSettings) -> None:
        """Begin to compute a layer; the disagreement of the folds comes with the occlusion map."""
        opened = self._session.open
        if self.why_not or opened is None or self._ran is None:
            return
        self._computing = layer if layer is OverlayLayer.ROLLOUT else OverlayLayer.OCCLUSION
        self._for = self._ran.result
        info = opened.slide.info
        settings = replace(self._ran.settings, mpp=info.mpp if info.mpp_source == "user" else None)
        self.job_changed.emit(self._name(), self.tr("starting"), 0, 0)
        self.changed.emit()
        if layer is OverlayLayer.ROLLOUT:
            self._process.ask(ROLL_OUT, opened.path, settings, self._ran.model)
        else:
            self._process.ask(OCCLUDE, opened.path, settings, self._ran.model, occlusion)

    @Slot()
    def cancel(self) -> None:
        """Stop computing."""
        if self.running:
            self._process.cancel()

    def _name(self) -> str:
        return self.tr("Rollout") if self._computing is OverlayLayer.ROLLOUT else self.tr("Occlusion")

    def _result_changed(self) -> None:
        """Remember what a result was computed with: settings and model may be others when a layer is asked for."""
        result, model = self._session.result, self._session.model
        if result is None or model is None:
            self._ran = None
        elif self._ran is None or self._ran.result is not result:
            # the regions of the result itself: those on the slide may be others by then
            selection = TileSelection.from_record(result.record.get("regions") or {})
            self._ran = _Ran(result=result, settings=replace(self._session.settings, selection=selection), model=model)
        self.changed.emit()

    @Slot(str, int, int)
    def _progressed(self, step: str, done: int, total: int) -> None:
        if self.running:
            self.job_changed.emit(self._name(), step, done, total)

    @Slot(object)
    def _succeeded(self, found: object) -> None:
        if not self.running:
            return
        result = self._end()
        if result is None or result is not self._session.result or not isinstance(found, (OcclusionMap, RolloutMap)):
            return
        if not _of_the_same(found, result):
            self._session.notify(
                Notice(
                    message=self.tr("Tiles or model are not those of the result any more."),
                    hint=self.tr("Run the model again, then compute the layer."),
                    weight=Weight.WARNING,
                )
            )
        elif isinstance(found, OcclusionMap):
            self._overlay.take_occlusion(found)
        else:
            self._overlay.take_rollout(found)

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        if self.running:
            self._end()
            self._session.notify(Notice.of(failure))
            self.failed.emit(failure)

    @Slot()
    def _cancelled(self) -> None:
        if self.running:
            name = self._name()
            result = self._end()
            if result is self._session.result:
                text = self.tr("{name} was cancelled.").format(name=name)
                self._session.notify(Notice(message=text, weight=Weight.INFO))

    def _end(self) -> SlideResult | None:
        result, self._for, self._computing = self._for, None, None
        self.job_changed.emit("", "", 0, 0)
        self.changed.emit()
        return result


def _of_the_same(found: OcclusionMap | RolloutMap, result: SlideResult) -> bool:
    """Say whether a layer belongs to a result: by its tiles, its weights and the way they were converted."""
    one, other = found.grid, result.grid
    tiles = len(one) == len(other) and bool(np.array_equal(one.x, other.x) and np.array_equal(one.y, other.y))
    return tiles and found.model.weights_sha256 == result.model.weights_sha256
