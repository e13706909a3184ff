"""What the manager of models asks to be done in a process of its own. Never imports Qt."""

from collections.abc import Sequence
from pathlib import Path

from e2evit_model.model_store.entries import Entry, entries, entry_called
from e2evit_model.model_store.given import Checked, Given
from e2evit_model.progress import Progress

KILOBYTE = 1024
"""Signals of Qt carry whole numbers below 2**31, and weights are larger in bytes."""


def _in_kilobytes(progress: Progress) -> Progress:
    def tell(step: str, done: int, total: int) -> None:
        small = total < KILOBYTE  # files are counted, not bytes
        progress(step, done if small else done // KILOBYTE, total if small else total // KILOBYTE)

    return tell


def listing(*, progress: Progress) -> tuple[Entry, ...]:
    """Return every model that is here or could be."""
    progress("Looking for models", 0, 0)
    return entries()


def download(identity: str, *, progress: Progress) -> str:
    """Download a model whose licence was accepted; return its title.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.convert.hub.fetch`.
    """
    from e2evit_model.convert.hub import fetch

    entry = entry_called(identity)
    if entry.source is not None and entry.can_be_got:
        fetch(entry.source, progress=_in_kilobytes(progress))
    return entry.title


def add(path: Path, given: Given, *, progress: Progress) -> str:
    """Add a model of the user's; return its id.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.model_store.adding.add_model`.
    """
    from e2evit_model.model_store.adding import add_model

    return add_model(path, given, progress=_in_kilobytes(progress)).id


def remove(identity: str, *, progress: Progress) -> tuple[str, int, str]:
    """Remove a model; return its title, the bytes that were freed, and why not all were.

    Raises
    ------
    E2EViTError
        As :func:`~e2evit_model.model_store.removing.remove_model`.
    """
    from e2evit_model.model_store.removing import remove_model

    entry = entry_called(identity)
    progress(f"Removing {entry.title}", 0, 0)
    done = remove_model(entry)
    return entry.title, done.freed, done.why_not_all


def check(identities: Sequence[str], *, progress: Progress) -> tuple[Checked, ...]:
    """Check models that are here; all of them when none is named.

    Raises
    ------
    Cancelled
        By ``progress``.
    """
    from e2evit_model.model_store.checking import check_models, to_be_checked

    found = entries()
    wanted = [entry_called(name, found) for name in identities] or to_be_checked(found)
    return check_models(wanted, heard=lambda _one: None, progress=_in_kilobytes(progress))


def store_token(token: str, *, progress: Progress) -> None:
    """Store a token of the user's, once the hub has said that it is valid.

    Raises
    ------
    E2EViTError
        As :func:`~e2evit_model.convert.hub.store_token`.
    """
    from e2evit_model.convert import hub

    progress("Asking the hub", 0, 0)
    hub.store_token(token)
