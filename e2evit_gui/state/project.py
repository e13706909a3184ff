"""The open project: the one way in which the window changes it, takes changes back, and sees that they are kept."""

import logging
from collections.abc import Collection, Mapping

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from e2evit_gui.state.session import Notice, Weight
from e2evit_model.errors import OutputError
from e2evit_model.project.entries import REGIONS, RESULT, SLIDE, Change, Document
from e2evit_model.project.project import Project

_log = logging.getLogger(__name__)

SAVE_EVERY_MS = 1000
"""What is remembered quietly (where one looks) is written this often; every other change at once."""


class ProjectState(QObject):
    """Hold the open project. Without one everything is empty, and nothing is kept.

    ``opened`` comes when another project is there, or none, ``closing`` while there is still time to keep something; ``changed``
    carries the keys that were set, after every change and every one taken back; ``slides_changed`` and ``results_changed`` come
    with it where they fit.
    """

    opened = Signal()
    closing = Signal()
    changed = Signal(object)  # set of keys
    slides_changed = Signal()
    results_changed = Signal()
    noticed = Signal(object)  # Notice

    def __init__(self, undo: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._undo = undo
        self._project: Project | None = None
        self._quiet: dict[str, Document] = {}
        self._told = False
        self._timer = QTimer(self)
        self._timer.setInterval(SAVE_EVERY_MS)
        self._timer.timeout.connect(self.save)

    @property
    def project(self) -> Project | None:
        """The open project, or none."""
        return self._project

    @property
    def writable(self) -> bool:
        """Whether there is a project that may be changed."""
        return self._project is not None and not self._project.read_only

    def take(self, project: Project | None) -> None:
        """Take another project, or none; the one before must be closed."""
        self._project = project
        self._quiet.clear()
        self._told = False
        self._undo.clear()
        if project is None:
            self._timer.stop()
        else:
            self._timer.start()
            for sentence in project.notices:
                self.noticed.emit(Notice(message=sentence, weight=Weight.WARNING))
        self.opened.emit()
        self.slides_changed.emit()
        self.results_changed.emit()

    def close(self) -> bool:
        """Close the project; say whether it could be saved. When not, it stays open, and a notice says why."""
        project = self._project
        if project is None:
            return True
        self.closing.emit()
        self._keep_quiet()
        try:
            project.close()
        except OutputError as error:
            self.noticed.emit(Notice(message=error.message, hint=error.hint))
            return False
        self.take(None)
        return True

    def abandon(self) -> None:
        """Let go of a project that cannot be saved: what was not saved is lost."""
        if self._project is not None:
            self._project.abandon()
            self.take(None)

    # changes

    def change(self, label: str, documents: Mapping[str, Document], *, undoable: bool = True) -> bool:
        """Set documents (``None`` takes one away) and keep them; say whether that was possible."""
        project = self._project
        if project is None or project.read_only:
            return False
        change = project.change(label, documents)
        if change.is_empty:
            return True
        if undoable:
            self._undo.push(_Step(self, project, change))
        else:
            self.apply(project, change)
        return True

    def remember(self, key: str, document: Document) -> None:
        """Keep what is no change in the user's eyes, such as where one looks: written once a second, never taken back."""
        if self.writable:
            self._quiet[key] = document

    def document(self, key: str) -> Document:
        """Return the document under a key, ``None`` when there is none."""
        if key in self._quiet:
            return self._quiet[key]
        return self._project.document(key) if self._project is not None else None

    def regions(self, slide_id: str) -> Document:
        """Return the regions of a slide as they were kept, ``None`` when there are none."""
        return self.document(REGIONS + slide_id)

    def keep_regions(self, slide_id: str, document: Document) -> None:
        """Keep the regions of a slide; whoever draws them has the undo of them."""
        if self._project is not None and self._project.slide(slide_id) is not None:
            self.change(self.tr("Regions"), {REGIONS + slide_id: document}, undoable=False)

    def apply(self, project: Project, change: Change) -> None:
        """Apply a change, or its inverse, to the project that it was made for; one that was closed meanwhile is left alone."""
        if project is not self._project:
            return
        project.apply(change)
        self.save()
        self._tell(change.after)

    def save(self) -> None:
        """Write what is not written; a failure is told once, and tried again every second."""
        project = self._project
        if project is None or project.read_only:
            return
        self._keep_quiet()
        try:
            project.save()
        except OutputError as error:
            if not self._told:
                self._told = True
                hint = self.tr("{hint} Your changes are kept in memory and written as soon as that is possible.")
                self.noticed.emit(Notice(message=error.message, hint=hint.format(hint=error.hint)))
            return
        if self._told:
            self._told = False
            self.noticed.emit(Notice(message=self.tr("The project is saved again."), weight=Weight.INFO))

    def save_all(self) -> None:
        """Write everything through to the disk: the Save command."""
        project = self._project
        if project is None:
            return
        self.save()
        try:
            project.sync()
        except OutputError:
            return  # told by save
        self.noticed.emit(
            Notice(
                message=self.tr("The project is saved."),
                hint=self.tr("It is saved by itself after every change, too."),
                weight=Weight.INFO,
            )
        )

    def _keep_quiet(self) -> None:
        project = self._project
        if project is None or not self._quiet:
            return
        change = project.change("View", self._quiet)
        self._quiet.clear()
        if not change.is_empty:
            project.apply(change)

    def _tell(self, keys: Collection[str]) -> None:
        self.changed.emit(set(keys))
        slides = any(key.startswith(SLIDE) for key in keys)
        if slides:
            self.slides_changed.emit()
        if slides or any(key.startswith(RESULT) for key in keys):
            self.results_changed.emit()


class _Step(QUndoCommand):
    """One change on the undo stack."""

    def __init__(self, state: ProjectState, project: Project, change: Change) -> None:
        super().__init__(change.label)
        self._state, self._project, self._change = state, project, change

    def redo(self) -> None:
        """Make the change; called when it is pushed, too."""
        self._state.apply(self._project, self._change)

    def undo(self) -> None:
        """Take it back."""
        self._state.apply(self._project, self._change.inverse())
