"""Fixtures: a small cohort of painted slides with its table, weights of a small backbone, a window, a wizard."""

import numpy as np
import pytest
from PySide6.QtCore import QSettings

from e2evit_gui.jobs import training_process
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.worker import finish_all
from e2evit_gui.main_window.window import MainWindow
from e2evit_gui.runs_page.listing import read_runs
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.preferences import Preferences
from e2evit_gui.theme import style
from e2evit_gui.theme.palette import ThemeChoice
from e2evit_gui.training_wizard.wizard import TrainingWizard
from e2evit_model.cohort.fold_making import FoldSettings
from tests.slide_files import tissue_like, write_pyramid

PATIENTS = 16
ARCHITECTURE = "vit_tiny_patch16_224"


def section(side=640, *, seed=0):
    """A round piece of tissue on a white slide; the color goes from blue to red with the seed."""
    picture = np.full((side, side, 3), 244, np.uint8)
    y, x = np.mgrid[0:side, 0:side]
    inside = ((y - side / 2) ** 2 + (x - side / 2) ** 2) < (0.45 * side) ** 2
    shade = np.array([3.0 * seed, 0, -3.0 * seed]) - 20
    picture[inside] = np.clip(tissue_like(side, side, seed=seed).astype(float) + shade, 0, 255).astype(np.uint8)[inside]
    return picture


def table_text(patients=PATIENTS):
    """A table in the convention of Patho-Bench: half of the patients die."""
    lines = ["case_id,slide_id,OS_days,OS_event,age"]
    lines += [f"P{n:02},S{n:02},{100 + 37 * n},{(n + 1) % 2},{50 + n}" for n in range(patients)]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def slides_folder(tmp_path_factory):
    """Sixteen slides of 640 x 640 px, one of which is larger."""
    folder = tmp_path_factory.mktemp("slides")
    for number in range(PATIENTS):
        side = 960 if number == 5 else 640
        write_pyramid(folder / f"S{number:02}.tiff", section(side, seed=number), mpp=0.5, levels=2)
    return folder


@pytest.fixture
def table(tmp_path):
    """The clinical table of the sixteen."""
    path = tmp_path / "clinic.csv"
    path.write_text(table_text())
    return path


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """Seeded weights of the smallest plain vision transformer of timm."""
    from safetensors.torch import save_file

    from e2evit_model.convert.loading import build_seeded, named_backbone

    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    save_file(build_seeded(named_backbone(ARCHITECTURE), seed=1).state_dict(), path)
    return path


@pytest.fixture
def runs(tmp_path):
    """A folder of runs; whatever trains there has ended afterwards."""
    folder = tmp_path / "runs"
    yield folder
    for run in read_runs(folder):
        training_process.stop(run.path, patience_s=5)


@pytest.fixture
def wizard(qtbot, runs):
    """A shown wizard; everything it started has ended afterwards."""
    style.keeper().choose(ThemeChoice.LIGHT)
    made = TrainingWizard(runs)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.shut_down()
    assert finish_all()


@pytest.fixture
def asked(monkeypatch, wizard):
    """Hold back what would be asked of the process, which is tested by itself."""
    calls = []
    monkeypatch.setattr(wizard.slides.process, "ask", lambda function, *arguments: calls.append((function, *arguments)))
    return calls


@pytest.fixture
def window(qtbot, tmp_path, runs):
    """A shown window with settings of its own, whose runs go to a folder of their own."""
    style.keeper().choose(ThemeChoice.LIGHT)
    preferences = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    preferences.remember_runs_folder(runs)
    made = MainWindow(preferences, LogBook())
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    assert finish_all()


def type_into(qtbot, line, text):
    """Type a text instead of what stands in a line."""
    from PySide6.QtCore import Qt

    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def choose(box, text):
    """Choose a line of a list as the user does."""
    at = box.findText(text)
    assert at >= 0, [box.itemText(n) for n in range(box.count())]
    box.setCurrentIndex(at)
    box.activated.emit(at)


def checked(qtbot, wizard):
    """Wait until the cohort is checked, and its folds are made where they can be."""
    presenter = wizard.presenter
    qtbot.waitUntil(lambda: not presenter.checking and not presenter.folding, timeout=20_000)
    return presenter


def with_cohort(qtbot, wizard, table, slides_folder):
    """Give table and folder."""
    type_into(qtbot, wizard.cohort.table.line, str(table))
    type_into(qtbot, wizard.cohort.slides.line, str(slides_folder))
    return checked(qtbot, wizard)


def to_tiles(qtbot, wizard, table, slides_folder):
    """Give the cohort, two folds, and wait for the cards of the page of tiles."""
    presenter = with_cohort(qtbot, wizard, table, slides_folder)
    presenter.choose_folds(FoldSettings(k=2))
    checked(qtbot, wizard)
    with qtbot.waitSignal(wizard.slides.cards_ended, timeout=30_000):
        wizard.go_to(2)
    return presenter


def answer(wizard, result):
    """Let the process answer."""
    if isinstance(result, Failure):
        wizard.slides.process.failed.emit(result)
    else:
        wizard.slides.process.succeeded.emit(result)
