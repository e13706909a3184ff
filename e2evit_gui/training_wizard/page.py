"""What all pages of the wizard share."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from e2evit_gui.forms.options_form import OptionsForm
from e2evit_gui.forms.texts import hero, muted


class Page(QScrollArea):
    """A step of the wizard: a column that scrolls when there is no room. ``blocked_changed``: ask again why one cannot go on."""

    blocked_changed = Signal()

    def __init__(self, title: str, lead: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.setAccessibleName(title)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(22, 18, 22, 18)
        self.column.setSpacing(10)
        self.column.addWidget(hero(title))
        self.column.addWidget(muted(lead))
        self.setWidget(inside)

    def blocked(self) -> str:
        """Say why one cannot go on from here; empty when one can."""
        return ""

    def watch(self, form: OptionsForm[Any]) -> None:
        """Ask again why one cannot go on after every edit of a form, valid or not."""
        for field in form.fields.values():
            field.edited.connect(self.blocked_changed)

    def entered(self) -> None:
        """Take note that the page is shown."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the column as wide as the page."""
        super().resizeEvent(event)
        self._inside.setMaximumWidth(self.viewport().width())
