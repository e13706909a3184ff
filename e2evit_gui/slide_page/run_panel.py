"""ANALYZE: the settings, what is checked before a run, and the button that begins it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.detail_field import DetailField
from e2evit_gui.forms.field import said
from e2evit_gui.forms.options_form import OptionsForm
from e2evit_gui.forms.texts import heading, line
from e2evit_gui.jobs.devices import gpu_at_hand
from e2evit_gui.slide_page.empty_state import analyze_text
from e2evit_gui.slide_page.estimate import conversion_of
from e2evit_gui.slide_page.model_facts import ModelFacts, tiles_for
from e2evit_gui.slide_page.panel import MARGIN, Panel, muted
from e2evit_gui.slide_page.preflight import Check, State, why_not
from e2evit_gui.slide_page.tissue_field import TissueField
from e2evit_gui.theme import icons, style
from e2evit_model.convert.settings import Merger, ReadOut
from e2evit_model.inference.settings import AnalysisSettings

SHOWN = (
    *("merge_after", "tissue", "tissue_fraction", "tile_mpp", "order"),
    *("tokens_per_tile", "merger", "split", "positions", "read_out"),
    *("precision", "damaged_share", "cache"),
)
"""Settings of the form; the slide's resolution is asked for in the IMAGE panel, the device stands in the toolbar."""


