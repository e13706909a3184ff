"""Download one large file: goes on where it was cut off, can be cancelled at any moment, and ends with the published hash.

huggingface_hub's own download begins anew after a stop, so only its client (proxies, retries, errors) is used here.
"""

import hashlib
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import hf_raise_for_status, http_stream_backoff  # type: ignore[attr-defined]  # exported lazily

from e2evit_model.errors import BackboneError, OutputError
from e2evit_model.files import cache_folder, explain_write_error
from e2evit_model.progress import Progress
from e2evit_model.units import written_bytes

log = logging.getLogger(__name__)

NETWORK: type[Exception] = HfHubHTTPError.__bases__[0]
"""What the hub's client raises when the line goes dead: of another library in each of its major versions."""

TIMEOUT_S = 10.0
SECONDS_BETWEEN_TRIES = 1.0
TRIES = 5  # without a single new byte
PIECE = 1 << 20
SHA256_DIGITS = 64
SECONDS_BETWEEN_WORDS = 0.1
RESERVE = 64 << 20
"""So much stays free on the disk."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file to download: where, what the user calls it, its size in bytes, its SHA-256 in hex (empty when unpublished)."""

    url: str
    title: str
    size: int
    sha256: str = ""


def download(source: Source, path: Path, *, headers: Mapping[str, str], progress: Progress) -> None:
    """Download to ``path``; what was begun before stands beside it with the suffix ``.incomplete`` and is gone on with.

    Raises
    ------
    BackboneError
        When it is being downloaded by another process, or what came is not what is published.
    OutputError
        When there is no room, or the folder cannot be written.
    NETWORK
        When the line stays dead.
    Cancelled
        By ``progress``; what came so far is kept.
    """
    part = path.with_name(path.name + ".incomplete")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        with _alone(part, source.title):
            if part.is_file() and part.stat().st_size > source.size:
                part.unlink()
            _require_room(source, part)
            _fetch(source, part, headers, progress)
            _check(source, part, progress)
            part.replace(path)
    except NETWORK:
        raise
    except OSError as error:
        raise explain_write_error(error, Path(source.url.rsplit("/", 1)[-1])) from error


@contextmanager
def _alone(part: Path, title: str) -> Iterator[None]:
    name = hashlib.sha256(str(part.resolve()).encode()).hexdigest()[:32]
    lock = cache_folder() / "downloads" / f"{name}.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lock, timeout=0):
            yield
    except Timeout as error:
        raise BackboneError(f"{title} is being downloaded already.", hint="Wait until that has ended.") from error


def _require_room(source: Source, part: Path) -> None:
    missing = source.size - (part.stat().st_size if part.is_file() else 0)
    free = shutil.disk_usage(part.parent).free
    if missing + RESERVE > free:
        raise OutputError(
            f"There is not enough room for {source.title}: {written_bytes(missing)} are still to come, "
            f"{written_bytes(free)} are free.",
            hint="Free some space, or set HF_HOME to a folder on a larger disk.",
        )


def _fetch(source: Source, part: Path, headers: Mapping[str, str], progress: Progress) -> None:
    step = f"Downloading {source.title}"
    tries = 0
    with part.open("ab") as file:
        while file.tell() < source.size:
            before = file.tell()
            progress(step, before, source.size)
            try:
                _stream(source, file, headers, lambda done: progress(step, done, source.size))
            except HfHubHTTPError:
                raise
            except NETWORK as error:
                tries = 0 if file.tell() > before else tries + 1
                log.debug("%s at %d of %d bytes, try %d", type(error).__name__, file.tell(), source.size, tries)
                if tries >= TRIES:
                    raise
                time.sleep(SECONDS_BETWEEN_TRIES)
            else:
                break
        progress(step, file.tell(), source.size)


def _stream(source: Source, file: BinaryIO, headers: Mapping[str, str], heard: Callable[[int], None]) -> None:
    begun = file.tell()
    wanted = {**headers, "Accept-Encoding": "identity"} | ({"Range": f"bytes={begun}-"} if begun else {})
    request = http_stream_backoff(
        "GET",
        source.url,
        headers=wanted,
        timeout=TIMEOUT_S,
        follow_redirects=True,
        retry_on_exceptions=(),
        max_retries=2,
    )
    with request as response:
        hf_raise_for_status(response)
        if begun and response.status_code != HTTPStatus.PARTIAL_CONTENT:  # the server gives the whole file only
            file.seek(0)
            file.truncate()
        told = time.monotonic()
        for piece in response.iter_raw():
            file.write(piece)
            file.flush()  # a silent line may be cancelled by ending this process: what came is on the disk by then
            if time.monotonic() - told >= SECONDS_BETWEEN_WORDS:
                told = time.monotonic()
                heard(file.tell())


def _check(source: Source, part: Path, progress: Progress) -> None:
    wrong = part.stat().st_size != source.size
    if not wrong and len(source.sha256) == SHA256_DIGITS:
        wrong = hash_of(part, f"Checking {source.title}", progress) != source.sha256
    if wrong:
        part.unlink()
        raise BackboneError(
            f"The weights of {source.title} came damaged: they are not what is published.",
            hint="They were thrown away. Download them again; if it happens again, a proxy may change what it lets through.",
        )


def hash_of(path: Path, step: str, progress: Progress) -> str:
    """Return the SHA-256 of a file in hex, telling how far it is (in bytes)."""
    digest, done, total = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as file:
        while piece := file.read(8 * PIECE):
            digest.update(piece)
            done += len(piece)
            progress(step, done, total)
    return digest.hexdigest()
