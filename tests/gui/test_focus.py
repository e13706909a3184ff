"""The keyboard alone: Tab reaches every control, and one sees where it is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.theme import style
from e2evit_gui.theme.palette import ThemeChoice
from tests.gui.results import make_result

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider, QAbstractItemView)


def with_words(kind, role=""):
    one = kind()
    one.setText("words")
    one.setProperty("role", role)
    one.setCheckable(role == "segment" or isinstance(one, QCheckBox | QRadioButton))
    one.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return one


def with_items(kind):
    one = kind()
    one.addItems(["one", "two"])
    if kind is QListWidget:
        one.setCurrentRow(0)
    return one


def a_table():
    one = QTableWidget(2, 2)
    one.setCurrentCell(0, 0)
    return one


def tabs():
    whole = QTabWidget()
    whole.addTab(QWidget(), "one")
    whole.addTab(QWidget(), "two")
    return whole


MADE = {
    "button": lambda: with_words(QPushButton),
    "primary button": lambda: with_words(QPushButton, "primary"),
    "flat button": lambda: with_words(QPushButton, "flat"),
    "segment": lambda: with_words(QPushButton, "segment"),
    "tool button": lambda: with_words(QToolButton),
    "check box": lambda: with_words(QCheckBox),
    "radio button": lambda: with_words(QRadioButton),
    "combo box": lambda: with_items(QComboBox),
    "line": QLineEdit,
    "text": QPlainTextEdit,
    "spin box": QSpinBox,
    "slider": lambda: QSlider(Qt.Orientation.Horizontal),
    "list": lambda: with_items(QListWidget),
    "table": a_table,
    "tabs": tabs,
}


@pytest.mark.parametrize("theme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
@pytest.mark.parametrize("kind", list(MADE))
def test_one_sees_where_the_keyboard_is(qtbot, theme, kind):
    style.keeper().choose(theme)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    other = QPushButton("another")
    whole = MADE[kind]()
    control = whole.tabBar() if isinstance(whole, QTabWidget) else whole
    column.addWidget(other)
    column.addWidget(whole)
    window.resize(240, 160)
    window.show()
    window.activateWindow()
    with qtbot.waitActive(window):
        pass
    other.setFocus(Qt.FocusReason.TabFocusReason)
    away = whole.grab().toImage()
    qtbot.keyClick(other, Qt.Key.Key_Tab)
    assert control.hasFocus()
    there = whole.grab().toImage()
    changed = sum(
        abs(there.pixelColor(x, y).lightness() - away.pixelColor(x, y).lightness()) > 20
        for x in range(there.width())
        for y in range(there.height())
    )
    assert changed >= 12, "a line of pixels at least"


def has_a_key_of_its_own(one):
    """What needs no Tab: tools and commands have keys and stand in menus, panels are closed there, 1 to 7 + - magnify."""
    if isinstance(one, QToolButton) and one.defaultAction() is not None:
        return not one.defaultAction().shortcut().isEmpty()
    return isinstance(one.parent(), QDockWidget) or one.accessibleName() == "Magnification"


def is_reached(one, reached):
    """Whether Tab stops at a control, at a part of it, or at the one of its group from which arrow keys lead on."""
    group = [one]
    if isinstance(one, QAbstractButton) and one.group() is not None and one.group().exclusive():
        group = one.group().buttons()
    return any(found is part or part.isAncestorOf(found) for found in reached for part in group)


def test_tab_reaches_every_control(qtbot, opened):
    opened.session.set_result(make_result(opened.session))
    opened.activateWindow()
    opened.page.canvas.setFocus()
    reached, step = [], QApplication.focusWidget()
    while step not in reached:
        reached.append(step)
        qtbot.keyClick(step, Qt.Key.Key_Tab)
        step = QApplication.focusWidget()
    assert step is reached[0], "it goes round"
    wanted = [
        one
        for kind in CONTROLS
        for one in opened.findChildren(kind)
        if one.isVisible() and one.isEnabled() and one.window() is opened and not isinstance(one, QScrollBar)
    ]
    assert len(wanted) > 40
    missing = {
        f"{type(one).__name__} {one.accessibleName() or getattr(one, 'text', str)()}"
        for one in wanted
        if not is_reached(one, reached) and not has_a_key_of_its_own(one)
    }
    assert missing == set()
