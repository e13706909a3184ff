"""Which column means what: proposed with reasons, changed by the user."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from e2evit_gui.forms.texts import muted
from e2evit_gui.training_wizard.words import ROLES, tr
from e2evit_model.cohort.check import CohortCheck
from e2evit_model.cohort.values import TimeUnit

_VALUES = ("event_values", "censored_values")


class MappingEditor(QWidget):
    """A row a role: its name, the column, why. ``said`` carries what the user changed, as fields of ``ColumnMapping``."""

    said = Signal(dict)
    endpoint_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(2, 1)
        self.columns: dict[str, QComboBox] = {}
        self._reasons: dict[str, QLabel] = {}
        self._rows: dict[str, tuple[QWidget, ...]] = {}
        self.endpoint = self._combo("endpoint", self.tr("Endpoint"))
        self.endpoint.activated.connect(lambda _i: self.endpoint_chosen.emit(self.endpoint.currentText()))
        for role, name in ROLES.items():
            box = self.columns[role] = self._combo(role, tr(name))
            box.activated.connect(lambda _i, role=role, box=box: self.said.emit({role: box.currentData()}))
        self.unit = self._combo("time_unit", self.tr("Unit of time"))
        for unit in TimeUnit:
            self.unit.addItem(str(unit), str(unit))
        self.unit.activated.connect(lambda _i: self.said.emit({"time_unit": self.unit.currentData()}))
        self.event_values = self._values("event_values", self.tr("Means the event"))
        self.censored_values = self._values("censored_values", self.tr("Means censored"))
        self.covariates = self._values("covariates", self.tr("Clinical columns"))
        self.pattern = self._line("slide_pattern", self.tr("Names of slide files"))
        self.pattern.setPlaceholderText(self.tr("as the table says; or a pattern like {patient}-*"))
        self.pattern.editingFinished.connect(self._pattern_edited)

    def _row(self, role: str, name: str, editor: QWidget) -> None:
        row = len(self._rows)
        label, reason = QLabel(name), muted()
        label.setBuddy(editor)
        editor.setAccessibleName(name)
        editor.setFixedWidth(190)
        for column, widget in enumerate((label, editor, reason)):
            self._grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)
        self._rows[role], self._reasons[role] = (label, editor, reason), reason

    def _combo(self, role: str, name: str) -> QComboBox:
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._row(role, name, box)
        return box

    def _line(self, role: str, name: str) -> QLineEdit:
        line = QLineEdit()
        self._row(role, name, line)
        return line

    def _values(self, role: str, name: str) -> QLineEdit:
        line = self._line(role, name)
        line.editingFinished.connect(lambda: self._values_edited(role, line))
        return line

    def show_check(self, check: CohortCheck) -> None:
        """Show a mapping and its reasons."""
        mapping, reasons = check.mapping, check.proposal.reasons
        self._fill(self.endpoint, [(name, name) for name in check.proposal.endpoints], mapping.endpoint)
        self._show_row("endpoint", shown=len(check.proposal.endpoints) > 1)
        columns = [(self.tr("none"), None), *((column, column) for column in check.table.columns)]
        for role, box in self.columns.items():
            self._fill(box, columns, getattr(mapping, role))
        two = mapping.time is None and (mapping.death_time is not None or mapping.follow_up_time is not None)
        self._show_row("death_time", shown=two)
        self._show_row("follow_up_time", shown=two)
        self.unit.setCurrentIndex(self.unit.findData(str(mapping.time_unit)))
        for role in _VALUES:
            getattr(self, role).setText(", ".join(getattr(mapping, role)))
        self.covariates.setText(", ".join(mapping.covariates))
        self.covariates.setCursorPosition(0)
        self.covariates.setToolTip(self.covariates.text())
        if not self.pattern.hasFocus():
            self.pattern.setText(mapping.slide_pattern)
        for role, label in self._reasons.items():
            label.setText(reasons.get(role, ""))
        self._reasons["covariates"].setText(self.tr("For the clinical baseline beside the model."))

    def reason(self, role: str) -> str:
        """Return why a column was chosen, as it is shown."""
        return self._reasons[role].text()

    def _show_row(self, role: str, *, shown: bool) -> None:
        for widget in self._rows[role]:
            widget.setVisible(shown)

    @staticmethod
    def _fill(box: QComboBox, items: list[tuple[str, str | None]], chosen: str | None) -> None:
        box.clear()
        for text, data in items:
            box.addItem(text, data)
        box.setCurrentIndex(max(box.findData(chosen), 0))

    def _values_edited(self, role: str, line: QLineEdit) -> None:
        values = tuple(part.strip() for part in line.text().split(",") if part.strip())
        if line.isModified():
            line.setModified(False)
            self.said.emit({role: values})

    def _pattern_edited(self) -> None:
        if self.pattern.isModified():
            self.pattern.setModified(False)
            self.said.emit({"slide_pattern": self.pattern.text().strip()})
