"""Apply a theme to the running application, and follow the system's."""

from string import Template

from PySide6.QtCore import QObject, QSignalBlocker, Qt, QThread, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from e2evit_gui.theme.palette import DARK, LIGHT, Colors, ThemeChoice, outlined_palettes, qt_palette

_SHEET = Template("""
QToolBar { background: $panel; border: 0; border-bottom: 1px solid $border; padding: 4px 6px; spacing: 4px; }
QToolBar::separator { background: $border; width: 1px; margin: 5px 6px; }
QToolBar QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 4px; }
QToolBar QToolButton:hover { background: $raised; border-color: $border; }
QToolBar QToolButton:checked { background: $info_back; border-color: $accent; }
QToolBar QToolButton:focus, QPushButton:focus { border-color: $accent; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QDockWidget { color: $muted; font-weight: 600; }
QDockWidget::title { background: $panel; padding: 7px 10px; border-bottom: 1px solid $border; }
QDockWidget > QWidget { background: $panel; }
QScrollArea#panel, QWidget#panel { background: $panel; border: 0; }
QStatusBar { background: $panel; border-top: 1px solid $border; color: $muted; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { color: $muted; padding: 1px 8px; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="heading"] { color: $muted; font-weight: 600; }
QLabel[role="error"] { color: $error_text; background: $error_back; border-radius: 4px; padding: 4px 6px; }
QLabel[role="warning"] { color: $warning_text; background: $warning_back; border-radius: 4px; padding: 4px 6px; }
QLabel[role="title"] { font-size: 12pt; font-weight: 600; }
QLabel[role="score"] { font-size: 22pt; font-weight: 600; }
QLabel[role="hero"] { font-size: 16pt; font-weight: 600; }
QPushButton { background: $raised; border: 1px solid $border; border-radius: 5px; padding: 5px 12px; }
QPushButton:hover { border-color: $muted; }
QPushButton:pressed { background: $window; }
QPushButton:disabled { color: $faint; background: $window; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $window; color: $faint; border-color: $border; }
QPushButton[role="flat"] { background: transparent; border-color: transparent; padding: 4px 6px; }
QPushButton[role="flat"]:hover { border-color: $border; }
QPushButton[role="segment"] { padding: 3px 10px; }
QPushButton[role="segment"]:checked { background: $info_back; border-color: $accent; color: $info_text; }
QPushButton[role="segment"]:checked:disabled { background: $window; border-color: $border; color: $faint; }
QPushButton::menu-indicator { subcontrol-position: right center; right: 6px; }
QLineEdit, QPlainTextEdit { background: $base; border: 1px solid $border; border-radius: 4px; padding: 3px 5px; }
QLineEdit:focus { border-color: $accent; }
QListView:focus, QTableView:focus, QTreeView:focus { border: 1px solid $accent; }
QLineEdit:read-only { background: $panel; }
QCheckBox::indicator:unchecked { border: 1px solid $muted; border-radius: 3px; background: $base; width: 13px; height: 13px; }
QRadioButton::indicator:unchecked { border: 1px solid $muted; border-radius: 7px; background: $base; width: 13px; height: 13px; }
QSlider { border: 1px solid transparent; border-radius: 4px; padding: 1px; }
QSlider:focus { border-color: $accent; }
QSlider::groove:horizontal { background: $base; border: 1px solid $muted; border-radius: 3px; height: 4px; }
QSlider::sub-page:horizontal { background: $accent; border: 1px solid $accent; border-radius: 3px; }
QSlider::handle:horizontal { background: $raised; border: 1px solid $muted; border-radius: 7px; width: 13px; margin: -5px 0; }
QSlider::handle:horizontal:hover { border-color: $accent; }
QSlider::sub-page:horizontal:disabled { background: $border; border-color: $border; }
QSlider::groove:horizontal:disabled, QSlider::handle:horizontal:disabled { border-color: $border; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $muted; border: 0; border-bottom: 1px solid $border;
  border-right: 1px solid $border; padding: 5px 6px; font-weight: 600; }
QTabWidget::pane { border: 0; border-top: 1px solid $border; }
QTabBar::tab { background: $window; color: $muted; border: 1px solid $border; padding: 5px 12px; }
QTabBar::tab:!first { border-left: 0; }
QTabBar::tab:top { border-bottom: 0; border-top: 2px solid $border; }
QTabBar::tab:bottom { border-top: 0; border-bottom: 2px solid $border; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { background: $raised; color: $text; }
QTabBar::tab:top:selected { border-top-color: $accent; }
QTabBar::tab:bottom:selected { border-bottom-color: $accent; }
QTabBar::tab:selected:focus { background: $info_back; }
QTabWidget QTabBar { qproperty-drawBase: 0; }
QTableView::item { padding: 0 4px 0 3px; }
QTreeView#regions::item { padding: 4px 3px; }
QProgressBar { background: $base; border: 1px solid $border; border-radius: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QFrame#notice[weight="info"] { background: $info_back; border: 0; border-bottom: 1px solid $border; }
QFrame#notice[weight="warning"] { background: $warning_back; border: 0; border-bottom: 1px solid $border; }
QFrame#notice[weight="error"] { background: $error_back; border: 0; border-bottom: 1px solid $border; }
QFrame#notice[weight="info"] QLabel { color: $info_text; }
QFrame#notice[weight="warning"] QLabel { color: $warning_text; }
QFrame#notice[weight="error"] QLabel { color: $error_text; }
QFrame#TourCard { background: $raised; border: 1px solid $accent; border-radius: 8px; }
QFrame#line { background: $border; border: 0; max-height: 1px; min-height: 1px; }
QToolTip { color: $text; background: $raised; border: 1px solid $border; padding: 4px; }
""")


