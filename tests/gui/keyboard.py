"""What holds for the controls of every window: each says what it is, and Tab comes to it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QRadioButton,
    QScrollBar,
    QToolButton,
    QWidget,
)

MOST_PRESSES = 400
CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider, QAbstractItemView)


def controls(top):
    """What Tab stops at in a window; the line inside a list or a number field counts as that field."""
    for widget in top.findChildren(QWidget):
        inside = isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)
        if widget.window() is top and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not inside:
            yield widget


def name_of(widget):
    """What a screen reader says of it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def where(widget):
    """A control and the three that it stands in."""
    names = []
    while widget is not None:
        names.append(f"{type(widget).__name__} {widget.objectName()}".strip())
        widget = widget.parentWidget()
    return " in ".join(names[:4])


def named(qtbot, top):
    """Show a window, hold every control that is seen to a name, and return them."""
    top.show()
    qtbot.waitUntil(top.isVisible)
    found = [one for one in controls(top) if one.isVisible()]
    nameless = [where(one) for one in found if not name_of(one)]
    assert not nameless, "\n".join(nameless)
    return found


def walked(top, first=None):
    """Press Tab until it comes to where it was, and return where it stopped."""
    top.activateWindow()
    QTest.qWaitForWindowActive(top)
    if first is not None:
        first.setFocus()
    if top.focusWidget() is None:
        top.focusNextChild()
    step, reached = top.focusWidget(), []
    before = None
    for _ in range(MOST_PRESSES):
        if reached and step is reached[0] and before is not step:
            break  # once around; a page with links keeps Tab until its last one
        if step not in reached:
            reached.append(step)
        QTest.keyClick(step, Qt.Key.Key_Tab)
        before, step = step, top.focusWidget()
    return reached


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
    elif isinstance(one, QRadioButton) and one.autoExclusive():
        group = one.parentWidget().findChildren(QRadioButton)
    return any(found is part or part.isAncestorOf(found) for found in reached for part in group)


def wanted(top):
    """The controls that are seen and can be used."""
    return [
        one
        for kind in CONTROLS
        for one in top.findChildren(kind)
        if one.isVisible()
        and one.isEnabled()
        and one.window() is top
        and not isinstance(one, QScrollBar)
        # what belongs to a control: the button of a tab, the list of a box, the line of a number, the corner of a table
        and not isinstance(one.parentWidget(), QComboBox | QAbstractSpinBox | QAbstractItemView)
    ]


def passed_over(top, reached):
    """The controls that Tab does not come to, in words."""
    return {
        f"{type(one).__name__} {one.accessibleName() or getattr(one, 'text', str)()}"
        for one in wanted(top)
        if not is_reached(one, reached) and not has_a_key_of_its_own(one)
    }


def by_keyboard_alone(qtbot, top):
    """Hold a window to both: all its controls have names, and Tab comes to each."""
    found = named(qtbot, top)
    missing = passed_over(top, walked(top))
    assert not missing, f"Tab passes over {missing}"
    return found
