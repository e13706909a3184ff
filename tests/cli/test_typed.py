"""How the program is named in what a command says to type next."""

import sys
from pathlib import Path

import pytest

from e2evit_model.cli.typed import as_typed, changed_flags, one_line
from e2evit_model.report.slide_figure import FigureSettings


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """A virtual environment with the program in it; the working folder is beside it."""
    programs = tmp_path / "work" / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "e2evit-gui"):
        (programs / name).touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("PATH", str(tmp_path / "elsewhere"))
    return programs


def test_by_its_place_where_the_path_does_not_find_it(environment):
    assert as_typed("e2evit-gui") == str(Path(".venv", "bin", "e2evit-gui"))


def test_by_its_name_where_the_path_finds_this_one(environment, monkeypatch):
    monkeypatch.setenv("PATH", str(environment))
    assert as_typed("e2evit-gui") == "e2evit-gui"


def test_by_its_place_where_the_path_finds_another(environment, monkeypatch, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "e2evit-gui").touch(mode=0o755)
    assert as_typed("e2evit-gui") == str(Path(".venv", "bin", "e2evit-gui"))


def test_by_its_name_where_it_is_not_beside_this_python(environment):
    assert as_typed("e2evit") == "e2evit"


def test_only_what_was_changed_is_said():
    assert changed_flags(FigureSettings()) == []
    changed = FigureSettings(caption=False, dpi=72, lowest=0.5, title="A title")
    words = ["--lowest", "0.5", "--dpi", "72", "--no-caption", "--title", "A title"]
    assert sorted(changed_flags(changed)) == sorted(words)


@pytest.mark.parametrize(("system", "line"), [("linux", "e2evit 'a b'"), ("win32", 'e2evit "a b"')])
def test_a_command_is_quoted_for_its_system(monkeypatch, system, line):
    monkeypatch.setattr(sys, "platform", system)
    assert one_line(["e2evit", "a b"]) == line
