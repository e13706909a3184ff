"""Choose the model and run it, in a process of its own. No widgets here."""

import logging
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.model_process import ModelProcess
from e2evit_gui.slide_page.model_facts import ModelFacts, facts_of
from e2evit_gui.slide_page.presenter import Presenter
from e2evit_gui.state.regions import Regions
from e2evit_gui.state.session import Notice, OpenSlide, Session, Weight
from e2evit_gui.viewer.tile_cache import MOST_BYTES
from e2evit_model.annotations.selection import NOTHING
from e2evit_model.convert.backbones import Backbone
from e2evit_model.inference.result import SlideResult
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice

_log = logging.getLogger(__name__)

TASKS = "e2evit_gui.jobs.model_tasks"
ANALYZE = f"{TASKS}:analyze"
RECOGNISE = f"{TASKS}:recognise_weights"
BYTES_WHILE_RUNNING = 96 << 20
"""The tile cache makes room for the model."""


class ModelPresenter(QObject):
    """Act for the model's menu and for Run.

    ``changed`` comes when facts are others or a run begins or ends; ``ran`` after a result; ``failed`` carries a ``Failure``;
    ``backbone_asked`` a weight file whose layout does not say what it is, with the reason. ``facts`` is what is known of the model.
    """

    job_changed = Signal(str, str, int, int)
    changed = Signal()
    ran = Signal()
    failed = Signal(object)
    backbone_asked = Signal(object, object)  # ModelChoice, Failure

    def __init__(
        self, session: Session, process: ModelProcess, slides: Presenter, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._process, self._slides = session, process, slides
        self.facts: ModelFacts | None = None
        self._regions: Regions | None = None
        self._running_for: OpenSlide | None = None
        self._looking_at: ModelChoice | None = None
        self._look_next: ModelChoice | None = None
        process.progressed.connect(self._progressed)
        process.succeeded.connect(self._succeeded)
        process.failed.connect(self._failed)
        process.cancelled.connect(self._cancelled)
        session.slide_changed.connect(self.cancel)

    @property
    def running(self) -> bool:
        """Whether a slide is being analyzed."""
        return self._running_for is not None

    @property
    def recognising(self) -> bool:
        """Whether a weight file is being looked at."""
        return self._looking_at is not None or self._look_next is not None

    @property
    def busy(self) -> bool:
        """Whether the model's process works."""
        return self.running or self.recognising

    def choose(self, choice: ModelChoice) -> None:
        """Take a model; what a weight file is of is found out in the model's process where our tables do not say."""
        self._session.set_model(choice)
        self._take_facts(facts_of(choice))
        facts = self.facts
        if facts is not None and facts.kind == "weights" and facts.backbone is None and not facts.problem:
            self._look_next = choice
            self._look()
        else:
            self._look_next = None
            if facts is not None and not facts.problem:
                self._process.warm_up()
        self.changed.emit()

    def run(self) -> None:
        """Analyze the open slide with the chosen model."""
        opened, model = self._session.open, self._session.model
        if opened is None or model is None or self.busy:
            return
        if self._process.busy:
            said = self.tr("The model is at work: wait until it has ended, or cancel it.")
            self._session.notify(Notice(message=said, weight=Weight.INFO))
            return
        self._running_for = opened
        if self._slides.tiles is not None:
            self._slides.tiles.cache.limit(BYTES_WHILE_RUNNING)
        self.job_changed.emit(self.tr("Analysis"), self.tr("starting the model's process"), 0, 0)
        self.changed.emit()
        self._process.ask(ANALYZE, opened.path, self.settings_of(opened), model)

    def follow(self, regions: Regions) -> None:
        """Keep to what is drawn on the slide."""
        self._regions = regions

    def settings_of(self, opened: OpenSlide) -> AnalysisSettings:
        """Return the settings with the resolution that the user gave for this slide, and with what is drawn on it."""
        info = opened.slide.info
        mpp = info.mpp if info.mpp_source == "user" else None
        selection = self._regions.selection if self._regions is not None else NOTHING
        return replace(self._session.settings, mpp=mpp, selection=selection)

    def cancel(self) -> None:
        """Stop the analysis."""
        if self.running:
            self._process.cancel()

    def shut_down(self) -> None:
        """End the process: for the end of the program."""
        self._running_for = self._looking_at = self._look_next = None
        self._process.stop()

    def _look(self) -> None:
        """Look at the weight file as soon as the process is free."""
        if self._look_next is not None and not self._process.busy:
            self._looking_at, self._look_next = self._look_next, None
            self.job_changed.emit(self.tr("Model"), self.tr("looking at the weight file"), 0, 0)
            self._process.ask(RECOGNISE, self._looking_at)

    def _take_facts(self, facts: ModelFacts | None) -> None:
        self.facts = facts
        self._slides.set_facts(facts)

    @Slot(str, int, int)
    def _progressed(self, step: str, done: int, total: int) -> None:
        if self.running:
            self.job_changed.emit(self.tr("Analysis"), step, done, total)

    @property
    def _asked(self) -> bool:
        """Whether what ends is ours: the process works for others, too."""
        if self.running or self._looking_at is not None:
            return True
        self._look()
        return False

    @Slot(object)
    def _succeeded(self, result: object) -> None:
        if not self._asked:
            return
        looked_at, ran_for = self._end()
        if looked_at is not None and looked_at == self._session.model and isinstance(result, Backbone):
            self._take_facts(ModelFacts(title=result.title, kind="weights", backbone=result, licence=result.licence))
            self.changed.emit()
        if isinstance(result, SlideResult) and ran_for is not None and ran_for is self._session.open:
            self._session.set_result(result)
            for sentence in result.notices:
                self._session.notify(Notice(message=sentence, weight=Weight.WARNING))
            self.ran.emit()

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        if not self._asked:
            return
        looked_at, _ = self._end()
        if looked_at is not None:
            if looked_at == self._session.model:
                self._take_facts(
                    ModelFacts(
                        title=Path(looked_at.source).name, kind="weights", problem=failure.message, hint=failure.hint
                    )
                )
                self.changed.emit()
                self.backbone_asked.emit(looked_at, failure)
            return
        self._session.notify(Notice.of(failure))
        self.failed.emit(failure)

    @Slot()
    def _cancelled(self) -> None:
        if not self._asked:
            return
        _, ran_for = self._end()
        if ran_for is not None and ran_for is self._session.open:
            self._session.notify(Notice(message=self.tr("The analysis was cancelled."), weight=Weight.INFO))

    def _end(self) -> tuple[ModelChoice | None, OpenSlide | None]:
        """Take note that the process is free; return what it worked on."""
        ended = self._looking_at, self._running_for
        self._looking_at = self._running_for = None
        if self._slides.tiles is not None:
            self._slides.tiles.cache.limit(MOST_BYTES)
        self.job_changed.emit("", "", 0, 0)
        self._look()
        self.changed.emit()
        return ended
