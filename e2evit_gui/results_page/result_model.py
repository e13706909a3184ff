"""All slides with their results as a table that sorts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from e2evit_gui.forms.durations import written_seconds
from e2evit_gui.state.project import ProjectState
from e2evit_gui.state.written import signed
from e2evit_model.cohort.values import natural_key
from e2evit_model.project.entries import ResultEntry
from e2evit_model.project.table import Row

Index = QModelIndex | QPersistentModelIndex
SORT = Qt.ItemDataRole.UserRole + 1
ROW = Qt.ItemDataRole.UserRole + 2


def _tr(text: str) -> str:
    return QCoreApplication.translate("ResultModel", text)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its title, what stands in a cell, what it is ordered by (``None`` comes last), and what to know of it."""

    title: str
    said: Callable[[Row], str]
    key: Callable[[Row], Any]
    number: bool = True
    note: str = ""


def _of(get: Callable[[ResultEntry], Any]) -> Callable[[Row], Any]:
    return lambda row: None if row[1] is None else get(row[1])


def _written(get: Callable[[ResultEntry], Any], write: Callable[[Any], str]) -> Callable[[Row], str]:
    def said(row: Row) -> str:
        value = _of(get)(row)
        return "" if value is None else write(value)

    return said


def _column(
    title: str,
    get: Callable[[ResultEntry], Any],
    write: Callable[[Any], str],
    *,
    number: bool = True,
    note: str = "",
) -> Column:
    return Column(title=title, said=_written(get, write), key=_of(get), number=number, note=note)


def columns() -> list[Column]:
    """Make the columns of the table, in the language that is spoken now."""
    groups = {"low": _tr("low"), "high": _tr("high")}
    return [
        Column(
            title=_tr("Slide"), said=lambda row: row[0].name, key=lambda row: natural_key(row[0].name), number=False
        ),
        _column(_tr("Model"), lambda result: result.model, str, number=False),
        _column(_tr("Risk"), lambda result: result.risk, signed),
        _column(
            _tr("Percentile"),
            lambda result: result.percentile,
            lambda place: f"{place:.0f}",
            note=_tr("The mean over the fold models, so it need not rise with the risk, which is a mean itself."),
        ),
        _column(_tr("Group"), lambda result: result.group, lambda group: groups.get(group, group), number=False),
        _column(_tr("Tiles"), lambda result: result.tiles, lambda tiles: f"{tiles:,}".replace(",", "\u2009")),
        _column(_tr("Tissue, mm²"), lambda result: result.tissue_mm2, lambda area: f"{area:.2f}"),
        _column(_tr("Time"), lambda result: result.seconds, written_seconds),
        _column(_tr("Analyzed"), lambda result: result.created, lambda at: at[:16].replace("T", " "), number=False),
    ]


class ResultModel(QAbstractTableModel):
    """One row a result; a slide without one has a row of its own. ``model_key`` shows one model alone."""

    def __init__(self, state: ProjectState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._columns = columns()
        self._rows: list[Row] = []
        self._model_key = ""
        state.results_changed.connect(self.refresh)
        self.refresh()

    @property
    def rows(self) -> list[Row]:
        """All rows."""
        return list(self._rows)

    def show_model(self, model_key: str) -> None:
        """Show the results of one model, or of all ("")."""
        self._model_key = model_key
        self.refresh()

    def refresh(self) -> None:
        """Take the rows from the project."""
        project = self._state.project
        rows: list[Row] = []
        if project is not None:
            by_slide: dict[str, list[ResultEntry]] = {}
            for result in project.results():
                if self._model_key in {"", result.model_key}:
                    by_slide.setdefault(result.slide, []).append(result)
            for slide in project.slides():
                found = by_slide.get(slide.id)
                rows += [(slide, result) for result in found] if found else [(slide, None)]
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return self._columns[section].note or None
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(self._columns[section])
        return None

    @staticmethod
    def _side(column: Column) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows, and what it is sorted by."""
        row, column = self._rows[index.row()], self._columns[index.column()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return column.said(row)
        if role == SORT:
            return column.key(row)
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(column)
        return None


class ResultOrder(QSortFilterProxyModel):
    """The rows in the order of a column; what has no value comes last, whichever way it is sorted."""

    def lessThan(self, left: Index, right: Index) -> bool:
        """Order two rows."""
        source = self.sourceModel()
        one, other = source.data(left, SORT), source.data(right, SORT)
        if one is None or other is None:
            rising = self.sortOrder() == Qt.SortOrder.AscendingOrder
            return (other is None and one is not None) == rising and one is not other
        return bool(one < other)

    def rows(self, indexes: Iterable[QModelIndex] | None = None) -> list[Row]:
        """Return some rows, or all, from top to bottom."""
        numbers = range(self.rowCount()) if indexes is None else sorted({index.row() for index in indexes})
        return [self.index(number, 0).data(ROW) for number in numbers]
