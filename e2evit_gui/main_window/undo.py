"""Undo and redo over several stacks, in the order in which things were done."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QUndoStack


class UndoCommands(QObject):
    """Two actions for all stacks: the project's and that of what is drawn on the slide."""

    def __init__(self, undo: QAction, redo: QAction, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._undo, self._redo = undo, redo
        self._at: dict[QUndoStack, int] = {}
        self._done: list[QUndoStack] = []
        self._undone: list[QUndoStack] = []
        undo.triggered.connect(self.undo)
        redo.triggered.connect(self.redo)
        self._refresh()

    def add(self, stack: QUndoStack) -> None:
        """Follow a stack."""
        self._at[stack] = stack.index()
        stack.indexChanged.connect(lambda index, stack=stack: self._moved(stack, index))

    def undo(self) -> None:
        """Take back what was done last."""
        stack = self._last(self._done)
        if stack is not None:
            stack.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        stack = self._last(self._undone)
        if stack is not None:
            stack.redo()

    @staticmethod
    def _last(stacks: list[QUndoStack]) -> QUndoStack | None:
        return stacks[-1] if stacks else None

    def _moved(self, stack: QUndoStack, index: int) -> None:
        before, self._at[stack] = self._at[stack], index
        if stack.count() == 0:  # cleared
            self._done = [one for one in self._done if one is not stack]
            self._undone = [one for one in self._undone if one is not stack]
        elif index < before:
            for _ in range(before - index):
                self._take_from(self._done, stack)
                self._undone.append(stack)
        else:
            again = self._undone.count(stack) > stack.count() - index
            for _ in range(max(index - before, 1 if index == before else 0)):
                if again:
                    self._take_from(self._undone, stack)
                self._done.append(stack)
            if not again:
                self._undone = [one for one in self._undone if one is not stack]
        self._refresh()

    @staticmethod
    def _take_from(stacks: list[QUndoStack], stack: QUndoStack) -> None:
        for number in range(len(stacks) - 1, -1, -1):
            if stacks[number] is stack:
                del stacks[number]
                return

    def _refresh(self) -> None:
        done, undone = self._last(self._done), self._last(self._undone)
        self._undo.setEnabled(done is not None)
        self._redo.setEnabled(undone is not None)
        self._undo.setText(
            self.tr("&Undo {what}").format(what=done.undoText()) if done is not None else self.tr("&Undo")
        )
        self._redo.setText(
            self.tr("&Redo {what}").format(what=undone.redoText()) if undone is not None else self.tr("&Redo")
        )
