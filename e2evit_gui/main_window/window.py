"""The main window: it owns session, presenters and panels, and connects commands to them."""

import logging
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication

from e2evit_gui.forms.resting import RestingToggles
from e2evit_gui.jobs.worker import finish_all
from e2evit_gui.main_window.exports import Exports
from e2evit_gui.main_window.help import Help
from e2evit_gui.main_window.helping import Helping
from e2evit_gui.main_window.memory import MemoryKeeper
from e2evit_gui.main_window.models import Models
from e2evit_gui.main_window.parts import WindowParts
from e2evit_gui.main_window.projects import Projects
from e2evit_gui.main_window.questions import Questions
from e2evit_gui.main_window.recent_projects import RecentProjects, is_project
from e2evit_gui.main_window.regions import RegionRoom
from e2evit_gui.main_window.results import Results
from e2evit_gui.main_window.tour import Tour
from e2evit_gui.main_window.training import Training
from e2evit_gui.main_window.undo import UndoCommands
from e2evit_gui.slide_page.command import command_of
from e2evit_gui.slide_page.preflight import checks, planned_device
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.preferences import Preferences
from e2evit_gui.state.session import Notice, Weight
from e2evit_gui.theme import style
from e2evit_gui.theme.palette import ThemeChoice
from e2evit_gui.theme.windows import open_at
from e2evit_gui.viewer.viewport import KEY_STEP, MAGNIFICATIONS
from e2evit_model.convert.settings import Device
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice

_log = logging.getLogger(__name__)

NAME = "E2E-ViT Desktop"

PEEK_MS = 350
"""C held for longer is a peek: letting it go undoes it."""


