"""The help pages: tasks, not menus; offline, from ``resources/help``, and in ``resources/help/CODE`` those of other languages."""

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from PySide6.QtCore import QCoreApplication

FIRST_PAGE = "index"
ENGLISH = "en"
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([\w-]+)\.md(?:#[\w-]*)?\)")


def language() -> str:
    """Return the code of the window's language: its translation says it."""
    return QCoreApplication.translate("HelpBrowser", "en")


@cache
def pages(code: str = ENGLISH) -> dict[str, str]:
    """Return the titles of all pages by their names, in the order of the first page, then by title.

    A page that is not there in a language is the English one, called as the first page calls it.
    """
    named = {name: title for title, name in _LINK.findall(_source(FIRST_PAGE, code))}
    names = [one.name.removesuffix(".md") for one in _folder(ENGLISH).iterdir() if one.name.endswith(".md")]
    found = {name: _title(_source(name, code)) for name in names}
    found |= {name: title for name, title in named.items() if not _file(name, code).is_file()}
    rest = sorted((name for name in found if name not in named and name != FIRST_PAGE), key=found.__getitem__)
    return {name: found[name] for name in (FIRST_PAGE, *named, *rest) if name in found}


def page_text(name: str, code: str = ENGLISH) -> str:
    """Return a page as Markdown; the first page for a name that is none."""
    return _source(name if name in pages(code) else FIRST_PAGE, code)


def _folder(code: str) -> Traversable:
    folder = files("resources") / "help"
    return folder if code == ENGLISH else folder / code


def _file(name: str, code: str) -> Traversable:
    return _folder(code) / f"{name}.md"


def _source(name: str, code: str) -> str:
    own = _file(name, code)
    return (own if own.is_file() else _file(name, ENGLISH)).read_text(encoding="utf-8")


def _title(text: str) -> str:
    return text.lstrip("# ").splitlines()[0].strip()
