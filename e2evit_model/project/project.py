"""Open a project, change it, save it: a snapshot, a journal of what came after, and a lock.

``project.json`` is the snapshot with the number of the last change in it; ``journal.jsonl`` holds the changes since. A new snapshot
is written whole before the journal is emptied, and the one before it is kept, so there is no moment at which a kill, a full disk or
a damaged file loses what was saved.
"""

import contextlib
import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar, cast

import filelock

from e2evit_model.errors import OutputError, ProjectError
from e2evit_model.files import explain_write_error, output_folder, write_whole
from e2evit_model.project.entries import OF_A_SLIDE, RESULT, SLIDE, WINDOW, Change, Document, ResultEntry, SlideEntry
from e2evit_model.project.journal import JournalWriter, Line, read_lines
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.runs.records import RecordFault, from_record, read_json, refuse_newer, to_record, write_json

log = logging.getLogger(__name__)

Entry = TypeVar("Entry", SlideEntry, ResultEntry)

SCHEMA_VERSION = 1
COMPACT_BYTES = 8 << 20
"""A journal of this size is folded into a new snapshot (choice: some tens of milliseconds to read)."""

NOT_A_PROJECT = "Choose the folder of a project: it holds project.json and journal.jsonl."
ELSEWHERE = "This project is open elsewhere: it was opened read-only, and nothing that you change in it is kept."
UNWRITABLE = "Writing to the folder of this project is not allowed: it was opened read-only."
TORN = "The end of the journal could not be read: the last change before the interruption may be missing."
OLDER = "project.json was damaged: the project was put together from the snapshot before it and the journal."


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """``project.json``: all documents by key, after the change numbered ``revision``."""

    schema_version: int
    name: str
    created: str
    revision: int
    documents: Mapping[str, Any]


