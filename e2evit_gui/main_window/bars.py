"""Menus, toolbar and status bar."""

from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QSlider,
    QStatusBar,
    QToolBar,
    QWidget,
)

from e2evit_gui.main_window.actions import Actions

ANALYZE_MENU = "analyze-menu"
"""Name of the action of that menu: others stand before it."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Menus", text)


class MagnificationField(QLineEdit):
    """The magnification in the toolbar; a double click (or typing into it) sets it. ``typed`` carries the number."""

    typed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFixedWidth(72)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(self.tr("Magnification"))
        self.setToolTip(self.tr("Magnification: double click to type it"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._shown = ""
        self.returnPressed.connect(self._take)
        self.editingFinished.connect(self._leave)

    def show_magnification(self, text: str) -> None:
        """Show a magnification, unless one is being typed; a dash without a slide."""
        self._shown = text or "–"
        self.setEnabled(bool(text))
        if not text:
            self.setReadOnly(True)
        if self.isReadOnly():
            self.setText(self._shown)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Begin to type."""
        self.setReadOnly(False)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from being a command of the window while a number is typed."""
        if event.type() == QEvent.Type.ShortcutOverride and not self.isReadOnly():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave without a change on Esc."""
        if event.key() == Qt.Key.Key_Escape and not self.isReadOnly():
            self._leave()
            return
        super().keyPressEvent(event)

    def _take(self) -> None:
        text = self.text().strip().rstrip("×x% ").replace(",", ".")
        self._leave()
        try:
            number = float(text)
        except ValueError:
            return
        if 0.001 <= number <= 100_000:
            self.typed.emit(number)

    def _leave(self) -> None:
        self.setReadOnly(True)
        self.setText(self._shown)
        self.deselect()


class OpacitySlider(QWidget):
    """The overlay's opacity in the toolbar."""

    changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(QLabel(self.tr("Opacity")))
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 100)
        self._slider.setFixedWidth(110)
        self._slider.setAccessibleName(self.tr("Opacity of the overlay"))
        self._slider.setToolTip(self.tr("Opacity of the overlay (Ctrl+wheel)"))
        self._slider.valueChanged.connect(lambda value: self.changed.emit(value / 100))
        row.addWidget(self._slider)

    def show_opacity(self, opacity: float) -> None:
        """Show an opacity, 0 to 1."""
        self._slider.blockSignals(True)
        self._slider.setValue(round(100 * opacity))
        self._slider.blockSignals(False)


def fill_menus(
    window: QMainWindow, actions: Actions, docks: Sequence[QAction], recent: QMenu, recent_projects: QMenu
) -> None:
    """Make the menu bar."""
    bar = window.menuBar()
    file = bar.addMenu(_tr("&File"))
    file.addAction(actions.open)
    file.addMenu(recent)
    file.addAction(actions.close_slide)
    file.addSeparator()
    file.addActions([actions.new_project, actions.open_project])
    file.addMenu(recent_projects)
    file.addActions([actions.add_slides, actions.add_folder, actions.find_missing])
    file.addActions([actions.save, actions.close_project])
    file.addSeparator()
    file.addAction(actions.quit)
    edit = bar.addMenu(_tr("&Edit"))
    edit.addActions([actions.undo, actions.redo])
    edit.addSeparator()
    edit.addAction(actions.settings)
    view = bar.addMenu(_tr("&View"))
    view.addActions([actions.previous_slide, actions.next_slide])
    view.addSeparator()
    view.addActions([actions.fit, actions.zoom_in, actions.zoom_out])
    magnification = view.addMenu(_tr("&Magnification"))
    magnification.addActions([*actions.magnifications, actions.one_to_one])
    view.addSeparator()
    view.addActions([actions.tissue, actions.grid, actions.overlay])
    view.addSeparator()
    theme = view.addMenu(_tr("&Theme"))
    theme.addActions(actions.themes.actions())
    view.addAction(actions.full_screen)
    analyze = bar.addMenu(_tr("&Analyze"))
    analyze.menuAction().setObjectName(ANALYZE_MENU)
    analyze.addActions([actions.run, actions.cancel])
    analyze.addSeparator()
    analyze.addActions([actions.analyze_chosen, actions.analyze_rest])
    analyze.addSeparator()
    analyze.addActions([actions.models, actions.copy_command])
    results = bar.addMenu(_tr("&Results"))
    results.addActions([actions.previous_top, actions.next_top])
    results.addSeparator()
    results.addActions([actions.results_table, actions.results_tiles, actions.results_map, actions.results_survival])
    results.addAction(actions.compare)
    shown = bar.addMenu(_tr("&Window"))
    shown.addActions(docks)
    shown.addSeparator()
    shown.addAction(actions.reset_layout)
    help_menu = bar.addMenu(_tr("&Help"))
    help_menu.addActions([actions.tour, actions.command_list, actions.shortcuts])
    help_menu.addAction(actions.copy_report)
    help_menu.addSeparator()
    help_menu.addActions([actions.research_use, actions.about])


