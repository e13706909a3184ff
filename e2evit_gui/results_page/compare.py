"""Two to four results side by side: linked views, and one color scale for all of them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from e2evit_gui.forms.texts import Sentence, muted
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.worker import Worker
from e2evit_gui.results_page.link import ViewLink
from e2evit_gui.state.written import signed
from e2evit_gui.theme.windows import open_at
from e2evit_gui.viewer.canvas import Canvas
from e2evit_gui.viewer.furniture import ColorBar
from e2evit_gui.viewer.layers import HeatLayer
from e2evit_gui.viewer.pyramid import Pyramid
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_model.errors import ProjectError
from e2evit_model.overlay.color_bar import QUANTITY_LABELS, ticks_with_ends
from e2evit_model.overlay.colors import COLOR_TABLES, color_table
from e2evit_model.overlay.picture import paint_tiles
from e2evit_model.overlay.values import DisplayScale, Limits, default_limits, place_in_limits, times_uniform
from e2evit_model.progress import Progress
from e2evit_model.project.entries import ResultEntry, SlideEntry
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.project.project import Project
from e2evit_model.project.results import read_attention
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.protocol import Slide
from e2evit_model.tiling.grid import TileGrid

_log = logging.getLogger(__name__)

MOST = 4
_LOWEST = 0.01  # of the log scale, times uniform


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What one pane shows."""

    slide: SlideEntry
    result: ResultEntry | None
    path: Path
    mpp: float | None


@dataclass(frozen=True, kw_only=True)
class _Loaded:
    slide: Slide
    pyramid: Pyramid
    grid: TileGrid | None
    times: NDArray[np.float64]
    why: str


def subjects(project: Project, slide_ids: Sequence[str], model_key: str = "") -> list[Subject]:
    """Choose what is compared.

    Of several slides each one's newest result, of the model that is asked for where there is one; of a single slide its newest
    results, which are of different models.
    """
    slides = [slide for one in slide_ids if (slide := project.slide(one)) is not None]
    if len(slides) == 1:
        results: list[ResultEntry | None] = list(project.results(slides[0].id)[-MOST:])
        return [_subject(project, slides[0], result) for result in results or [None]]
    chosen = []
    for slide in slides[:MOST]:
        own = project.results(slide.id)
        of_model = [result for result in own if result.model_key == model_key]
        chosen.append(_subject(project, slide, next(iter((of_model or own)[-1:]), None)))
    return chosen


def _subject(project: Project, slide: SlideEntry, result: ResultEntry | None) -> Subject:
    mpp = slide.mpp if slide.mpp_source == "user" else None
    return Subject(slide=slide, result=result, path=project.path_of(slide), mpp=mpp)


