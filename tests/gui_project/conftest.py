"""Fixtures of projects in the window: slides to take in, a window with a project, a queue whose process is played by the test."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from e2evit_gui.jobs.batch import BatchQueue
from e2evit_model.project.results import write_result
from tests.gui.conftest import preferences, section, window  # noqa: F401 - fixtures
from tests.gui.results import make_result as result_on_session
from tests.slide_files import write_pyramid


@pytest.fixture(scope="session")
def slide_folder(tmp_path_factory) -> Path:
    """Three slides: case 2, case 10, case 30."""
    root = tmp_path_factory.mktemp("cases")
    for seed, name in enumerate(("case 2.tiff", "case 10.tiff", "case 30.tiff")):
        write_pyramid(root / name, section(560, 672, seed=seed), mpp=0.5, levels=2)
    return root


class PlayedProcess(QObject):
    """Stands for the model's process: the test says what comes of each request."""

    progressed = Signal(str, int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self):
        super().__init__()
        self.asked = []
        self.busy = False
        self.stopped = 0

    def ask(self, function, *arguments):
        assert not self.busy
        self.busy = True
        self.asked.append((function, *arguments))

    def cancel(self):
        if self.busy:
            self.end(self.cancelled)

    def stop(self):
        self.busy = False
        self.stopped += 1

    def end(self, signal, *said):
        self.busy = False
        signal.emit(*said)


@pytest.fixture
def process():
    """The played process."""
    return PlayedProcess()


@pytest.fixture
def queue(qapp, process):
    """A queue on the played process."""
    return BatchQueue(process=process)


@pytest.fixture
def project_window(qtbot, window, tmp_path, slide_folder):  # noqa: F811
    """A window with a project of three slides."""
    begin(qtbot, window, tmp_path / "work", slide_folder)
    return window


def begin(qtbot, window, folder, slides):  # noqa: F811
    """Make a project of all slides of a folder."""
    projects = window.projects
    projects.presenter.create(folder)
    qtbot.waitUntil(lambda: projects.state.project is not None, timeout=10_000)
    projects.presenter.add([slides])
    wait(qtbot, window)


def wait(qtbot, window):  # noqa: F811
    """Wait until nothing runs for the project or the slide."""
    projects = window.projects
    qtbot.waitUntil(
        lambda: (
            not (
                projects.presenter.busy
                or projects.presenter.looking
                or projects.pictures.busy
                or window.slides.busy
                or projects.opened_slide.busy
            )
        ),
        timeout=20_000,
    )


def open_slide(qtbot, window, name):  # noqa: F811
    """Open a slide of the project by its name and wait for its tiles."""
    slide = next(slide for slide in window.projects.state.project.slides() if slide.name == name)
    window.projects.open_slide(slide.id)
    qtbot.waitUntil(
        lambda: window.projects.opened_slide.slide_id == slide.id and window.session.grid is not None, timeout=20_000
    )
    wait(qtbot, window)
    return slide


def names(window):  # noqa: F811
    """The names of the list, from top to bottom."""
    project = window.projects.state.project
    return [project.slide(one).name for one in window.projects.panel.order.shown]


@pytest.fixture
def analyzed(qtbot, project_window):
    """All three slides with results on their own tiles, risks 0, 1, 2 by name."""
    state = project_window.projects.state
    for number, name in enumerate(("case 2.tiff", "case 10.tiff", "case 30.tiff")):
        slide = open_slide(qtbot, project_window, name)
        result = result_on_session(project_window.session, seed=number)
        embedding = np.random.default_rng(number).normal(size=6).astype(np.float32)
        record = {**result.record, "regions": None}  # as every result says of the regions that it was made with
        result = replace(result, risk=replace(result.risk, risk=float(number)), embedding=embedding, record=record)
        entry = write_result(state.project.folder, slide.id, result)
        state.change("Result", {entry.key: entry}, undoable=False)
    return project_window


def show(qtbot, window, tab):  # noqa: F811
    window.results.show(tab)
    page = window.results.page
    qtbot.waitUntil(
        lambda: not (page.gallery.busy or page.map.busy or page.survival.busy or window.projects.pictures.busy),
        timeout=20_000,
    )
    return page


def compare(qtbot, window, slide_ids):  # noqa: F811
    window.results.compare(slide_ids)
    made = window.results.comparisons[-1]
    qtbot.waitUntil(lambda: not made.busy, timeout=20_000)
    return made