class RecentMenu(QMenu):
    """The slides opened last."""

    chosen = Signal(object)  # Path

    def __init__(self, forget: Callable[[], None], parent: QWidget) -> None:
        super().__init__(self.tr("Open &recent"), parent)
        self._forget = forget
        self.setToolTipsVisible(True)

    def show_paths(self, paths: Sequence[Path]) -> None:
        """List slides, newest first."""
        self.clear()
        for path in paths:
            action = self.addAction(path.name)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _checked=False, path=path: self.chosen.emit(path))
        self.addSeparator()
        self.addAction(self.tr("Forget recent slides"), self._forget)
        self.setEnabled(bool(paths))


class StatusLine(QStatusBar):
    """Research use, file, magnification and resolution, memory, device."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        research = QLabel(self.tr("For research use only"))
        research.setStyleSheet("font-weight: 600;")
        self.addWidget(research)
        self._file = self._add(1)
        self._view = self._add(0)
        self._memory = self._add(0)
        self._device = self._add(0)
        self._view.setToolTip(self.tr("Magnification of the view; size of a pixel of the slide's finest level"))
        self._memory.setToolTip(self.tr("Memory of this window; the model's process has its own"))
        self._device.setToolTip(self.tr("Where the model runs"))
        self._process = psutil.Process()
        self._timer = QTimer(self)
        self._timer.setInterval(2000)
        self._timer.timeout.connect(self._show_memory)
        self._timer.start()
        self._show_memory()

    def _add(self, stretch: int) -> QLabel:
        label = QLabel()
        label.setSizePolicy(
            QSizePolicy.Policy.Ignored if stretch else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred
        )
        self.addPermanentWidget(label, stretch)
        return label

    def show_file(self, text: str) -> None:
        """Show the slide's name."""
        self._file.setText(text)

    def show_view(self, magnification: str, mpp: float | None) -> None:
        """Show magnification and resolution."""
        if not magnification:
            self._view.clear()
            return
        resolution = self.tr("resolution unknown")
        if mpp is not None:
            resolution = self.tr("slide {mpp:.3g} µm/px").format(mpp=mpp)
        self._view.setText(f"{magnification}   {resolution}")

    def show_device(self, text: str) -> None:
        """Show where the model runs."""
        self._device.setText(text)

    def _show_memory(self) -> None:
        used = self._process.memory_info().rss / 2**20
        self._memory.setText(self.tr("memory {used:.0f} MB").format(used=used))


def make_spacer() -> QWidget:
    """Make what pushes the rest of a toolbar to the right."""
    spacer = QWidget()
    spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return spacer


def fill_toolbar(
    bar: QToolBar, actions: Actions, magnification: QWidget, opacity: QWidget, right: Sequence[QWidget]
) -> None:
    """Put commands and fields into the toolbar."""
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setFloatable(False)
    bar.setIconSize(QSize(20, 20))
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    bar.addAction(actions.open)
    bar.addSeparator()
    bar.addWidget(magnification)
    bar.addAction(actions.fit)
    bar.addSeparator()
    bar.addActions([actions.tissue, actions.grid, actions.overlay])
    bar.addWidget(opacity)
    bar.addWidget(make_spacer())
    for widget in right:
        bar.addWidget(widget)
