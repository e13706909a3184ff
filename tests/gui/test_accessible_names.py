"""Screen reader and keyboard: Tab comes to whatever can be used in a window or a dialog, and each says what it is."""

import pytest

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
from tests.gui.keyboard import by_keyboard_alone, named

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
def test_a_dialog_is_used_by_the_keyboard_alone(qtbot, window, tmp_path, name):
    dialog = DIALOGS[name](window, tmp_path)
    qtbot.addWidget(dialog)
    assert by_keyboard_alone(qtbot, dialog)
    dialog.close()


def test_controls_of_the_window_have_names(qtbot, opened):
    assert len(named(qtbot, opened)) > 20
