"""4 Model: which backbone, under which licence, what of it learns, and how the strip is read."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.texts import Sentence, heading, muted
from e2evit_gui.training_wizard.page import Page
from e2evit_gui.training_wizard.presenter import WizardPresenter
from e2evit_gui.training_wizard.reading_part import ReadingPart
from e2evit_gui.training_wizard.slide_presenter import SlidePresenter
from e2evit_gui.training_wizard.words import count, tr, worded_form
from e2evit_model.convert.backbones import BACKBONES, Backbone
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.errors import OptionError
from e2evit_model.training.config import Method, TrainingConfig

METHODS = {
    Method.FINE_TUNE: (
        "Fine-tune",
        "The whole vision transformer learns, end to end. Best on a GPU; hours to days.",
    ),
    Method.LINEAR_NLL: (
        "Linear probing",
        "One linear layer learns on embeddings of the frozen backbone, as in the paper. Minutes.",
    ),
    Method.LINEAR_COX: (
        "Linear probing, Cox model",
        "A penalised Cox model on embeddings of the frozen backbone. Minutes, and steady in small cohorts.",
    ),
}
_LEARNING = {
    Method.FINE_TUNE: (
        *("loss", "bins", "epochs", "patience", "learning_rate", "weight_decay", "step_size", "clip_norm"),
        *("layer_decay", "freeze_blocks", "aggregation", "seed"),
    ),
    Method.LINEAR_NLL: (
        *("bins", "epochs", "patience", "learning_rate", "weight_decay", "step_size", "standardise"),
        *("aggregation", "keep_backbone", "seed"),
    ),
    Method.LINEAR_COX: ("penalty", "l1_ratio", "inner_folds", "aggregation", "keep_backbone", "seed"),
}
_AUGMENTATION = ("turn_tiles", "gain", "offset", "drop_tiles")


class ModelPage(Page):
    """Backbones at the left, what learns at the right."""

    def __init__(self, presenter: WizardPresenter, slides: SlidePresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Model"),
            tr("A vision transformer that was pre-trained on tiles, and what of it learns from your cohort."),
            parent,
        )
        self._presenter, self._slides = presenter, slides
        config = presenter.draft.config
        self.backbones = QListWidget()
        self.backbones.setAccessibleName(tr("Backbone"))
        self.backbones.setFixedHeight(330)
        self.backbones.setSpacing(2)
        self.file = QPushButton(tr("Weight file…"))
        self.architecture = QComboBox()
        self.architecture.setEditable(True)
        self.architecture.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.architecture.setAccessibleName(tr("Architecture"))
        self.architecture.addItem(tr("as the file's layout says"), "")
        for backbone in BACKBONES.values():
            self.architecture.addItem(backbone.title, backbone.id)
        self.architecture_row = QWidget()
        self.facts = muted()
        self.licence = Sentence("warning")
        self.error = Sentence()
        self.methods = {method: QRadioButton(tr(name)) for method, (name, _) in METHODS.items()}
        self._group = QButtonGroup(self)
        self.reading = ReadingPart(config)
        self.learning = {method: worded_form(config, names) for method, names in _LEARNING.items()}
        self.augmentation = worded_form(config.augmentation, _AUGMENTATION)
        self.unfold = QToolButton()
        self.details = QWidget()
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(self._left(), 1)
        row.addLayout(self._right(), 1)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def _left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(heading(tr("Backbone")))
        left.addWidget(self.backbones)
        left.addWidget(self.file)
        inside = QHBoxLayout(self.architecture_row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(QLabel(tr("Architecture")))
        inside.addWidget(self.architecture, 1)
        self.architecture_row.setToolTip(tr("A backbone of the list, or the name of a vision transformer in timm."))
        for widget in (self.architecture_row, self.error, self.facts, self.licence):
            left.addWidget(widget)
        left.addStretch(1)
        return left

    def _right(self) -> QVBoxLayout:
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(heading(tr("What learns")))
        for method, button in self.methods.items():
            self._group.addButton(button)
            right.addWidget(button)
            told = muted(tr(METHODS[method][1]))
            told.setContentsMargins(24, 0, 0, 4)
            right.addWidget(told)
        right.addSpacing(8)
        right.addWidget(self.reading)
        self.unfold.setText(tr("Settings of learning"))
        self.unfold.setCheckable(True)
        self.unfold.setAutoRaise(True)
        self.unfold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.unfold.setArrowType(Qt.ArrowType.RightArrow)
        right.addSpacing(8)
        right.addWidget(self.unfold)
        inside = QVBoxLayout(self.details)
        inside.setContentsMargins(0, 0, 0, 0)
        for form in self.learning.values():
            inside.addWidget(form)
        self._augmentation_title = heading(tr("Changes at random while learning"))
        inside.addWidget(self._augmentation_title)
        inside.addWidget(self.augmentation)
        self.details.hide()
        right.addWidget(self.details)
        right.addStretch(1)
        return right

    def _connect(self) -> None:
        self.backbones.itemClicked.connect(self._backbone_chosen)
        self.backbones.itemActivated.connect(self._backbone_chosen)
        self.file.clicked.connect(self._ask_file)
        self.architecture.activated.connect(lambda _i: self._architecture_chosen())
        line = self.architecture.lineEdit()
        if line is not None:
            line.editingFinished.connect(self._architecture_chosen)
        for method, button in self.methods.items():
            button.clicked.connect(lambda _on=False, method=method: self._method_chosen(method))
        self.reading.changed.connect(self._reading_edited)
        self.augmentation.changed.connect(lambda settings: self._edit(augmentation=settings))
        for method, form in self.learning.items():
            form.changed.connect(lambda config, method=method: self._learning_edited(method, config))
        self.watch(self.reading.form)
        self.watch(self.augmentation)
        for form in self.learning.values():
            self.watch(form)
        self.unfold.toggled.connect(self._fold)
        self._slides.backbone_changed.connect(self._show)
        self._slides.here_changed.connect(self._show)
        self._presenter.draft_changed.connect(self._show)

    def entered(self) -> None:
        """Look which weights are on this machine: they may have come in between."""
        self._slides.find_weights()
        if self._is_file() and self._slides.backbone is None and not self._slides.asking("model"):
            self._recognise()

    def blocked(self) -> str:
        """Say what is missing of the model."""
        forms = (self.augmentation, self.learning[self._config().method])
        if not all(form.valid for form in forms):
            return tr("A setting is outside its limits.")
        refused = self.reading.blocked(self._backbone())
        if refused:
            return refused
        if self._is_file():
            if self._slides.asking("model"):
                return tr("The weight file is being looked at.")
            return "" if self._slides.backbone is not None else tr("Say which backbone the weight file is of.")
        if self._slides.here is not None and self._config().model not in self._slides.here:
            return tr("The weights of this backbone are not on this machine: choose another, or a weight file.")
        return "" if self._slides.here is not None else tr("Looking for weights on this machine.")

    def _config(self) -> TrainingConfig:
        return self._presenter.draft.config

    def _is_file(self) -> bool:
        return self._config().model not in BACKBONES

    def _backbone(self) -> Backbone | None:
        return self._slides.backbone if self._is_file() else BACKBONES[self._config().model]

    def _edit(self, **changes: object) -> None:
        """Take changes, or say why they cannot be taken and show again what counts."""
        self._slides.forget_dry_run()
        try:
            config = replace(self._config(), **changes)  # type: ignore[arg-type]
        except OptionError as error:
            self._show()
            self.reading.refuse(error)
        else:
            self.reading.refuse(None)
            self._presenter.choose_config(config)
        self.blocked_changed.emit()

    def _backbone_chosen(self, item: QListWidgetItem) -> None:
        self._slides.cancel("model")
        self._slides.failures.pop("model", None)
        self._edit(model=str(item.data(Qt.ItemDataRole.UserRole)), backbone=None)

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, tr("Weights of a backbone"), "", tr("Weights (*.safetensors *.pth *.pt *.bin);;All files (*)")
        )
        if name:
            self.take_file(Path(name))

    def take_file(self, path: Path) -> None:
        """Take a weight file, and look what it is."""
        self._edit(model=str(path.resolve()), backbone=None)
        self._recognise()

    def _recognise(self) -> None:
        config = self._config()
        self._slides.ask_backbone(Path(config.model), config.backbone)
        self._show()

    def _architecture_chosen(self) -> None:
        if not self._is_file():
            return
        text = self.architecture.currentText().strip()
        at = self.architecture.findText(text)
        name = str(self.architecture.itemData(at)) if at >= 0 else text
        if (name or None) != self._config().backbone:
            self._edit(backbone=name or None)
            self._recognise()

    def _method_chosen(self, method: Method) -> None:
        changes: dict[str, object] = {"method": method}
        if method is Method.LINEAR_NLL:
            changes["loss"] = "nll"  # the only one it has
        self._edit(**changes)

    def _reading_edited(self, conversion: ConversionSettings) -> None:
        """Take another way of reading; blocks that were frozen only because tiles were merged after them learn again."""
        config = self._config()
        only_so = config.freeze_blocks == config.conversion.merge_after
        self._edit(conversion=conversion, freeze_blocks=0 if only_so else config.freeze_blocks)

    def _learning_edited(self, method: Method, config: TrainingConfig) -> None:
        """Take the fields of one form; the other fields of its settings may be older."""
        self._edit(**{name: getattr(config, name) for name in _LEARNING[method]})

    def _fold(self, on: bool) -> None:
        self.unfold.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.details.setVisible(on)

    # what is shown

    def _show(self) -> None:
        config = self._config()
        self._show_backbones(config)
        self.architecture_row.setVisible(self._is_file())
        if self._is_file() and not config.backbone:
            self.architecture.setCurrentIndex(0)
        elif config.backbone:
            at = self.architecture.findData(config.backbone)
            self.architecture.setCurrentText(config.backbone if at < 0 else self.architecture.itemText(at))
        self.methods[config.method].setChecked(True)
        for method, form in self.learning.items():
            form.setVisible(method is config.method)
            if form.settings != config and form.valid:
                form.show_settings(config)
        cohort = self._presenter.cohort
        if self.reading.form.valid:
            slides = len(cohort.slides) if cohort is not None else 0
            self.reading.show_config(config, self._backbone(), tiles=self._slides.usual_tiles, slides=slides)
        if self.augmentation.settings != config.augmentation:
            self.augmentation.show_settings(config.augmentation)
        self._augmentation_title.setVisible(config.method is Method.FINE_TUNE)
        self.augmentation.setVisible(config.method is Method.FINE_TUNE)
        self._show_facts()
        self.blocked_changed.emit()

    def _show_backbones(self, config: TrainingConfig) -> None:
        here = self._slides.here
        self.backbones.clear()
        for backbone in BACKBONES.values():
            there = here is not None and backbone.id in here
            where = tr("on this machine") if there else tr("on request") if backbone.gated else tr("to download")
            size = f"{backbone.parameters / 1e6:.0f} M"
            item = QListWidgetItem(f"{backbone.title}\n{size}, {backbone.licence}, {where}")
            item.setData(Qt.ItemDataRole.UserRole, backbone.id)
            item.setToolTip(backbone.notes)
            self.backbones.addItem(item)
            if backbone.id == config.model:
                self.backbones.setCurrentItem(item)
        if self._is_file():
            self.backbones.setCurrentRow(-1)

    def _show_facts(self) -> None:
        backbone = self._backbone()
        failure = self._slides.failures.get("model") if self._is_file() else None
        self.error.explain(failure)
        name = Path(self._config().model).name
        if backbone is None:
            self.facts.setText(tr("Looking at {name}…").format(name=name) if failure is None else name)
            self.licence.say("")
            return
        if not self._is_file() and self._slides.here is not None and backbone.id not in self._slides.here:
            self.error.say(
                tr("The weights of {title} are not on this machine.").format(title=backbone.title),
                tr("Get them with e2evit models get {id}, or give a weight file.").format(id=backbone.id),
            )
        self.facts.setText(_facts(backbone, name if self._is_file() else ""))
        strict = (
            "NC" in backbone.licence or "research" in backbone.licence.lower() or "terms" in backbone.licence.lower()
        )
        notes = backbone.notes if strict else ""
        self.licence.say(tr("Licence: {licence}.").format(licence=backbone.licence) if strict else "", notes)


def _facts(backbone: Backbone, file: str) -> str:
    told = tr("{title}: {millions} million parameters, {patch} px patches, width {width}, {depth} blocks.").format(
        title=backbone.title,
        millions=count(backbone.parameters / 1e6),
        patch=backbone.patch_px,
        width=backbone.width,
        depth=backbone.depth,
    )
    looks = tr("It was trained at {mpp:g} µm/px.").format(mpp=backbone.mpp) if backbone.mpp else ""
    licence = tr("Licence: {licence}.").format(licence=backbone.licence) if backbone.licence else ""
    return " ".join(part for part in (f"{file}:" if file else "", told, looks, licence) if part)