class RunPanel(Panel):
    """Model, settings, preflight, Run. A grey Run says why, in its tooltip and in the line above it."""

    run_requested = Signal()
    cancel_requested = Signal()
    copy_requested = Signal()
    rest_requested = Signal()
    settings_edited = Signal(object)

    def __init__(self, settings: AnalysisSettings, model_button: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = OptionsForm(settings, SHOWN, makers={"tissue": TissueField, "merge_after": DetailField})
        self.form.changed.connect(self.settings_edited)
        self._checks = QGridLayout()
        self._checks.setHorizontalSpacing(8)
        self._checks.setVerticalSpacing(4)
        self._checks.setColumnStretch(2, 1)
        self._found: list[Check] = []
        self._running = False
        self.reason = QLabel()
        self.reason.setProperty("role", "warning")
        self.reason.setWordWrap(True)
        self.rest = QPushButton()
        self.rest.clicked.connect(self.rest_requested)
        self.rest.hide()
        self.run = QPushButton(self.tr("Run"))
        self.run.setProperty("role", "primary")
        self.run.clicked.connect(self.run_requested)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.cancel_requested)
        self._lay_out(model_button)
        style.keeper().changed.connect(self._redraw)

    def _lay_out(self, model_button: QWidget) -> None:
        self.column.addWidget(heading(self.tr("Model")))
        self.column.addWidget(model_button)
        self._unfold = QToolButton()
        self._unfold.setText(self.tr("Settings"))
        self._unfold.setCheckable(True)
        self._unfold.setAutoRaise(True)
        self._unfold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._unfold.setArrowType(Qt.ArrowType.RightArrow)
        self._unfold.toggled.connect(self._fold)
        self.column.addWidget(self._unfold)
        self.column.addWidget(self.form)
        self.form.hide()
        self.column.addWidget(line())
        self.column.addWidget(heading(self.tr("Checks")))
        box = QWidget()
        inside = QVBoxLayout(box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self._checks)
        self.column.addWidget(box)
        row = QHBoxLayout()
        row.addWidget(self.run, 1)
        row.addWidget(self.cancel, 1)
        copy = QToolButton()
        copy.setAccessibleName(self.tr("Copy as command"))
        copy.setToolTip(self.tr("Copy as command: the same analysis on the command line"))
        icons.wear(copy, "copy")
        copy.clicked.connect(self.copy_requested)
        row.addWidget(copy)
        self.column.addStretch(1)
        self.cancel.hide()
        below = QWidget()
        below.setObjectName("panel")
        column = QVBoxLayout(below)
        column.setContentsMargins(MARGIN, 6, MARGIN, MARGIN)
        column.addWidget(self.reason)
        column.addWidget(self.rest)
        column.addLayout(row)
        self.pin(below)

    @property
    def blocked(self) -> str:
        """Why a run cannot begin, empty when it can."""
        if not self.form.valid:
            return self.tr("A setting is outside its limits.")
        return why_not(self._found)

    def show_checks(self, found: Sequence[Check], *, running: bool) -> None:
        """Show the preflight, and whether a run goes on."""
        self._found, self._running = list(found), running
        self._redraw()

    def offer_rest(self, rest: int) -> None:
        """Offer to analyze so many slides of the project; with none, nothing is offered."""
        self.rest.setText(analyze_text(rest))
        self.rest.setVisible(rest > 0)

    def suggest(self, settings: AnalysisSettings, facts: ModelFacts | None) -> None:
        """Say in the form what "automatic" means with this model."""
        wish = tiles_for(AnalysisSettings(), facts)
        bare = facts is None or facts.card is None
        way = conversion_of(facts, AnalysisSettings())
        self.form.suggest(
            {
                "merge_after": self.tr("Fast")
                if bare
                else self.tr("as the model: {blocks}").format(blocks=way.merge_after),
                "merger": said(way.merger),
                "split": said(way.split),
                "positions": said(way.positions),
                "read_out": said(way.read_out),
                "order": str(wish.order),
                "tile_mpp": f"{wish.mpp:g}",
                "tissue": wish.tissue,
                "tissue_fraction": f"{wish.tissue_fraction:g}",
                "tokens_per_tile": f"{way.tokens_per_tile:g}",
            }
        )
        self._forbid(facts)
        if settings != self.form.settings:
            self.form.show_settings(settings)

    def _forbid(self, facts: ModelFacts | None) -> None:
        """Grey out what the model cannot do: a risk model reads in its own way alone, a bare backbone has learned no merger."""
        way = conversion_of(facts, AnalysisSettings()) if facts is not None and facts.card is not None else None
        own = self.tr("A risk model reads slides only in the way it was trained with.")
        backbone = facts.backbone if facts is not None else None
        bare: dict[tuple[str, str], str] = {
            ("merger", Merger.ATTENTION): self.tr("The attention merger is learned: train a risk model with it."),
            ("read_out", ReadOut.POOLER): self.tr("Only CONCH's own weight file brings a pooler.")
            if backbone is None or backbone.id != "conch"
            else "",
        }
        for name in ("merger", "split", "positions", "read_out"):
            field = self.form.fields[name]
            for choice in field.info.choices:
                why = bare.get((name, choice), "") if way is None else own if choice != getattr(way, name) else ""
                field.forbid(choice, why)

    def show_prices(self, settings: AnalysisSettings, facts: ModelFacts | None, tiles: int) -> None:
        """Offer steps of detail with what each takes on this slide; a risk model has its own and offers none."""
        field = self.form.fields["merge_after"]
        backbone = facts.backbone if facts is not None and facts.card is None else None
        if isinstance(field, DetailField):
            field.offer(backbone, tiles, conversion_of(facts, settings), gpu=gpu_at_hand())

    def _fold(self, shown: bool) -> None:
        self.form.setVisible(shown)
        self._unfold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)

    def _redraw(self) -> None:
        while (item := self._checks.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        colors = style.colors()
        shades = {
            State.GOOD: colors.good,
            State.WARNING: colors.warning_text,
            State.ERROR: colors.error_text,
            State.MISSING: colors.muted,
        }
        for row, check in enumerate(self._found):
            sign = QLabel()
            sign.setPixmap(icons.picture(str(check.state), shades[check.state], 16, self.devicePixelRatioF()))
            sign.setAccessibleName(str(check.state))
            value = QLabel(check.value)
            value.setWordWrap(True)
            value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            value.setToolTip(check.why or check.value)
            for column, widget in enumerate((sign, muted(check.name), value)):
                self._checks.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
        why = self.blocked
        self.reason.setText(why)
        self.reason.setVisible(bool(why) and not self._running)
        self.run.setVisible(not self._running)
        self.cancel.setVisible(self._running)
        self.run.setEnabled(not why)
        self.run.setToolTip(why or self.tr("Analyze the slide with the model (Ctrl+Enter)"))