class Pane(QWidget):
    """One slide with its attention, its name and its risk."""

    def __init__(self, subject: Subject, *, say_model: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.subject = subject
        self.canvas = Canvas()
        self.canvas.setAccessibleName(subject.slide.name)
        self.tiles: SlideTiles | None = None
        self.grid: TileGrid | None = None
        self.times: NDArray[np.float64] = np.zeros(0)
        self.message = Sentence("warning")
        title = QLabel(subject.slide.name)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("role", "heading")
        title.setToolTip(subject.slide.name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 0)
        row.addWidget(title)
        row.addStretch(1)
        said = QLabel(self._said(say_model=say_model))
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setProperty("role", "muted")
        said.setToolTip(subject.result.model if subject.result is not None else "")
        row.addWidget(said)
        column.addLayout(row)
        column.addWidget(self.message)
        column.addWidget(self.canvas, 1)

    def _said(self, *, say_model: bool) -> str:
        result = self.subject.result
        if result is None:
            return self.tr("not analyzed")
        text = self.tr("no risk") if result.risk is None else self.tr("risk {risk}").format(risk=signed(result.risk))
        if result.percentile is not None:
            text += self.tr(", percentile {place:.0f}").format(place=result.percentile)
        return f"{result.model}: {text}" if say_model else text

    def take(self, loaded: _Loaded) -> None:
        """Show what was loaded."""
        self.tiles = SlideTiles(loaded.slide, loaded.pyramid, self)
        self.canvas.show_slide(self.tiles, loaded.slide.info.mpp)
        self.grid, self.times = loaded.grid, loaded.times
        self.message.say(loaded.why)

    def color(self, scale: DisplayScale, limits: Limits, table: NDArray[np.uint8], bar: ColorBar | None) -> None:
        """Paint the attention on the scale that all panes share."""
        self.canvas.heat = None
        if self.grid is not None and self.times.size:
            heat = HeatLayer(paint_tiles(place_in_limits(self.times, scale, limits), self.grid))
            heat.color(table)
            self.canvas.heat = heat
        self.canvas.set_color_bar(bar)
        self.canvas.update()

    def let_go(self) -> None:
        """Close the slide."""
        self.canvas.show_slide(None, None)
        if self.tiles is not None:
            self.tiles.close()
            self.tiles = None


class CompareWindow(QWidget):
    """The window: panes in a grid, "move together", scale and opacity for all. ``closed`` tells that it lets go of its slides."""

    closed = Signal()

    def __init__(self, folder: ProjectFolder, subjects: Sequence[Subject], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Compare"))
        open_at(self, 1280, 820)
        models = {subject.result.model_key for subject in subjects if subject.result is not None}
        self.panes = [Pane(subject, say_model=len(models) > 1) for subject in subjects[:MOST]]
        self.link = ViewLink(self)
        self._loading: dict[Worker, Pane] = {}
        self._lay_out()
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        for pane in self.panes:
            self._load(folder, pane)

    def _lay_out(self) -> None:
        self.together = QCheckBox(self.tr("Move together"))
        self.together.setChecked(True)
        self.together.toggled.connect(self._set_together)
        self.scale = QComboBox()
        self.scale.setAccessibleName(self.tr("Color scale of all slides"))
        self.scale.addItem(self.tr("Times uniform, range of these slides"), DisplayScale.CLIPPED)
        self.scale.addItem(self.tr("Times uniform, 0 to 4×"), DisplayScale.TIMES_UNIFORM)
        self.scale.addItem(self.tr("Times uniform, log scale"), DisplayScale.LOG)
        self.scale.activated.connect(lambda _row: self._color())
        self.colors = QComboBox()
        self.colors.setAccessibleName(self.tr("Colors"))
        self.colors.addItems(list(COLOR_TABLES))
        self.colors.activated.connect(lambda _row: self._color())
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(55)
        self.opacity.setFixedWidth(120)
        self.opacity.setAccessibleName(self.tr("Opacity of the overlay"))
        self.opacity.valueChanged.connect(lambda _value: self._fade())
        row = QHBoxLayout()
        row.setContentsMargins(10, 6, 10, 2)
        row.addWidget(self.together)
        row.addStretch(1)
        row.addWidget(muted(self.tr("Attention")))
        for widget in (self.scale, self.colors, QLabel(self.tr("Opacity")), self.opacity):
            row.addWidget(widget)
        grid = QGridLayout()
        grid.setSpacing(6)
        columns = len(self.panes) if len(self.panes) < 4 else 2
        for number, pane in enumerate(self.panes):
            grid.addWidget(pane, number // columns, number % columns)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.addLayout(row)
        column.addLayout(grid, 1)

    @property
    def busy(self) -> bool:
        """Whether a slide is still being opened."""
        return bool(self._loading)

    def _set_together(self, on: bool) -> None:
        self.link.on = on

    def _load(self, folder: ProjectFolder, pane: Pane) -> None:
        subject = pane.subject

        def task(_progress: Progress) -> _Loaded:
            slide = open_slide(subject.path, mpp=subject.mpp)
            try:
                return _load(folder, subject, slide)
            except BaseException:
                slide.close()
                raise

        worker = Worker(task, name="compare")
        self._loading[worker] = pane
        worker.succeeded.connect(self._loaded)
        worker.failed.connect(self._failed)
        worker.cancelled.connect(self._ended)
        worker.begin()

    @Slot(object)
    def _loaded(self, loaded: _Loaded) -> None:
        pane = self._ended()
        if pane is None:
            loaded.slide.close()
            return
        pane.take(loaded)
        self.link.add(pane.canvas, loaded.slide.info.mpp)
        if not self._loading:
            self.link.align()
        self._color()

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        pane = self._ended()
        if pane is not None:
            pane.message.explain(failure)
        if not self._loading:
            self.link.align()

    @Slot()
    def _ended(self) -> Pane | None:
        worker = self.sender()
        return self._loading.pop(worker, None) if isinstance(worker, Worker) else None

    def limits(self) -> tuple[DisplayScale, Limits]:
        """Return the one scale of all panes: fixed, or made from the tiles of all of them together."""
        scale = DisplayScale(self.scale.currentData())
        every = np.concatenate([pane.times for pane in self.panes])
        if scale is DisplayScale.LOG:
            return scale, (_LOWEST, max(float(every.max()) if every.size else 1.0, 10 * _LOWEST))
        return scale, default_limits(every, scale)

    def _color(self) -> None:
        scale, limits = self.limits()
        table = color_table(self.colors.currentText())
        title = QUANTITY_LABELS[DisplayScale.TIMES_UNIFORM]
        bar = ColorBar(table=table, ticks=ticks_with_ends(scale, limits), title=title)
        for number, pane in enumerate(self.panes):
            pane.color(scale, limits, table, bar if number == 0 else None)
        self._fade()

    def _fade(self) -> None:
        for pane in self.panes:
            pane.canvas.heat_opacity = self.opacity.value() / 100
            pane.canvas.update()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the slides."""
        for worker in self._loading:
            worker.cancel()
        self._loading.clear()
        for pane in self.panes:
            pane.let_go()
        self.closed.emit()
        super().closeEvent(event)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)


def _load(folder: ProjectFolder, subject: Subject, slide: Slide) -> _Loaded:
    grid, times, why = None, np.zeros(0), ""
    if slide.info.fingerprint != subject.slide.fingerprint:
        why = _tr("This file is not the slide that the project knows: its result does not belong to it.")
    elif subject.result is not None:
        try:
            grid, attention = read_attention(folder, subject.result.id)
            times = times_uniform(attention)
        except ProjectError as error:
            why = f"{error.message} {error.hint}"
    return _Loaded(slide=slide, pyramid=Pyramid(slide), grid=grid, times=times, why=why)
