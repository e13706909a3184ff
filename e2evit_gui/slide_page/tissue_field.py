"""How tissue is found, as a field: a list of ways, and a mask from a file with a button to choose it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QToolButton, QWidget

from e2evit_gui.forms.field import AUTOMATIC, Field
from e2evit_gui.theme import icons
from e2evit_model.options import OptionInfo

_FILE = "file"


def _tr(text: str) -> str:
    return QCoreApplication.translate("TissueField", text)


class TissueField(Field):
    """Edit the option ``tissue``: None, the name of a method, or the path of a mask file."""

    def _make_editor(self, info: OptionInfo) -> QWidget:
        del info
        self._path = ""
        self._ways = QComboBox()
        self._ways.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._ways.setAccessibleName(_tr("Tissue"))
        self._ways.addItem(_tr(AUTOMATIC), None)
        for words, method in ways():
            self._ways.addItem(words, method)
        self._ways.addItem("", _FILE)
        self._ways.activated.connect(self._chosen)
        self._button = QToolButton()
        self._button.setAccessibleName(_tr("Mask file"))
        self._button.setToolTip(
            _tr("Choose a mask file: a picture of the whole slide in which tissue is white, or GeoJSON")
        )
        icons.wear(self._button, "open")
        self._button.clicked.connect(self.choose_file)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._ways, 1)
        row.addWidget(self._button)
        box.setFocusProxy(self._ways)
        self._name_file()
        return box

    @property
    def text(self) -> str:
        """The chosen words."""
        return self._ways.currentText()

    def value(self) -> Any:
        """Return the method, the path of the mask file, or None for automatic."""
        chosen = self._ways.currentData()
        return (self._path or None) if chosen == _FILE else chosen

    def show_value(self, value: Any) -> None:
        """Show a value without telling."""
        at = self._ways.findData(value) if value is not None and value != _FILE else 0
        if at < 0:
            self._path = str(value)
            at = self._ways.findData(_FILE)
        self._name_file()
        self._ways.setCurrentIndex(at)

    def suggest(self, text: str) -> None:
        """Say what "automatic" means now."""
        at = self._ways.findData(text)
        words = self._ways.itemText(at) if at > 0 else text
        said = _tr("{automatic} ({value})").format(automatic=_tr(AUTOMATIC), value=words)
        self._ways.setItemText(0, said)

    def choose_file(self) -> None:
        """Ask for a mask file; without an answer everything stays as it was."""
        name, _ = QFileDialog.getOpenFileName(
            self,
            _tr("Mask of the tissue"),
            str(Path(self._path).parent) if self._path else "",
            _tr("Masks (*.png *.tif *.tiff *.bmp *.jpg *.geojson *.json);;All files (*)"),
        )
        if name:
            self.take_file(Path(name))

    def take_file(self, path: Path) -> None:
        """Take a mask file."""
        self.show_value(str(path))
        self.edited.emit()

    def _chosen(self, _index: int) -> None:
        if self._ways.currentData() == _FILE and not self._path:
            self.choose_file()
            if not self._path:
                self._ways.setCurrentIndex(0)
                self.edited.emit()
            return
        self.edited.emit()

    def _name_file(self) -> None:
        at = self._ways.findData(_FILE)
        name = Path(self._path).name
        self._ways.setItemText(at, _tr("Mask: {name}").format(name=name) if name else _tr("Mask from a file…"))
        self._ways.setToolTip(name)


def ways() -> tuple[tuple[str, str], ...]:
    """Return the ways of finding tissue: words and method."""
    return (
        (_tr("By color (Otsu)"), "otsu"),
        (_tr("GrandQC"), "grandqc"),
        (_tr("GrandQC without artefacts"), "grandqc-artefacts"),
        (_tr("The whole picture"), "all"),
    )
