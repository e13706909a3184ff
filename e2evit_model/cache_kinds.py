"""What the program keeps in its cache folder, how much room it takes, and how to clear it away.

Everything there can be made again from the slides and the weights: clearing costs time, never results.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from e2evit_model.errors import OptionError, did_you_mean
from e2evit_model.files import cache_folder

_DAY_S = 86400.0


@dataclass(frozen=True)
class CacheKind:
    """One folder of the cache; ``costs`` says what is done again when it is gone."""

    folder: str
    label: str
    costs: str


CACHE_KINDS = (
    CacheKind("strips", "Mean patches and tokens of slides", "slides are read again"),
    CacheKind("prepared", "Prepared slides of cohorts", "a training prepares its slides again"),
    CacheKind("embeddings", "Embeddings of cohorts", "a linear probing encodes its slides again"),
    CacheKind("masks", "Tissue found by GrandQC", "its networks run again"),
    CacheKind("rows", "Rows of embedding and risk tables", "slides of a folder are scored again"),
)


@dataclass(frozen=True)
class Kept:
    """What there is of one kind."""

    kind: CacheKind
    files: int
    bytes: int


def measure_cache() -> tuple[Kept, ...]:
    """Count files and bytes of each kind."""
    return tuple(_measure(kind) for kind in CACHE_KINDS)


def _measure(kind: CacheKind) -> Kept:
    sizes = [size for _, size, _ in _files(kind)]
    return Kept(kind, len(sizes), sum(sizes))


def clear_cache(folders: tuple[str, ...] = (), *, unused_days: float = 0.0) -> int:
    """Remove what is kept of some kinds, by default of all; return how many bytes that freed.

    Parameters
    ----------
    folders
        Names of kinds.
    unused_days
        Only what was not used for so many days goes.

    Raises
    ------
    OptionError
        When there is no such kind.
    """
    known = {kind.folder: kind for kind in CACHE_KINDS}
    for folder in folders:
        if folder not in known:
            raise OptionError(f'The cache holds nothing called "{folder}".', hint=did_you_mean(folder, known))
    freed, now = 0, time.time()
    for folder in folders or known:
        for path, size, used in _files(known[folder]):
            if now - used >= unused_days * _DAY_S:
                with suppress(OSError):  # another process holds it, or was faster
                    path.unlink()
                    freed += size
    return freed


def _files(kind: CacheKind) -> Iterator[tuple[Path, int, float]]:
    """Yield path, bytes and time of last use of each file of a kind; locks are left alone."""
    for path in sorted((cache_folder() / kind.folder).rglob("*")):
        with suppress(OSError):
            found = path.stat()
            if path.is_file() and path.suffix != ".lock":
                yield path, found.st_size, max(found.st_mtime, found.st_atime)
