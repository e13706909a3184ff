"""One window, one monkey: begin with a project, play, close, and tell what was found."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import psutil
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from e2evit_gui.jobs.worker import finish_all
from e2evit_gui.main_window.start import prepare_process
from e2evit_gui.main_window.window import MainWindow
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.preferences import Preferences
from tests.gui_project.hands import let_go
from tests.monkey.material import Material
from tests.monkey.monkey import Monkey
from tests.monkey.watchdog import FROZEN_S, Freeze, Watchdog


@dataclass(frozen=True, kw_only=True)
class Found:
    """What became of the events."""

    events: int
    faults: list[str]
    freezes: list[Freeze]
    excused: int
    longest: float
    seen: set[str]


def play(folder: Path, model: Path, seed: int, events: int, *, frozen_s: float = FROZEN_S) -> Found:
    """Play in a new window with a project of three analyzed slides; ``model`` is a risk model's folder."""
    prepare_process()
    material = Material.make(folder, model)
    with contextlib.chdir(material.folder / "out"):  # names that are typed are made where one is
        return _play(material, seed, events, frozen_s)


def _play(material: Material, seed: int, events: int, frozen_s: float) -> Found:
    folder = material.folder
    preferences = Preferences(QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat))
    preferences.remember_runs_folder(folder / "runs")
    window = MainWindow(preferences, LogBook())
    window.resize(1200, 800)
    window.show()
    QTest.qWaitForWindowExposed(window)
    material.fill(window)
    watchdog = Watchdog(frozen_s=frozen_s)
    monkey = Monkey(window, material, seed, watchdog)
    watchdog.begin()
    try:
        monkey.play(events)
    finally:
        watchdog.end()
        _close(window)
    return Found(
        events=monkey.done,
        faults=monkey.faults,
        freezes=watchdog.freezes,
        excused=watchdog.excused,
        longest=watchdog.longest,
        seen=monkey.seen,
    )


def _close(window: MainWindow) -> None:
    """Close the window as a user who says yes to every question; end the processes that it leaves."""
    window.projects.queue.stop()
    window.training.may_close = lambda: True
    for other in QApplication.topLevelWidgets():
        if other is not window and isinstance(other, QMessageBox):
            other.close()
    assert window.close()
    assert finish_all()
    window.deleteLater()
    let_go()
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if "resource_tracker" not in " ".join(child.cmdline()):
                child.kill()
