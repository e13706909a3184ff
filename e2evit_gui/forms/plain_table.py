"""A table to read."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

_ROW = 25  # a row of a table, in pixels


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
        self.setTabKeyNavigation(False)  # Tab leads on to the next control; arrow keys go through the rows
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
