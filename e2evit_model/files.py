"""Write files whole or not at all, find our folders, fingerprint bytes."""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from e2evit_model.errors import OutputError

CACHE_VARIABLE = "E2EVIT_CACHE"
CONFIG_VARIABLE = "E2EVIT_CONFIG"
DATA_VARIABLE = "E2EVIT_DATA"


def cache_folder() -> Path:
    """Return the folder for what can be made again: ``$E2EVIT_CACHE``, else the system's own place for caches."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("e2evit", appauthor=False))


def config_folder() -> Path:
    """Return the folder for what the user decided: ``$E2EVIT_CONFIG``, else the system's own place for it."""
    chosen = os.environ.get(CONFIG_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_config_dir("e2evit", appauthor=False))


def data_folder() -> Path:
    """Return the folder for what the user gave into our keeping: ``$E2EVIT_DATA``, else the system's own place for it."""
    chosen = os.environ.get(DATA_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("e2evit", appauthor=False))


def explain_write_error(error: OSError, path: Path) -> OutputError:
    """Turn the system's reason why ``path`` cannot be written into a sentence with a hint."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return OutputError(
                f"The disk is full: {path.name} could not be written.", hint="Free some space and try again."
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return OutputError(
                f"{path.name} could not be written: writing to its folder is not allowed.",
                hint="Choose a folder that you may write to.",
            )
        case errno.ENOTDIR | errno.EEXIST:
            return OutputError(
                f"{path.name} could not be written: a file is in the way where a folder is needed.",
                hint="Choose another folder.",
            )
        case _:
            reason = error.strerror or str(error)
            return OutputError(f"{path.name} could not be written ({reason}).", hint="Choose another folder.")


@contextmanager
def write_whole(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder; move it to ``path`` at the end, or remove it on any error.

    The folder is made when it is missing. Two processes may write the same path: the last whole one stays.

    Raises
    ------
    OutputError
        When the folder or the file cannot be written, or the disk is full.
    """
    # the suffix stays last, since writers choose the format by it
    temporary = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise explain_write_error(error, path) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def is_folder(path: Path) -> bool:
    """Say whether there is a folder; a name that is too long to look for is none, where ``Path.is_dir`` raises."""
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path) -> bool:
    """Say whether there is a file; a name that is too long to look for is none, where ``Path.is_file`` raises."""
    return os.path.isfile(path)  # noqa: PTH113


def output_folder(path: Path) -> Path:
    """Make ``path`` as a folder and prove that it can be written to.

    Raises
    ------
    OutputError
        When it cannot be made, or nothing can be written into it.
    """
    probe = path / f".writable.{secrets.token_hex(4)}"
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise explain_write_error(error, path) from error
    return path


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a whole file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
