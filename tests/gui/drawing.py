"""A hand that draws on the slide, for tests."""

from PySide6.QtCore import QPointF, Qt


def at(window, x, y):
    """Return the place on the canvas of a level-0 point."""
    canvas = window.page.canvas
    return QPointF(*canvas.view.to_screen(x, y)).toPoint()


def drag(qtbot, window, *points, keys=Qt.KeyboardModifier.NoModifier):
    canvas = window.page.canvas
    places = [at(window, *point) for point in points]
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, keys, pos=places[0])
    for place in places[1:]:
        move_pressed(canvas, place, keys)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, keys, pos=places[-1])


def move_pressed(canvas, place, keys):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    position = QPointF(place)
    button = Qt.MouseButton.LeftButton
    event = QMouseEvent(QEvent.Type.MouseMove, position, canvas.mapToGlobal(position), button, button, keys)
    QApplication.sendEvent(canvas, event)


def take(qtbot, window, key):
    window.page.canvas.setFocus()
    qtbot.keyClick(window.page.canvas, key)


def said(window):
    return [notice.message for notice in window.page.notices.notices]


def drawn(window):
    return window.regions.regions.drawn.regions
