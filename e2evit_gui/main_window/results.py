"""The windows of results and of comparisons, and the way from them to the slide."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from e2evit_gui.state.session import Notice, Weight

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow
    from e2evit_gui.results_page.compare import CompareWindow
    from e2evit_gui.results_page.page import ResultsPage

WAIT_MS = 100


class Results(QObject):
    """The window's part in results. The page is made when it is first opened."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._projects = window.projects
        self.page: ResultsPage | None = None
        self.comparisons: list[CompareWindow] = []
        self._tile: tuple[str, int] | None = None
        self._waits = QTimer(self)
        self._waits.setInterval(WAIT_MS)
        self._waits.timeout.connect(self._go_to_tile)
        commands, panel = window.commands, window.projects.panel
        commands.results_table.triggered.connect(lambda: self.show("table"))
        commands.results_tiles.triggered.connect(lambda: self.show("gallery"))
        commands.results_map.triggered.connect(lambda: self.show("map"))
        commands.results_survival.triggered.connect(lambda: self.show("survival"))
        commands.compare.triggered.connect(lambda: self.compare(panel.chosen))
        for signal in (panel.results_requested, self._projects.batch.results_requested):
            signal.connect(lambda: self.show("table"))
        window.page.empty.results_requested.connect(lambda: self.show("table"))
        panel.compare_requested.connect(self.compare)
        self._projects.state.opened.connect(self._project_changed)
        self._project_changed()

    def show(self, tab: str) -> None:
        """Show the window of results with a tab in front: table, gallery, map or survival."""
        if self.page is None:
            # imported here: survival libraries would make the window's start slow
            from e2evit_gui.results_page.page import ResultsPage

            window = self._window
            self.page = ResultsPage(self._projects.state, window.session, self._projects.pictures, window)
            self.page.open_requested.connect(self._open)
            self.page.tile_requested.connect(self._open_tile)
            self.page.compare_requested.connect(self.compare)
            self._projects.opened_slide.changed.connect(self.page.map.view.show_open)
            self.page.map.view.show_open(self._projects.opened_slide.slide_id)
        tabs: dict[str, QWidget] = {
            "table": self.page.table,
            "gallery": self.page.gallery,
            "map": self.page.map,
            "survival": self.page.survival,
        }
        self.page.show_tab(tabs[tab])

    def compare(self, slide_ids: Sequence[str]) -> None:
        """Show two to four slides side by side, or the results of different models on one."""
        from e2evit_gui.results_page.compare import MOST, CompareWindow, subjects

        project = self._projects.state.project
        model_key = str(self.page.model.currentData() or "") if self.page is not None else ""
        chosen = subjects(project, slide_ids, model_key) if project is not None else []
        if project is None or not 2 <= len(chosen) <= MOST or len(slide_ids) > MOST:
            self._window.session.notify(
                Notice(
                    message=self.tr("Choose two to four slides in PROJECT, or one that was analyzed with two models."),
                    weight=Weight.INFO,
                )
            )
            return
        window = CompareWindow(project.folder, chosen, self._window)
        self.comparisons.append(window)
        window.closed.connect(lambda: self._forget(window))
        window.show()

    def _forget(self, window: "CompareWindow") -> None:
        if window in self.comparisons:
            self.comparisons.remove(window)
            self._window.memory.let_go()

    def _open(self, slide_id: str, result_id: str) -> None:
        self._projects.open_slide(slide_id)
        if result_id:
            self._projects.opened_slide.show_result(slide_id, result_id)
        self._window.raise_()
        self._window.activateWindow()

    def _open_tile(self, slide_id: str, result_id: str, tile: int) -> None:
        self._open(slide_id, result_id)
        self._tile = (slide_id, tile)
        self._waits.start()

    def _go_to_tile(self) -> None:
        """Go to the tile as soon as its slide and its result are there; a slide that does not open is waited for no longer."""
        opened, session = self._projects.opened_slide, self._window.session
        if self._tile is None or not (self._window.slides.busy or opened.busy or opened.slide_id == self._tile[0]):
            self._waits.stop()
        elif opened.slide_id == self._tile[0] and session.result is not None and not opened.busy:
            self._waits.stop()
            self._window.page.go_to_tile(self._tile[1])

    def _project_changed(self) -> None:
        there = self._projects.state.project is not None
        commands = self._window.commands
        for action in (commands.results_table, commands.results_tiles, commands.results_map, commands.compare):
            action.setEnabled(there)
        for window in self.comparisons:
            window.close()

    def shut_down(self) -> None:
        """Close the windows."""
        self._waits.stop()
        for window in list(self.comparisons):
            window.close()
        if self.page is not None:
            self.page.close()
