"""What is compared, on the page of the review: options with several values, one training for every combination."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from e2evit_gui.forms.texts import Sentence, heading, muted
from e2evit_gui.training_wizard.words import tr
from e2evit_model.ablation.axes import Variant, combine, options_to_vary, parse_axis
from e2evit_model.errors import OptionError
from e2evit_model.training.config import TrainingConfig

FIRST = ("merge_after", "merger", "positions", "ratio", "backbone", "read_out", "order", "method", "loss", "tile_mpp")
"""What the paper compares, and late merging: offered before the rest."""
MOST_ROWS = 4
_EXAMPLES = {"merge_after": "0, 4, 8", "ratio": "0.5, 1, 2, 4", "backbone": "vit-small, dinov2-small"}


class _Row(QWidget):
    """An option and its values; the option may be none."""

    edited = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        known = options_to_vary()
        self.option = QComboBox()
        self.option.setAccessibleName(tr("Option {number} that is varied").format(number=number + 1))
        self.option.addItem(tr("nothing"), "")
        rest = [name for name in known if name not in FIRST and name not in ("tokens_per_tile", "model")]
        for name in [*(name for name in FIRST if name in known), *rest]:
            self.option.addItem(known[name][1].label, name)
        self.option.setMinimumWidth(220)
        self.values = QLineEdit()
        self.values.setAccessibleName(tr("Values of option {number}").format(number=number + 1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.option)
        row.addWidget(self.values, 1)
        self.option.currentIndexChanged.connect(self._option_chosen)
        self.values.editingFinished.connect(self.edited)
        self._option_chosen()

    def _option_chosen(self) -> None:
        name = str(self.option.currentData())
        self.values.setEnabled(bool(name))
        if not name:
            self.values.clear()
        info = options_to_vary()[name][1] if name else None
        example = _EXAMPLES.get(name) or (", ".join(info.choices) if info is not None else "")
        self.values.setPlaceholderText(example or (tr("values, with commas between them") if name else ""))
        self.setToolTip(info.help if info is not None else "")
        self.edited.emit()
        if name and self.option.hasFocus():
            self.values.setFocus()

    @property
    def text(self) -> str:
        """The axis as the command line says it, empty without an option or its values."""
        name = str(self.option.currentData())
        values = ",".join(part.strip() for part in self.values.text().split(",") if part.strip())
        return f"{name}={values}" if name and values else ""

    @property
    def lacks_values(self) -> bool:
        """Whether an option was chosen, and its values are not written yet."""
        return bool(self.option.currentData()) and not self.text

    def show_text(self, text: str) -> None:
        """Show an axis."""
        name, _, values = text.partition("=")
        if text != self.text:
            self.option.blockSignals(True)
            self.option.setCurrentIndex(max(self.option.findData(name), 0))
            self.option.blockSignals(False)
            self.values.setText(values.replace(",", ", "))
            self._option_chosen()


class VaryPart(QWidget):
    """``changed`` when another comparison is asked for; ``axes`` are its options with their values."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = [_Row(number) for number in range(MOST_ROWS)]
        self.one_at_a_time = QCheckBox(tr("Change one option at a time"))
        self.one_at_a_time.setToolTip(tr("Instead of all combinations: each differs in one option from the first."))
        self.said = muted()
        self.error = Sentence()
        self.variants: Sequence[Variant] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading(tr("Compare choices (ablation)")))
        for row in self.rows:
            column.addWidget(row)
            row.edited.connect(self._edited)
        column.addWidget(self.one_at_a_time)
        column.addWidget(self.error)
        column.addWidget(self.said)
        self.one_at_a_time.toggled.connect(self._edited)

    @property
    def axes(self) -> tuple[str, ...]:
        """The options with their values, as the command line says them."""
        return tuple(row.text for row in self.rows if row.text)

    def _edited(self) -> None:
        self._show_rows()
        self.changed.emit()

    def _show_rows(self) -> None:
        """Show one row more than are used."""
        chosen = [number for number, row in enumerate(self.rows) if row.option.currentData()]
        used = max(chosen, default=-1)
        for number, row in enumerate(self.rows):
            row.setVisible(number <= used + 1)
        self.one_at_a_time.setVisible(len(self.axes) > 1)

    def show_axes(self, axes: Sequence[str], config: TrainingConfig, *, one_at_a_time: bool) -> None:
        """Show what is compared, how many trainings that makes, and what is wrong with it."""
        if tuple(axes) != self.axes:
            for number, row in enumerate(self.rows):
                row.show_text(axes[number] if number < len(axes) else "")
        self.one_at_a_time.setChecked(one_at_a_time)
        self._show_rows()
        self.error.say("")
        self.variants = ()
        try:
            if axes:
                made = [parse_axis(text) for text in axes]
                self.variants = combine(config, made, one_at_a_time=one_at_a_time)
        except OptionError as error:
            self.error.say(error.message, error.hint)
        self.said.setText(self._count())

    def _count(self) -> str:
        if not self.variants:
            return "" if self.axes else tr("Nothing is varied: one training.")
        impossible = [one for one in self.variants if one.config is None]
        said = tr("{count} trainings on the same folds, one after the other; slides are prepared once.").format(
            count=len(self.variants) - len(impossible)
        )
        for one in impossible[:3]:
            said += "\n" + tr("Left out, {label}: {reason}").format(label=one.label, reason=one.reason)
        return said

    def blocked(self) -> str:
        """Say what keeps the comparison from being made."""
        if self.error.text():
            return self.error.text().split("\n")[0]
        for row in self.rows:
            if row.lacks_values:
                return tr("Write the values of {option}.").format(option=row.option.currentText())
        if self.variants and all(one.config is None for one in self.variants):
            return tr("None of the combinations can be trained.")
        return ""
