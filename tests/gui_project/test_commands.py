import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAction, QUndoCommand, QUndoStack

from e2evit_gui.main_window.command_list import CommandList, Shortcuts, commands_of, plain
from e2evit_gui.main_window.fuzzy import fuzzy_score
from e2evit_gui.main_window.undo import UndoCommands


def is_subsequence(wanted, text):
    letters = iter(text)
    return all(letter in letters for letter in wanted)


@given(st.text("abc XY", max_size=5), st.text("abc XY>", max_size=14))
def test_a_text_is_found_when_it_holds_the_letters_in_order(wanted, text):
    plain_wanted = "".join(wanted.lower().split())
    assert (fuzzy_score(wanted, text) is not None) == is_subsequence(plain_wanted, text.lower())


@pytest.mark.parametrize(
    ("wanted", "better", "worse"),
    [
        ("run", "Analyze > Run", "Train > Runs in the background now"),
        ("tor", "Results > Table of results", "File > Quit on return"),
        ("theme dark", "View > Theme > Dark", "View > Theme > Light and dark as the system"),
        ("zo", "View > Zoom in", "View > Fit to window zones of"),
    ],
)
def test_beginnings_and_whole_words_come_first(wanted, better, worse):
    assert fuzzy_score(wanted, better) > fuzzy_score(wanted, worse)


def every_action(window):
    return {action for action in window.findChildren(QAction) if action.shortcuts() and action.text()}


def test_every_action_with_a_key_is_in_the_list_and_on_the_page(qtbot, window):
    listed = {command.action for command in commands_of(window)}
    of_widgets = set(window.projects.panel.list.actions())
    missing = {action.text() for action in every_action(window) - listed - of_widgets if action.parent() is not None}
    assert missing <= {"Copy"}, "these commands stand in no menu"
    page = Shortcuts(window)
    qtbot.addWidget(page)
    rows = [[page.table.item(row, column).text() for column in range(3)] for row in range(page.table.rowCount())]
    assert ["Help", "Commands", "Ctrl+L"] in rows
    assert ["Edit", "Redo", "Ctrl+Shift+Z, Ctrl+Y"] in rows
    assert len(rows) == 5 + sum(bool(command.keys) for command in commands_of(window))


def test_no_key_has_two_commands(window):
    keys = [keys.toString() for command in commands_of(window) for keys in command.action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))


def test_typing_a_few_letters_and_return_does_the_command(qtbot, window):
    window.commands.command_list.trigger()
    found = window.helping.list
    assert found.isVisible()
    qtbot.keyClicks(found.field, "theme dark")
    assert found.shown[0] == "View > Theme > Dark"
    with qtbot.waitSignal(window.commands.theme["dark"].triggered, timeout=2000):
        qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert not found.isVisible()
    window.choose_theme("light")


def test_commands_that_cannot_be_used_are_shown_and_passed_over(qtbot, window):
    found = CommandList(window)
    qtbot.addWidget(found)
    found.field.setText("file")
    usable = [item.text(0) for item in found._items if not item.isDisabled()]
    assert "File > Save project" in found.shown
    assert "File > Save project" not in usable
    seen = []
    for _ in usable:
        seen.append(found.list.currentItem().text(0))
        qtbot.keyClick(found.field, Qt.Key.Key_Down)
    assert seen == usable
    found.field.setText("qqqq")
    assert found.shown == []
    qtbot.keyClick(found.field, Qt.Key.Key_Return)


def take_away(action):
    action.deleteLater()
    QCoreApplication.sendPostedEvents(action, QEvent.Type.DeferredDelete)


def test_a_menu_that_is_made_again_while_the_list_is_open(qtbot, window):
    """Found by random events: an analysis that ends fills a menu anew, and the list still held the actions before."""
    menu = window.menuBar().actions()[0].menu()
    old = menu.addAction("A slide of before")
    window.commands.command_list.trigger()
    found = window.helping.list
    done = []
    found.triggered.connect(done.append)
    found.field.setText("slide of before")
    assert found.shown == ["File > A slide of before"]
    take_away(old)
    new = menu.addAction("A slide of before")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert (found.isVisible(), done) == (True, []), "what is gone is not done, and what is there is shown"
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert done == [new]
    done.clear()
    take_away(new)
    found.field.setText("slide of")
    assert "File > A slide of before" not in found.shown


def test_marks_and_dots_are_no_part_of_a_name():
    assert plain("&Open slide…") == "Open slide"
    assert plain("Save && &quit") == "Save & quit"


class Step(QUndoCommand):
    def __init__(self, log, name):
        super().__init__(name)
        self._log, self._name = log, name

    def redo(self):
        self._log.append(self._name)

    def undo(self):
        self._log.remove(self._name)


def test_undo_over_two_stacks_goes_back_in_the_order_of_doing(qapp):
    undo, redo, log = QAction(), QAction(), []
    one, other = QUndoStack(), QUndoStack()
    commands = UndoCommands(undo, redo)
    commands.add(one)
    commands.add(other)
    assert not undo.isEnabled()
    for stack, name in ((one, "a"), (other, "b"), (other, "c"), (one, "d")):
        stack.push(Step(log, name))
    assert undo.text() == "&Undo d"
    undo.trigger()
    undo.trigger()
    assert log == ["a", "b"]
    assert (undo.text(), redo.text()) == ("&Undo b", "&Redo c")
    redo.trigger()
    assert log == ["a", "b", "c"]
    redo.trigger()
    assert log == ["a", "b", "c", "d"]
    for _ in range(4):
        undo.trigger()
    assert (log, undo.isEnabled()) == ([], False)
    other.push(Step(log, "e"))
    assert redo.text() == "&Redo a"
    undo.trigger()
    other.clear()
    one.clear()
    assert not undo.isEnabled()
    assert not redo.isEnabled()
