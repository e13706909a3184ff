"""What the window asks in windows of their own: files, the backbone of a weight file, research use."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QFileDialog

from e2evit_gui.dialogs.about import About
from e2evit_gui.dialogs.backbone_question import BackboneQuestion
from e2evit_gui.dialogs.research_use import ResearchUse
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.theme.windows import open_once
from e2evit_model.inference.settings import ModelChoice

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow

SLIDE_ENDINGS = "svs ndpi mrxs dcm tif tiff scn bif vms vmu svslide czi avs isyntax png jpg jpeg"


class Questions(QObject):
    """Ask, and hand the answer to the window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    def choose_slide(self) -> None:
        """Ask for a slide and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open a slide"), *self._where_slides_are())
        if name:
            self._window.open(Path(name))

    def slide_files(self) -> list[Path]:
        """Ask for any number of slides and return them."""
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Slides"), *self._where_slides_are())
        return [Path(name) for name in names]

    def _where_slides_are(self) -> tuple[str, str]:
        """Return the folder in which one begins to look, and what slides are called."""
        opened = self._window.session.open
        recent = self._window.preferences.recent_slides
        folder = opened.path.parent if opened is not None else recent[0].parent if recent else Path.home()
        endings = " ".join(f"*.{ending} *.{ending.upper()}" for ending in SLIDE_ENDINGS.split())
        return str(folder), self.tr("Slides ({endings});;All files (*)").format(endings=endings)

    def choose_model_folder(self) -> None:
        """Ask for a risk model folder."""
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Folder of a risk model"))
        if name:
            self._window.choose_model(ModelChoice(source=name))

    def choose_weight_file(self) -> None:
        """Ask for a weight file."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Weights of a backbone"),
            "",
            self.tr("Weights (*.safetensors *.pth *.pt *.bin);;All files (*)"),
        )
        if name:
            self._window.choose_model(ModelChoice(source=name))

    def ask_backbone(self, choice: ModelChoice, why: Failure) -> None:
        """Ask which backbone a weight file is of."""
        question = BackboneQuestion(Path(choice.source).name, why, self._window)
        question.accepted.connect(
            lambda: self._window.choose_model(ModelChoice(source=choice.source, backbone=question.backbone))
        )
        open_once(question)

    def accept_research_use(self) -> bool:
        """Show the notice at the first start; say whether it was accepted, now or before."""
        preferences = self._window.preferences
        if preferences.research_use_accepted:
            return True
        accepted = ResearchUse(first=True, parent=self._window).exec() == QDialog.DialogCode.Accepted
        if accepted:
            preferences.accept_research_use()
        return accepted

    def show_research_use(self) -> None:
        """Show the notice again."""
        open_once(ResearchUse(first=False, parent=self._window))

    def show_about(self) -> None:
        """Show version and licence."""
        open_once(About(self._window))
