import errno
import json
import subprocess
import sys
from pathlib import Path

import filelock
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from e2evit_model.errors import OutputError, ProjectError
from e2evit_model.project import project as project_module
from e2evit_model.project.entries import Change
from e2evit_model.project.project import ELSEWHERE, OLDER, TORN, UNWRITABLE, Project, slide_keys
from e2evit_model.project.results import write_result
from tests.project.material import make_entry, make_result


@pytest.fixture
def project(tmp_path):
    made = Project.create(tmp_path / "work")
    yield made
    made.abandon()


def put(project, **documents):
    project.apply(project.change("Change", documents))
    project.save()


def test_a_new_project_is_empty_and_says_its_name(project, tmp_path):
    assert (project.name, project.slides(), project.results(), project.read_only) == ("work", [], [], "")
    assert {path.name for path in (tmp_path / "work").iterdir()} == {"project.json", "project.lock"}


def test_what_was_saved_is_there_after_closing_and_opening(project):
    entry = make_entry()
    put(project, **{entry.key: entry, "window": {"sort": "risk"}})
    project.close()
    again = Project.open(project.folder.path)
    assert again.slides() == [entry]
    assert again.document("window") == {"sort": "risk"}
    assert again.folder.journal.read_bytes() == b""
    again.abandon()


def test_what_was_saved_is_there_without_closing(project):
    put(project, a=1)
    put(project, a=2, b=[1, {"x": None}])
    put(project, b=None)
    project.abandon()
    again = Project.open(project.folder.path)
    assert again.documents() == {"a": 2}
    again.abandon()


def test_a_change_and_its_inverse_leave_nothing(project):
    put(project, a=1, b=2)
    before = project.documents()
    change = project.change("Change", {"a": 5, "b": None, "c": [1]})
    project.apply(change)
    assert project.documents() == {"a": 5, "c": [1]}
    project.apply(change.inverse())
    assert project.documents() == before
    assert change.inverse().inverse() == change


def test_a_change_of_nothing_is_not_written(project):
    put(project, a=1)
    size = project.folder.journal.stat().st_size
    put(project, a=1)
    assert project.unsaved == 0
    assert project.folder.journal.stat().st_size == size


def test_results_belong_to_slides_that_are_there(project):
    entry = make_entry()
    result = write_result(project.folder, entry.id, make_result())
    project.apply(project.change("Add", {entry.key: entry}))
    project.apply(project.change("Analyze", {result.key: result}))
    assert project.results() == project.results(entry.id) == [result]
    assert project.results("other") == []
    assert set(slide_keys(project, entry.id)) == {entry.key, result.key}
    taken_out = project.change("Remove", {entry.key: None})
    project.apply(taken_out)
    assert project.results() == []
    project.apply(taken_out.inverse())
    assert project.results() == [result]


def test_closing_removes_files_that_nothing_names(project):
    entry = make_entry()
    kept, dropped = (write_result(project.folder, entry.id, make_result(seed=n)) for n in range(2))
    put(project, **{entry.key: entry, kept.key: kept})
    project.folder.thumbnail("gone").parent.mkdir()
    project.folder.thumbnail("gone").touch()
    (project.folder.path / "results" / ".half").mkdir()
    project.close()
    assert [path.name for path in project.folder.stored_results()] == [kept.id]
    assert project.folder.stored_thumbnails() == []
    assert dropped.id != kept.id


# two at once


def test_a_second_opening_is_read_only_and_says_so(project):
    put(project, a=1)
    second = Project.open(project.folder.path)
    assert second.read_only == ELSEWHERE
    assert second.notices == [ELSEWHERE]
    assert second.document("a") == 1
    with pytest.raises(ProjectError) as refused:
        second.apply(second.change("Change", {"a": 2}))
    assert refused.value.message == "The project is open read-only."
    before = project.folder.snapshot.read_bytes()
    second.close()
    assert project.folder.snapshot.read_bytes() == before
    project.close()
    third = Project.open(project.folder.path)
    assert third.read_only == ""
    third.abandon()


