"""Every command of the window, with its words, its key and its icon. What they do is connected in ``window``."""

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from e2evit_gui.theme import icons
from e2evit_gui.theme.palette import ThemeChoice
from e2evit_gui.viewer.viewport import MAGNIFICATIONS


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


class Actions:
    """The commands as actions, one attribute each."""

    def __init__(self, parent: QObject) -> None:
        self._parent = parent
        self.open = self._make(_tr("&Open slide…"), "Ctrl+O", "open", tip=_tr("Open a slide"))
        self.close_slide = self._make(_tr("&Close slide"), "Ctrl+W")
        self.quit = self._make(_tr("&Quit"), "Ctrl+Q")
        self.fit = self._make(_tr("&Fit to window"), "0", "fit", tip=_tr("Show the whole slide"))
        self.zoom_in = self._make(_tr("Zoom &in"), "+")
        self.zoom_in.setShortcuts([QKeySequence("+"), QKeySequence("=")])
        self.zoom_out = self._make(_tr("Zoom &out"), "-")
        self.magnifications = [
            self._make(f"{power:g}×", str(number)) for number, power in enumerate(MAGNIFICATIONS, start=1)
        ]
        self.one_to_one = self._make(_tr("1:1, one slide pixel a screen pixel"), "7")
        self.full_screen = self._make(_tr("F&ull screen"), "F11", checkable=True)
        self.grid = self._make(_tr("Tile &grid"), "G", "grid", checkable=True, tip=_tr("Show the tiles' edges"))
        self.tissue = self._make(
            _tr("Tissue &outline"), "K", "tissue", checkable=True, tip=_tr("Show the tissue's outline")
        )
        self.tissue.setChecked(True)
        self.overlay = self._make(_tr("&Overlay"), "C", "overlay", checkable=True, tip=_tr("Show the overlay"))
        self.overlay.setChecked(True)
        self.overlay.setAutoRepeat(False)  # holding the key is a peek
        self.run = self._make(_tr("&Run"), "Ctrl+Return", "run", tip=_tr("Analyze the slide with the model"))
        self.run.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self.cancel = self._make(_tr("&Cancel"), "Esc", "cancel", tip=_tr("Stop what runs"))
        self.models = self._make(_tr("&Models…"), tip=_tr("Models on this machine: get, add, check, remove"))
        self.copy_command = self._make(_tr("Copy as &command"), "Ctrl+Shift+C", "copy")
        self.next_top = self._make(_tr("&Next top tile"), "]", "next")
        self.previous_top = self._make(_tr("&Previous top tile"), "[", "previous")
        self.reset_layout = self._make(_tr("Reset the &layout"))
        self._make_project()
        self._make_help()
        self.themes = QActionGroup(parent)
        self.theme = {
            choice: self._theme(choice, text)
            for choice, text in (
                (ThemeChoice.SYSTEM, _tr("As the system")),
                (ThemeChoice.LIGHT, _tr("Light")),
                (ThemeChoice.DARK, _tr("Dark")),
            )
        }

    def _make_project(self) -> None:
        self.new_project = self._make(_tr("&New project…"), "Ctrl+Shift+N")
        self.open_project = self._make(_tr("Open pro&ject…"), "Ctrl+Shift+O")
        self.save = self._make(_tr("&Save project"), "Ctrl+S", tip=_tr("Save the project; it is saved by itself, too"))
        self.close_project = self._make(_tr("Close project"))
        self.add_slides = self._make(_tr("&Add slides to the project…"))
        self.add_folder = self._make(_tr("Add a &folder of slides…"))
        self.find_missing = self._make(_tr("&Find missing slides…"))
        self.next_slide = self._make(_tr("Next &slide"), "PgDown", tip=_tr("Open the next slide of the project"))
        self.previous_slide = self._make(
            _tr("Pre&vious slide"), "PgUp", tip=_tr("Open the previous slide of the project")
        )
        self.analyze_chosen = self._make(_tr("Analyze c&hosen slides"), "Ctrl+Shift+Return")
        self.analyze_rest = self._make(_tr("Analyze all slides without a &result"))
        self.results_table = self._make(_tr("&Table of results…"), "Ctrl+Shift+R")
        self.results_tiles = self._make(_tr("Tiles of &all slides…"))
        self.results_map = self._make(_tr("&Map of the slides…"))
        self.results_survival = self._make(_tr("&Survival of the training cohort…"))
        self.compare = self._make(_tr("&Compare chosen slides…"), "Ctrl+Shift+B")
        self.undo = self._make(_tr("&Undo"), "Ctrl+Z")
        self.redo = self._make(_tr("&Redo"), "Ctrl+Shift+Z")
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])

    def _make_help(self) -> None:
        self.settings = self._make(_tr("Se&ttings…"), "Ctrl+,")
        self.copy_report = self._make(_tr("Copy log for a &report"))
        self.command_list = self._make(_tr("&Commands…"), "Ctrl+L", tip=_tr("Find any command by a few letters"))
        self.shortcuts = self._make(_tr("&Keyboard shortcuts…"), "Ctrl+F1")
        self.tour = self._make(_tr("&Tour of the window"), tip=_tr("Two minutes on a painted slide"))
        self.research_use = self._make(_tr("&Research use only…"))
        self.about = self._make(_tr("&About E2E-ViT Desktop"))

    def _make(self, text: str, keys: str = "", icon: str = "", *, checkable: bool = False, tip: str = "") -> QAction:
        action = QAction(text, self._parent)
        action.setCheckable(checkable)
        if keys:
            action.setShortcut(QKeySequence(keys))
        if icon:
            icons.wear(action, icon)
        said = tip or text.replace("&", "").rstrip("…")
        action.setToolTip(f"{said} ({keys})" if keys else said)
        return action

    def _theme(self, choice: ThemeChoice, text: str) -> QAction:
        action = self._make(text, checkable=True)
        action.setData(str(choice))
        self.themes.addAction(action)
        return action
