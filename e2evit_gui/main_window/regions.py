"""Regions in the main window: tools in the toolbar, the panel, the menu on the slide, GeoJSON in and out, what a project keeps."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu

from e2evit_gui.dialogs.display_range import DisplayRangeDialog
from e2evit_gui.jobs.failure import explain
from e2evit_gui.main_window.bars import ANALYZE_MENU
from e2evit_gui.main_window.docks import make_dock
from e2evit_gui.main_window.opened_slide import remembering
from e2evit_gui.slide_page.region_presenter import Question, RegionPresenter
from e2evit_gui.slide_page.region_tools import RegionTools
from e2evit_gui.slide_page.regions_panel import RegionsPanel
from e2evit_gui.state.regions import Regions
from e2evit_gui.state.session import Notice, Weight
from e2evit_gui.viewer.display_range import DisplayRange
from e2evit_gui.viewer.tool_select import corner_at, region_at, without_corner
from e2evit_model.annotations.document import regions_from_document, regions_to_document
from e2evit_model.annotations.geojson import read_regions, write_regions
from e2evit_model.annotations.region import Region, StripRole
from e2evit_model.annotations.slide_regions import EMPTY, SlideRegions
from e2evit_model.errors import E2EViTError

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow

_log = logging.getLogger(__name__)

ENDINGS = (".geojson", ".json")


class RegionRoom(QObject):
    """The window's part in regions."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.regions = Regions(window.session, self)
        window.slides.follow(self.regions)
        window.models.follow(self.regions)
        self.tools = RegionTools(self.regions, window.session, window.page.canvas, self)
        self.asks = RegionPresenter(window.session, self.regions, window.process, window.models.settings_of, self)
        self.panel = RegionsPanel(window.session, self.regions, window.slides, self.asks)
        self.dock = make_dock(window, "regions", self.tr("REGIONS"), self.panel)
        self.import_action = QAction(self.tr("&Import regions (GeoJSON)…"), self)
        self.export_action = QAction(self.tr("&Export regions (GeoJSON)…"), self)
        self.drop_corrections_action = QAction(self.tr("Tissue as it was &found"), self)
        self.display_action = QAction(self.tr("&Brightness and contrast…"), self)
        self.display_action.setShortcut(QKeySequence("Shift+C"))
        self._add_bars()
        self.place()
        self._keep = remembering(self._keep_in_project, self)
        self._kept_for, self._kept_slide = "", ""
        self._to_keep: SlideRegions | None = None
        self._connect()

    def _add_bars(self) -> None:
        window, tools = self._window, self.tools
        bar = window.menuBar()
        menu = QMenu(self.tr("A&nnotate"), window)
        menu.addActions([action for name, action in tools.by_name.items() if not name.startswith("tissue")])
        menu.addSeparator()
        menu.addActions([tools.shown, self.display_action, tools.delete])
        menu.addSeparator()
        menu.addActions([tools.by_name["tissue-add"], tools.by_name["tissue-remove"], self.drop_corrections_action])
        menu.addSeparator()
        menu.addActions([self.import_action, self.export_action])
        analyze = next((one for one in bar.actions() if one.objectName() == ANALYZE_MENU), None)
        bar.insertMenu(analyze, menu) if analyze is not None else bar.addMenu(menu)
        toolbar = window.tools_bar
        before = toolbar.actions()[1]
        toolbar.insertSeparator(before)
        for name in ("move", "rectangle", "polygon", "brush", "ruler", "points"):
            toolbar.insertAction(before, tools.by_name[name])
        toolbar.insertAction(before, tools.shown)

    def place(self) -> None:
        """Put the panel where it stands at first: behind RISK."""
        window = self._window
        self.dock.setFloating(False)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        window.tabifyDockWidget(window.docks.risk, self.dock)
        window.docks.risk.raise_()
        self.dock.show()

    def _connect(self) -> None:
        window, canvas = self._window, self._window.page.canvas
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        canvas.menu_requested.connect(self._show_menu)
        self.import_action.triggered.connect(self._choose_import)
        self.export_action.triggered.connect(self._choose_export)
        self.drop_corrections_action.triggered.connect(self.regions.drop_corrections)
        self.display_action.triggered.connect(self.show_display_range)
        self.panel.run_requested.connect(window.run)
        self.tools.tool_changed.connect(self._tool_changed)
        self.panel.region_requested.connect(self.go_to)
        self.asks.job_changed.connect(lambda *job: window.jobs.show_job("region", *job))
        window.undo.add(self.regions.undo)
        window.projects.opened_slide.changed.connect(self._slide_of_project)
        window.projects.state.closing.connect(self._keep_now)
        self.regions.changed.connect(self._changed)
        window.session.slide_changed.connect(self._refresh_actions)
        self._refresh_actions()

    def _tool_changed(self, name: str) -> None:
        """Say how to paint on the tissue: its tools have no button that would stay pressed."""
        text = {
            "tissue-add": self.tr("Paint what is tissue, too. M ends it."),
            "tissue-remove": self.tr("Paint what is not tissue. M ends it."),
        }.get(name, "")
        if text:
            self._window.session.notify(Notice(message=text, weight=Weight.INFO))

    def _refresh_actions(self) -> None:
        there = self._window.session.slide is not None
        self.import_action.setEnabled(there)
        self.export_action.setEnabled(there and bool(self.regions.drawn.regions))
        self.drop_corrections_action.setEnabled(bool(self.regions.drawn.corrections))

    # what a project keeps

    def _slide_of_project(self, slide_id: str) -> None:
        """Bring back what was drawn on a slide of the project; without a project, what was drawn since the start stays."""
        self._keep_now()
        self._kept_for, self._kept_slide = "", ""
        self.regions.follow_slide()
        if not slide_id:
            return
        try:
            drawn = regions_from_document(self._window.projects.state.regions(slide_id))
        except E2EViTError as error:
            self._window.session.notify(Notice(message=error.message, hint=error.hint, weight=Weight.WARNING))
            return
        if drawn is not EMPTY:
            self.regions.take(drawn)
        self._kept_for, self._kept_slide = slide_id, self.regions.slide
        if drawn is EMPTY and (self.regions.drawn.regions or self.regions.drawn.corrections):
            self._changed()  # drawn before the slide was in a project

    def _changed(self) -> None:
        self._refresh_actions()
        if self._kept_for and self.regions.slide == self._kept_slide:
            self._to_keep = self.regions.drawn
            self._keep.start()

    def _keep_now(self) -> None:
        if self._keep.isActive():
            self._keep.stop()
            self._keep_in_project()

    def _keep_in_project(self) -> None:
        drawn, self._to_keep = self._to_keep, None
        if self._kept_for and drawn is not None:
            self._window.projects.state.keep_regions(self._kept_for, regions_to_document(drawn))

    def shut_down(self) -> None:
        """Keep what was drawn last: for the end of the program."""
        self._keep_now()
        self.asks.cancel()
        self.regions.undo.clear()  # while all who hear of it are there

    # files

    def take_files(self, paths: Sequence[Path]) -> bool:
        """Take a GeoJSON file that was dropped; say whether it was one."""
        if len(paths) != 1 or paths[0].suffix.lower() not in ENDINGS or self._window.session.slide is None:
            return False
        self.read(paths[0])
        return True

    def read(self, path: Path) -> None:
        """Draw what a GeoJSON file holds, and say what was left."""
        try:
            found = read_regions(path)
        except E2EViTError as error:
            self._window.session.notify(Notice.of(explain(error)))
            return
        self.regions.add(found.regions, self.tr("Import regions"))
        self.regions.select(())
        left_out = sum(region.role is StripRole.EXCLUDE for region in found.regions)
        parts = [self.tr("{count} regions were read.").format(count=len(found.regions))]
        if left_out:
            parts.append(self.tr("{count} of them leave their tiles out of the strip.").format(count=left_out))
        if found.passed_over:
            parts.append(self.tr("{count} detections and cells were passed over.").format(count=found.passed_over))
        self._window.session.notify(Notice(message=" ".join(parts), weight=Weight.INFO))

    def write(self, path: Path) -> None:
        """Write what is drawn as GeoJSON, with what was measured."""
        slide = self._window.session.slide
        try:
            write_regions(
                self.regions.drawn.regions,
                path,
                mpp=slide.info.mpp if slide is not None else None,
                measured={region.key: self.panel.measured(region) for region in self.regions.drawn.regions},
            )
        except E2EViTError as error:
            self._window.session.notify(Notice.of(explain(error)))
            return
        text = self.tr("{count} regions were written to {name}.")
        said = text.format(count=len(self.regions.drawn), name=path.name)
        self._window.session.notify(Notice(message=said, weight=Weight.INFO))

    def _choose_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Regions of this slide"), "", self.tr("GeoJSON (*.geojson *.json);;All files (*)")
        )
        if name:
            self.read(Path(name))

    def _choose_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export regions"), "regions.geojson", self.tr("GeoJSON (*.geojson)")
        )
        if name:
            self.write(Path(name))

    # on the slide

    def show_display_range(self) -> DisplayRangeDialog:
        """Ask which values are shown as black and as white."""
        now = self._window.page.canvas.display
        dialog = DisplayRangeDialog(now.black, now.white, self._window)
        dialog.changed.connect(self._take_display_range)
        dialog.setModal(False)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
        return dialog

    def _take_display_range(self, black: int, white: int) -> None:
        canvas = self._window.page.canvas
        canvas.display = DisplayRange(black=black, white=white).limited()
        canvas.update()

    def go_to(self, region: Region) -> None:
        """Bring a region into the middle."""
        left, top, right, bottom = region.box
        self._window.page.canvas.go_to((left + right) / 2, (top + bottom) / 2, widest=max(3 * (right - left), 500.0))

    def _show_menu(self, point: QPointF, where: QPoint) -> None:
        menu = self.menu_at(point)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def menu_at(self, point: QPointF) -> QMenu:
        """Make the menu about what lies under a level-0 point."""
        canvas = self._window.page.canvas
        menu = QMenu(canvas)
        hand = self.tools.hand_at(point)
        region = region_at(self.regions, hand) if canvas.regions_shown else None
        if region is not None:
            if not self.regions.is_selected(region):
                self.regions.select((region.key,))
            self._add_region_actions(menu, region, corner_at(region, hand))
            menu.addSeparator()
        menu.addActions(canvas.actions())
        return menu

    def _add_region_actions(self, menu: QMenu, region: Region, corner: int) -> None:
        if region.is_area:
            for role, text in (
                (StripRole.INCLUDE, self.tr("Analyze only this")),
                (StripRole.EXCLUDE, self.tr("Leave out of the strip")),
                (StripRole.NONE, self.tr("Leave the strip alone")),
            ):
                action = menu.addAction(text)
                action.triggered.connect(
                    lambda _on=False, role=role: self.regions.set_role(self.regions.selected, role)
                )
                action.setCheckable(True)
                action.setChecked(region.role is role)
            menu.addSeparator()
            for question, text in (
                (Question.WITHOUT, self.tr("Risk without it")),
                (Question.ALONE, self.tr("Risk of it alone")),
            ):
                action = menu.addAction(text)
                action.triggered.connect(lambda _on=False, question=question: self.asks.ask(region, question))
                action.setEnabled(not self.asks.why_not(region))
            menu.addSeparator()
        less = without_corner(region, corner) if corner >= 0 else None
        if less is not None:
            menu.addAction(
                self.tr("Delete the corner"), lambda: self.regions.change([less], self.tr("Delete a corner"))
            )
        menu.addAction(self.tools.delete)