HOLDER = """
import os, sys
from pathlib import Path
from e2evit_model.project.project import Project
project = Project.open(Path(sys.argv[1]))
print(repr(project.read_only), flush=True)
sys.stdin.read()
"""


def test_the_lock_of_a_killed_process_does_not_bind(project):
    project.close()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(project.folder.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "''\n"
    second = Project.open(project.folder.path)
    assert second.read_only == ELSEWHERE
    second.close()
    holder.kill()
    holder.communicate()
    third = Project.open(project.folder.path)
    assert third.read_only == ""
    third.abandon()


# what can go wrong


def test_a_folder_that_is_no_project_is_a_sentence(tmp_path):
    with pytest.raises(ProjectError) as refused:
        Project.open(tmp_path)
    assert refused.value.message == f"{tmp_path.name} is not a project: project.json is missing."
    assert refused.value.hint == "Choose the folder of a project: it holds project.json and journal.jsonl."


def test_a_new_project_takes_no_folder_that_is_in_use(project, tmp_path):
    with pytest.raises(ProjectError) as refused:
        Project.create(project.folder.path)
    assert refused.value.message == "work is a project already."
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").touch()
    with pytest.raises(ProjectError) as refused:
        Project.create(tmp_path / "other")
    assert refused.value.message == "other already holds something that is not a project."
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as refused:
        Project.create(tmp_path / "file")
    assert refused.value.message == "file could not be written: a file is in the way where a folder is needed."


def rewrite(path, **changes):
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | changes))


def test_a_newer_project_is_a_sentence_and_stays_as_it_is(project):
    put(project, a=1)
    project.close()
    rewrite(project.folder.snapshot, schema_version=2, something_new=[1])
    before = project.folder.snapshot.read_bytes()
    with pytest.raises(ProjectError) as refused:
        Project.open(project.folder.path)
    assert (
        refused.value.message
        == "This project was made by a newer version of this program (schema 2; this version reads 1)."
    )
    assert refused.value.hint == "Install the newest version of E2E-ViT Desktop to open it."
    assert project.folder.snapshot.read_bytes() == before
    assert filelock.FileLock(project.folder.lock).acquire(timeout=0)


def test_a_damaged_tail_is_said_once_and_costs_the_last_change_alone(project):
    put(project, a=1)
    put(project, a=2)
    project.abandon()
    with project.folder.journal.open("r+b") as file:
        file.truncate(project.folder.journal.stat().st_size - 5)
    again = Project.open(project.folder.path)
    assert again.notices == [TORN]
    assert again.documents() == {"a": 1}
    put(again, a=3)
    again.abandon()
    third = Project.open(project.folder.path)
    assert third.notices == []
    assert third.documents() == {"a": 3}
    third.abandon()


def test_a_damaged_snapshot_is_put_together_again_without_loss(project):
    for number in range(3):
        put(project, a=number, **{f"own {number}": number})
        project.compact()
    put(project, b=1)
    whole = project.documents()
    project.abandon()
    for damage in (b"", b"{", b"[]", b'{"name": "x"}', project.folder.snapshot.read_bytes()[:-20]):
        project.folder.snapshot.write_bytes(damage)
        again = Project.open(project.folder.path)
        assert again.notices == [OLDER]
        assert again.documents() == whole
        again.abandon()


def test_a_snapshot_damaged_without_another_is_a_sentence(project):
    project.abandon()
    project.folder.snapshot.write_bytes(b"{")
    with pytest.raises(ProjectError) as refused:
        Project.open(project.folder.path)
    assert refused.value.message == "project.json is damaged: it is not readable JSON."


def test_an_entry_that_is_none_is_a_sentence(project):
    put(project, **{"slide/1": {"name": "x"}})
    project.abandon()
    with pytest.raises(ProjectError) as refused:
        Project.open(project.folder.path)
    assert refused.value.message == 'project.json lacks the field "id".'


