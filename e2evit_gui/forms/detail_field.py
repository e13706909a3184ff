"""How closely the model looks at each tile, as a field: from fast to finest, each with its price."""

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QComboBox, QWidget

from e2evit_gui.forms.durations import written_seconds
from e2evit_gui.forms.field import AUTOMATIC, Field
from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.inference.price import detail_choices, price
from e2evit_model.options import OptionInfo
from e2evit_model.units import written_bytes


def _tr(text: str) -> str:
    return QCoreApplication.translate("DetailField", text)


def _words(label: str) -> str:
    return {
        "fast": _tr("Fast"),
        "medium": _tr("Medium"),
        "fine": _tr("Fine"),
        "finest": _tr("Finest"),
    }[label]


class DetailField(Field):
    """Edit the option ``merge_after``: the block after which tiles are merged; where it is optional None for as the model says."""

    def _make_editor(self, info: OptionInfo) -> QWidget:
        self._first = 1 if info.optional else 0  # where the steps begin
        self._combo = QComboBox()
        self._combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        if info.optional:
            self._combo.addItem(_tr(AUTOMATIC), None)
        self._combo.activated.connect(lambda _index: self.edited.emit())
        return self._combo

    @property
    def text(self) -> str:
        """The chosen words."""
        return self._combo.currentText()

    def value(self) -> Any:
        """Return the block after which tiles are merged; None for automatic."""
        return self._combo.currentData()

    def show_value(self, value: Any) -> None:
        """Show a value without telling; one that is no step is shown by its number."""
        at = self._combo.findData(value) if value is not None else 0
        if at < 0:
            words = _tr("{blocks} blocks a tile").format(blocks=value) if value else _words("fast")
            self._combo.addItem(words, value)
            at = self._combo.count() - 1
        self._combo.setCurrentIndex(at)

    def suggest(self, text: str) -> None:
        """Say what "automatic" means now."""
        self._combo.setItemText(0, _tr("{automatic} ({value})").format(automatic=_tr(AUTOMATIC), value=text))

    def offer(self, backbone: Backbone | None, tiles: int, conversion: ConversionSettings, *, gpu: bool) -> None:
        """Offer the steps of a backbone with what each takes on this slide; none where it is not known which one it is."""
        chosen = self.value()
        while self._combo.count() > self._first:
            self._combo.removeItem(self._first)
        for step in detail_choices(backbone) if backbone is not None else ():
            at = ConversionSettings.from_record({**conversion.to_record(), "merge_after": step.merge_after})
            need = price(tiles, backbone, at, gpu=gpu) if backbone is not None and tiles else None
            words = _words(step.label)
            if need is not None:
                words = _tr("{step}: about {time}, {memory}").format(
                    step=words, time=written_seconds(need.seconds), memory=written_bytes(need.memory_bytes)
                )
            self._combo.addItem(words, step.merge_after)
            tip = (
                _tr("{blocks} of {all} blocks look at the patches of each tile before these are merged.")
                if step.merge_after
                else _tr(
                    "Each tile is averaged before the model: the paper's way. The model sees little more than its color."
                )
            )
            row = self._combo.count() - 1
            depth = backbone.depth if backbone is not None else 0
            self._combo.setItemData(row, tip.format(blocks=step.merge_after, all=depth), Qt.ItemDataRole.ToolTipRole)
        self.show_value(chosen)
