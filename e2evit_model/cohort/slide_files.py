"""Find slide files in nested folders; a DICOM series counts once."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from e2evit_model.cohort.values import natural_key
from e2evit_model.errors import CohortError
from e2evit_model.files import is_folder

SLIDE_SUFFIXES = (
    *(".svs", ".tif", ".tiff", ".ndpi", ".mrxs", ".scn", ".vms", ".vmu", ".bif", ".svslide", ".qptiff", ".czi"),
)
FLAT_SUFFIXES = (".png", ".jpg", ".jpeg")
_ALL = (*SLIDE_SUFFIXES, *FLAT_SUFFIXES)
_HEADER_BYTES = 1 << 18  # groups 0008 to 0020 stand before everything that is large

# Study and Series Instance UID are both of type 1 and stand one after the other, in every explicit little endian file
_SERIES_UID = re.compile(rb"\x20\x00\x0d\x00UI..[0-9.]+\0?\x20\x00\x0e\x00UI..([0-9.]+)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class SlideFile:
    """A slide on disk: the file to open, and every name it may be called by."""

    path: Path
    names: tuple[str, ...]

    @property
    def is_flat(self) -> bool:
        """Whether it is a plain picture, which often only is the thumbnail of a slide."""
        return self.path.suffix.lower() in FLAT_SUFFIXES


def stem_of(name: str) -> str:
    """Return a file's name without the suffix of a slide, of which it may have two (``.ome.tiff``)."""
    stem = name
    for suffix in (*_ALL, ".dcm"):
        if name.lower().endswith(suffix):
            stem = name[: -len(suffix)]
            break
    return stem[:-4] if stem.lower().endswith(".ome") else stem


def find_slides(folder: Path) -> tuple[SlideFile, ...]:
    """Find all slides below a folder, in natural order; hidden files and folders are left out.

    Raises
    ------
    CohortError
        When the folder is not there.
    """
    if not is_folder(folder):
        raise CohortError(f"{folder.name} is not a folder.", hint="Choose the folder that holds the slides.")
    files, dicom = [], defaultdict(list)
    for path in sorted(folder.rglob("*"), key=lambda p: natural_key(p.relative_to(folder).as_posix())):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or not path.is_file():
            continue
        suffix = path.suffix.lower()
        if suffix == ".dcm":
            dicom[path.parent].append(path)
        elif suffix in _ALL:
            files.append(SlideFile(path=path, names=(path.name, stem_of(path.name))))
    for parent, members in dicom.items():
        files += _series(parent, members)
    return tuple(files)


def _series(parent: Path, members: Iterable[Path]) -> list[SlideFile]:
    by_uid: dict[str, list[Path]] = defaultdict(list)
    for member in members:
        by_uid[_series_uid(member)].append(member)
    found = []
    for uid, paths in by_uid.items():
        finest = max(
            paths, key=lambda p: p.stat().st_size
        )  # any file opens the series; the largest is the full picture
        names = [uid] if uid else []
        names += [parent.name] if len(by_uid) == 1 else []
        names += [name for path in paths for name in (path.name, path.stem)]
        found.append(SlideFile(path=finest, names=tuple(names)))
    return found


def _series_uid(path: Path) -> str:
    try:
        with path.open("rb") as file:
            match = _SERIES_UID.search(file.read(_HEADER_BYTES))
    except OSError:
        return ""  # it cannot be read now; opening it will say why
    return match[1].decode("ascii") if match else ""
