"""Ask for a layer that is computed on request: how fine, what it takes, and the button."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.forms.durations import written_seconds
from e2evit_gui.forms.options_form import OptionsForm
from e2evit_gui.forms.texts import muted
from e2evit_gui.slide_page.explain_presenter import ExplainPresenter, Price
from e2evit_gui.slide_page.panel import number
from e2evit_gui.state.layer_values import ASKED_FOR, OF_SQUARES, OverlayLayer
from e2evit_gui.state.overlay import Overlay
from e2evit_model.explain.maps import Target
from e2evit_model.explain.settings import OcclusionSettings


def _tr(text: str) -> str:
    return QCoreApplication.translate("AskForLayer", text)


class AskForLayer(QWidget):
    """Shown for layers that are computed on request; says what computing takes before it begins."""

    def __init__(self, overlay: Overlay, explain: ExplainPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlay, self._explain = overlay, explain
        self.form = OptionsForm(OcclusionSettings(), only=("squares",))
        self.price = muted()
        self.compute = QPushButton(self.tr("Compute"))
        self.cancel = QPushButton(self.tr("Cancel"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.form)
        column.addWidget(self.price)
        row = QHBoxLayout()
        row.addWidget(self.compute)
        row.addWidget(self.cancel)
        row.addStretch(1)
        column.addLayout(row)
        self.form.changed.connect(lambda _settings: self.refresh())
        self.compute.clicked.connect(self._ask)
        self.cancel.clicked.connect(explain.cancel)
        explain.changed.connect(self.refresh)
        overlay.choice_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what computing the chosen layer takes, or why it cannot be computed."""
        layer = self._overlay.choice.layer
        self.setVisible(layer in ASKED_FOR)
        if layer not in ASKED_FOR:
            return
        running = self._explain.running
        why = "" if running else self._why_not(layer)
        self.form.setVisible(layer in OF_SQUARES)
        self.compute.setVisible(not running)
        self.cancel.setVisible(running)
        self.compute.setEnabled(not why)
        self.compute.setText(self.tr("Compute again") if self._overlay.has_values else self.tr("Compute"))
        price = self._explain.price(layer, self.form.settings)
        said = why or (_in_words(price) if price is not None else "")
        self.price.setText(said)
        self.compute.setToolTip(said)

    def _why_not(self, layer: OverlayLayer) -> str:
        found = self._overlay.occlusion
        if layer is OverlayLayer.DISAGREEMENT and found is not None and found.disagreement is None:
            if found.target is Target.EMBEDDING:
                return self.tr("This model has no trained head, so there are no fold models to compare.")
            return self.tr("This risk model holds one fold model only: there is no disagreement.")
        return self._explain.why_not

    def _ask(self) -> None:
        if self.form.valid:
            self._explain.compute(self._overlay.choice.layer, self.form.settings)


def _in_words(price: Price) -> str:
    time = written_seconds(price.seconds)
    if not price.squares:
        return _tr("The model is run once more, with all layers kept: about {time}.").format(time=time)
    said = _tr(
        "{squares} squares of {side} × {side} tiles are left out, one after the other: {runs} runs, about {time}."
    )
    return said.format(squares=number(price.squares), side=price.side, runs=number(price.runs), time=time)
