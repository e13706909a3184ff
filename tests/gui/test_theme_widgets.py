"""What Qt's own widgets look like in both themes: outlines that are seen, tabs that are told apart, icons that follow."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QMainWindow,
    QSlider,
    QTabBar,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from e2evit_gui.main_window.docks import make_dock
from e2evit_gui.theme import style
from e2evit_gui.theme.palette import ThemeChoice, contrast

BOTH = pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])


_held: list[QWidget] = []  # Qt deletes a widget with its parent, and Python the parent that nobody holds


@pytest.fixture(autouse=True)
def light_again(qapp):
    yield
    _held.clear()
    style.keeper().choose(ThemeChoice.LIGHT)


def made(qtbot, kind, width, height):
    """A widget of a kind on the window's ground, without focus."""
    holder = QWidget()
    widget = kind(holder)
    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    widget.setGeometry(10, 10, width, height)
    holder.resize(width + 20, height + 20)
    qtbot.addWidget(holder)
    _held.append(holder)
    with qtbot.waitExposed(holder):
        holder.show()
    return widget


def row_of(widget, y):
    """The colors of a row of a widget, from 5 px before it to its end."""
    at = widget.mapTo(widget.window(), QPoint(-5, y))
    image = widget.window().grab().toImage()
    return [image.pixelColor(x, at.y()).name() for x in range(at.x(), at.x() + 5 + widget.width())]


@BOTH
@pytest.mark.parametrize("checked", [False, True])
def test_a_box_has_an_outline(qtbot, choice, checked):
    style.keeper().choose(choice)
    box = made(qtbot, QCheckBox, 40, 20)
    box.setChecked(checked)
    # beside the tick, which is in the middle
    assert max(contrast(one, style.colors().window) for one in row_of(box, 5)[:8]) >= 3


@BOTH
def test_the_track_of_a_slider_is_seen(qtbot, choice):
    style.keeper().choose(choice)
    slider = made(qtbot, lambda parent: QSlider(Qt.Orientation.Horizontal, parent), 120, 20)
    slider.setValue(0)
    for color in (style.colors().window, style.colors().panel):
        assert max(contrast(one, color) for y in (7, 8, 9) for one in row_of(slider, y)[60:100]) >= 3


@BOTH
def test_a_field_that_is_typed_into_and_chosen_from_has_the_outline_of_a_field(qtbot, choice):
    style.keeper().choose(choice)
    combo = made(qtbot, QComboBox, 100, 24)
    combo.setEditable(True)
    window = style.colors().window
    outline = max(contrast(one, window) for one in row_of(combo, 12)[4:7])
    assert outline >= 0.95 * contrast(style.colors().border, window)


@BOTH
@pytest.mark.parametrize("shape", [QTabBar.Shape.RoundedNorth, QTabBar.Shape.RoundedSouth])
def test_the_tab_in_front_has_the_accent(qtbot, choice, shape):
    style.keeper().choose(choice)
    tabs = made(qtbot, QTabBar, 200, 30)
    tabs.setShape(shape)
    for name in ("one", "two"):
        tabs.addTab(name)
    image = tabs.grab().toImage()

    def colors(number):
        x = tabs.tabRect(number).left() + 4
        return {image.pixelColor(x, y).name() for y in range(tabs.tabRect(number).height())}

    assert style.colors().accent in colors(0)
    assert style.colors().accent not in colors(1)


def test_the_docks_of_a_new_window_wear_own_icons(window):
    docks = [dock for dock in window.findChildren(QDockWidget) if dock.isVisible()]
    assert len(docks) >= 5
    for dock in docks:
        for name in ("float", "close"):
            image = dock.findChild(QAbstractButton, f"qt_dockwidget_{name}button").icon().pixmap(48, 48).toImage()
            seen = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
            assert {QColor(one).name() for one in seen if one.alpha() == 255} == {style.colors().text}, (
                dock.objectName()
            )


def test_the_buttons_of_a_dock_wear_own_icons_that_follow_the_theme(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = make_dock(window, "dock", "DOCK", QWidget())
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.show()
    buttons = [dock.findChild(QAbstractButton, f"qt_dockwidget_{name}button") for name in ("float", "close")]

    def colors(button):
        image = button.icon().pixmap(48, 48).toImage()
        seen = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return {QColor(one).name() for one in seen if one.alpha() == 255}

    for step in (lambda: None, lambda: dock.setFloating(True), lambda: dock.setFloating(False)):
        step()
        for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            style.keeper().choose(choice)
            assert [colors(button) for button in buttons] == [{style.colors().text}] * 2


@pytest.mark.parametrize("side", [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight])
def test_cells_stand_under_their_headers(qtbot, side):
    table = made(qtbot, QTableWidget, 200, 120)
    table.setColumnCount(1)
    table.setRowCount(1)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setDefaultAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    table.setHorizontalHeaderLabels(["I"])
    cell = QTableWidgetItem("I")
    cell.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    table.setItem(0, 0, cell)

    def middle(widget):
        """The middle of the only letter, in pixels."""
        image = widget.grab().toImage()
        width, height = min(image.width(), table.columnWidth(0) - 2), min(image.height(), 24)
        ground = image.pixelColor(width // 2, height // 2).lightness()
        inked = [
            x
            for x in range(2, width)
            for y in range(4, height - 4)
            if abs(image.pixelColor(x, y).lightness() - ground) > 60
        ]
        return (min(inked) + max(inked)) / 2

    assert abs(middle(header.viewport()) - middle(table.viewport())) <= 1
