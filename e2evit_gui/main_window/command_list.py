"""Every command of the window in one list, found by a few letters; and the page of all shortcuts, made from the same commands."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QMainWindow,
    QMenu,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from e2evit_gui.forms.texts import muted
from e2evit_gui.main_window.fuzzy import fuzzy_score
from e2evit_gui.theme.windows import open_at

_NUMBER = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, kw_only=True)
class Command:
    """An action and where it stands in the menus, from the outermost to the innermost."""

    action: QAction
    menus: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the command is called, without the mark of its key."""
        return plain(self.action.text())

    @property
    def keys(self) -> str:
        """Its shortcuts as they are written on this system."""
        shortcuts = self.action.shortcuts()
        return ", ".join(keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in shortcuts)

    @property
    def path(self) -> str:
        """Menus and name in one line."""
        return " > ".join([*self.menus, self.name])


def plain(text: str) -> str:
    """Return the text of an action without marks and dots."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…").strip()


def commands_of(window: QMainWindow) -> list[Command]:
    """Return every command of the menus, each once, in their order."""
    found: dict[QAction, Command] = {}
    for action in window.menuBar().actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            for command in _walk(menu, (plain(menu.title()),)):
                found.setdefault(command.action, command)
    return list(found.values())


def _walk(menu: QMenu, path: tuple[str, ...]) -> Iterator[Command]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _walk(inner, (*path, plain(inner.title())))
        elif not action.isSeparator() and action.text() and action.isVisible():
            yield Command(action=action, menus=path)


class CommandList(QDialog):
    """Type a few letters, choose with the arrow keys, Return does it. A command that cannot be used now is grey, and stays."""

    triggered = Signal(object)  # QAction

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self._window = window
        self._commands: list[Command] = []
        self._items: list[QTreeWidgetItem] = []
        self.setWindowTitle(self.tr("Commands"))
        self.setMinimumSize(560, 380)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Type a command"))
        self.field.setAccessibleName(self.tr("Search commands"))
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QTreeWidget()
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setStyleSheet("QTreeView::item { padding: 4px 4px; }")
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemActivated.connect(self._activated)
        self.list.itemClicked.connect(self._activated)
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(muted(self.tr("Up and Down choose, Return does it, Esc closes.")))
        self._fill("")

    def open_over(self, window: QWidget) -> None:
        """Show the list in the upper middle of the window."""
        corner = window.mapToGlobal(window.rect().topLeft())
        self.resize(min(640, max(window.width() - 80, 400)), min(460, max(window.height() - 120, 300)))
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 70)
        self.show()
        self.field.setFocus()

    @property
    def shown(self) -> list[str]:
        """What the list shows, best first."""
        return [item.text(0) for item in self._items]

    def _fill(self, text: str) -> None:
        self._commands = commands_of(self._window)  # anew: some menus are made again while the list is open
        scored = [
            (score, number, command)
            for number, command in enumerate(self._commands)
            if (score := fuzzy_score(text, command.path)) is not None
        ]
        scored.sort(key=lambda one: (-one[0], one[1]))
        self.list.clear()
        self._items = []
        for _, number, command in scored:
            item = QTreeWidgetItem([command.path, command.keys])
            item.setData(0, _NUMBER, number)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setDisabled(not command.action.isEnabled())
            self._items.append(item)
        self.list.addTopLevelItems(self._items)
        self._move(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys and Return work while one types."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            if key in moves:
                self._move(moves[key])
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                item = self.list.currentItem()
                if item is not None:
                    self._activated(item)
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        """Choose the command so many further on among those that can be used; the first when none is chosen."""
        usable = [item for item in self._items if not item.isDisabled()]
        if usable:
            current = self.list.currentItem()
            at = usable.index(current) if current in usable else 0
            self.list.setCurrentItem(usable[min(max(at + step, 0), len(usable) - 1)])

    def _activated(self, item: QTreeWidgetItem) -> None:
        action = self._commands[item.data(0, _NUMBER)].action
        if not isValid(action):  # its menu was made again since the list was filled
            self._fill(self.field.text())
        elif action.isEnabled():
            self.close()
            self.triggered.emit(action)


class Shortcuts(QDialog):
    """All commands that have a key, by menu."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        open_at(self, 560, 620)
        rows = [*self._hands(), *((one.menus[0], one.name, one.keys) for one in commands_of(window) if one.keys)]
        self.table = QTableWidget(len(rows), 3)
        self.table.setHorizontalHeaderLabels([self.tr("Where"), self.tr("What"), self.tr("Keys")])
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column_of_all = QVBoxLayout(self)
        column_of_all.addWidget(self.table, 1)
        column_of_all.addWidget(buttons)

    def _hands(self) -> list[tuple[str, str, str]]:
        """Return what no menu shows: the mouse on the slide."""
        where = self.tr("On the slide")
        return [
            (where, self.tr("Move"), self.tr("drag, arrow keys")),
            (where, self.tr("Zoom at the cursor"), self.tr("wheel")),
            (where, self.tr("Opacity of the overlay"), self.tr("Ctrl+wheel")),
            (where, self.tr("Look under the overlay for the moment"), self.tr("hold C")),
            (where, self.tr("Menu"), self.tr("right click")),
        ]
