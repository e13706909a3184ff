"""The table of results: sorted by a click, copied with Ctrl+C, exported as CSV."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.texts import Sentence, muted
from e2evit_gui.results_page.compare import MOST
from e2evit_gui.results_page.result_model import ResultModel, ResultOrder
from e2evit_gui.state.project import ProjectState
from e2evit_model.errors import OutputError
from e2evit_model.project.table import results_text, write_results_table


class TableTab(QWidget):
    """``open_requested`` carries a slide id and a result id ("" for none); ``compare_requested`` slide ids."""

    open_requested = Signal(str, str)
    compare_requested = Signal(object)

    def __init__(self, state: ProjectState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ResultModel(state, self)
        self.order = ResultOrder(self)
        self.order.setSourceModel(self.model)
        self.table = QTableView()
        self.table.setModel(self.order)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setFrameShape(QTableView.Shape.NoFrame)
        self.table.setAccessibleName(self.tr("Results"))
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        for column, width in enumerate((190, 130, 70, 92, 66, 60, 104, 60, 124)):
            header.resizeSection(column, width)
        self.said = muted()
        self.message = Sentence()
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.setToolTip(self.tr("Copy the chosen rows, or all, for a spreadsheet (Ctrl+C)"))
        self.export = QPushButton(self.tr("Export CSV…"))
        self.compare = QPushButton(self.tr("Compare"))
        row = QHBoxLayout()
        row.setContentsMargins(10, 6, 10, 6)
        row.setSpacing(6)
        row.addWidget(self.said, 1)
        for button in (self.compare, self.copy, self.export):
            row.addWidget(button)
        column_of_all = QVBoxLayout(self)
        column_of_all.setContentsMargins(0, 0, 0, 0)
        column_of_all.setSpacing(0)
        column_of_all.addWidget(self.message)
        column_of_all.addWidget(self.table, 1)
        column_of_all.addLayout(row)
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        copy = QAction(self.tr("Copy"), self.table)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.triggered.connect(self.copy_rows)
        self.table.addAction(copy)
        self.copy.clicked.connect(self.copy_rows)
        self.export.clicked.connect(self._ask_file)
        self.compare.clicked.connect(lambda: self.compare_requested.emit(self.chosen_slides))
        self.table.activated.connect(self._open)
        self.model.modelReset.connect(self._refresh)
        self.table.selectionModel().selectionChanged.connect(self._refresh)

    @property
    def chosen_slides(self) -> list[str]:
        """The slides of the chosen rows, each once, from top to bottom."""
        chosen = self.order.rows(self.table.selectionModel().selectedRows())
        return list(dict.fromkeys(slide.id for slide, _ in chosen))

    def copy_rows(self) -> None:
        """Put the chosen rows, or all, on the clipboard, separated by tabs."""
        chosen = self.table.selectionModel().selectedRows()
        rows = self.order.rows(chosen or None)
        QGuiApplication.clipboard().setText(results_text(rows, delimiter="\t"))
        text = self.tr("1 row was copied.") if len(rows) == 1 else self.tr("{n} rows were copied.").format(n=len(rows))
        self.said.setText(text)

    def write(self, path: Path) -> None:
        """Write all rows, as they are sorted, as CSV."""
        try:
            write_results_table(path, self.order.rows())
        except OutputError as error:
            self.message.say(error.message, error.hint)
        else:
            self.message.say("")
            self.said.setText(self.tr("{name} was written.").format(name=path.name))

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export the results"), "results.csv", "CSV (*.csv)")
        if name:
            self.write(Path(name))

    def _open(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            slide, result = self.order.rows([index])[0]
            self.open_requested.emit(slide.id, result.id if result is not None else "")

    def _refresh(self) -> None:
        rows = self.model.rows
        done = sum(result is not None for _, result in rows)
        self.said.setText(self.tr("{n} results of {slides} slides").format(n=done, slides=len({s.id for s, _ in rows})))
        can_compare = 1 <= len(self.chosen_slides) <= MOST
        self.compare.setEnabled(can_compare)
        self.compare.setToolTip(
            self.tr("Show two to four chosen slides side by side")
            if can_compare
            else self.tr("Choose two to four slides to compare, or one that was analyzed with two models.")
        )
        self.copy.setEnabled(bool(rows))
        self.export.setEnabled(bool(rows))
