"""The slides of a project as rows: name, state, risk; with search and sorting."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)

from e2evit_gui.jobs.batch import BatchQueue, JobState
from e2evit_gui.project_panel.presenter import ProjectPresenter
from e2evit_gui.state.project import ProjectState
from e2evit_gui.state.written import signed
from e2evit_gui.viewer.slide_pictures import SlidePictures
from e2evit_model.cohort.values import natural_key
from e2evit_model.project.entries import OUTDATED, ResultEntry, SlideEntry

Index = QModelIndex | QPersistentModelIndex


class SlideState(IntEnum):
    """Where a slide stands, in the order in which one wants to see them."""

    FAILED = 0
    MISSING = 1
    RUNNING = 2
    WAITING = 3
    NOT_ANALYZED = 4
    ANALYZED = 5


class SortBy(StrEnum):
    """The orders of the list."""

    NAME = "name"
    RISK = "risk"
    STATE = "state"


@dataclass(frozen=True, kw_only=True)
class SlideRow:
    """A slide as the list shows it. ``result`` is its newest one, with a risk where there is one.

    ``outdated``: the result was of other tiles than those that are kept now.
    """

    slide: SlideEntry
    state: SlideState
    result: ResultEntry | None
    failure: str = ""
    open: bool = False
    outdated: bool = False


ROW = Qt.ItemDataRole.UserRole + 1
PICTURE = Qt.ItemDataRole.UserRole + 2


class SlideModel(QAbstractListModel):
    """Rows made of the project, the queue and what is missing; only what changed is told."""

    def __init__(
        self,
        state: ProjectState,
        presenter: ProjectPresenter,
        queue: BatchQueue,
        pictures: SlidePictures,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._presenter, self._queue, self._pictures = state, presenter, queue, pictures
        self._rows: list[SlideRow] = []
        self._open = ""
        self._outdated: dict[str, str | None] = {}  # also of a project that can only be read
        state.opened.connect(self._forget_marks)
        state.results_changed.connect(self.refresh)  # it comes with other slides, too
        presenter.missing_changed.connect(self.refresh)
        presenter.missing_changed.connect(self._try_pictures_again)
        queue.changed.connect(self.refresh)
        pictures.arrived.connect(self._pictures_arrived)

    @property
    def rows(self) -> list[SlideRow]:
        """All slides, in the order in which they were taken in."""
        return list(self._rows)

    def row(self, number: int) -> SlideRow:
        """Return one row."""
        return self._rows[number]

    def set_open(self, slide_id: str) -> None:
        """Mark the slide that is open ("" for none)."""
        if slide_id != self._open:
            self._open = slide_id
            self.refresh()

    def set_outdated(self, slide_id: str, outdated: bool) -> None:
        """Mark the result that a slide has now as one of other tiles, or take the mark away; a new result has none."""
        result = next((row.result for row in self._rows if row.slide.id == slide_id), None)
        marked = result.id if outdated and result is not None else None
        if marked != self._marked(slide_id):
            self._outdated[slide_id] = marked
            self._state.remember(OUTDATED + slide_id, marked)
            self.refresh()

    def _forget_marks(self) -> None:
        self._outdated.clear()

    def _marked(self, slide_id: str) -> str | None:
        """Return the id of the result that is one of other tiles."""
        return self._outdated.get(slide_id, self._state.document(OUTDATED + slide_id))

    def refresh(self) -> None:
        """Make the rows again; when the slides are the same, only rows that differ are told."""
        rows = self._make_rows()
        if [row.slide.id for row in rows] != [row.slide.id for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        before, self._rows = self._rows, rows
        for number, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                index = self.index(number)
                self.dataChanged.emit(index, index)

    def _make_rows(self) -> list[SlideRow]:
        project = self._state.project
        if project is None:
            return []
        results: dict[str, ResultEntry] = {}
        for result in project.results():
            best = results.get(result.slide)
            if best is None or result.risk is not None or best.risk is None:
                results[result.slide] = result
        return [self._row(slide, results.get(slide.id)) for slide in project.slides()]

    def _row(self, slide: SlideEntry, result: ResultEntry | None) -> SlideRow:
        job = self._queue.job_of(slide.id)
        failure = ""
        state = SlideState.NOT_ANALYZED if result is None else SlideState.ANALYZED
        if slide.id in self._presenter.missing:
            state = SlideState.MISSING
        elif job is not None and job.state is JobState.RUNNING:
            state = SlideState.RUNNING
        elif job is not None and job.state is JobState.WAITING:
            state = SlideState.WAITING
        elif job is not None and job.state is JobState.FAILED and job.failure is not None:
            state, failure = SlideState.FAILED, job.failure.message
        outdated = result is not None and self._marked(slide.id) == result.id
        return SlideRow(
            slide=slide, state=state, result=result, failure=failure, open=slide.id == self._open, outdated=outdated
        )

    def _pictures_arrived(self, slide_ids: set[str]) -> None:
        for number, row in enumerate(self._rows):
            if row.slide.id in slide_ids:
                index = self.index(number)
                self.dataChanged.emit(index, index, [PICTURE])

    def _try_pictures_again(self) -> None:
        self._pictures.try_again([row.slide.id for row in self._rows if row.state is not SlideState.MISSING])

    # Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of slides."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows."""
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.slide.name
        if role == ROW:
            return row
        if role == PICTURE:
            return self._pictures.get(row.slide.id)
        if role == Qt.ItemDataRole.ToolTipRole:
            why = self.tr("Its tiles have changed since, by regions or settings: run it again.") if row.outdated else ""
            return "\n".join(part for part in (row.slide.name, self.said(row), why, row.failure) if part)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.slide.name}, {self.said(row)}"
        return None

    def said(self, row: SlideRow) -> str:
        """Say in words where a slide stands."""
        job = self._queue.job_of(row.slide.id)
        match row.state:
            case SlideState.FAILED:
                return self.tr("failed")
            case SlideState.MISSING:
                return self.tr("not found where it was")
            case SlideState.RUNNING:
                return self.tr("running")
            case SlideState.WAITING:
                waiting = [one.slide_id for one in self._queue.waiting]
                number = waiting.index(row.slide.id) + 1 if job is not None and row.slide.id in waiting else 1
                return self.tr("waiting, number {n}").format(n=number)
            case SlideState.NOT_ANALYZED:
                return self.tr("not analyzed")
            case _:
                return self._said_result(row.result, outdated=row.outdated)

    def _said_result(self, result: ResultEntry | None, *, outdated: bool) -> str:
        if result is None or result.risk is None:
            return self.tr("out of date, no risk") if outdated else self.tr("analyzed, no risk")
        if outdated:
            return self.tr("out of date: risk {risk}").format(risk=signed(result.risk))
        text = self.tr("risk {risk}").format(risk=signed(result.risk))
        if result.percentile is not None:
            text += self.tr(", percentile {place:.0f}").format(place=result.percentile)
        return text


