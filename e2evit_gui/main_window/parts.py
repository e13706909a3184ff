"""The parts that the main window is put together from: state, presenters, panels, bars. What they do is connected in ``window``."""

from PySide6.QtWidgets import QComboBox, QMainWindow, QMenu, QPushButton, QSizePolicy, QToolBar, QVBoxLayout, QWidget

from e2evit_gui.forms.field import said
from e2evit_gui.jobs.model_process import ModelProcess
from e2evit_gui.main_window.actions import Actions
from e2evit_gui.main_window.bars import (
    MagnificationField,
    OpacitySlider,
    RecentMenu,
    StatusLine,
    fill_menus,
    fill_toolbar,
)
from e2evit_gui.main_window.docks import Docks
from e2evit_gui.slide_page.explain_presenter import ExplainPresenter
from e2evit_gui.slide_page.image_panel import ImagePanel
from e2evit_gui.slide_page.jobs_line import JobsLine
from e2evit_gui.slide_page.log_panel import LogPanel
from e2evit_gui.slide_page.model_menu import ModelButton, ModelMenu
from e2evit_gui.slide_page.model_presenter import TASKS, ModelPresenter
from e2evit_gui.slide_page.overlay_panel import OverlayPanel
from e2evit_gui.slide_page.page import SlidePage
from e2evit_gui.slide_page.presenter import Presenter
from e2evit_gui.slide_page.risk_panel import RiskPanel
from e2evit_gui.slide_page.run_panel import RunPanel
from e2evit_gui.slide_page.strip_panel import StripPanel
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.overlay import Overlay
from e2evit_gui.state.preferences import Preferences
from e2evit_gui.state.session import Session
from e2evit_gui.theme import icons
from e2evit_model.convert.settings import Device


class WindowParts(QMainWindow):
    """A window with everything in it and nothing connected."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.preferences = preferences
        self.session = Session(self)
        self.overlay = Overlay(self.session, self)
        self.process = ModelProcess(self, preload=TASKS)
        self.slides = Presenter(self.session, self)
        self.models = ModelPresenter(self.session, self.process, self.slides, self)
        self.explain = ExplainPresenter(self.session, self.overlay, self.process, self)
        self.commands = Actions(self)

    def make_panels(self, book: LogBook, *, project: QWidget, queue: QWidget) -> None:
        """Make the panels and put them into docks; ``project`` and ``queue`` are made elsewhere."""
        self.page = SlidePage(self.session, self.overlay, self.slides)
        self.jobs = JobsLine()
        self.explain.job_changed.connect(lambda *job: self.jobs.show_job("explain", *job))
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.page, 1)
        column.addWidget(self.jobs)
        self.setCentralWidget(middle)
        self.model_menu = ModelMenu(self.preferences, self)
        self.model_buttons = [ModelButton(self.model_menu), ModelButton(self.model_menu)]
        self.image_panel = ImagePanel(self.session, self.slides)
        self.run_panel = RunPanel(self.session.settings, self.model_buttons[1])
        self.overlay_panel = OverlayPanel(self.overlay, self.explain)
        self.risk_panel = RiskPanel(self.session, self.overlay, self.slides)
        self.strip_panel = StripPanel(self.session, self.overlay, self.slides)
        self.log_panel = LogPanel(book)
        self.docks = Docks(
            self,
            project=project,
            image=self.image_panel,
            analyze=self.run_panel,
            overlay=self.overlay_panel,
            risk=self.risk_panel,
            strip=self.strip_panel,
            queue=queue,
            log=self.log_panel,
        )

    def make_bars(self, recent_projects: QMenu) -> None:
        """Make menus, toolbar and status bar."""
        self.magnification = MagnificationField()
        self.opacity = OpacitySlider()
        self.opacity.show_opacity(self.overlay.choice.opacity)
        self.device = QComboBox()
        self.device.setAccessibleName(self.tr("Device"))
        self.device.setToolTip(self.tr("Where the model runs"))
        for device in Device:
            self.device.addItem(said(str(device)), device)
        self.run_button = QPushButton(self.tr("Run"))
        self.run_button.setProperty("role", "primary")
        self.model_buttons[0].setFixedWidth(210)
        self.model_buttons[0].setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.status = StatusLine(self)
        self.setStatusBar(self.status)
        self.recent = RecentMenu(self.preferences.forget_recent, self)
        self.tools_bar = QToolBar(self.tr("Tools"), self)
        fill_toolbar(
            self.tools_bar,
            self.commands,
            self.magnification,
            self.opacity,
            [self.model_buttons[0], self.device, self.run_button],
        )
        self.addToolBar(self.tools_bar)
        docks = [dock.toggleViewAction() for dock in self.docks.all]
        fill_menus(self, self.commands, docks, self.recent, recent_projects)
        self.setWindowIcon(icons.program_icon())
