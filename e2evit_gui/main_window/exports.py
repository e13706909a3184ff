"""Export in the main window: the command, and what it hands to the dialog."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from e2evit_gui.state.session import Notice, Weight

if TYPE_CHECKING:
    from e2evit_gui.export_dialog.dialog import ExportDialog
    from e2evit_gui.main_window.window import MainWindow


class Exports(QObject):
    """File > Export, for the slide that is open and analyzed."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.action = QAction(self.tr("&Export…"), self)
        self.action.setShortcut(QKeySequence("Ctrl+E"))
        self.action.triggered.connect(self.open)
        file = window.menuBar().actions()[0].menu()
        if isinstance(file, QMenu):
            file.insertAction(window.commands.quit, self.action)
            file.insertSeparator(window.commands.quit)
        window.session.result_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        there = self._window.session.result is not None
        self.action.setEnabled(there)
        self.action.setToolTip(self.tr("Export (Ctrl+E)") if there else self.tr("Run the model first"))

    def open(self) -> "ExportDialog | None":
        """Open the dialog."""
        # imported here: the window starts without what draws figures and writes tables
        from e2evit_gui.export_dialog.dialog import ExportDialog
        from e2evit_model.report.exports import ExportedSlide

        session = self._window.session
        opened, result, model = session.open, session.result, session.model
        if opened is None or result is None:
            return None
        info = opened.slide.info
        one = ExportedSlide(
            path=opened.path,
            mpp=info.mpp if info.mpp_source == "user" else None,
            result=result,
            regions=self._window.regions.regions.drawn.regions,
        )
        dialog = ExportDialog([one], model.source if model is not None else "MODEL", self._window)
        dialog.exported.connect(self._tell)
        dialog.resize(980, 640)
        dialog.open()
        return dialog

    def _tell(self, path: Path) -> None:
        text = self.tr("{name} was written, and its provenance beside it.").format(name=path.name)
        self._window.session.notify(Notice(message=text, weight=Weight.INFO))
