"""Room for a table that shows whole rows only: a row cut in half reads as another state."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget


class WholeRows(QWidget):
    """Give a table of rows of one height as many of them as there is room for, at least ``least``; the rest looks like it."""

    def __init__(self, table: QTableView, *, least: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table, self._least = table, least
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerItem)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(table)
        column.addStretch(1)

    @property
    def _row(self) -> int:
        return self._table.verticalHeader().defaultSectionSize()

    def minimumSizeHint(self) -> QSize:
        """Ask for the header and the fewest rows."""
        header = self._table.horizontalHeader().sizeHint().height()
        return QSize(super().minimumSizeHint().width(), header + self._least * self._row)

    def sizeHint(self) -> QSize:
        """Prefer no more than the fewest rows: what else there is, a table grows into."""
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the table to whole rows."""
        super().resizeEvent(event)
        header = self._table.horizontalHeader().sizeHint().height()
        rows = max((self.height() - header) // self._row, 1)
        self._table.setFixedHeight(header + rows * self._row)
