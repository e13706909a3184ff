"""The log and what is known of a fault, as text that can be given to others: no path, no slide's name, no user's name in it."""

import getpass
import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import qVersion

from e2evit_model.cohort.slide_files import FLAT_SUFFIXES, SLIDE_SUFFIXES, stem_of

LINES = 300
_LIBRARIES = ("e2evit-desktop", "PySide6-Essentials", "torch", "timm", "numpy", "openslide-bin", "tifffile", "pyarrow")
_SHORTEST_NAME = 3

_ENDINGS = "|".join(re.escape(ending[1:]) for ending in (*SLIDE_SUFFIXES, *FLAT_SUFFIXES, ".dcm"))
_QUOTED = re.compile(r"""(?P<quote>["'])(?:[A-Za-z]:[\\/]|\\\\|/|~/)[^"'\n]*(?P=quote)""")
_PATH = re.compile(r"(?<![\w.<>])(?:[A-Za-z]:[\\/]|\\\\|~?/)[^\s\"'<>|:,;]*[^\s\"'<>|:,;.)]")
_SLIDE = re.compile(rf"[^\s\"'<>/\\]+\.(?:{_ENDINGS})\b", re.IGNORECASE)


def scrub(text: str, names: Iterable[str] = ()) -> str:
    """Take out of a text what could name a person, a place or a slide.

    ``names`` are those that are known now: slides, projects, folders; each is taken out with and without its ending, in any case.
    Of a path in quotes or without blanks its last part stays when it is a file of Python: it says where a fault is.
    """
    cleaned = _QUOTED.sub(lambda found: f'"{_last(found[0][1:-1])}"', text)
    cleaned = _PATH.sub(lambda found: _last(found[0]), cleaned)
    for name in sorted(_with_stems(names), key=len, reverse=True):
        cleaned = re.sub(re.escape(name), "<name>", cleaned, flags=re.IGNORECASE)
    return _SLIDE.sub("<slide>", cleaned)


def report_text(lines: Sequence[str], names: Iterable[str] = (), *, fault: str = "") -> str:
    """Return versions, system, a fault where there was one, and the last lines of the log."""
    parts = [
        "E2E-ViT Desktop, report for others (paths and names were taken out)",
        *(f"{name} {_version(name)}" for name in _LIBRARIES),
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.release()} {platform.machine()}",
        "",
    ]
    if fault:
        parts += ["Fault:", fault, ""]
    parts += ["Log:", *lines[-LINES:]]
    return scrub("\n".join(parts), [*names, *_own_names()]) + "\n"


def _own_names() -> list[str]:
    """Return the names of user, home folder and machine."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # there is none in some containers
        user = ""
    common = {"root", "user", "admin", "home", "localhost"}
    return [name for name in (user, Path.home().name, platform.node()) if name.lower() not in common]


def _with_stems(names: Iterable[str]) -> set[str]:
    every = {part for name in names for part in (name, stem_of(name), Path(name).stem)}
    return {name for name in every if len(name) >= _SHORTEST_NAME}


def _last(path: str) -> str:
    last = re.split(r"[\\/]", path.rstrip("\\/"))[-1]
    return f"<path>/{last}" if last.endswith(".py") else "<path>"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is not installed"
