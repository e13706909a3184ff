"""The main window: it owns session, presenter and panels, and connects commands to them."""

import logging
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow, QToolBar

from e2evit_gui.jobs.model_process import ModelProcess
from e2evit_gui.jobs.worker import finish_all
from e2evit_gui.main_window.actions import Actions
from e2evit_gui.main_window.bars import (
    MagnificationField,
    OpacitySlider,
    RecentMenu,
    StatusLine,
    fill_menus,
    fill_toolbar,
)
from e2evit_gui.slide_page.page import SlidePage
from e2evit_gui.slide_page.presenter import Presenter
from e2evit_gui.state.overlay import Overlay
from e2evit_gui.state.preferences import Preferences
from e2evit_gui.state.session import Session
from e2evit_gui.theme import icons

_log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """The window."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.preferences = preferences
        self.session = Session(self)
        self.overlay = Overlay(self.session, self)
        self.process = ModelProcess(self)
        self.presenter = Presenter(self.session, self.process, self)
        self.actions_ = Actions(self)
        self.page = SlidePage(self.session, self.overlay, self.presenter)
        self.magnification = MagnificationField()
        self.opacity = OpacitySlider()
        self.status = StatusLine(self)
        self.recent = RecentMenu(preferences.forget_recent, self)
        self.setCentralWidget(self.page)
        self.setStatusBar(self.status)
        self.setWindowIcon(icons.program_icon())
        bar = QToolBar(self.tr("Tools"), self)
        fill_toolbar(bar, self.actions_, self.magnification, self.opacity, [])
        self.addToolBar(bar)
        fill_menus(self, self.actions_, [], self.recent)
        self.addActions(self.actions_.magnifications)
        self.resize(1440, 900)
        self._connect()
        self._slide_changed()

    def _connect(self) -> None:
        actions, canvas = self.actions_, self.page.canvas
        actions.open.triggered.connect(self.choose_slide)
        actions.fit.triggered.connect(canvas.fit)
        self.session.slide_changed.connect(self._slide_changed)
        self.page.open_requested.connect(self.choose_slide)

    def open(self, path: Path, *, mpp: float | None = None) -> None:
        """Open a slide."""
        self.presenter.open(path, mpp=mpp)

    def choose_slide(self) -> None:
        """Ask for a slide and open it."""
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Open a slide"))
        if name:
            self.open(Path(name))

    def _slide_changed(self) -> None:
        opened = self.session.open
        self.setWindowTitle(f"{opened.path.name} - E2E-ViT Desktop" if opened else "E2E-ViT Desktop")

    def closeEvent(self, event: QCloseEvent) -> None:
        """End what runs."""
        self.presenter.shut_down()
        finish_all()
        super().closeEvent(event)
