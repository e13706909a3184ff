"""F1: the help page about what one is in."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from e2evit_gui.dialogs.help_browser import HelpBrowser
from e2evit_gui.dialogs.help_pages import FIRST_PAGE

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow

PAGE_OF = {
    "image": "open-a-slide",
    "analyze": "why-is-run-grey",
    "overlay": "reading-the-overlay",
    "risk": "what-the-numbers-mean",
    "regions": "regions",
    "strip": "limits",
    "project": "projects",
    "queue": "projects",
    "Canvas": "open-a-slide",
    "EmptyState": "open-a-slide",
    "ExportDialog": "export",
    "TrainingWizard": "train-on-a-cohort",
    "RunsPage": "train-on-a-cohort",
    "ResultsPage": "projects",
}
"""Pages by the name of a dock, or by the class of a widget or a window."""


def page_for(widget: QWidget | None) -> str:
    """Return the page about a widget: that of the nearest dock, panel or window around it."""
    one: QObject | None = widget
    while one is not None:
        for name in (one.objectName(), type(one).__name__):
            if name in PAGE_OF:
                return PAGE_OF[name]
        one = one.parent()
    return FIRST_PAGE


class Help(QObject):
    """The help of the window; F1 works in every window of the program."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.browser: HelpBrowser | None = None
        self.action = QAction(self.tr("&Help"), self)
        self.action.setShortcut(QKeySequence("F1"))
        self.action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        self.action.triggered.connect(self.show_help)
        menu = window.menuBar().actions()[-1].menu()
        if isinstance(menu, QMenu):
            first = menu.actions()[0] if menu.actions() else None
            menu.insertAction(first, self.action) if first is not None else menu.addAction(self.action)
        window.addAction(self.action)

    def show_help(self) -> None:
        """Open the page about what has the focus."""
        self.show_page(page_for(QApplication.focusWidget() or QApplication.activeWindow()))

    def show_page(self, name: str) -> None:
        """Open a page."""
        if self.browser is None:
            self.browser = HelpBrowser(self._window)
        self.browser.show_page(name)
        self.browser.show()
        self.browser.raise_()
        self.browser.activateWindow()