def test_a_folder_that_cannot_be_written_opens_read_only(project, monkeypatch):
    put(project, a=1)
    project.close()

    def refuse(path, *_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    again = Project.open(project.folder.path)
    assert again.read_only == UNWRITABLE
    assert again.document("a") == 1
    again.close()


def test_a_disk_that_fills_up_keeps_changes_in_memory_until_there_is_room(project, monkeypatch):
    put(project, a=1)
    append = project._journal.append

    def full(lines):
        raise OutputError("The disk is full: journal.jsonl could not be written.")

    monkeypatch.setattr(project._journal, "append", full)
    project.apply(project.change("Change", {"a": 2}))
    with pytest.raises(OutputError):
        project.save()
    project.apply(project.change("Change", {"b": 1}))
    with pytest.raises(OutputError):
        project.close()
    assert project.unsaved == 2
    monkeypatch.setattr(project._journal, "append", append)
    project.save()
    project.abandon()
    again = Project.open(project.folder.path)
    assert again.documents() == {"a": 2, "b": 1}
    again.abandon()


@pytest.mark.parametrize("which", ["previous/project.json", "previous/journal.jsonl", "project.json"])
def test_a_snapshot_that_cannot_be_written_loses_nothing(project, monkeypatch, which):
    put(project, a=1)
    project.compact()
    put(project, a=2)
    replace = Path.replace

    def full(path, target):
        if Path(target) == project.folder.path / which:
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="The disk is full"):
        project.compact()
    put(project, b=3)
    project.abandon()
    monkeypatch.undo()
    again = Project.open(project.folder.path)
    assert again.documents() == {"a": 2, "b": 3}
    again.abandon()


def test_a_journal_that_has_grown_is_folded_into_the_snapshot(project, monkeypatch):
    monkeypatch.setattr(project_module, "COMPACT_BYTES", 400)
    for number in range(40):
        put(project, a="x" * 20, b=number)
    assert project.folder.journal.stat().st_size <= 500
    project.abandon()
    again = Project.open(project.folder.path)
    assert again.document("b") == 39
    again.abandon()


# any way of working


class Working(RuleBasedStateMachine):
    """Change, take back, save, compact, close, be killed: the project is always what a dictionary would be."""

    keys = st.sampled_from(["a", "b", "c"])
    values = st.none() | st.integers(0, 3)

    @initialize()
    def begin(self):
        import tempfile

        self.root = tempfile.TemporaryDirectory()
        self.project = Project.create(Path(self.root.name) / "work")
        self.expected: dict[str, int] = {}
        self.saved: dict[str, int] = {}
        self.done: list[Change] = []

    @rule(documents=st.dictionaries(keys, values, min_size=1))
    def change(self, documents):
        change = self.project.change("Change", documents)
        self.project.apply(change)
        self.done.append(change)
        for key, value in documents.items():
            self.expected.pop(key, None)
            if value is not None:
                self.expected[key] = value

    @rule()
    def take_back(self):
        if self.done:
            change = self.done.pop()
            self.project.apply(change.inverse())
            for key, value in change.before.items():
                self.expected.pop(key, None)
                if value is not None:
                    self.expected[key] = value

    @rule(how=st.sampled_from(["save", "sync", "compact"]))
    def save(self, how):
        getattr(self.project, how)()
        self.saved = dict(self.expected)

    @rule()
    def reopen(self):
        self.project.close()
        self.saved = dict(self.expected)
        self.project = Project.open(self.project.folder.path)
        self.done.clear()

    @rule()
    def be_killed(self):
        self.project.abandon()
        self.project = Project.open(self.project.folder.path)
        self.expected = dict(self.saved)
        self.done.clear()

    @invariant()
    def is_as_expected(self):
        if hasattr(self, "project"):
            assert self.project.documents() == self.expected

    def teardown(self):
        if hasattr(self, "project"):
            self.project.abandon()
            self.root.cleanup()


Working.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestWorking = Working.TestCase
