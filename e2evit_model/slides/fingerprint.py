"""Know a slide again by its content, without reading gigabytes."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

WHOLE_BYTES = 8 << 20
"""Files up to this size are read whole."""

END_BYTES = 256 << 10
SAMPLES = 16
SAMPLE_BYTES = 16 << 10

DICOM_HEAD_BYTES = 256 << 10
SERIES_INSTANCE_UID = b"\x20\x00\x0e\x00UI"  # (0020,000E), explicit value representation


def fingerprint_file(path: Path) -> str:
    """Return a SHA-256, in hex, of a file's size and content: all of a small file; head, tail and 16 samples of a large one.

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        size = file.seek(0, 2)
        digest.update(size.to_bytes(8, "little"))
        for start, length in _sampled(size):
            file.seek(start)
            digest.update(file.read(length))
    return digest.hexdigest()


def fingerprint_files(paths: Sequence[Path]) -> str:
    """Return one fingerprint for files that are one slide together, in whatever order and under whatever names.

    Raises
    ------
    OSError
        When one of them cannot be read.
    """
    if len(paths) == 1:
        return fingerprint_file(paths[0])
    return hashlib.sha256("".join(sorted(fingerprint_file(path) for path in paths)).encode()).hexdigest()


def files_of_slide(path: Path, vendor: str, series_uid: str | None = None) -> tuple[Path, ...]:
    """Return all files that hold the slide's pixels.

    Parameters
    ----------
    path
        The file that was opened.
    vendor
        OpenSlide's word for the format.
    series_uid
        The DICOM series, for DICOM.
    """
    if vendor == "dicom" and series_uid:
        wanted = SERIES_INSTANCE_UID + _dicom_value(series_uid)
        beside = (other for other in sorted(path.parent.iterdir()) if other.is_file())
        return tuple(other for other in beside if other == path or _head_holds(other, wanted))
    if vendor == "mirax":
        folder = path.with_suffix("")
        parts = sorted(folder.iterdir()) if folder.is_dir() else []
        return (path, *(part for part in parts if part.is_file()))
    return (path,)


def _sampled(size: int) -> list[tuple[int, int]]:
    if size <= WHOLE_BYTES:
        return [(0, size)]
    step = (size - 2 * END_BYTES) // (SAMPLES + 1)
    middle = [(END_BYTES + n * step, SAMPLE_BYTES) for n in range(1, SAMPLES + 1)]
    return [(0, END_BYTES), *middle, (size - END_BYTES, END_BYTES)]


def _dicom_value(text: str) -> bytes:
    value = text.encode("ascii", errors="replace")
    value += b"\0" * (len(value) % 2)
    return len(value).to_bytes(2, "little") + value


def _head_holds(path: Path, wanted: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(132)[128:] == b"DICM" and wanted in file.read(DICOM_HEAD_BYTES)
    except OSError:
        return False  # another file in the folder, which is none of ours