class SlideOrder(QSortFilterProxyModel):
    """The rows that the search finds, in the chosen order. Slides without a risk come last. ``order_changed`` follows both."""

    order_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._by = SortBy.NAME
        self._words: tuple[str, ...] = ()
        self.setDynamicSortFilter(True)
        self.sort(0)

    @property
    def by(self) -> SortBy:
        """The chosen order."""
        return self._by

    def order_by(self, by: SortBy) -> None:
        """Choose an order."""
        self._by = by
        self.invalidate()
        self.sort(0)
        self.order_changed.emit()

    def search(self, text: str) -> None:
        """Show slides alone whose name, state or model hold every word."""
        self._words = tuple(text.lower().split())
        self.invalidate()
        self.order_changed.emit()

    def filterAcceptsRow(self, row: int, _parent: Index) -> bool:
        """Say whether a slide is shown."""
        model = self.sourceModel()
        if not self._words or not isinstance(model, SlideModel):
            return True
        shown = model.row(row)
        model_name = shown.result.model if shown.result is not None else ""
        state = self.tr("analyzed") if shown.state is SlideState.ANALYZED else model.said(shown)
        text = f"{shown.slide.name} {state} {model_name}".lower()
        return all(word in text for word in self._words)

    def lessThan(self, left: Index, right: Index) -> bool:
        """Order two slides."""
        return bool(self._key(left) < self._key(right))

    def _key(self, index: Index) -> Any:
        row: SlideRow = self.sourceModel().data(index, ROW)
        name = (natural_key(row.slide.name), row.slide.id)
        if self._by is SortBy.NAME:
            return name
        if self._by is SortBy.STATE:
            return (row.state, *name)
        risk = row.result.risk if row.result is not None else None
        return (risk is None, -(risk or 0.0), *name)

    def ids(self, indexes: Iterable[QModelIndex]) -> list[str]:
        """Return the slides of some rows, from top to bottom."""
        rows = sorted({index.row() for index in indexes})
        return [self.index(row, 0).data(ROW).slide.id for row in rows]

    @property
    def shown(self) -> list[str]:
        """The slides that are shown, from top to bottom."""
        return [self.index(row, 0).data(ROW).slide.id for row in range(self.rowCount())]
