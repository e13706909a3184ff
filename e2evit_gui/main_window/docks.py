"""The docks around the slide, and where they stand at first."""

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QMainWindow, QWidget

from e2evit_gui.theme import icons

_LEFT, _RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


def _tr(text: str) -> str:
    return QCoreApplication.translate("Docks", text)


class _Dock(QDockWidget):
    """A dock whose buttons wear the theme's icons: Qt puts its own pixmaps on them whenever it is shown, floats or is put back."""

    def __init__(self, title: str, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.topLevelChanged.connect(self._wear_icons)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the icons on again."""
        super().showEvent(event)
        self._wear_icons()

    @Slot()
    def _wear_icons(self) -> None:
        for button, icon in (("qt_dockwidget_floatbutton", "float"), ("qt_dockwidget_closebutton", "close")):
            found = self.findChild(QAbstractButton, button)
            if found is not None:
                icons.wear(found, icon)


def make_dock(window: QMainWindow, name: str, title: str, content: QWidget) -> QDockWidget:
    """Make a dock; ``name`` is what its place is remembered by."""
    dock = _Dock(title, window)
    dock.setObjectName(name)
    dock.setWidget(content)
    if not content.accessibleName():
        content.setAccessibleName(title)
    dock.setFeatures(
        QDockWidget.DockWidgetFeature.DockWidgetMovable
        | QDockWidget.DockWidgetFeature.DockWidgetClosable
        | QDockWidget.DockWidgetFeature.DockWidgetFloatable
    )
    return dock


class Docks:
    """PROJECT, IMAGE and ANALYZE at the left, OVERLAY and RISK at the right, STRIP, JOBS and LOG below."""

    def __init__(
        self,
        window: QMainWindow,
        *,
        project: QWidget,
        image: QWidget,
        analyze: QWidget,
        overlay: QWidget,
        risk: QWidget,
        strip: QWidget,
        queue: QWidget,
        log: QWidget,
    ) -> None:
        self._window = window
        self._has_project = False
        self.project = make_dock(window, "project", _tr("PROJECT"), project)
        self.image = make_dock(window, "image", _tr("IMAGE"), image)
        self.analyze = make_dock(window, "analyze", _tr("ANALYZE"), analyze)
        self.overlay = make_dock(window, "overlay", _tr("OVERLAY"), overlay)
        self.risk = make_dock(window, "risk", _tr("RISK"), risk)
        self.strip = make_dock(window, "strip", _tr("STRIP"), strip)
        self.queue = make_dock(window, "queue", _tr("JOBS"), queue)
        self.log = make_dock(window, "log", _tr("LOG"), log)
        window.setCorner(Qt.Corner.BottomLeftCorner, _LEFT)
        window.setCorner(Qt.Corner.BottomRightCorner, _RIGHT)
        for dock, key in ((self.log, "Ctrl+Shift+L"),):
            dock.toggleViewAction().setShortcut(key)
        self.place()

    @property
    def all(self) -> list[QDockWidget]:
        """Every dock, in the order of the Window menu."""
        return [
            *(self.project, self.image, self.analyze, self.overlay, self.risk),
            *(self.strip, self.queue, self.log),
        ]

    def place(self) -> None:
        """Put every dock where it stands at first."""
        window = self._window
        for area, docks in (
            (_LEFT, (self.project, self.image, self.analyze)),
            (_RIGHT, (self.overlay, self.risk)),
            (_BOTTOM, (self.strip, self.queue, self.log)),
        ):
            for dock in docks:
                dock.setFloating(False)
                window.addDockWidget(area, dock)
                dock.show()
        window.tabifyDockWidget(self.strip, self.queue)
        window.tabifyDockWidget(self.queue, self.log)
        self.strip.raise_()
        self.queue.hide()
        self.log.hide()
        window.resizeDocks([self.image, self.overlay], [290, 300], Qt.Orientation.Horizontal)
        window.resizeDocks([self.strip], [190], Qt.Orientation.Vertical)
        window.resizeDocks([self.image, self.analyze], [290, 480], Qt.Orientation.Vertical)
        window.resizeDocks([self.overlay, self.risk], [330, 470], Qt.Orientation.Vertical)
        self.show_project(self._has_project)

    def show_project(self, there: bool) -> None:
        """Make room for the list of slides when there is a project; the facts of the image then share their place with ANALYZE."""
        self._has_project = there
        window = self._window
        if there:
            window.tabifyDockWidget(self.image, self.analyze)
            self.analyze.raise_()
            self.project.show()
            window.resizeDocks([self.project, self.analyze], [400, 400], Qt.Orientation.Vertical)
        else:
            self.project.hide()
            window.splitDockWidget(self.image, self.analyze, Qt.Orientation.Vertical)
            window.resizeDocks([self.image, self.analyze], [290, 480], Qt.Orientation.Vertical)
