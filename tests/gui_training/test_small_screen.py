"""A small screen: every window fits on it at first, and can be made small enough for one of 1366 x 768."""

import pytest

from e2evit_gui.dialogs.help_browser import HelpBrowser
from e2evit_gui.main_window.command_list import Shortcuts
from e2evit_gui.model_manager.manager import ModelManager
from e2evit_gui.model_manager.presenter import StorePresenter
from e2evit_gui.runs_page.page import RunsPage
from e2evit_gui.runs_page.presenter import RunsPresenter
from e2evit_gui.theme.windows import FRAME_PX
from e2evit_gui.training_wizard.wizard import TrainingWizard

SMALL_PX = (1366, 768)

MADE = {
    "wizard": lambda window, folder: TrainingWizard(folder, window),
    "runs": lambda window, _folder: RunsPage(RunsPresenter(window), window),
    "help": lambda window, _folder: HelpBrowser(window),
    "models": lambda window, _folder: ModelManager(StorePresenter(window), window),
    "shortcuts": lambda window, _folder: Shortcuts(window),
}


@pytest.mark.parametrize("name", list(MADE))
def test_every_window_fits_on_a_small_screen(window, tmp_path, name):
    one = MADE[name](window, tmp_path)
    room = one.screen().availableSize()
    assert room.height() <= 800, "the screen of the tests is itself a small one"
    one.show()
    assert one.height() <= room.height() - FRAME_PX
    least = one.minimumSizeHint()
    assert (least.width() <= SMALL_PX[0], least.height() <= SMALL_PX[1] - FRAME_PX) == (True, True)
    one.close()
