"""A form made from a settings class; errors stand at the field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from e2evit_gui.forms.field import Field
from e2evit_model.errors import OptionError
from e2evit_model.options import OptionInfo, Options, describe

Settings = TypeVar("Settings", bound=Options)


class OptionsForm(QWidget, Generic[Settings]):
    """Edit settings; ``changed`` carries new ones whenever the user made a valid change.

    A field whose value the settings refuse shows the settings' own sentence, and the last valid settings stay.
    """

    changed = Signal(object)

    def __init__(
        self,
        settings: Settings,
        only: Sequence[str] = (),
        parent: QWidget | None = None,
        *,
        makers: Mapping[str, type[Field]] = MappingProxyType({}),
    ) -> None:
        """Make a field for every option, or for those of ``only``; ``makers`` has a kind of its own for some, by name."""
        super().__init__(parent)
        self._settings = settings
        self._makers = makers
        self.fields: dict[str, Field] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        known = {info.name: info for info in describe(type(settings))}
        for row, name in enumerate(only or known):
            self._add(grid, row, known[name])
        grid.setRowStretch(len(only or known), 1)  # with room to spare the rows stay together
        self.show_settings(settings)

    def _add(self, grid: QGridLayout, row: int, info: OptionInfo) -> None:
        field = self._makers.get(info.name, Field)(info)
        field.edited.connect(lambda: self._edited(field))
        self.fields[info.name] = field
        if info.kind is bool:
            grid.addWidget(field, row, 0, 1, 2)
            return
        label = QLabel(QCoreApplication.translate("Field", info.label))
        label.setToolTip(field.toolTip())
        label.setWordWrap(True)
        label.setMinimumHeight(26)
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(field, row, 1)

    @property
    def settings(self) -> Settings:
        """The last valid settings."""
        return self._settings

    @property
    def valid(self) -> bool:
        """Whether no field shows an error."""
        return not any(field.error for field in self.fields.values())

    def show_settings(self, settings: Settings) -> None:
        """Show settings; errors are taken away."""
        self._settings = settings
        for name, field in self.fields.items():
            field.show_value(getattr(settings, name))
            field.show_error("")

    def suggest(self, values: Mapping[str, str]) -> None:
        """Say what "automatic" means, by field."""
        for name, text in values.items():
            if name in self.fields:
                self.fields[name].suggest(text)

    def _edited(self, field: Field) -> None:
        value = field.value()
        if value == getattr(self._settings, field.info.name) and not field.error:
            return
        try:
            settings = replace(self._settings, **{field.info.name: value})
        except OptionError as error:
            field.show_error(_sentence(field, error))
            return
        field.show_error("")
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)


def _sentence(field: Field, error: OptionError) -> str:
    """Return the settings' own sentence; text where a number belongs is said to be none."""
    if field.info.kind in (int, float) and isinstance(field.value(), str):
        return QCoreApplication.translate("Field", '"{text}" is not a number.').format(text=field.text)
    return error.message
