"""The window of results: table, gallery, map and survival."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from e2evit_gui.results_page.gallery_tab import GalleryTab
from e2evit_gui.results_page.map_tab import MapTab
from e2evit_gui.results_page.survival_tab import SurvivalTab
from e2evit_gui.results_page.table_tab import TableTab
from e2evit_gui.state.project import ProjectState
from e2evit_gui.state.session import Session
from e2evit_gui.theme.windows import open_at
from e2evit_gui.viewer.slide_pictures import SlidePictures


class ResultsPage(QWidget):
    """``open_requested`` carries slide and result id ("" for none), ``tile_requested`` also a tile's number."""

    open_requested = Signal(str, str)
    tile_requested = Signal(str, str, int)
    compare_requested = Signal(object)

    def __init__(
        self, state: ProjectState, session: Session, pictures: SlidePictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._state = state
        self.setWindowTitle(self.tr("Results"))
        open_at(self, 1080, 760)
        self.table = TableTab(state)
        self.gallery = GalleryTab(state)
        self.map = MapTab(state, pictures)
        self.survival = SurvivalTab(session)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Results"))
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.table, self.tr("Table"))
        self.tabs.addTab(self.gallery, self.tr("Tiles"))
        self.tabs.addTab(self.map, self.tr("Map"))
        self.tabs.addTab(self.survival, self.tr("Survival"))
        self.model = QComboBox()
        self.model.setAccessibleName(self.tr("Model of the results"))
        self.model.setMinimumWidth(260)
        row = QHBoxLayout()
        row.setContentsMargins(10, 8, 10, 4)
        row.setSpacing(8)
        label = QLabel(self.tr("Model"))
        label.setBuddy(self.model)
        row.addWidget(label)
        row.addWidget(self.model)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.tabs, 1)
        self._connect()
        self._fill_models()

    def _connect(self) -> None:
        self.table.open_requested.connect(self.open_requested)
        self.table.compare_requested.connect(self.compare_requested)
        self.gallery.tile_requested.connect(self.tile_requested)
        self.map.open_requested.connect(lambda slide_id: self.open_requested.emit(slide_id, ""))
        self._state.results_changed.connect(self._fill_models)
        self.model.activated.connect(lambda _row: self._model_chosen())
        self.tabs.currentChanged.connect(lambda _tab: self._refresh())
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def show_tab(self, tab: QWidget) -> None:
        """Show the window with one of its tabs in front."""
        self.tabs.setCurrentWidget(tab)
        self.show()
        self.raise_()
        self.activateWindow()
        self._refresh()

    def _fill_models(self) -> None:
        project = self._state.project
        counts: dict[str, tuple[str, int]] = {}
        for result in project.results() if project is not None else []:
            name, number = counts.get(result.model_key, (result.model, 0))
            counts[result.model_key] = (name, number + 1)
        before = self.model.currentData()
        self.model.clear()
        for key, (name, number) in counts.items():
            self.model.addItem(self.tr("{name}, {n} slides").format(name=name, n=number), key)
        if not counts:
            self.model.addItem(self.tr("no results yet"), "")
        self.model.setEnabled(len(counts) > 1)
        why = self.tr("All results are of one model: there is no other to choose.") if counts else ""
        self.model.setToolTip("" if len(counts) > 1 else why or self.tr("No slide was analyzed yet."))
        found = self.model.findData(before)
        # the newest model: it is the one that is being worked with
        self.model.setCurrentIndex(found if found >= 0 else self.model.count() - 1)
        self._model_chosen()

    def _model_chosen(self) -> None:
        key = str(self.model.currentData() or "")
        self.gallery.show_model(key)
        self.map.show_model(key)
        self._refresh()

    def _refresh(self) -> None:
        tab = self.tabs.currentWidget()
        if self.isVisible() and isinstance(tab, GalleryTab | MapTab | SurvivalTab):
            tab.refresh()
