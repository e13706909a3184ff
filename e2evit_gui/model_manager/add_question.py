"""What a file is of: told by its layout, a known backbone, or a model of timm with its mean and std."""

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.texts import Sentence, muted
from e2evit_gui.model_manager.words import tr
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.errors import OptionError
from e2evit_model.model_store.given import Given
from e2evit_model.model_store.normalization import chosen_normalization

_OWN = "own"


class AddQuestion(QDialog):
    """Ask about one file; ``given`` is the answer once it was accepted."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add a model"))
        self.setMinimumWidth(520)
        self.given = Given()
        self.by_layout = QRadioButton(tr("Its layout says what it is"))
        self.by_layout.setChecked(True)
        self.by_id = QRadioButton(tr("Weights of a known backbone"))
        self.by_timm = QRadioButton(tr("Weights of a model of timm"))
        self.backbone = QComboBox()
        self.backbone.setAccessibleName(tr("Backbone"))
        for backbone in BACKBONES.values():
            self.backbone.addItem(f"{backbone.title}  ({backbone.licence})", backbone.id)
        self.timm = _field(tr("Name in timm"), "vit_base_patch16_224.our-lab")
        self.normalization = QComboBox()
        self.normalization.setAccessibleName(tr("Normalization"))
        for words, name in (
            (tr("as timm publishes with this name"), ""),
            (tr("ImageNet"), "imagenet"),
            (tr("0.5 throughout"), "half"),
            (tr("CLIP"), "clip"),
            (tr("other numbers"), _OWN),
        ):
            self.normalization.addItem(words, name)
        self.mean = _field(tr("Mean"), "0.485, 0.456, 0.406")
        self.std = _field(tr("Std"), "0.229, 0.224, 0.225")
        self.mpp = _field(tr("Resolution"), tr("any"))
        self.licence = _field(tr("Licence"), tr("not stated"))
        self.in_place = QCheckBox(tr("Leave the file where it is"))
        self.error = Sentence()
        self._lay_out(path)
        self._connect()
        self._follow()

    def _lay_out(self, path: Path) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        name = QLabel(tr("What is {name}?").format(name=path.name))
        name.setProperty("role", "hero")
        name.setWordWrap(True)
        column.addWidget(name)
        column.addWidget(self.by_layout)
        column.addWidget(self.by_id)
        self.known = QWidget()
        QFormLayout(self.known).addRow(tr("Backbone"), self.backbone)
        column.addWidget(self.known)
        column.addWidget(self.by_timm)
        self.of_timm = QWidget()
        self.form = QFormLayout(self.of_timm)
        self.form.addRow(tr("Name in timm"), self.timm)
        self.form.addRow(tr("Normalization"), self.normalization)
        self.form.addRow(tr("Mean"), self.mean)
        self.form.addRow(tr("Std"), self.std)
        self.form.addRow(tr("Resolution, µm/px"), self.mpp)
        self.form.addRow(tr("Licence"), self.licence)
        column.addWidget(self.of_timm)
        column.addWidget(self.in_place)
        column.addWidget(muted(tr("Else it is linked into the program's folder, or copied where it cannot be linked.")))
        column.addWidget(self.error)
        column.addStretch(1)
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        add = buttons.addButton(tr("Add"), QDialogButtonBox.ButtonRole.AcceptRole)
        add.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _connect(self) -> None:
        for button in (self.by_layout, self.by_id, self.by_timm):
            button.toggled.connect(self._follow)
        self.normalization.currentIndexChanged.connect(self._follow)

    def _follow(self) -> None:
        self.known.setVisible(self.by_id.isChecked())
        self.of_timm.setVisible(self.by_timm.isChecked())
        own = self.normalization.currentData() == _OWN
        self.form.setRowVisible(self.mean, own)
        self.form.setRowVisible(self.std, own)
        self.adjustSize()

    def accept(self) -> None:
        """Take the answer, or say what is wrong with it."""
        try:
            self.given = self._answer()
        except OptionError as error:
            self.error.say(error.message, error.hint)
            return
        super().accept()

    def _answer(self) -> Given:
        in_place = self.in_place.isChecked()
        if self.by_layout.isChecked():
            return Given(in_place=in_place)
        if self.by_id.isChecked():
            return Given(backbone=str(self.backbone.currentData()), in_place=in_place)
        name = str(self.normalization.currentData())
        own = name == _OWN
        said = chosen_normalization(
            None if own or not name else name, self.mean.text() if own else None, self.std.text() if own else None
        )
        if not self.timm.text().strip():
            raise OptionError(
                tr("The name in timm is missing."), hint=tr("As in timm.list_models, with a tag of your own.")
            )
        if own and said is None:
            raise OptionError(tr("Mean and std are missing."), hint=tr("Give red, green and blue, each from 0 to 1."))
        return Given(
            timm=self.timm.text().strip(),
            mean=said[0] if said else None,
            std=said[1] if said else None,
            mpp=self._resolution(),
            licence=self.licence.text().strip(),
            in_place=in_place,
        )

    def _resolution(self) -> float | None:
        text = self.mpp.text().strip().replace(",", ".")
        try:
            return float(text) if text else None
        except ValueError as error:
            raise OptionError(
                tr('"{text}" is not a number.').format(text=text), hint=tr("Most models use 0.5.")
            ) from error


def _field(name: str, example: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(example)
    return field
