"""What all pages of the wizard share."""

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.options_form import OptionsForm
from e2evit_gui.forms.texts import hero, muted

_ROW = 25  # a row of a table, in pixels


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


class PlainTable(QTableWidget):
    """A table to read: whole rows, no grid, columns as wide as what is in them, the last takes the rest; ``even``: all alike."""

    def __init__(self, titles: list[str], name: str, *, even: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(0, len(titles), parent)
        self._even = even
        self.setHorizontalHeaderLabels(titles)
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setMinimumSectionSize(_ROW)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch if even else QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(titles) - 1, QHeaderView.ResizeMode.Stretch)
        if even:
            header.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_rows(self, rows: list[list[str]]) -> None:
        """Show cells as text; numbers stand at the right."""
        self.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if self._even:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                elif text.replace("\u2009", "").isdigit():
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, item)
        self.resizeRowsToContents()

    def rows(self) -> list[list[str]]:
        """Return the cells as they are shown."""
        found = []
        for row in range(self.rowCount()):
            items = [self.item(row, column) for column in range(self.columnCount())]
            found.append([item.text() if item is not None else "" for item in items])
        return found

    def sizeHint(self) -> QSize:
        """Prefer some rows."""
        return QSize(300, 150)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the last column again."""
        super().resizeEvent(event)
        self.resizeRowsToContents()
