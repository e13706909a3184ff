"""PROJECT: the slides of the project, with search, order, several chosen, and what can be done with them."""

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.texts import muted
from e2evit_gui.project_panel.slide_delegate import SlideDelegate
from e2evit_gui.project_panel.slide_model import ROW, SlideModel, SlideOrder, SlideState, SortBy

MOST_COMPARED = 4


class ProjectPanel(QWidget):
    """The dock's content. What is asked carries slide ids."""

    open_requested = Signal(str)
    analyze_requested = Signal(object)  # list of str
    compare_requested = Signal(object)
    results_requested = Signal()
    remove_requested = Signal(object)
    remove_results_requested = Signal(object)
    find_requested = Signal()
    add_requested = Signal()
    add_folder_requested = Signal()
    files_dropped = Signal(object)  # list of Path
    new_requested = Signal()
    open_project_requested = Signal()

    def __init__(self, model: SlideModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.model = model
        self.order = SlideOrder(self)
        self.order.setSourceModel(model)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search slides"))
        self.search.setAccessibleName(self.tr("Search slides"))
        self.search.setClearButtonEnabled(True)
        for button in self.search.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the search"))
        self.sorting = QComboBox()
        self.sorting.setAccessibleName(self.tr("Order of the slides"))
        for by, text in (
            (SortBy.NAME, self.tr("by name")),
            (SortBy.RISK, self.tr("by risk")),
            (SortBy.STATE, self.tr("by state")),
        ):
            self.sorting.addItem(text, by)
        self.list = self._make_list()
        self.count = muted()
        self.missing = self._make_missing()
        self._lay_out()
        self._make_actions()
        self._connect()
        self._refresh()

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self.order)
        view.setItemDelegate(SlideDelegate(self.model))
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setFrameShape(QListView.Shape.NoFrame)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setAccessibleName(self.tr("Slides of the project"))
        return view

    def _make_missing(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(8, 0, 8, 6)
        self.missing_text = QLabel()
        self.missing_text.setProperty("role", "warning")
        self.missing_text.setWordWrap(True)
        find = QPushButton(self.tr("Find…"))
        find.setToolTip(self.tr("Choose the folder where the missing slides are now"))
        find.clicked.connect(self.find_requested)
        row.addWidget(self.missing_text, 1)
        row.addWidget(find)
        return box

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(8, 8, 8, 4)
        row.setSpacing(6)
        row.addWidget(self.search, 1)
        row.addWidget(self.sorting)
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addLayout(row)
        inside.addWidget(self.missing)
        inside.addWidget(self.list, 1)
        below = QHBoxLayout()
        below.setContentsMargins(10, 4, 8, 6)
        below.addWidget(self.count, 1)
        self.add = QPushButton(self.tr("Add…"))
        self.add.setToolTip(self.tr("Add slides; or drop slides and folders onto the window"))
        menu = QMenu(self.add)
        menu.addAction(self.tr("Slides…"), self.add_requested.emit)
        menu.addAction(self.tr("All slides of a folder…"), self.add_folder_requested.emit)
        self.add.setMenu(menu)
        below.addWidget(self.add)
        inside.addLayout(below)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._make_empty())
        self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)

    def _make_empty(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(muted(self.tr("A project keeps many slides together: results, regions, where you looked.")))
        for text, signal in (
            (self.tr("New project…"), self.new_requested),
            (self.tr("Open project…"), self.open_project_requested),
        ):
            button = QPushButton(text)
            button.clicked.connect(signal)
            column.addWidget(button)
        column.addStretch(1)
        return page

    def _make_actions(self) -> None:
        def make(text: str, keys: str = "") -> QAction:
            action = QAction(text, self.list)
            if keys:
                action.setShortcut(QKeySequence(keys))
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            return action

        self.open_action = make(self.tr("&Open"), "Return")
        self.analyze_action = make(self.tr("&Analyze"))
        self.compare_action = make(self.tr("&Compare"))
        self.results_action = make(self.tr("Show in the table of &results"))
        self.find_action = make(self.tr("&Find missing slides…"))
        self.remove_results_action = make(self.tr("Remove results"))
        self.remove_action = make(self.tr("&Remove from the project"), "Delete")
        self.list.addActions([self.open_action, self.remove_action])

    def _connect(self) -> None:
        self.search.textChanged.connect(self.order.search)
        self.sorting.activated.connect(lambda _row: self.order.order_by(SortBy(self.sorting.currentData())))
        self.list.doubleClicked.connect(lambda index: self.open_requested.emit(index.data(ROW).slide.id))
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.open_action.triggered.connect(self._open_current)
        self.analyze_action.triggered.connect(lambda: self.analyze_requested.emit(self.chosen))
        self.compare_action.triggered.connect(lambda: self.compare_requested.emit(self.chosen))
        self.results_action.triggered.connect(self.results_requested)
        self.find_action.triggered.connect(self.find_requested)
        self.remove_action.triggered.connect(lambda: self.remove_requested.emit(self.chosen))
        self.remove_results_action.triggered.connect(lambda: self.remove_results_requested.emit(self.chosen))
        for signal in (self.model.modelReset, self.model.dataChanged, self.order.order_changed):
            signal.connect(self._refresh)
        self.list.selectionModel().selectionChanged.connect(self._refresh)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    # what is chosen

    @property
    def chosen(self) -> list[str]:
        """The chosen slides, from top to bottom."""
        return self.order.ids(self.list.selectionModel().selectedIndexes())

    def choose(self, slide_id: str) -> None:
        """Choose one slide and scroll to it."""
        for row in range(self.order.rowCount()):
            index = self.order.index(row, 0)
            if index.data(ROW).slide.id == slide_id:
                self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
                self.list.scrollTo(index)
                return

    def show_project(self, name: str | None) -> None:
        """Show the list of a project, or how to get one."""
        self.stack.setCurrentIndex(0 if name is None else 1)
        self.search.clear()

    def _open_current(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self.open_requested.emit(index.data(ROW).slide.id)

    def _show_menu(self, place: QPoint) -> None:
        chosen = self.chosen
        if not chosen:
            return
        menu = QMenu(self)
        menu.addActions([self.open_action, self.analyze_action, self.compare_action, self.results_action])
        menu.addSeparator()
        menu.addActions([self.find_action, self.remove_results_action, self.remove_action])
        self.open_action.setEnabled(len(chosen) == 1)
        self.compare_action.setEnabled(1 <= len(chosen) <= MOST_COMPARED)
        self.find_action.setEnabled(self.missing.isVisible())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(place))

    def _refresh(self) -> None:
        rows = self.model.rows
        missing = sum(row.state is SlideState.MISSING for row in rows)
        self.missing.setVisible(missing > 0)
        self.missing_text.setText(
            self.tr("{n} slides are not where they were.").format(n=missing)
            if missing > 1
            else self.tr("One slide is not where it was.")
        )
        shown, chosen = self.order.rowCount(), len(self.list.selectionModel().selectedIndexes())
        text = self.tr("{n} slides").format(n=len(rows)) if len(rows) != 1 else self.tr("1 slide")
        if shown != len(rows):
            text = self.tr("{shown} of {n} slides").format(shown=shown, n=len(rows))
        if chosen > 1:
            text += self.tr(", {n} chosen").format(n=chosen)
        if not rows:
            text = self.tr("No slides yet: add some, or drop them here.")
        self.count.setText(text)
