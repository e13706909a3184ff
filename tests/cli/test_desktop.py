"""The menu entry of the window: written whole, quoted as the specification asks, and removed again."""

import configparser
import shlex
import xml.etree.ElementTree as ET

import pytest

from e2evit_model import desktop_entry
from e2evit_model.cli import main
from e2evit_model.errors import OutputError

pytestmark = pytest.mark.skipif(not desktop_entry.sys.platform.startswith("linux"), reason="menu entries are of Linux")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def read_entry(home):
    parser = configparser.ConfigParser(interpolation=None, delimiters="=")
    parser.optionxform = str
    parser.read(home / "applications" / "e2evit-desktop.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_installed_and_removed(home, capsys):
    assert main.run(["desktop", "install"]) == 0
    entry = read_entry(home)
    command, argument = shlex.split(entry["Exec"])
    assert command.endswith("e2evit-gui")
    assert argument == "%f"
    assert (home / "icons" / "hicolor" / "scalable" / "apps" / f"{entry['Icon']}.svg").is_file()
    types = ET.parse(home / "mime" / "packages" / "e2evit-desktop.xml").getroot()
    defined = {element.get("type") for element in types}
    assert defined <= set(entry["MimeType"].split(";"))
    assert main.run(["desktop", "remove"]) == 0
    assert [path for path in home.rglob("e2evit*") if path.is_file()] == []
    capsys.readouterr()
    assert main.run(["desktop", "remove"]) == 0
    assert capsys.readouterr().out == "There was nothing to remove.\n"


def test_reserved_characters_are_quoted(home, monkeypatch):
    monkeypatch.setattr(desktop_entry, "program", lambda: '/o dd/100%/$x"`\\/e2evit-gui')
    desktop_entry.install_desktop_entry()
    # what is read first undoes the escapes of a string, then those of a quoted argument
    once = read_entry(home)["Exec"].replace("\\\\", "\\")
    assert once == '"/o dd/100%%/\\$x\\"\\`\\\\/e2evit-gui" %f'


def test_another_system_and_a_missing_program_are_sentences(home, monkeypatch):
    monkeypatch.setattr(desktop_entry.shutil, "which", lambda name: None)
    monkeypatch.setattr(desktop_entry.sys, "executable", str(home / "python"))
    with pytest.raises(OutputError, match=r"^The program e2evit-gui was not found, so no menu entry can start it\.$"):
        desktop_entry.install_desktop_entry()
    monkeypatch.setattr(desktop_entry.sys, "platform", "win32")
    with pytest.raises(OutputError, match=r"^Menu entries of this kind are for Linux only\.$"):
        desktop_entry.install_desktop_entry()
