"""Ask the model what a region does to the risk: the slide without it, or the region alone. No widgets here."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.model_process import ModelProcess
from e2evit_gui.slide_page.model_presenter import ANALYZE
from e2evit_gui.state.regions import Regions
from e2evit_gui.state.session import Notice, OpenSlide, Session, Weight
from e2evit_model.annotations.region import Region
from e2evit_model.annotations.selection import TileSelection
from e2evit_model.inference.result import SlideResult
from e2evit_model.inference.settings import AnalysisSettings

_log = logging.getLogger(__name__)


class Question(StrEnum):
    """What is asked about a region."""

    WITHOUT = "without"
    ALONE = "alone"


@dataclass(frozen=True, kw_only=True)
class RegionAnswer:
    """What an analysis of other tiles gave.

    ``risk`` and its ``difference`` to the slide's are None without a trained head; ``similarity`` is the cosine of the embeddings.
    """

    tiles: int
    risk: float | None
    difference: float | None
    similarity: float


@dataclass(frozen=True, kw_only=True)
class _Asked:
    region: Region
    question: Question
    slide: OpenSlide
    result: SlideResult


class RegionPresenter(QObject):
    """Answer questions about regions by an exact analysis of other tiles; the slide is not read again for it.

    ``job_changed`` as that of other presenters; ``changed`` comes when a question is asked or answered. Answers are forgotten when
    another result is there.
    """

    job_changed = Signal(str, str, int, int)
    changed = Signal()

    def __init__(
        self,
        session: Session,
        regions: Regions,
        process: ModelProcess,
        settings_of: Callable[[OpenSlide], AnalysisSettings],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._regions, self._process, self._settings_of = session, regions, process, settings_of
        self._asked: _Asked | None = None
        self._answers: dict[tuple[Region, Question], RegionAnswer] = {}
        process.progressed.connect(self._progressed)
        process.succeeded.connect(self._succeeded)
        process.failed.connect(self._failed)
        process.cancelled.connect(self._cancelled)
        session.result_changed.connect(self._forget)
        session.slide_changed.connect(self.cancel)

    @property
    def running(self) -> bool:
        """Whether a question is being answered."""
        return self._asked is not None

    def answer(self, region: Region, question: Question) -> RegionAnswer | None:
        """Return what is known already."""
        return self._answers.get((region, question))

    def why_not(self, region: Region) -> str:
        """Say why nothing can be asked about a region now, empty when it can."""
        if not region.is_area:
            return self.tr("Lines and points hold no tiles.")
        if self._session.result is None:
            return self.tr("Run the model first.")
        if self._process.busy:
            return self.tr("The model is at work.")
        return ""

    def ask(self, region: Region, question: Question) -> None:
        """Begin to answer; what comes of it is told by ``changed``."""
        opened, model, result = self._session.open, self._session.model, self._session.result
        if opened is None or model is None or result is None or self.why_not(region):
            return
        self._asked = _Asked(region=region, question=question, slide=opened, result=result)
        settings = replace(self._settings_of(opened), selection=self._selection(region, question))
        name = self.tr("Risk without a region") if question is Question.WITHOUT else self.tr("Risk of a region")
        self.job_changed.emit(name, name, 0, 0)
        self.changed.emit()
        self._process.ask(ANALYZE, opened.path, settings, model)

    def _selection(self, region: Region, question: Question) -> TileSelection:
        now = self._regions.selection
        if question is Question.WITHOUT:
            return replace(now, exclude=(*now.exclude, *region.polygons))
        return TileSelection(include=region.polygons, corrections=now.corrections)

    def cancel(self) -> None:
        """Stop answering."""
        if self._asked is not None:
            self._process.cancel()

    @Slot(str, int, int)
    def _progressed(self, step: str, done: int, total: int) -> None:
        if self._asked is not None:
            self.job_changed.emit(self.tr("Region"), step, done, total)

    @Slot(object)
    def _succeeded(self, result: object) -> None:
        asked = self._end()
        if asked is None or not isinstance(result, SlideResult) or asked.result is not self._session.result:
            return
        self._answers[asked.region, asked.question] = _compared(asked.result, result)
        _log.info("A question about a region was answered with %d tiles", len(result.grid))
        self.changed.emit()

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        if self._end() is not None:
            self._session.notify(Notice.of(failure))

    @Slot()
    def _cancelled(self) -> None:
        if self._end() is not None:
            self._session.notify(Notice(message=self.tr("The question was cancelled."), weight=Weight.INFO))

    def _end(self) -> _Asked | None:
        asked, self._asked = self._asked, None
        if asked is not None:
            self.job_changed.emit("", "", 0, 0)
            self.changed.emit()
        return asked

    def _forget(self) -> None:
        self._answers.clear()
        self.changed.emit()


def _compared(whole: SlideResult, other: SlideResult) -> RegionAnswer:
    risk = other.risk.risk if other.risk is not None else None
    before = whole.risk.risk if whole.risk is not None else None
    lengths = float(np.linalg.norm(whole.embedding) * np.linalg.norm(other.embedding))
    return RegionAnswer(
        tiles=len(other.grid),
        risk=risk,
        difference=risk - before if risk is not None and before is not None else None,
        similarity=float(np.dot(whole.embedding, other.embedding)) / lengths if lengths > 0 else 0.0,
    )