_OWN_STYLE = Qt.WidgetAttribute.WA_SetStyle


class ThemeKeeper(QObject):
    """Hold the theme of the application; ``changed`` says that colors and icons are others now."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = ThemeChoice.SYSTEM
        self.colors = LIGHT
        self._shown: Colors | None = None
        self._dyed: Colors | None = None  # whose palettes are set
        self._worn: Colors | None = None
        self._still: list[QWidget] = []  # windows that are not painted while a change is under way
        self._deaf: list[QWidget] = []  # widgets that Qt does not tell of it
        self._changing = False
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def choice(self) -> ThemeChoice:
        """What the user chose."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Take a theme, or follow the system from now on."""
        self._choice = choice
        hints = self._app.styleHints()
        scheme = {
            ThemeChoice.SYSTEM: Qt.ColorScheme.Unknown,
            ThemeChoice.LIGHT: Qt.ColorScheme.Light,
            ThemeChoice.DARK: Qt.ColorScheme.Dark,
        }[choice]
        # the system's answer to this is not news
        with QSignalBlocker(hints):
            hints.setColorScheme(scheme)
        self._follow()

    def _follow(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        else:
            dark = self._choice is ThemeChoice.DARK
        self._show(DARK if dark else LIGHT)

    def _show(self, colors: Colors) -> None:
        if self._shown is colors:
            return  # every widget would be polished again
        self.colors = self._shown = colors
        if self._changing:
            return  # a change that is under way ends with these colors
        if QThread.currentThread().loopLevel() == 0:
            self._change()
            self._end()
            return
        self._changing = True
        # a fifth of a second with all windows open: what the user does meanwhile is heard between the steps
        self._still = [one for one in self._app.topLevelWidgets() if one.isVisible() and one.updatesEnabled()]
        for window in self._still:
            window.setUpdatesEnabled(False)
        self._take_off()
        QTimer.singleShot(0, self, self._go_on)

    def _take_off(self) -> None:
        if self._worn is not None:
            # themes have the same sizes: no widget needs to hear of another style and lay itself out, a third of the time
            self._deaf += [one for one in self._app.allWidgets() if not one.testAttribute(_OWN_STYLE)]
            for widget in self._deaf:
                widget.setAttribute(_OWN_STYLE, True)
        # replacing one sheet by another takes three times as long
        self._app.setStyleSheet("")

    def _dye(self) -> None:
        self._dyed = self.colors
        self._app.setPalette(qt_palette(self.colors))
        for kind, palette in outlined_palettes(self.colors).items():
            self._app.setPalette(palette, kind)  # type: ignore[arg-type]  # the stub says bytes, which PySide refuses

    def _put_on(self) -> None:
        self._app.setStyleSheet(_SHEET.substitute(vars(self.colors)))
        self._worn = self.colors if self._dyed is self.colors else None

    def _change(self) -> None:
        self._take_off()
        self._dye()
        self._put_on()

    def _go_on(self) -> None:
        self._dye()
        QTimer.singleShot(0, self, self._finish)

    def _finish(self) -> None:
        self._put_on()
        QTimer.singleShot(0, self, self._end)

    def _end(self) -> None:
        if self._worn is not self.colors:  # another theme was chosen meanwhile
            self._change()
        deaf, still = self._deaf, self._still
        self._deaf, self._still, self._changing = [], [], False
        for widget in deaf:
            if isValid(widget):
                widget.setAttribute(_OWN_STYLE, False)
        self.changed.emit()
        for window in still:
            if isValid(window):
                window.setUpdatesEnabled(True)


def keeper() -> ThemeKeeper:
    """Return the application's keeper of the theme, made when first asked for."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("A theme needs a running QApplication.")
    found = app.findChild(ThemeKeeper)
    return found if isinstance(found, ThemeKeeper) else ThemeKeeper(app)


def colors() -> Colors:
    """Return the colors of the current theme."""
    return keeper().colors
