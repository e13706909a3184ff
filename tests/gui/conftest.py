"""Fixtures of the window's tests: a small slide, a window with its own settings."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings

from e2evit_gui.jobs.worker import finish_all
from e2evit_gui.main_window.window import MainWindow
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.preferences import Preferences
from e2evit_gui.theme import style
from e2evit_gui.theme.palette import ThemeChoice
from tests.slide_files import tissue_like, write_pyramid


def section(height=1120, width=1344, *, seed=0):
    """A piece of tissue on a white slide."""
    picture = np.full((height, width, 3), 244, np.uint8)
    y, x = np.mgrid[0:height, 0:width]
    inside = ((y - height / 2) / (0.42 * height)) ** 2 + ((x - width / 2) / (0.42 * width)) ** 2 < 1
    picture[inside] = tissue_like(height, width, seed=seed)[inside]
    return picture


@pytest.fixture(scope="session")
def slide_file(tmp_path_factory) -> Path:
    """A slide of 1344 x 1120 px, 0.5 um a pixel, three levels."""
    return write_pyramid(tmp_path_factory.mktemp("slides") / "section.tiff", section(), mpp=0.5)


@pytest.fixture(scope="session")
def slide_without_mpp(tmp_path_factory) -> Path:
    """A slide that does not say how large a pixel is, in one level."""
    return write_pyramid(tmp_path_factory.mktemp("slides") / "unknown.tiff", section(seed=1), mpp=None, levels=1)


@pytest.fixture
def preferences(tmp_path) -> Preferences:
    """Settings in a file of their own."""
    return Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(qtbot, preferences):
    """A shown window; everything it started has ended afterwards."""
    style.keeper().choose(ThemeChoice.LIGHT)
    made = MainWindow(preferences, LogBook())
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    assert finish_all()


@pytest.fixture
def opened(qtbot, window, slide_file):
    """A window with the small slide, its tissue and its tiles."""
    window.open(slide_file)
    qtbot.waitUntil(lambda: window.session.grid is not None, timeout=20_000)
    settle(qtbot, window)
    return window


def settle(qtbot, window):
    """Wait until nothing is being read for what is shown now."""
    window.page.canvas.repaint()
    window.strip_panel.view.viewport().repaint()
    qtbot.waitUntil(lambda: window.page.canvas.settled and not window.slides.busy, timeout=20_000)
