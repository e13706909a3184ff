"""LOG: what the program did, line by line."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.state.log import MOST_LINES, LogBook


class LogPanel(QWidget):
    """The last lines of the log; they hold no path and no patient identifier."""

    report_requested = Signal()

    def __init__(self, book: LogBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(MOST_LINES)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Log"))
        self.text.setPlainText("\n".join(book.lines))
        book.line_added.connect(self.text.appendPlainText)
        copy = QPushButton(self.tr("Copy all"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.report = QPushButton(self.tr("Copy for a report"))
        self.report.setToolTip(self.tr("Copy versions and log with paths, slides' names and your name taken out"))
        self.report.clicked.connect(self.report_requested)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.addStretch(1)
        row.addWidget(self.report)
        row.addWidget(copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text, 1)
        column.addLayout(row)
