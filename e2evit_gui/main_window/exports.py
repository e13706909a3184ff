"""Export in the main window: of the open slide, or of all analyzed slides of the project."""

import importlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.jobs.loading import Loader
from e2evit_gui.state.overlay import Overlay, OverlayLayer
from e2evit_gui.state.session import Notice, Weight
from e2evit_gui.theme.windows import open_at, open_once
from e2evit_model.annotations.document import regions_from_document
from e2evit_model.progress import Progress
from e2evit_model.project.entries import REGIONS, SlideEntry
from e2evit_model.project.project import Project

if TYPE_CHECKING:
    from e2evit_gui.export_dialog.dialog import ExportDialog
    from e2evit_gui.main_window.window import MainWindow
    from e2evit_model.report.exports import ExportedSlide
    from e2evit_model.report.slide_figure import FigureSettings

STEP = "Reading the results"
DIALOG = "e2evit_gui.export_dialog.dialog"


class Exports(QObject):
    """File > Export, for the slide that is open and analyzed, or for those of the project; ``dialog`` is the one that is open."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.action = QAction(self.tr("&Export…"), self)
        self.action.setShortcut(QKeySequence("Ctrl+E"))
        self.action.triggered.connect(self.open)
        self.project_action = QAction(self.tr("Export of the pro&ject…"), self)
        self.project_action.setShortcut(QKeySequence("Ctrl+Shift+E"))
        self.project_action.triggered.connect(self.read_project)
        self.dialog: ExportDialog | None = None
        self.loader = Loader(self)
        self.loader.failed.connect(self._not_read)
        self._reading = Latest("results for an export", self)
        self._reading.progressed.connect(lambda *job: window.jobs.show_job("export", STEP, *job))
        self._reading.busy_changed.connect(self._busy_changed)
        self._reading.succeeded.connect(self._open_for_project)
        self._reading.failed.connect(self._not_read)
        file = window.menuBar().actions()[0].menu()
        if isinstance(file, QMenu):
            file.insertActions(window.commands.quit, [self.action, self.project_action])
            file.insertSeparator(window.commands.quit)
        window.session.result_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        there = self._window.session.result is not None
        self.action.setEnabled(there)
        self.action.setToolTip(self.tr("Export (Ctrl+E)") if there else self.tr("Run the model first"))

    def open(self) -> None:
        """Open the dialog about the open slide."""
        # imported when first needed: the window starts without what draws figures and writes tables
        self.loader.then([DIALOG], self._open_for_slide)

    def _open_for_slide(self) -> None:
        from e2evit_gui.export_dialog.dialog import ExportDialog
        from e2evit_model.report.exports import ExportedSlide

        session = self._window.session
        opened, result, model = session.open, session.result, session.model
        if opened is None or result is None:
            return
        info, overlay = opened.slide.info, self._window.overlay
        one = ExportedSlide(
            path=opened.path,
            mpp=info.mpp if info.mpp_source == "user" else None,
            result=result,
            regions=self._window.regions.regions.drawn.regions,
            rollout=overlay.rollout,
            occlusion=overlay.occlusion,
        )
        analysis = self._window.models.settings_of(opened)
        self._show(ExportDialog([one], model, self._window, settings=shown_settings(overlay), analysis=analysis))

    def _show(self, dialog: "ExportDialog") -> None:
        self.dialog = dialog
        dialog.exported.connect(self._tell)
        dialog.finished.connect(self._closed)
        open_at(dialog, 980, 640)
        open_once(dialog)

    @Slot()
    def _closed(self) -> None:
        self.dialog = None
        self._window.memory.let_go()

    # of a project

    def read_project(self) -> None:
        """Read the last result of every slide of the project whose file is there, then open the dialog."""
        project = self._window.projects.state.project
        slides = [] if project is None else [one for one in project.slides() if project.results(one.id)]
        if project is None or not slides:
            text = self.tr("There is no project with analyzed slides.")
            hint = self.tr("Make a project (File, New project), add slides and analyze them.")
            self._window.session.notify(Notice(message=text, hint=hint, weight=Weight.INFO))
            return
        there = [one for one in slides if not project.is_missing(one)]
        if len(there) < len(slides):
            text = self.tr("{count} slides are missing and are left out of the export.").format(
                count=len(slides) - len(there)
            )
            self._window.session.notify(Notice(message=text, weight=Weight.WARNING))
        self._reading.begin(lambda progress: exported_slides(project, there, progress))

    def _busy_changed(self, busy: bool) -> None:
        if not busy:
            self._window.jobs.show_job("export", "", "", 0, 0)

    @Slot(object)
    def _open_for_project(self, slides: "list[ExportedSlide]") -> None:
        from e2evit_gui.export_dialog.dialog import ExportDialog

        session = self._window.session
        if slides:
            self._show(ExportDialog(slides, session.model, self._window, analysis=session.settings))

    @Slot(object)
    def _not_read(self, failure: Failure) -> None:
        self._window.session.notify(Notice.of(failure))

    def _tell(self, path: Path) -> None:
        text = self.tr("{name} was written, and its provenance beside it.").format(name=path.name)
        self._window.session.notify(Notice(message=text, weight=Weight.INFO))


def shown_settings(overlay: Overlay) -> "FigureSettings":
    """Return the settings of a figure that shows what the overlay shows on screen; attention where that has no values."""
    from e2evit_model.report.slide_figure import FigureSettings
    from e2evit_model.report.tile_layers import TileLayer

    choice = overlay.choice
    bare = FigureSettings(opacity=choice.opacity, overlay=choice.visible)
    if not overlay.has_values:
        return bare
    by_head = choice.layer is OverlayLayer.HEAD and overlay.result is not None
    layers = len(overlay.result.layers) if overlay.result is not None else 0
    low, high = choice.limits if choice.limits is not None else (None, None)
    return replace(
        bare,
        layer=TileLayer.ATTENTION if by_head else TileLayer(choice.layer.value),
        transformer_layer=range(1, layers + 1)[choice.block] if by_head else None,
        head=choice.head + 1 if by_head and choice.head >= 0 else None,
        scale=overlay.scale if len(overlay.scales) > 1 else bare.scale,
        lowest=low,
        highest=high,
        colors=overlay.colors,
        hide_below=choice.hide_below,
        contours=choice.contours,
    )


def exported_slides(project: Project, slides: list[SlideEntry], progress: Progress) -> "list[ExportedSlide]":
    """Read the last result and the regions of some slides of a project; for a thread.

    Raises
    ------
    ProjectError, AnnotationError
        When a result or regions are damaged.
    """
    from e2evit_model.project.results import read_result
    from e2evit_model.report.exports import ExportedSlide

    importlib.import_module(DIALOG)  # here, in a thread: it takes a second
    found = []
    for done, slide in enumerate(slides):
        progress(STEP, done, len(slides))
        found.append(
            ExportedSlide(
                path=project.path_of(slide),
                mpp=slide.mpp if slide.mpp_source == "user" else None,
                result=read_result(project.folder, project.results(slide.id)[-1].id),
                regions=regions_from_document(project.document(REGIONS + slide.id)).regions,
            )
        )
    return found
