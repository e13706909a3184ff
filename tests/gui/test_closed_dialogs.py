"""A dialog that was closed is gone, with all that it shows: after fifty of them the window is as light as before."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog

from e2evit_gui.jobs.failure import Failure
from e2evit_model.inference.settings import ModelChoice

WAYS = {
    "shortcuts": lambda window: window.commands.shortcuts.trigger(),
    "commands": lambda window: window.commands.command_list.trigger(),
    "settings": lambda window: window.commands.settings.trigger(),
    "about": lambda window: window.questions.show_about(),
    "research use": lambda window: window.questions.show_research_use(),
    "brightness": lambda window: window.regions.show_display_range(),
    "backbone": lambda window: window.questions.ask_backbone(ModelChoice(source="x.bin"), Failure(message="Unknown.")),
}


def dialogs(window):
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    return window.findChildren(QDialog)


@pytest.mark.parametrize("name", WAYS)
def test_a_closed_dialog_is_gone(qtbot, opened, name):
    before = len(dialogs(opened))
    for _ in range(3):
        WAYS[name](opened)
        shown = [one for one in opened.findChildren(QDialog) if one.isVisible()]
        assert len(shown) == 1
        qtbot.waitUntil(lambda shown=shown: not getattr(shown[0], "busy", False), timeout=5_000)
        shown[0].close()
    assert len(dialogs(opened)) <= before + (name == "commands"), "the list of commands is made anew the next time"
