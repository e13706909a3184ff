"""The keyboard alone: Tab reaches every control, and one sees where it is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
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
from tests.gui.keyboard import passed_over, walked, wanted
from tests.gui.results import make_result


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


def test_tab_reaches_every_control(qtbot, opened):
    opened.session.set_result(make_result(opened.session))
    reached = walked(opened, opened.page.canvas)
    assert QApplication.focusWidget() is reached[0], "it goes round"
    assert len(wanted(opened)) > 40
    assert passed_over(opened, reached) == set()
