"""The choice of a model: a risk model folder, a weight file, or a model that is on this machine; the others lead to the manager."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from e2evit_gui.slide_page.model_facts import ModelFacts, facts_of, on_this_machine, why_missing
from e2evit_gui.state.preferences import Preferences
from e2evit_model.convert.backbones import BACKBONES, Backbone
from e2evit_model.convert.registry import Kind, own_backbones, own_models
from e2evit_model.inference.settings import ModelChoice


class ModelMenu(QMenu):
    """Filled whenever it opens: weights may have come in between."""

    chosen = Signal(object)  # ModelChoice
    folder_requested = Signal()
    file_requested = Signal()
    manager_requested = Signal(str)  # id of a model that is not here, or nothing

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List what can be chosen, and what cannot with the reason."""
        self.clear()
        self.addAction(self.tr("Risk model folder…"), self.folder_requested.emit)
        self.addAction(self.tr("Weight file…"), self.file_requested.emit)
        self.addAction(self.tr("Models…"), lambda: self.manager_requested.emit(""))
        recent = [one for one in self._preferences.recent_models if Path(one.source).exists()]
        if recent:
            self.addSection(self.tr("Recent"))
            for choice in recent:
                self._add(choice, facts_of(choice).title, tip=choice.source)
        here: list[Backbone] = []
        missing: list[Backbone] = []
        for backbone in (*BACKBONES.values(), *own_backbones().values()):
            (here if on_this_machine(backbone) else missing).append(backbone)
        self._add_risk_models({one.source for one in recent})
        if here:
            self.addSection(self.tr("Backbones on this machine"))
            for backbone in here:
                self._add(ModelChoice(source=backbone.id), backbone.title, tip=f"{backbone.licence}. {backbone.notes}")
        self.addSection(self.tr("Backbones not on this machine"))
        for backbone in missing:
            note = self.tr("on request") if backbone.gated else self.tr("free to download")
            action = self.addAction(f"{backbone.title}\t{note}")
            action.setToolTip(why_missing(backbone))
            action.triggered.connect(lambda _on=False, name=backbone.id: self.manager_requested.emit(name))

    def _add_risk_models(self, shown: set[str]) -> None:
        """List the risk models that the user added to the models of this machine."""
        found = [one for one in own_models() if one.kind is Kind.RISK_MODEL and str(one.path) not in shown]
        if found:
            self.addSection(self.tr("Risk models"))
        for model in found:
            self._add(ModelChoice(source=str(model.path)), model.title, tip=str(model.path))

    def _add(self, choice: ModelChoice, title: str, *, tip: str) -> None:
        action = self.addAction(title)
        action.setToolTip(tip)
        action.triggered.connect(lambda _on=False: self.chosen.emit(choice))


class ModelButton(QPushButton):
    """The chosen model; opens the menu."""

    def __init__(self, menu: ModelMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMenu(menu)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Model"))
        self._text = ""
        self.show_facts(None)

    def show_facts(self, facts: ModelFacts | None) -> None:
        """Show the chosen model's name."""
        self._text = facts.title if facts is not None else self.tr("Choose a model")
        tip = self.tr("Which model analyzes the slide")
        if facts is not None:
            tip = "\n".join(part for part in (facts.title, facts.licence, facts.problem) if part)
        self.setToolTip(tip)
        self._elide()

    def _elide(self) -> None:
        room = max(self.width() - 48, 80)
        self.setText(self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideMiddle, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the name to the room."""
        super().resizeEvent(event)
        self._elide()
