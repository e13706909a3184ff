"""Helping hands: the list of commands, the page of shortcuts, the settings, the log for others, what is left of a crash."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from e2evit_gui.main_window.command_list import CommandList, Shortcuts
from e2evit_gui.main_window.settings_dialog import ProgramSettingsDialog
from e2evit_gui.state.crash import Crash
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.program_settings import ProgramSettings, apply_to_environment
from e2evit_gui.state.report_text import report_text
from e2evit_gui.state.session import Notice, Weight
from e2evit_gui.theme.windows import open_once

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow


class Helping(QObject):
    """The window's part in them."""

    def __init__(self, window: "MainWindow", book: LogBook) -> None:
        super().__init__(window)
        self._window, self._book = window, book
        self.list: CommandList | None = None
        self.dialog: ProgramSettingsDialog | None = None
        commands = window.commands
        commands.command_list.triggered.connect(self.show_commands)
        commands.shortcuts.triggered.connect(lambda: open_once(Shortcuts(window)))
        commands.settings.triggered.connect(self.show_settings)
        commands.copy_report.triggered.connect(self.copy_report)
        window.log_panel.report_requested.connect(self.copy_report)
        self._take_device(window.preferences.program)

    def show_commands(self) -> None:
        """Open the list of commands; made anew, since menus change."""
        if self.list is not None:
            self.list.deleteLater()
        self.list = CommandList(self._window)
        # the list must have closed first: a command may open a window of its own
        self.list.triggered.connect(lambda action: QTimer.singleShot(0, action, action.trigger))
        self.list.open_over(self._window)

    # settings

    def show_settings(self) -> None:
        """Open the settings."""
        self.dialog = ProgramSettingsDialog(self._window.preferences.program, self._window)
        self.dialog.chosen.connect(self._take_settings)
        self.dialog.finished.connect(self._settings_closed)
        open_once(self.dialog)

    def _settings_closed(self) -> None:
        self.dialog = None

    def _take_settings(self, settings: ProgramSettings) -> None:
        window = self._window
        before = window.preferences.program
        window.preferences.set_program(settings)
        window.choose_theme(settings.theme)
        apply_to_environment(settings)
        if settings.device is not before.device:
            self._take_device(settings)
        others = (settings.threads, settings.cache_folder, settings.cache_gb)
        if others != (before.threads, before.cache_folder, before.cache_gb) and not window.process.busy:
            window.process.stop()  # the next one hears of them when it starts
        if settings.language != before.language:
            window.session.notify(
                Notice(message=self.tr("The language changes at the next start."), weight=Weight.INFO)
            )

    def _take_device(self, settings: ProgramSettings) -> None:
        window = self._window
        chosen = replace(window.session.settings, device=settings.device)
        window.session.set_settings(chosen)
        window.run_panel.form.show_settings(chosen)
        window.device.setCurrentIndex(max(window.device.findData(settings.device), 0))

    # for a report

    def _names(self) -> list[str]:
        """Return every name that is known now and must not be in a report."""
        window = self._window
        names = [path.name for path in (*window.preferences.recent_slides, *window.preferences.recent_projects)]
        project = window.projects.state.project
        if project is not None:
            names += [project.name, *(slide.name for slide in project.slides())]
        return names

    def copy_report(self) -> None:
        """Put versions and log on the clipboard, without names and paths."""
        QGuiApplication.clipboard().setText(self._book.report(self._names()))
        self._window.session.notify(
            Notice(
                message=self.tr("The log was copied for a report."),
                hint=self.tr("Paths, slides' names and your name were taken out. Look it over before you send it."),
                weight=Weight.INFO,
            )
        )

    def tell_crash(self, crash: Crash) -> None:
        """Say that the program ended unexpectedly, with a report under "Details"."""
        self._window.session.notify(
            Notice(
                message=self.tr("E2E-ViT Desktop ended unexpectedly the last time."),
                hint=self.tr(
                    "Projects are as they were a second before. The details hold no name and no path: give them to whoever "
                    "helps you."
                ),
                details=report_text(crash.lines, self._names(), fault=crash.fault),
                weight=Weight.WARNING,
            )
        )
