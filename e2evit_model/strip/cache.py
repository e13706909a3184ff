"""Keep patch stacks on disk, so that a slide is read once: whole files only, one reader a stack, never in the way.

A file's name is made from what decides the pixels (the slide's content, its reader, the grid), and says which parts and patch
sizes it holds; a file that holds more serves for less. The file that was used longest ago goes first when the limit is reached.
"""

import errno
import hashlib
import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock

from e2evit_model.errors import CacheError, OutputError
from e2evit_model.files import cache_folder, write_whole
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Slide
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.strip.patches import check_patches
from e2evit_model.strip.reading import mean_patches
from e2evit_model.strip.stack_file import read_stack, write_stack
from e2evit_model.tiling.grid import TileGrid

log = logging.getLogger(__name__)

LIMIT_VARIABLE = "E2EVIT_CACHE_GB"
CACHE_LIMIT_BYTES = 20 * 10**9
"""About 6 000 slides of 10 000 tiles, or 600 of 100 000, with one patch size (choice)."""

WAITING = "Waiting for another run that reads this slide"

_NAME = re.compile(r"(?P<key>[0-9a-f]{64})-s(?P<splits>[124])-p(?P<sizes>\d+(?:-\d+)*)\.safetensors")
TOKENS = "tokens"
"""What stands in the names of kept token stacks (``token_cache``), which share folder and limit with the patch stacks."""

_KEPT = re.compile(rf"{_NAME.pattern}|[0-9a-f]{{64}}-{TOKENS}\.safetensors")
_SECONDS_BETWEEN_LOOKS = 0.25
_STALE_SECONDS = 3600.0  # a half-written file this old has lost its writer


def load_or_read(
    slide: Slide,
    grid: TileGrid,
    *,
    patch_sizes: tuple[int, ...] = (14, 16),
    splits: int = 1,
    use_cache: bool = True,
    mask_method: str = "",
    threads: int | None = None,
    progress: Progress = silent,
) -> tuple[PatchStack, tuple[str, ...]]:
    """Return the patch stack of a grid from the cache, or read it from the slide and keep it.

    When another process is reading the same stack, waits for it instead of reading twice. A cache that cannot be used is no
    reason to stop: the slide is read, and a notice says so.

    Returns
    -------
    PatchStack, tuple of str
        The stack, and notices for the user (a kept file was damaged, the disk is full, ...).

    Raises
    ------
    OptionError, SlideError
        As :func:`~e2evit_model.strip.reading.mean_patches`.
    """
    sizes = check_patches(grid.tile_px, patch_sizes, splits)

    def read() -> PatchStack:
        return mean_patches(slide, grid, patch_sizes=sizes, splits=splits, threads=threads, progress=progress)

    if not use_cache:
        return read(), ()
    wanted = _Wanted(key=_key(slide, grid), grid=grid, sizes=sizes, splits=splits)
    notices: list[str] = []
    stack = _find(wanted, notices)
    if stack is not None:
        return stack, tuple(notices)
    with alone(wanted.lock, progress):
        # another process may have made it meanwhile
        stack = _find(wanted, notices)
        if stack is None:
            stack = read()
            notices += _keep(wanted.path, stack, slide, grid, mask_method)
    return stack, tuple(notices)


def cache_size() -> int:
    """Return how many bytes the kept stacks take."""
    return sum(size for _, size, _ in _kept())


def clear_cache() -> int:
    """Remove all kept stacks; return how many bytes they took. Stacks in use by another process may stay."""
    freed = sum(size for path, size, _ in _kept() if remove_kept(path))
    _remove_stale()
    for lock in stacks_folder().glob("*.lock"):
        remove_kept(lock)
    return freed


def cache_limit() -> int:
    """Return how many bytes the kept stacks may take: ``$E2EVIT_CACHE_GB``, else :data:`CACHE_LIMIT_BYTES`."""
    try:
        chosen = float(os.environ.get(LIMIT_VARIABLE, ""))
    except ValueError:
        return CACHE_LIMIT_BYTES
    return round(chosen * 10**9) if 0 <= chosen < 10**6 else CACHE_LIMIT_BYTES


def trim_cache(limit_bytes: int | None = None, *, keep: Path | None = None) -> int:
    """Remove the stacks used longest ago until the rest fits the limit; return how many bytes were freed.

    ``limit_bytes`` is :func:`cache_limit` when nothing is said. ``keep`` is never removed. What killed writers left behind is
    cleared away, too.
    """
    _remove_stale()
    kept = sorted(_kept(), key=lambda item: item[2])
    over = sum(size for _, size, _ in kept) - (cache_limit() if limit_bytes is None else limit_bytes)
    freed = 0
    for path, size, _ in kept:
        if freed >= over:
            break
        if path != keep and remove_kept(path):
            freed += size
            log.debug("removed the stack %s, used longest ago", path.name)
    return freed


