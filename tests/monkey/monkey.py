"""A user who does anything: random events with a seed over every window and dialog that is open."""

import logging
import random
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMenuBar,
    QWidget,
)

from e2evit_gui.main_window.command_list import commands_of
from tests.gui.drawing import move_pressed
from tests.monkey.material import Material
from tests.monkey.watchdog import Watchdog

_NAMED = (
    *("Plus", "Minus", "Period", "Comma", "BracketLeft", "BracketRight", "Space", "Return", "Escape", "Tab", "Backtab"),
    *(
        "Delete",
        "Backspace",
        "Up",
        "Down",
        "Left",
        "Right",
        "PageUp",
        "PageDown",
        "Home",
        "End",
        "F1",
        "F2",
        "F5",
        "F11",
    ),
)
KEYS = [
    *(getattr(Qt.Key, f"Key_{name}") for name in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    *(getattr(Qt.Key, f"Key_{digit}") for digit in range(10)),
    *(getattr(Qt.Key, f"Key_{name}") for name in _NAMED),
]
NONE, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
MODIFIERS = [NONE] * 5 + [SHIFT, CTRL, CTRL | SHIFT, ALT]
TEXTS = ["1", "0", "-3", "0,5", "1e9", "case", "x" * 300, "ä ß µ", "%s {n}", "../..", "", "nan", "12 13", "<b>bold</b>"]
PATIENCE = 40  # events in one dialog before Esc, twice as many before it is closed
LOOKS_UP = 0.04
DEEPEST = 4  # dialogs that wait in each other
NO_WARNING = ("This plugin does not support",)  # what the offscreen platform says of itself


class Monkey:
    """``play`` does a number of events. ``faults`` are exceptions, warnings of Qt, errors in the log."""

    def __init__(self, window, material: Material, seed: int, watchdog: Watchdog) -> None:
        self.window, self.material, self.watchdog = window, material, watchdog
        self.random = random.Random(seed)
        self.faults: list[str] = []
        self.seen: set[str] = set()
        self.done = 0
        self._last: deque[str] = deque(maxlen=12)
        self._here: tuple[QWidget | None, int] = (None, 0)
        self._depth = 0
        self._until = 0
        self._loop = QEventLoop()
        # the window stays: what becomes of it at its end is tested elsewhere
        window.commands.quit.triggered.disconnect()

    def play(self, events: int) -> None:
        """Do so many events; returns at the end."""
        self._until = self.done + events
        with self._harmless(), self._listening():
            QTimer.singleShot(0, self._next)
            self._loop.exec()

    # one event

    def _next(self) -> None:
        if self.done >= self._until:
            if self._depth == 0:
                self._loop.quit()
                return
            self._leave(self._modal())
            QTimer.singleShot(0, self._next)
            return
        self.done += 1
        # the next one is on its way before this one is done: this one may wait in a dialog of its own
        QTimer.singleShot(self._pause(), self._next)
        self._depth += 1
        try:
            self._do()
        except RuntimeError as error:
            # a widget that was gone when its turn came is the monkey's affair
            if "already deleted" not in str(error):
                self._fault(error)
        except Exception as error:  # noqa: BLE001 - all that comes out of the window is what is looked for
            self._fault(error)
        finally:
            self._depth -= 1

    def _pause(self) -> int:
        """Return the milliseconds until the next event: a user looks up now and then, and what runs behind comes to its end."""
        return self.random.randrange(100, 600) if self.random.random() < LOOKS_UP else 0

    def _modal(self) -> QWidget | None:
        return QApplication.activePopupWidget() or QApplication.activeModalWidget()

    def _do(self) -> None:
        top = self._modal()
        if top is not None and self._stays_too_long(top):
            self._leave(top)
            return
        windows = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.isEnabled()]
        if top is None:
            top = self.random.choice([*windows, self.window, self.window])
        self.seen.add(type(top).__name__)
        what = self.random.choices(
            [self._click, self._key, self._wheel, self._drag, self._type, self._command, self._choose, self._menu],
            [30, 21, 10, 10, 6, 10, 8, 5],
        )[0]
        what(top)

    def _stays_too_long(self, top: QWidget) -> bool:
        before, count = self._here
        self._here = (top, count + 1 if top is before else 0)
        return self._here[1] > PATIENCE or self._depth > DEEPEST

    def _leave(self, top: QWidget | None) -> None:
        if top is None:
            return
        self._say(f"leave {_name(top)}")
        if self._here[1] > 2 * PATIENCE or not isinstance(top, QDialog | QMenu):
            top.close()
        else:
            QTest.keyClick(top, Qt.Key.Key_Escape)

    def _say(self, text: str) -> None:
        self._last.append(text)
        self.watchdog.doing = " <- ".join(list(self._last)[:-4:-1])

    def _target(self, top: QWidget) -> QWidget:
        """Return a visible widget of a window, larger ones not more often than small ones."""
        inside = [
            one for one in top.findChildren(QWidget) if one.isVisible() and one.isEnabled() and one.window() is top
        ]
        return self.random.choice(inside or [top])

    def _place(self, widget: QWidget) -> QPoint:
        return QPoint(self.random.randrange(max(widget.width(), 1)), self.random.randrange(max(widget.height(), 1)))

    def _click(self, top: QWidget) -> None:
        widget = self._target(top)
        button = self.random.choices([Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton], [5, 1])[0]
        double = self.random.random() < 0.12
        modifier = self.random.choice(MODIFIERS)
        self._say(f"{'double ' if double else ''}click {button.name} {modifier.name} on {_name(widget)}")
        (QTest.mouseDClick if double else QTest.mouseClick)(widget, button, modifier, self._place(widget))

    def _key(self, top: QWidget) -> None:
        focus = QApplication.focusWidget()
        widget = focus if focus is not None and focus.window() is top else top
        for _ in range(self.random.choice([1, 1, 1, 4])):
            key, modifier = self.random.choice(KEYS), self.random.choice(MODIFIERS)
            self._say(f"key {key.name} {modifier.name} in {_name(widget)}")
            QTest.keyClick(widget, key, modifier)

    def _wheel(self, top: QWidget) -> None:
        widget = self._target(top)
        place = QPointF(self._place(widget))
        turn = QPoint(0, self.random.choice([-120, 120, -600, 600]))
        modifier = self.random.choice(MODIFIERS)
        self._say(f"wheel {modifier.name} on {_name(widget)}")
        event = QWheelEvent(
            place,
            QPointF(widget.mapToGlobal(place)),
            QPoint(),
            turn,
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    def _drag(self, top: QWidget) -> None:
        widget = self.window.page.canvas if top is self.window and self.random.random() < 0.6 else self._target(top)
        modifier = self.random.choice(MODIFIERS)
        self._say(f"drag {modifier.name} on {_name(widget)}")
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, modifier, self._place(widget))
        for _ in range(self.random.randint(1, 5)):
            move_pressed(widget, self._place(widget), modifier)
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, modifier, self._place(widget))

    def _type(self, top: QWidget) -> None:
        fields = [one for one in top.findChildren(QLineEdit) if one.isVisible() and one.isEnabled()]
        if not fields:
            return
        field = self.random.choice(fields)
        text = self.random.choice(TEXTS)
        self._say(f"type {text[:12]!r} into {_name(field)}")
        field.setFocus()
        field.selectAll()
        if text.isascii() and len(text) < 20:
            QTest.keyClicks(field, text)
        else:  # so many keys are more than one event, and QTest ends the program over letters beyond ASCII
            QApplication.clipboard().setText(text)
            field.paste()
        QTest.keyClick(field, self.random.choice([Qt.Key.Key_Return, Qt.Key.Key_Tab]))

    def _command(self, top: QWidget) -> None:
        """Do a command of the menus; those of the window can only be reached while no dialog is open."""
        if self._modal() is not None:
            self._key(top)
            return
        command = self.random.choice([one for one in commands_of(self.window) if one.action.isEnabled()])
        self._say(f"command {command.path}")
        command.action.trigger()

    def _choose(self, top: QWidget) -> None:
        """Press a button, or choose in a list: what random places hit too seldom."""
        found = [
            one
            for kind in (QAbstractButton, QComboBox)
            for one in top.findChildren(kind)
            if one.isVisible() and one.isEnabled()
        ]
        if not found:
            self._click(top)
            return
        widget = self.random.choice(found)
        self._say(f"choose in {_name(widget)}")
        if isinstance(widget, QComboBox) and widget.count():
            widget.setFocus()
            QTest.keyClick(widget, self.random.choice([Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home]))
        else:
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton, NONE, widget.rect().center())

    def _menu(self, top: QWidget) -> None:
        """Open a menu: one of the window's bar, or what a right click opens; random places hit them too seldom."""
        bars = [one for one in top.findChildren(QMenuBar) if one.isVisible()]
        titles = [(bar, action) for bar in bars for action in bar.actions() if action.isVisible()]
        if titles and self.random.random() < 0.5:
            bar, action = self.random.choice(titles)
            self._say(f"menu {action.text()}")
            QTest.mouseClick(bar, Qt.MouseButton.LeftButton, NONE, bar.actionGeometry(action).center())
            return
        widget = self._target(top)
        place = self._place(widget)
        self._say(f"context menu of {_name(widget)}")
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
        QApplication.sendEvent(widget, event)

    # what is heard and kept harmless

    def _fault(self, what: BaseException | str) -> None:
        said = what if isinstance(what, str) else "".join(traceback.format_exception(what))
        self.faults.append(f"event {self.done}: {said}\nbefore it:\n  " + "\n  ".join(self._last))

    @contextmanager
    def _harmless(self) -> Iterator[None]:
        """File dialogs answer with any file of the material; nothing is opened outside the program."""
        material, pick = self.material, self.random
        out = material.folder / "out"
        replaced: list[tuple[type, str, Callable[..., object]]] = [
            (QFileDialog, "getOpenFileName", lambda *_, **__: (pick.choice([*material.files, ""]), "")),
            (
                QFileDialog,
                "getOpenFileNames",
                lambda *_, **__: (pick.sample(material.files, pick.randrange(4)), ""),
            ),
            (
                QFileDialog,
                "getSaveFileName",
                lambda _parent=None, _title="", name="", *_, **__: (
                    pick.choice([str(out / f"{pick.randrange(9)} {name.rpartition('/')[2]}"), str(out), ""]),
                    "",
                ),
            ),
            (QFileDialog, "getExistingDirectory", lambda *_, **__: pick.choice([*material.folders, ""])),
            (QDesktopServices, "openUrl", lambda *_: pick.choice([True, False])),
        ]
        before = [(kind, name, getattr(kind, name)) for kind, name, _ in replaced]
        for kind, name, function in replaced:
            setattr(kind, name, staticmethod(function))
        try:
            yield
        finally:
            for kind, name, function in before:
                setattr(kind, name, function)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Hear what nothing catches, what Qt warns of, and errors in the log."""
        handler = _Errors(self._fault)
        logger = logging.getLogger("e2evit_gui")
        logger.addHandler(handler)
        hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = lambda _kind, error, _trace: self._fault(error)
        threading.excepthook = lambda said: self._fault(said.exc_value or str(said))
        sys.unraisablehook = lambda said: self._fault(said.exc_value or str(said))
        before = qInstallMessageHandler(
            lambda _kind, _where, text: None if text.startswith(NO_WARNING) else self._fault(f"Qt: {text}")
        )
        try:
            yield
        finally:
            qInstallMessageHandler(before)
            sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
            logger.removeHandler(handler)


class _Errors(logging.Handler):
    """Hand errors of the log on, with their tracebacks."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._heard = heard
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Hand one on."""
        self._heard(self.format(record))


def _name(widget: QWidget) -> str:
    said = (
        widget.objectName() or widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
    )
    return f"{type(widget).__name__} {said[:30]!r} of {type(widget.window()).__name__}"
