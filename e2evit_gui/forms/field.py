"""One field of a form: label, editor, unit, and its error right below it."""

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from e2evit_model.options import OptionInfo


def _tr(text: str) -> str:
    return QCoreApplication.translate("Field", text)


AUTOMATIC = "Automatic"

ENDINGS = {
    "auto": "Automatic",
    "cpu": "CPU",
    "cuda": "GPU (CUDA)",
    "fp16": "fp16",
    "fp32": "fp32",
    "bf16": "bf16",
    "alibi": "ALiBi, along the strip",
    "alibi_2d": "ALiBi, on the slide",
    "cls": "CLS",
    "cls+mean": "CLS and mean",
    "max": "Maximum",
}
"""Words on screen for choices whose names are for machines; the others are written with a capital."""


def said(choice: str) -> str:
    """Return a choice in words."""
    return _tr(ENDINGS.get(choice, choice.capitalize()))


class Field(QWidget):
    """Edit one option; ``edited`` when the user changed it. A value that cannot be read is kept, with its error below."""

    edited = Signal()

    def __init__(self, info: OptionInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info = info
        self.setToolTip(_tr(info.help))
        self._editor = self._make_editor(info)
        self._editor.setAccessibleName(_tr(info.label))
        self._editor.setAccessibleDescription(_tr(info.help))
        self._error = QLabel()
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._editor, 1)
        if info.unit:
            unit = QLabel(info.unit.replace("um", "µm"))
            unit.setProperty("role", "muted")
            row.addWidget(unit)
        column.addLayout(row)
        column.addWidget(self._error)

    def _make_editor(self, info: OptionInfo) -> QWidget:
        if info.kind is bool:
            box = QCheckBox(_tr(info.label))
            box.toggled.connect(lambda _on: self.edited.emit())
            return box
        if info.choices:
            combo = QComboBox()
            if info.optional:
                combo.addItem(_tr(AUTOMATIC), None)
            for choice in info.choices:
                combo.addItem(said(choice), choice)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.activated.connect(lambda _index: self.edited.emit())
            return combo
        line = QLineEdit()
        line.setPlaceholderText(_tr(AUTOMATIC) if info.optional else "")
        line.editingFinished.connect(self.edited)
        return line

    @property
    def text(self) -> str:
        """What stands in a line, the chosen word of a list, or "yes" and "no"."""
        if isinstance(self._editor, QLineEdit):
            return self._editor.text().strip()
        if isinstance(self._editor, QComboBox):
            return self._editor.currentText()
        return "yes" if isinstance(self._editor, QCheckBox) and self._editor.isChecked() else "no"

    def value(self) -> Any:
        """Return what was entered, None for automatic; a number that cannot be read stays text for the settings to refuse."""
        if isinstance(self._editor, QCheckBox):
            return self._editor.isChecked()
        if isinstance(self._editor, QComboBox):
            return self._editor.currentData()
        text = self.text
        if not text and self.info.optional:
            return None
        if self.info.kind in (int, float):
            return _number(text, self.info.kind)
        return text

    def show_value(self, value: Any) -> None:
        """Show a value without telling."""
        self._editor.blockSignals(True)
        if isinstance(self._editor, QCheckBox):
            self._editor.setChecked(bool(value))
        elif isinstance(self._editor, QComboBox):
            self._editor.setCurrentIndex(max(self._editor.findData(value if value is None else str(value)), 0))
        elif isinstance(self._editor, QLineEdit):
            self._editor.setText("" if value is None else f"{value:g}" if isinstance(value, float) else str(value))
        self._editor.blockSignals(False)

    def suggest(self, text: str) -> None:
        """Say what "automatic" means now."""
        if isinstance(self._editor, QLineEdit):
            self._editor.setPlaceholderText(_tr("{automatic} ({value})").format(automatic=_tr(AUTOMATIC), value=text))
        elif isinstance(self._editor, QComboBox) and self.info.optional:
            self._editor.setItemText(0, _tr("{automatic} ({value})").format(automatic=_tr(AUTOMATIC), value=text))

    def forbid(self, choice: str, why: str) -> None:
        """Grey out a choice of a list and say why in its tooltip; an empty ``why`` allows it again."""
        if not isinstance(self._editor, QComboBox):
            return
        model, at = self._editor.model(), self._editor.findData(choice)
        if isinstance(model, QStandardItemModel) and at >= 0:
            model.item(at).setEnabled(not why)
            self._editor.setItemData(at, why or None, Qt.ItemDataRole.ToolTipRole)

    @property
    def error(self) -> str:
        """The error that is shown, empty when there is none."""
        return self._error.text()

    def show_error(self, text: str) -> None:
        """Show an error below the field; an empty one takes it away."""
        self._error.setText(text)
        self._error.setVisible(bool(text))


def _number(text: str, kind: type) -> Any:
    try:
        return kind(text.replace(",", "."))
    except ValueError:
        return text