def stacks_folder() -> Path:
    """Return the folder of everything that is kept of slides."""
    return cache_folder() / "strips"


def _key(slide: Slide, grid: TileGrid) -> str:
    # two readers may differ in how they halve a level while decoding
    said = (slide.info.fingerprint, slide.info.reader, grid.fingerprint())
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What is looked for, and where it would be."""

    key: str
    grid: TileGrid
    sizes: tuple[int, ...]
    splits: int

    @property
    def path(self) -> Path:
        sizes = "-".join(map(str, self.sizes))
        return stacks_folder() / f"{self.key}-s{self.splits}-p{sizes}.safetensors"

    @property
    def lock(self) -> Path:
        return stacks_folder() / f"{self.key}.lock"

    def served_by(self, path: Path) -> bool:
        """Say whether a file's name promises all that is wanted."""
        name = _NAME.fullmatch(path.name)
        if name is None or name["key"] != self.key:
            return False
        return int(name["splits"]) % self.splits == 0 and set(self.sizes) <= set(map(int, name["sizes"].split("-")))


def _find(wanted: _Wanted, notices: list[str]) -> PatchStack | None:
    """Return a kept stack that serves; remove those that are damaged, with a notice."""
    for path in sorted(stacks_folder().glob(f"{wanted.key}-*.safetensors")):
        if not wanted.served_by(path):
            continue
        try:
            stack = read_stack(path, wanted.grid, patch_sizes=wanted.sizes, splits=wanted.splits)
            os.utime(path)
        except CacheError as error:
            notices.append(f"{error.message} The slide is read again.")
            remove_kept(path)
        except OSError as error:
            log.debug("a kept stack cannot be opened: %s", error.strerror)
        else:
            log.info("%d tiles from the cache", len(stack))
            return stack
    return None


def _keep(path: Path, stack: PatchStack, slide: Slide, grid: TileGrid, mask_method: str) -> list[str]:
    """Write a stack; return a notice when that cannot be done."""
    try:
        with write_whole(path) as temporary:
            write_stack(temporary, stack, grid, slide.info, mask_method=mask_method)
    except OutputError as error:
        cause = error.__cause__
        return [f"What was read of this slide could not be kept for the next time: {why_not_kept(cause)}."]
    trim_cache(keep=path)
    return []


def why_not_kept(cause: BaseException | None) -> str:
    """Say why a file could not be written into the cache folder."""
    number = cause.errno if isinstance(cause, OSError) else 0
    match number:
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk with the cache folder is full"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "writing to the cache folder is not allowed"
        case errno.ENOTDIR | errno.EEXIST:
            return "a file is in the way where the cache folder should be"
        case _:
            return "the cache folder cannot be used"


@contextmanager
def alone(path: Path, progress: Progress) -> Iterator[None]:
    """Hold the lock of a stack; the system lets go of it when its owner dies. Without a usable folder there is none."""
    lock = filelock.FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()  # the lock itself would take a missing permission for another owner
        while not lock.is_locked:
            try:
                lock.acquire(timeout=_SECONDS_BETWEEN_LOOKS)
            except filelock.Timeout:
                progress(WAITING, 0, 0)
    except (OSError, NotImplementedError) as error:
        log.debug("reading without a lock: %s", type(error).__name__)
    try:
        yield
    finally:
        lock.release()


def _kept() -> list[tuple[Path, int, float]]:
    """Return every kept stack with its size and when it was last used."""
    found = []
    for path in stacks_folder().glob("*.safetensors"):
        if _KEPT.fullmatch(path.name):
            try:
                status = path.stat()
            except OSError:
                continue  # removed meanwhile
            found.append((path, status.st_size, status.st_mtime))
    return found


def remove_kept(path: Path) -> bool:
    """Remove a kept file; say whether it is gone."""
    try:
        path.unlink()
    except OSError as error:  # in use on Windows, or gone
        log.debug("%s stays: %s", path.name, error.strerror)
        return False
    return True


def _remove_stale() -> None:
    """Clear away what killed writers left behind, and old locks (which, removed while held, only cost a second reader)."""
    for pattern in (".*.safetensors", "*.lock"):
        for path in stacks_folder().glob(pattern):
            try:
                old = time.time() - path.stat().st_mtime > _STALE_SECONDS
            except OSError:
                continue  # removed meanwhile
            if old:
                remove_kept(path)
