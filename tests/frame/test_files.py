"""Files are written whole or not at all, and the system's reasons become sentences."""

import errno
import hashlib
import os
import pickle
from pathlib import Path

import pytest

from e2evit_model.errors import E2EViTError, OutputError, ResolutionError, SlideError, did_you_mean
from e2evit_model.files import cache_folder, output_folder, sha256_of_file, write_whole
from e2evit_model.units import check_mpp, objective_of


def test_a_file_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "result.json"
    with write_whole(target) as temporary:
        assert temporary.suffix == ".json"
        temporary.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole"
    assert list(target.parent.iterdir()) == [target]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "result.json"
    target.write_text("old")

    def fail() -> None:
        with write_whole(target) as temporary:
            temporary.write_text("half")
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - its own
        fail()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("number", "message", "hint"),
    [
        (errno.ENOSPC, "The disk is full: a.csv could not be written.", "Free some space and try again."),
        (
            errno.EACCES,
            "a.csv could not be written: writing to its folder is not allowed.",
            "Choose a folder that you may write to.",
        ),
        (
            errno.ENOTDIR,
            "a.csv could not be written: a file is in the way where a folder is needed.",
            "Choose another folder.",
        ),
        (errno.EIO, "a.csv could not be written (Input/output error).", "Choose another folder."),
    ],
)
def test_the_systems_reasons_become_sentences(tmp_path: Path, number: int, message: str, hint: str) -> None:
    with pytest.raises(OutputError) as caught, write_whole(tmp_path / "a.csv"):
        raise OSError(number, os.strerror(number))
    assert (caught.value.message, caught.value.hint) == (message, hint)
    assert list(tmp_path.iterdir()) == []


def test_an_output_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    folder = output_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert not list(folder.iterdir())


def test_a_file_where_a_folder_is_needed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match="a file is in the way"):
        output_folder(tmp_path / "taken")


def test_the_cache_folder_follows_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("E2EVIT_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("E2EVIT_CACHE")
    assert cache_folder().name == "e2evit"


def test_sha256_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc" * 100_000)
    assert sha256_of_file(tmp_path / "x") == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_errors_keep_message_and_hint_between_processes() -> None:
    error = pickle.loads(pickle.dumps(SlideError("It is broken.", hint="Mend it.")))
    assert type(error) is SlideError
    assert isinstance(error, E2EViTError)
    assert (error.message, error.hint, str(error)) == ("It is broken.", "Mend it.", "It is broken.")


def test_did_you_mean() -> None:
    assert did_you_mean("Uni2h", ["uni2-h", "conch"]) == 'Did you mean "uni2-h"?'
    assert did_you_mean("zzz", ["b", "a"]) == "Known are: a, b."


@pytest.mark.parametrize("value", [0.0, -1.0, 101.0, float("nan"), float("inf")])
def test_absurd_resolutions_are_refused(value: float) -> None:
    with pytest.raises(ResolutionError) as caught:
        check_mpp(value)
    assert caught.value.message == f"The resolution of {value:g} um per pixel cannot be right."


def test_objective_power() -> None:
    assert objective_of(check_mpp(0.25)) == 40.0