class MainWindow(WindowParts):
    """The window. ``slides`` and ``models`` act, ``session`` and ``overlay`` tell, the panels ask."""

    def __init__(self, preferences: Preferences, book: LogBook) -> None:
        super().__init__(preferences)
        self.questions = Questions(self)
        self.projects = Projects(self)
        self.undo = UndoCommands(self.commands.undo, self.commands.redo, self)
        self.undo.add(self.session.undo)
        self._since_overlay = QElapsedTimer()
        self.make_panels(book, project=self.projects.panel, queue=self.projects.jobs)
        recent_projects = RecentProjects(preferences, self)
        recent_projects.chosen.connect(self.projects.open)
        self.make_bars(recent_projects)
        self._connect_commands()
        self._connect_panels()
        self._connect_session()
        self.projects.connect_window()
        self.memory = MemoryKeeper(self)
        self.results = Results(self)
        self.helping = Helping(self, book)
        self.training = Training(self)
        self.model_store = Models(self)
        self.regions = RegionRoom(self)
        self.exports = Exports(self)
        self.help = Help(self)
        self.tour = Tour(self)
        self._restore()
        self._refresh_preflight()
        self._recent_changed()
        self._slide_changed()
        self._overlay_changed()

    # connections

    def _connect_commands(self) -> None:
        commands, canvas = self.commands, self.page.canvas
        commands.open.triggered.connect(self.questions.choose_slide)
        commands.close_slide.triggered.connect(self.slides.close)
        commands.quit.triggered.connect(self.close)
        commands.fit.triggered.connect(canvas.fit)
        commands.zoom_in.triggered.connect(lambda: canvas.zoom_by(KEY_STEP))
        commands.zoom_out.triggered.connect(lambda: canvas.zoom_by(1 / KEY_STEP))
        for action, power in zip(commands.magnifications, MAGNIFICATIONS, strict=True):
            action.triggered.connect(lambda _on=False, power=power: canvas.magnify(power))
        commands.one_to_one.triggered.connect(canvas.one_to_one)
        commands.full_screen.toggled.connect(self._full_screen)
        self._resting = RestingToggles(self)
        self._resting.add(commands.grid, canvas.show_grid)
        self._resting.add(commands.tissue, canvas.show_tissue)
        self._resting.add(commands.overlay, lambda on: self.overlay.choose(visible=on))
        commands.overlay.triggered.connect(self._begin_peek)
        canvas.peek_ended.connect(self._end_peek)
        canvas.addActions([commands.fit, commands.one_to_one, commands.tissue, commands.grid, commands.overlay])
        commands.run.triggered.connect(self.run)
        commands.cancel.triggered.connect(self.cancel)
        commands.copy_command.triggered.connect(self._copy_command)
        commands.next_top.triggered.connect(lambda: self.risk_panel.step(1))
        commands.previous_top.triggered.connect(lambda: self.risk_panel.step(-1))
        commands.research_use.triggered.connect(self.questions.show_research_use)
        commands.about.triggered.connect(self.questions.show_about)
        commands.reset_layout.triggered.connect(self._reset_layout)
        for choice, action in commands.theme.items():
            action.triggered.connect(lambda _on=False, choice=choice: self.choose_theme(choice))

    def _connect_panels(self) -> None:
        page, canvas = self.page, self.page.canvas
        page.open_requested.connect(self.questions.choose_slide)
        page.recent_requested.connect(self.open)
        page.files_dropped.connect(self._dropped)
        self.recent.chosen.connect(self.open)
        self.image_panel.mpp_given.connect(lambda mpp: self.slides.reopen(mpp=mpp))
        self.model_menu.chosen.connect(self.choose_model)
        self.model_menu.folder_requested.connect(self.questions.choose_model_folder)
        self.model_menu.file_requested.connect(self.questions.choose_weight_file)
        self.models.backbone_asked.connect(self.questions.ask_backbone)
        self.run_panel.run_requested.connect(self.run)
        self.run_panel.cancel_requested.connect(self.models.cancel)
        self.run_panel.copy_requested.connect(self._copy_command)
        self.run_panel.settings_edited.connect(self._settings_edited)
        self.run_button.clicked.connect(self.run)
        self.device.activated.connect(self._device_chosen)
        self.opacity.changed.connect(lambda opacity: self.overlay.choose(opacity=opacity))
        self.overlay.choice_changed.connect(self._overlay_changed)
        self.magnification.typed.connect(canvas.magnify)
        canvas.view_changed.connect(self._view_changed)
        self.strip_panel.tile_requested.connect(page.go_to_tile)
        self.risk_panel.tile_requested.connect(page.go_to_tile)
        self.jobs.cancel_requested.connect(self.cancel)

    def _connect_session(self) -> None:
        session = self.session
        session.slide_changed.connect(self._slide_changed)
        session.result_changed.connect(self._view_changed)
        session.settings_changed.connect(self._view_changed)
        for signal in (session.slide_changed, session.mask_changed, session.grid_changed, session.settings_changed):
            signal.connect(self._refresh_preflight)
        self.slides.job_changed.connect(self._slide_job)
        self.slides.opened.connect(self.preferences.remember_slide)
        self.models.job_changed.connect(self._model_job)
        self.models.changed.connect(self._model_changed)
        self.preferences.recent_changed.connect(self._recent_changed)

    # what can be asked from outside

    def open(self, path: Path, *, mpp: float | None = None) -> None:
        """Open a slide, or a project."""
        if is_project(path):
            self.projects.open(path)
            return
        self.slides.open(path, mpp=mpp)

    def choose_model(self, choice: ModelChoice) -> None:
        """Take a model."""
        self.models.choose(choice)
        if self.models.facts is not None and not self.models.facts.problem:
            self.preferences.remember_model(choice)

    def run(self) -> None:
        """Begin the analysis when it can begin, else say why it cannot."""
        why = self.run_panel.blocked
        if self.models.running:
            return
        if why:
            self.session.notify(Notice(message=why, weight=Weight.INFO))
            return
        self.models.run()

    def run_when_ready(self) -> None:
        """Begin the analysis as soon as slide, tiles and model are there; a notice says why when they cannot be."""
        if self.slides.busy or self.models.recognising:
            QTimer.singleShot(100, self.run_when_ready)
        else:
            self.run()

    def cancel(self) -> None:
        """Stop what runs; with nothing running, leave full screen or take the notices away."""
        if self.models.running or self.explain.running or self.slides.busy or self.projects.presenter.busy:
            self.models.cancel()
            self.explain.cancel()
            self.slides.cancel()
            self.projects.presenter.cancel()
        elif self.isFullScreen():
            self.commands.full_screen.setChecked(False)
        else:
            self.page.notices.clear()

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Take a theme and remember it."""
        self.preferences.set_theme(choice)
        style.keeper().choose(choice)
        self.commands.theme[choice].setChecked(True)

    # the session tells

    def _slide_changed(self) -> None:
        opened = self.session.open
        there = opened is not None
        self.refresh_title()
        self.status.show_file(opened.path.name if opened is not None else "")
        commands = self.commands
        for action in (commands.close_slide, commands.fit, commands.zoom_in, commands.zoom_out, commands.one_to_one):
            action.setEnabled(there)
        for action in (*commands.magnifications, commands.copy_command):
            action.setEnabled(there)
        for action in (commands.grid, commands.tissue):
            self._resting.enable(action, there)
        self._view_changed()

    def refresh_title(self) -> None:
        """Say in the title which slide and which project are open."""
        opened, project = self.session.open, self.projects.state.project
        parts = [opened.path.name] if opened is not None else []
        if project is not None:
            parts.append(self.tr("{name} (read-only)").format(name=project.name) if project.read_only else project.name)
        self.setWindowTitle(" - ".join([*parts, NAME]))

    def _view_changed(self) -> None:
        slide, result = self.session.slide, self.session.result
        text = self.page.canvas.magnification
        self.magnification.show_magnification(text)
        self.status.show_view(text, slide.info.mpp if slide is not None else None)
        self.status.show_device(result.device if result is not None else planned_device(self.session.settings.device))

    def _refresh_preflight(self) -> None:
        found = checks(
            self.session,
            self.models.facts,
            preparing=self.slides.busy,
            recognising=self.models.recognising,
            problem=self.slides.problem,
        )
        running = self.models.running
        grid = self.session.grid
        self.run_panel.show_prices(self.session.settings, self.models.facts, len(grid) if grid is not None else 0)
        self.run_panel.show_checks(found, running=running)
        why = self.run_panel.blocked
        self.run_button.setEnabled(not why and not running)
        self.run_button.setToolTip(why or self.run_panel.run.toolTip())

    def _model_changed(self) -> None:
        for button in self.model_buttons:
            button.show_facts(self.models.facts)
        self.run_panel.suggest(self.session.settings, self.models.facts)
        self._refresh_preflight()
        self.strip_panel.refresh_header()

    def _slide_job(self, name: str, step: str, done: int, total: int) -> None:
        self.jobs.show_job("slide", name, step, done, total)
        if not name or (done, total) == (0, 0):
            self._refresh_preflight()

    def _model_job(self, name: str, step: str, done: int, total: int) -> None:
        self.jobs.show_job("model", name, step, done, total)

    def _overlay_changed(self) -> None:
        choice = self.overlay.choice
        self.opacity.show_opacity(choice.opacity)
        painted = self.overlay.painted
        self.opacity.setEnabled(painted)
        self._resting.enable(self.commands.overlay, painted)
        if painted:
            self.commands.overlay.setChecked(choice.visible)

    def _recent_changed(self) -> None:
        paths = self.preferences.recent_slides
        self.recent.show_paths(paths)
        self.page.empty.show_recent([path for path in paths if path.exists()])

    # hands

    def _settings_edited(self, settings: AnalysisSettings) -> None:
        self.session.set_settings(settings)
        self._refresh_preflight()

    def _device_chosen(self, _index: int) -> None:
        settings = replace(self.run_panel.form.settings, device=Device(self.device.currentData()))
        self.run_panel.form.show_settings(settings)
        self.session.set_settings(settings)

    def _dropped(self, paths: list[Path]) -> None:
        path = paths[0]
        if self.regions.take_files(paths):
            return
        if len(paths) > 1 or is_project(path):
            self.projects.take(paths)
            return
        if (path.is_dir() and (path / "model.json").is_file()) or path.suffix.lower() in (
            ".safetensors",
            ".pth",
            ".pt",
        ):
            self.choose_model(ModelChoice(source=str(path)))
        elif not self.projects.take(paths):
            self.open(path)

    def _begin_peek(self) -> None:
        self._since_overlay.start()

    def _end_peek(self) -> None:
        """Bring the overlay back (or away) when C was held, and not just struck."""
        if self._since_overlay.isValid() and self._since_overlay.elapsed() > PEEK_MS:
            self.commands.overlay.toggle()
        self._since_overlay.invalidate()

    def _copy_command(self) -> None:
        opened = self.session.open
        if opened is None:
            return
        settings = self.models.settings_of(opened)
        QGuiApplication.clipboard().setText(command_of(opened.path, self.session.model, settings))
        hint = self.tr("Export the regions as regions.geojson for it.") if settings.selection else ""
        self.session.notify(Notice(message=self.tr("The command was copied."), hint=hint, weight=Weight.INFO))

    def _full_screen(self, on: bool) -> None:
        if on:
            self.showFullScreen()
        else:
            self.showNormal()

    # what is remembered

    def _restore(self) -> None:
        self.commands.theme[self.preferences.theme].setChecked(True)
        open_at(self, 1440, 900)
        layout = self.preferences.window_layout()
        if layout is not None:
            self.restoreGeometry(layout[0])
            self.restoreState(layout[1])
        else:
            QTimer.singleShot(0, self._place_docks)

    def _reset_layout(self) -> None:
        self.preferences.forget_window()
        self._place_docks()

    def _place_docks(self) -> None:
        """Put every dock where it stands at first; what room they want on the way there the window must not keep."""
        size = self.size()
        self.docks.place()
        self.regions.place()
        if not (self.isMaximized() or self.isFullScreen()):
            self.resize(size)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the docks, end what runs; a training may go on."""
        if not self.training.may_close():
            event.ignore()
            return
        if not self.projects.may_close():
            event.ignore()
            return
        self.results.shut_down()
        self.training.shut_down()
        self.regions.shut_down()
        self.model_store.shut_down()
        self.preferences.remember_window(self.saveGeometry(), self.saveState())
        self.models.shut_down()
        self.slides.shut_down()
        finish_all()
        super().closeEvent(event)
