"""REGIONS: what is drawn, its class and note, what it means for the strip, and what the model makes of it."""

from dataclasses import replace

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.durations import written_seconds
from e2evit_gui.forms.texts import Sentence, heading
from e2evit_gui.slide_page.estimate import estimate
from e2evit_gui.slide_page.panel import Facts, Panel, muted, number
from e2evit_gui.slide_page.presenter import Presenter
from e2evit_gui.slide_page.region_facts import RegionFacts, tissue_in_tiles
from e2evit_gui.slide_page.region_presenter import Question, RegionAnswer, RegionPresenter
from e2evit_gui.slide_page.regions_model import RegionsModel, written_size
from e2evit_gui.state.regions import Regions
from e2evit_gui.state.session import Session
from e2evit_gui.state.written import percent, signed
from e2evit_model.annotations.region import CLASS_COLORS, Region, StripRole
from e2evit_model.units import written_bytes

MOST_SELECTED = 2000
"""More rows than this are not marked one by one in the list."""


class NoteField(QPlainTextEdit):
    """A note of some lines; ``left`` when the cursor leaves it."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the note is written."""
        super().focusOutEvent(event)
        self.left.emit()


class RegionsPanel(Panel):
    """List, details, strip. ``region_requested``: go to this region on the slide; ``run_requested``: analyze again."""

    region_requested = Signal(object)
    run_requested = Signal()

    def __init__(
        self,
        session: Session,
        regions: Regions,
        slides: Presenter,
        asks: RegionPresenter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._regions, self._slides, self._asks = session, regions, slides, asks
        self._counts = RegionFacts()
        self.model = RegionsModel(self._counts)
        self._showing = False
        self.strip = muted(wrap=True)
        self.strip.setToolTip(self.tr("Tissue that lies in no tile, at the edge of the outline, is not counted here."))
        self.stale = Sentence("warning")
        self.again = QPushButton(self.tr("Run again"))
        self.again.clicked.connect(self.run_requested)
        self.list = self._make_list()
        self._details = self._make_details()
        self._empty = muted(
            self.tr(
                "Draw with the tools above the slide: rectangle (R), polygon (P), brush (B), ruler (L), points (.). "
                "A GeoJSON file of QuPath can be dropped on the slide."
            ),
            wrap=True,
        )
        for widget in (heading(self.tr("Strip")), self.strip, self.stale, self.again, self._empty, self.list):
            self.column.addWidget(widget, 1 if widget is self.list else 0)
        self.column.addWidget(self._details)
        self._space = QWidget()
        self.column.addWidget(self._space, 1)
        self._connect()
        self._refresh_all()

    def _make_list(self) -> QTreeView:
        view = QTreeView()
        view.setObjectName("regions")
        view.setModel(self.model)
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setAccessibleName(self.tr("Regions"))
        view.setMinimumHeight(84)
        # where room is short it is the list's that is given to what is said of the selected one
        view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        head = view.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 82), (2, 84)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            view.setColumnWidth(column, width)
        return view

    def _make_details(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        self.classes = QComboBox()
        self.classes.setEditable(True)
        self.classes.addItems(["", *CLASS_COLORS])
        self.classes.setAccessibleName(self.tr("Class of the region"))
        line = self.classes.lineEdit()
        if line is not None:
            line.setPlaceholderText(self.tr("Class"))
            line.editingFinished.connect(self._take_class)
        self.classes.activated.connect(lambda _index: self._take_class())
        self.note = NoteField()
        self.note.setPlaceholderText(self.tr("Note"))
        self.note.setAccessibleName(self.tr("Note about the region"))
        self.note.setFixedHeight(52)
        self.note.setTabChangesFocus(True)
        self.note.left.connect(self._take_note)
        self.roles = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(4)
        for number_, (text, tip) in enumerate(
            (
                (self.tr("No effect"), self.tr("The region does not change the strip")),
                (self.tr("Only this"), self.tr("Only tiles in regions like this one are analyzed")),
                (self.tr("Leave out"), self.tr("Tiles in this region are not analyzed")),
            )
        ):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("role", "segment")
            button.setToolTip(tip)
            self.roles.addButton(button, number_)
            row.addWidget(button, 1)
        self.roles.idClicked.connect(lambda at: self._regions.set_role(self._regions.selected, list(StripRole)[at]))
        self.facts = Facts()
        self.without = QPushButton(self.tr("Risk without it"))
        self.alone = QPushButton(self.tr("Risk of it alone"))
        questions = QHBoxLayout()
        for button, question in ((self.without, Question.WITHOUT), (self.alone, Question.ALONE)):
            button.clicked.connect(lambda _on=False, question=question: self._ask(question))
            questions.addWidget(button, 1)
        column.addWidget(self.classes)
        column.addLayout(row)  # above the note: in a low window it is what must be in reach
        column.addWidget(self.note)
        column.addWidget(self.facts)
        column.addLayout(questions)
        return box

    def _connect(self) -> None:
        session, regions = self._session, self._regions
        regions.changed.connect(self._refresh_list)
        regions.selected_changed.connect(self._refresh_selected)
        regions.strip_changed.connect(self._refresh_strip)
        session.slide_changed.connect(self._refresh_all)
        session.grid_changed.connect(self._new_grid)
        session.result_changed.connect(self._new_result)
        session.settings_changed.connect(self._refresh_strip)
        self._asks.changed.connect(self._refresh_selected)
        self.list.selectionModel().selectionChanged.connect(self._chosen_in_list)
        self.list.doubleClicked.connect(lambda at: self.region_requested.emit(self.model.regions[at.row()]))

    def measured(self, region: Region) -> dict[str, float]:
        """Return what is known of a region, by the names under which it is exported."""
        inside = self._counts.of(region)
        found: dict[str, float] = {}
        if inside is not None:
            found["E2E-ViT: tiles"] = float(inside.tiles)
            if inside.attention is not None:
                found["E2E-ViT: share of attention"] = inside.attention
        for question, name in ((Question.WITHOUT, "E2E-ViT: risk without"), (Question.ALONE, "E2E-ViT: risk alone")):
            answer = self._asks.answer(region, question)
            if answer is not None and answer.risk is not None:
                found[name] = answer.risk
        return found

    # what is told

    def _new_grid(self) -> None:
        self._counts.show_grid(self._slides.whole)
        self.model.refresh()
        self._refresh_strip()
        self._refresh_selected()

    def _new_result(self) -> None:
        self._counts.show_result(self._session.result)
        self.model.refresh()
        self._refresh_strip()
        self._refresh_selected()

    def _refresh_all(self) -> None:
        self._counts.show_grid(self._slides.whole)
        self._counts.show_result(self._session.result)
        self._refresh_list()
        self._refresh_strip()

    def _mpp(self) -> float | None:
        slide = self._session.slide
        return slide.info.mpp if slide is not None else None

    def _refresh_list(self) -> None:
        self._showing = True
        self.model.show_regions(self._regions.drawn.regions, self._mpp())
        self._showing = False
        there = bool(self.model.regions)
        self.list.setVisible(there)
        self._empty.setVisible(not there)
        self._space.setVisible(not there)
        self._refresh_selected()

    def _refresh_selected(self) -> None:
        chosen = self._regions.selected
        self._mark(chosen)
        self._details.setVisible(bool(chosen))
        if not chosen:
            return
        first = chosen[0]
        self.classes.setCurrentText(first.class_name if len({one.class_name for one in chosen}) == 1 else "")
        if not self.note.hasFocus() and self.note.toPlainText() != first.note:
            self.note.setPlainText(first.note)
        self.note.setVisible(len(chosen) == 1)
        areas = [one for one in chosen if one.is_area]
        roles = {one.role for one in areas}
        self.roles.setExclusive(False)
        for at, role in enumerate(StripRole):
            button = self.roles.button(at)
            button.setEnabled(bool(areas))
            button.setChecked(roles == {role})
        self.roles.setExclusive(len(roles) == 1)
        self._show_facts(first if len(chosen) == 1 else None)

    def _mark(self, chosen: tuple[Region, ...]) -> None:
        """Mark the rows of what is selected on the slide."""
        if self._showing:
            return
        self._showing = True
        marked = QItemSelection()
        if 0 < len(chosen) <= MOST_SELECTED:
            for row, region in enumerate(self.model.regions):
                if self._regions.is_selected(region):
                    marked.select(self.model.index(row, 0), self.model.index(row, 2))
        self.list.selectionModel().select(marked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if len(chosen) == 1 and marked.indexes():
            self.list.scrollTo(marked.indexes()[0])
        self._showing = False

    def _show_facts(self, region: Region | None) -> None:
        self.facts.setVisible(region is not None)
        for button in (self.without, self.alone):
            button.setVisible(region is not None)
        if region is None:
            return
        inside = self._counts.of(region)
        whole = len(self._slides.whole) if self._slides.whole is not None else 0
        rows = {self.tr("Size"): written_size(region, self._mpp())}
        rows[self.tr("Tiles")] = (
            self.tr("{inside} of {whole}").format(inside=number(inside.tiles), whole=number(whole)) if inside else ""
        )
        rows[self.tr("Attention")] = (
            self.tr("{share} of all, {times:.2g} times uniform").format(
                share=percent(inside.attention, ".1f"), times=inside.attention / inside.uniform
            )
            if inside is not None and inside.attention is not None and inside.uniform
            else ""
        )
        rows[self.tr("Without it")] = self._answer(self._asks.answer(region, Question.WITHOUT))
        rows[self.tr("Alone")] = self._answer(self._asks.answer(region, Question.ALONE))
        for name, text in rows.items():
            self.facts.show_value(name, text)
        why = self._asks.why_not(region)
        for button, tip in (
            (self.without, self.tr("Analyze the slide without these tiles, exactly; the slide is not read again")),
            (self.alone, self.tr("Analyze these tiles alone")),
        ):
            button.setEnabled(not why)
            button.setToolTip(why or tip)

    def _answer(self, answer: RegionAnswer | None) -> str:
        if answer is None:
            return ""
        if answer.risk is None or answer.difference is None:
            text = self.tr("no risk with this model; embedding {similarity:.3f} alike (cosine), {tiles} tiles")
            return text.format(similarity=answer.similarity, tiles=number(answer.tiles))
        text = self.tr("risk {risk} ({difference}), {tiles} tiles")
        difference = signed(answer.difference, "+.2g")
        return text.format(risk=signed(answer.risk), difference=difference, tiles=number(answer.tiles))

    def _refresh_strip(self) -> None:
        whole, grid = self._slides.whole, self._session.grid
        selection = self._regions.selection
        outdated = self._session.outdated
        self.again.setVisible(outdated is not None and grid is not None)
        before = outdated.risk if outdated is not None else None
        text = self.tr("The regions are not in the risk yet. Before:\u00a0{risk}.")
        self.stale.say(text.format(risk=signed(before.risk)) if before is not None else "")
        if whole is None:
            self.strip.setText(self.tr("No tiles are laid yet."))
            return
        kept = len(grid) if grid is not None else 0
        parts = [self.tr("{kept} of {whole} tiles").format(kept=number(kept), whole=number(len(whole)))]
        mpp = self._mpp()
        if grid is not None and mpp is not None:
            parts.append(
                self.tr("{kept:.3g} of {whole:.3g} mm² of the tissue in tiles").format(
                    kept=tissue_in_tiles(grid, mpp), whole=tissue_in_tiles(whole, mpp)
                )
            )
        facts = self._slides.facts
        if grid is not None and facts is not None and facts.backbone is not None:
            need = estimate(kept, facts, self._session.settings)
            parts += [
                written_bytes(need.memory_bytes),
                self.tr("about {time}").format(time=written_seconds(need.seconds)),
            ]
        if selection.corrections:
            parts.append(self.tr("tissue corrected by hand ({count})").format(count=len(selection.corrections)))
        self.strip.setText(", ".join(parts))

    # what is asked for

    def _chosen_in_list(self, *_changes: QItemSelection) -> None:
        if not self._showing:
            rows = sorted({at.row() for at in self.list.selectionModel().selectedRows()})
            self._showing = True
            self._regions.select(self.model.regions[row].key for row in rows)
            self._showing = False

    def _take_class(self) -> None:
        name = self.classes.currentText().strip()
        changed = [
            replace(one, class_name=name, color=None) for one in self._regions.selected if one.class_name != name
        ]
        self._regions.next_class = name
        self._regions.change(changed, self.tr("Set the class"))

    def _take_note(self) -> None:
        one = self._regions.one_selected
        text = self.note.toPlainText().strip()
        if one is not None and one.note != text:
            self._regions.change([replace(one, note=text)], self.tr("Write a note"))

    def _ask(self, question: Question) -> None:
        one = self._regions.one_selected
        if one is not None:
            self._asks.ask(one, question)
