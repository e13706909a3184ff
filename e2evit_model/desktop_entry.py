"""Put the program into the menus of a Linux desktop: entry, icon and file types of the freedesktop.org specifications."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from e2evit_model.errors import OutputError
from e2evit_model.files import write_whole

NAME = "e2evit-desktop"
_PROGRAM = "e2evit-gui"
_UPDATES = (("update-desktop-database", "applications"), ("update-mime-database", "mime"))
_SECONDS = 20


def data_home() -> Path:
    """Return the folder for a user's own desktop files: ``$XDG_DATA_HOME``, else ``~/.local/share``."""
    chosen = os.environ.get("XDG_DATA_HOME", "")
    return Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".local" / "share"


def _targets(home: Path) -> dict[str, Path]:
    return {
        "entry": home / "applications" / f"{NAME}.desktop",
        "types": home / "mime" / "packages" / f"{NAME}.xml",
        "icon": home / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg",
    }


def program() -> str:
    """Return how the window is started: beside this Python, else where the path finds it.

    Raises
    ------
    OutputError
        When it is nowhere.
    """
    beside = Path(sys.executable).with_name(_PROGRAM)
    found = str(beside) if beside.is_file() else shutil.which(_PROGRAM)
    if found is None:
        raise OutputError(
            "The program e2evit-gui was not found, so no menu entry can start it.",
            hint="Install E2E-ViT Desktop again, for example with pipx.",
        )
    return found


def install_desktop_entry(home: Path | None = None) -> list[Path]:
    """Write menu entry, icon and file types for this user; return the files.

    Raises
    ------
    OutputError
        When this is no Linux, the program is not found, or a file cannot be written.
    """
    _only_linux()
    home = data_home() if home is None else home
    targets = _targets(home)
    shown = files("resources")
    entry = (shown / "desktop" / f"{NAME}.desktop").read_text(encoding="utf-8")
    texts = {
        "entry": entry.replace("@command@", _quoted(program())),
        "types": (shown / "desktop" / f"{NAME}-mime.xml").read_text(encoding="utf-8"),
        "icon": (shown / "icons" / "program.svg").read_text(encoding="utf-8"),
    }
    for name, path in targets.items():
        with write_whole(path) as temporary:
            temporary.write_text(texts[name], encoding="utf-8")
    _tell_desktop(home)
    return list(targets.values())


def remove_desktop_entry(home: Path | None = None) -> list[Path]:
    """Remove what :func:`install_desktop_entry` wrote; return the files that were there.

    Raises
    ------
    OutputError
        When this is no Linux.
    """
    _only_linux()
    home = data_home() if home is None else home
    there = [path for path in _targets(home).values() if path.is_file()]
    for path in there:
        path.unlink()
    _tell_desktop(home)
    return there


def _only_linux() -> None:
    if not sys.platform.startswith("linux"):
        raise OutputError(
            "Menu entries of this kind are for Linux only.",
            hint="On Windows and macOS, the built application brings its own.",
        )


def _quoted(command: str) -> str:
    r"""Quote an argument as the Desktop Entry Specification asks: reserved characters behind a backslash that is escaped itself."""
    for reserved in ("\\", '"', "`", "$"):
        command = command.replace(reserved, f"\\\\{reserved}" if reserved != "\\" else "\\\\\\\\")
    return f'"{command.replace("%", "%%")}"'


def _tell_desktop(home: Path) -> None:
    """Let the desktop read its folders again, where it has the tools for that."""
    for tool, folder in _UPDATES:
        found = shutil.which(tool)
        if found is not None:
            with suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run([found, str(home / folder)], check=False, capture_output=True, timeout=_SECONDS)
