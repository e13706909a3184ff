"""Wizard and runs by the keyboard alone, and for a screen reader."""

import pytest

from e2evit_gui.runs_page.page import RunsPage
from e2evit_gui.runs_page.presenter import RunsPresenter
from tests.gui.keyboard import by_keyboard_alone
from tests.gui_training.conftest import to_tiles
from tests.gui_training.run_files import write_run


@pytest.mark.usefixtures("asked")
def test_every_page_of_the_wizard(qtbot, wizard, table, slides_folder):
    to_tiles(qtbot, wizard, table, slides_folder)
    for number, page in enumerate(wizard.pages):
        wizard.stack.setCurrentWidget(page)
        assert len(by_keyboard_alone(qtbot, wizard)) > 4, number


def test_runs(qtbot, tmp_path):
    presenter = RunsPresenter()
    page = RunsPage(presenter)
    qtbot.addWidget(page)
    assert by_keyboard_alone(qtbot, page)
    write_run(tmp_path / "a", mean_c=0.65)
    write_run(tmp_path / "b", mean_c=0.6)
    presenter.watch(tmp_path)
    qtbot.waitUntil(lambda: len(page.views) > 0, timeout=10_000)
    assert len(by_keyboard_alone(qtbot, page)) > 3
    presenter.shut_down()