class Project:
    """An open project. Changes are applied in memory by :meth:`apply` and kept by :meth:`save`.

    ``notices`` are sentences for the user on how the opening went; ``read_only`` says why nothing can be changed, else is empty.
    """

    def __init__(self, folder: ProjectFolder, snapshot: Snapshot, lock: filelock.BaseFileLock | None) -> None:
        self.folder = folder
        self.name = snapshot.name
        self.created = snapshot.created
        self.read_only = ""
        self.notices: list[str] = []
        self._documents: dict[str, Document] = dict(snapshot.documents)
        self._entries: dict[str, tuple[Document, object]] = {}
        self._revision = snapshot.revision
        self._unsaved: list[Line] = []
        self._journal = JournalWriter(folder.journal)
        self._lock = lock

    # open and close

    @classmethod
    def create(cls, path: Path, *, name: str = "") -> Self:
        """Make a project in a folder that is new or empty, and open it.

        Raises
        ------
        ProjectError
            When the folder holds a project already, or something else.
        OutputError
            When it cannot be written.
        """
        folder = ProjectFolder(path)
        if folder.snapshot.exists():
            raise ProjectError(f"{path.name} is a project already.", hint="Open it, or choose a new folder.")
        if path.is_dir() and any(not one.name.startswith(".") for one in path.iterdir()):
            raise ProjectError(
                f"{path.name} already holds something that is not a project.", hint="Choose a new or an empty folder."
            )
        output_folder(path)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        snapshot = Snapshot(
            schema_version=SCHEMA_VERSION, name=name or path.name, created=now, revision=0, documents={}
        )
        write_json(folder.snapshot, snapshot)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a project; read-only where another process has it open, or its folder cannot be written.

        Raises
        ------
        ProjectError
            When the folder is no project, was made by a newer version, or is damaged beyond the snapshot kept before.
        """
        folder = ProjectFolder(path)
        if not folder.snapshot.is_file() and not folder.previous_snapshot.is_file():
            raise ProjectError(f"{path.name} is not a project: project.json is missing.", hint=NOT_A_PROJECT)
        lock, why = _take_lock(folder.lock)
        try:
            snapshot, notices = _read_snapshot(folder)
            project = cls(folder, snapshot, lock)
            project.read_only = why
            project.notices += [sentence for sentence in (why, *notices) if sentence]
            project._replay()
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        log.info("Opened a project with %d slides", len(project.slides()))
        return project

    def close(self) -> None:
        """Save, write a snapshot, remove files of results that nothing names any more, and let go of the lock.

        Raises
        ------
        OutputError
            When it cannot be saved: the project stays open.
        """
        if not self.read_only:
            self.compact()
            self._remove_unnamed()
        self._journal.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def abandon(self) -> None:
        """Let go of the folder without saving: for when it cannot be written any more and the user goes."""
        self._journal.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # what is there

    def document(self, key: str) -> Document:
        """Return the document under a key, ``None`` when there is none."""
        return self._documents.get(key)

    def documents(self) -> Mapping[str, Document]:
        """Return all documents by key."""
        return dict(self._documents)

    def slides(self) -> list[SlideEntry]:
        """Return all slides, in the order in which they were taken in."""
        found = [self._entry(SlideEntry, key) for key in self._documents if key.startswith(SLIDE)]
        return sorted(found, key=lambda slide: (slide.added, slide.name, slide.id))

    def slide(self, slide_id: str) -> SlideEntry | None:
        """Return a slide by its id."""
        return self._entry(SlideEntry, SLIDE + slide_id) if SLIDE + slide_id in self._documents else None

    def results(self, slide_id: str | None = None) -> list[ResultEntry]:
        """Return the results of one slide, or of all slides of the project, oldest first."""
        every = (self._entry(ResultEntry, key) for key in self._documents if key.startswith(RESULT))
        found = [one for one in every if SLIDE + one.slide in self._documents and slide_id in {None, one.slide}]
        return sorted(found, key=lambda result: (result.created, result.id))

    def path_of(self, slide: SlideEntry) -> Path:
        """Return where the slide's file is, or was."""
        return self.folder.resolve(slide.path)

    def is_missing(self, slide: SlideEntry) -> bool:
        """Say whether the slide's file is not where it was."""
        return not self.path_of(slide).is_file()

    # changes

    def change(self, label: str, documents: Mapping[str, Document]) -> Change:
        """Make the change that sets some documents (``None`` takes one away) from how they are now."""
        before = {key: self._documents.get(key) for key in documents}
        return Change(label=label, before=before, after={key: _plain(value) for key, value in documents.items()})

    def apply(self, change: Change) -> None:
        """Set the documents of a change, in memory.

        Raises
        ------
        ProjectError
            When the project is read-only.
        """
        if self.read_only:
            raise ProjectError("The project is open read-only.", hint="Close it where it is open, then open it again.")
        if change.is_empty:
            return
        _set(self._documents, change.after)
        self._revision += 1
        self._unsaved.append(Line(number=self._revision, label=change.label, documents=change.after))

    @property
    def unsaved(self) -> int:
        """How many changes are in memory alone."""
        return len(self._unsaved)

    def save(self) -> None:
        """Append the unsaved changes to the journal; they stay unsaved when that fails.

        Raises
        ------
        OutputError
            When the journal cannot be written.
        """
        if self._unsaved:
            self._journal.append(self._unsaved)
            self._unsaved.clear()
            if self._journal.size > COMPACT_BYTES:
                self.compact()

    def sync(self) -> None:
        """Save, and see that it is on the disk.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        self.save()
        self._journal.sync()

    def compact(self) -> None:
        """Save, write a new snapshot, and empty the journal.

        Raises
        ------
        OutputError
            When it cannot be written; nothing is lost.
        """
        if self._unsaved:
            self._journal.append(self._unsaved)
            self._unsaved.clear()
        if self._journal.size == 0:
            return
        self._journal.sync()
        for current, previous in (
            (self.folder.snapshot, self.folder.previous_snapshot),
            (self.folder.journal, self.folder.previous_journal),
        ):
            _copy(current, previous)
        snapshot = Snapshot(
            schema_version=SCHEMA_VERSION,
            name=self.name,
            created=self.created,
            revision=self._revision,
            documents=self._documents,
        )
        write_json(self.folder.snapshot, snapshot)
        self._journal.clear()

    # parts

    def _entry(self, kind: type[Entry], key: str) -> Entry:
        """Return the entry under a key; a document is looked at once, until another takes its place."""
        document = self._documents[key]
        seen, entry = self._entries.get(key, (None, None))
        if seen is not document:
            entry = from_record(kind, document)
            self._entries[key] = (document, entry)
        return cast("Entry", entry)

    def _replay(self) -> None:
        damaged = 0
        for path in (self.folder.previous_journal, self.folder.journal):
            try:
                lines, unread = read_lines(path)
            except OSError as error:
                raise ProjectError(f"{path.name} cannot be read ({error.strerror}).", hint=NOT_A_PROJECT) from error
            damaged += unread if path == self.folder.journal else 0
            for line in lines:
                if line.number > self._revision:
                    _set(self._documents, line.documents)
                    self._revision = line.number
        self._check_entries()
        if damaged:
            self.notices.append(TORN)
            if not self.read_only:
                # what could not be read is kept in the journal before; where that cannot be written, it is said again next time
                with contextlib.suppress(OutputError):
                    self.compact()

    def _check_entries(self) -> None:
        try:
            self.slides()
            self.results()
        except (RecordFault, KeyError, TypeError) as fault:
            raise ProjectError(
                f"project.json {fault}.", hint="Open the project with the newest version of E2E-ViT Desktop."
            ) from fault

    def _remove_unnamed(self) -> None:
        """Remove what nothing names: results and views of slides that were taken out, and their files."""
        slides = {key.removeprefix(SLIDE) for key in self._documents if key.startswith(SLIDE)}
        named = {key.removeprefix(RESULT) for key in self._documents if key.startswith(RESULT)}
        gone = [one for one in self.folder.stored_results() if one.name not in named]
        gone += [one for one in self.folder.stored_thumbnails() if one.stem not in slides]
        for path in gone:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def slide_keys(project: Project, slide_id: str) -> list[str]:
    """Return the keys of everything that belongs to a slide: itself, its regions, its view, its results and what became of them."""
    own = [prefix + slide_id for prefix in OF_A_SLIDE if project.document(prefix + slide_id) is not None]
    return own + [result.key for result in project.results(slide_id)]


def replaced_by(project: Project, entry: ResultEntry) -> list[ResultEntry]:
    """Return the results that a new one takes the place of: those of the same model on the same slide."""
    return [old for old in project.results(entry.slide) if old.model_key == entry.model_key and old.id != entry.id]


def window_document(project: Project) -> Mapping[str, Any]:
    """Return what the window remembers in the project."""
    found = project.document(WINDOW)
    return found if isinstance(found, Mapping) else {}


def _plain(value: Any) -> Document:
    return None if value is None else to_record(value)


def _set(documents: dict[str, Document], changes: Mapping[str, Document]) -> None:
    for key, value in changes.items():
        if value is None:
            documents.pop(key, None)
        else:
            documents[key] = value


def _take_lock(path: Path) -> tuple[filelock.BaseFileLock | None, str]:
    """Take the lock, or say why the project can only be read. The system lets go of it when its owner dies."""
    lock = filelock.FileLock(path, thread_local=False)  # opened in one thread, closed in another
    try:
        path.touch()  # the lock itself would take a missing permission for another owner
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return None, ELSEWHERE
    except NotImplementedError:
        log.debug("this file system has no locks")
        return None, ""
    except OSError:
        return None, UNWRITABLE
    return lock, ""


def _read_snapshot(folder: ProjectFolder) -> tuple[Snapshot, list[str]]:
    try:
        return _snapshot_of(folder.snapshot), []
    except _DamagedError:
        if not folder.previous_snapshot.is_file():
            raise
        log.warning("project.json is damaged; the snapshot before it is used")
        return _snapshot_of(folder.previous_snapshot), [OLDER]


class _DamagedError(ProjectError):
    """A snapshot is damaged, so that the one before it is tried."""


def _snapshot_of(path: Path) -> Snapshot:
    hint = "Copy the project's folder from a backup; the slides themselves are untouched."
    record = read_json(path, _DamagedError, hint=hint)
    newest = "Install the newest version of E2E-ViT Desktop to open it."
    refuse_newer(record, SCHEMA_VERSION, ProjectError, made="This project was made", hint=newest)
    try:
        return from_record(Snapshot, record)
    except RecordFault as fault:
        raise _DamagedError(f"{path.name} {fault}.", hint=hint) from fault


def _copy(path: Path, target: Path) -> None:
    try:
        if path.is_file():
            with write_whole(target) as temporary:
                shutil.copyfile(path, temporary)
    except OSError as error:
        raise explain_write_error(error, target) from error
