"""Screen reader: whatever Tab stops at in a window or a dialog says what it is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget

from e2evit_gui.dialogs.about import About
from e2evit_gui.dialogs.backbone_question import BackboneQuestion
from e2evit_gui.dialogs.display_range import DisplayRangeDialog
from e2evit_gui.dialogs.help_browser import HelpBrowser
from e2evit_gui.dialogs.research_use import ResearchUse
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.main_window.command_list import CommandList, Shortcuts
from e2evit_gui.main_window.settings_dialog import ProgramSettingsDialog
from e2evit_gui.model_manager.add_question import AddQuestion
from e2evit_gui.model_manager.manager import ModelManager
from e2evit_gui.model_manager.presenter import StorePresenter
from e2evit_gui.state.program_settings import ProgramSettings
from e2evit_gui.training_wizard.wizard import TrainingWizard


def controls(top):
    """What Tab stops at in a window; the line inside a list or a number field counts as that field."""
    for widget in top.findChildren(QWidget):
        inside = isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)
        if widget.window() is top and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not inside:
            yield widget


def name_of(widget):
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def where(widget):
    names = []
    while widget is not None:
        names.append(f"{type(widget).__name__} {widget.objectName()}".strip())
        widget = widget.parentWidget()
    return " in ".join(names[:4])


def named(qtbot, top):
    """Show a window, hold every control that is seen to a name, and return them."""
    top.show()
    qtbot.waitUntil(top.isVisible)
    found = [one for one in controls(top) if one.isVisible()]
    nameless = [where(one) for one in found if not name_of(one)]
    assert not nameless, "\n".join(nameless)
    return found


DIALOGS = {
    "about": lambda _window, _path: About(),
    "backbone": lambda _window, _path: BackboneQuestion("x.bin", Failure(message="It does not say.")),
    "brightness": lambda _window, _path: DisplayRangeDialog(0, 255),
    "help": lambda _window, _path: HelpBrowser(),
    "research use": lambda _window, _path: ResearchUse(first=True),
    "commands": lambda window, _path: CommandList(window),
    "shortcuts": lambda window, _path: Shortcuts(window),
    "settings": lambda _window, _path: ProgramSettingsDialog(ProgramSettings()),
    "add a model": lambda _window, path: AddQuestion(path / "model.safetensors"),
    "models": lambda window, _path: ModelManager(StorePresenter(window)),
    "wizard": lambda _window, path: TrainingWizard(path),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_controls_of_a_dialog_have_names(qtbot, window, tmp_path, name):
    dialog = DIALOGS[name](window, tmp_path)
    qtbot.addWidget(dialog)
    assert named(qtbot, dialog)
    dialog.close()


def test_controls_of_the_window_have_names(qtbot, opened):
    assert len(named(qtbot, opened)) > 20
