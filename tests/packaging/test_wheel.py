"""The wheel holds all that the program reads beside its code, and nothing of the workshop."""

import configparser
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("e2evit_model", "e2evit_gui", "resources")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel as pip, pipx and uv do, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    pytest.importorskip("hatchling", reason="hatchling is not installed (extra dev)")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_every_file_of_the_packages_is_in_it(wheel):
    listed = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=False)
    tracked = {line for line in listed.stdout.splitlines() if (ROOT / line).is_file()}
    if listed.returncode != 0 or not tracked:
        pytest.skip("this folder is no git checkout: there is no list to compare with")
    inside = set(wheel.namelist())
    assert tracked - inside == set()
    assert {name.split("/")[0] for name in inside} == {*PACKAGES, "e2evit_desktop-0.1.0.dist-info"}


@pytest.mark.parametrize(
    "name",
    [
        "resources/icons/program.svg",
        "resources/help/index.md",
        "resources/translations/e2evit_de.qm",
        "resources/desktop/e2evit-desktop.desktop",
        "resources/desktop/e2evit-desktop-mime.xml",
        "e2evit_gui/py.typed",
        "e2evit_model/py.typed",
    ],
)
def test_what_is_read_by_its_name_is_the_same_file(wheel, name):
    assert wheel.read(name) == (ROOT / name).read_bytes()


def test_both_programs_are_started_from_it(wheel):
    (where,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    parser = configparser.ConfigParser()
    parser.read_string(wheel.read(where).decode())
    assert dict(parser["console_scripts"]) == {"e2evit": "e2evit_model.cli.main:main"}
    assert dict(parser["gui_scripts"]) == {"e2evit-gui": "e2evit_gui.app:main"}


def test_the_record_names_licence_and_python(wheel):
    (where,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
    said = Parser().parsestr(wheel.read(where).decode())
    assert said["License-Expression"] == "GPL-3.0-or-later"
    assert said["Requires-Python"] == ">=3.11"
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def test_it_starts_from_a_folder_of_its_own(wheel, tmp_path):
    """What is unpacked elsewhere reads its own resources: nothing points back to the source."""
    wheel.extractall(tmp_path)
    program = """
import importlib.resources
from e2evit_gui.dialogs import help_browser
print(importlib.resources.files("resources"))
print(len(help_browser.pages()))
print(help_browser.__file__)
"""
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    where, pages, module = said.stdout.splitlines()
    assert Path(where) == tmp_path / "resources"
    assert Path(module).is_relative_to(tmp_path)
    assert int(pages) == len(list((ROOT / "resources" / "help").glob("*.md")))
