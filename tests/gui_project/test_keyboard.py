"""The pages of results, their comparison and the export by the keyboard alone, and for a screen reader."""

import pytest

from tests.gui.keyboard import by_keyboard_alone
from tests.gui_project.conftest import compare, show


@pytest.mark.parametrize("tab", ["table", "gallery", "map", "survival"])
def test_results(qtbot, analyzed, tab):
    page = show(qtbot, analyzed, tab)
    assert len(by_keyboard_alone(qtbot, page)) > 2
    page.close()


def test_a_comparison(qtbot, analyzed):
    made = compare(qtbot, analyzed, [slide.id for slide in analyzed.projects.state.project.slides()])
    assert len(by_keyboard_alone(qtbot, made)) > 3
    made.close()


def test_the_export_of_a_project(qtbot, analyzed):
    analyzed.exports.project_action.trigger()
    qtbot.waitUntil(lambda: analyzed.exports.dialog is not None, timeout=20_000)
    dialog = analyzed.exports.dialog
    for number in range(dialog.kind.count()):
        dialog.kind.setCurrentIndex(number)
        qtbot.waitUntil(lambda: not dialog.busy, timeout=20_000)
        assert len(by_keyboard_alone(qtbot, dialog)) > 4
    dialog.reject()
