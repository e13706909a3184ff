"""Take slides into a project, make their small pictures, and find them again where they were moved to."""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from e2evit_model.cohort.slide_files import find_slides
from e2evit_model.errors import E2EViTError, SlideError
from e2evit_model.files import write_whole
from e2evit_model.progress import Progress, silent
from e2evit_model.project.entries import SlideEntry
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.report.low_power import low_power
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.protocol import SlideInfo

log = logging.getLogger(__name__)

THUMBNAIL_PX = 192
_ID_DIGITS = 16  # of the fingerprint


def slide_id_of(fingerprint: str) -> str:
    """Return the id of a slide: the same in every project."""
    return fingerprint[:_ID_DIGITS]


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """What became of files to be taken in: new slides, how many were there already, and what was refused (name, error)."""

    entries: tuple[SlideEntry, ...]
    known: int
    refused: tuple[tuple[str, E2EViTError], ...]


def expand(paths: Iterable[Path]) -> list[Path]:
    """Return slide files, folders replaced by all slides below them; a DICOM series counts once.

    Raises
    ------
    CohortError
        When a folder has gone meanwhile.
    """
    found: list[Path] = []
    for path in paths:
        found += [slide.path for slide in find_slides(path)] if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def take_in(
    folder: ProjectFolder, paths: Sequence[Path], *, known: Collection[str] = (), progress: Progress = silent
) -> TakenIn:
    """Open each slide, say what it is and write its small picture; ``known`` are the ids of slides that are there already.

    A file that cannot be opened does not stop the others.

    Raises
    ------
    OutputError
        When a small picture cannot be written.
    """
    entries: dict[str, SlideEntry] = {}
    refused: list[tuple[str, E2EViTError]] = []
    again = 0
    for done, path in enumerate(paths):
        progress("Taking slides into the project", done, len(paths))
        try:
            entry = entry_of(folder, path)
        except SlideError as error:
            refused.append((path.name, error))
            continue
        if entry.id in known or entry.id in entries:
            again += 1
        else:
            entries[entry.id] = entry
    progress("Taking slides into the project", len(paths), len(paths))
    return TakenIn(entries=tuple(entries.values()), known=again, refused=tuple(refused))


def entry_of(folder: ProjectFolder, path: Path, *, mpp: float | None = None) -> SlideEntry:
    """Open a slide and return what the project keeps of it.

    Raises
    ------
    SlideError, ResolutionError
        As :func:`~e2evit_model.slides.opening.open_slide`.
    """
    with open_slide(path, mpp=mpp) as slide:
        return entry_of_open(folder, path, slide.info)


def entry_of_open(folder: ProjectFolder, path: Path, info: SlideInfo) -> SlideEntry:
    """Return what the project keeps of a slide that is open already.

    Raises
    ------
    OSError
        When its file has gone meanwhile.
    """
    return SlideEntry(
        id=slide_id_of(info.fingerprint),
        name=path.name,
        path=folder.relative(path),
        fingerprint=info.fingerprint,
        bytes=path.stat().st_size,
        width=info.width,
        height=info.height,
        mpp=info.mpp,
        mpp_source=info.mpp_source,
        format=info.format,
        added=datetime.now(UTC).isoformat(timespec="microseconds"),
    )


def write_thumbnail(folder: ProjectFolder, entry: SlideEntry, *, progress: Progress = silent) -> Path:
    """Write the small picture of a slide, PNG, and return its path; what is there stays.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    OutputError
        When the picture cannot be written.
    """
    path = folder.thumbnail(entry.id)
    if not path.is_file():
        with open_slide(folder.resolve(entry.path)) as slide:
            picture, _ = low_power(slide, THUMBNAIL_PX, progress=progress)
        with write_whole(path) as temporary:
            Image.fromarray(picture).save(temporary)
    return path


def missing_slides(folder: ProjectFolder, entries: Iterable[SlideEntry]) -> tuple[str, ...]:
    """Return the ids of slides whose files are not where they were."""
    return tuple(entry.id for entry in entries if not folder.resolve(entry.path).is_file())


def find_moved(missing: Sequence[SlideEntry], where: Path, *, progress: Progress = silent) -> dict[str, Path]:
    """Look for slides below a folder, whatever they are called there: by size first, then by fingerprint.

    Returns
    -------
    dict
        The path of each slide that was found, by its id.

    Raises
    ------
    CohortError
        When the folder is not there.
    """
    wanted = {entry.fingerprint: entry for entry in missing}
    sizes = {entry.bytes for entry in missing}
    candidates = [one.path for one in find_slides(where)]
    # the same name first: in the usual case that is the slide, and nothing else need be opened
    names = {entry.name for entry in missing}
    candidates.sort(key=lambda path: path.name not in names)
    found: dict[str, Path] = {}
    for done, path in enumerate(candidates):
        progress("Looking for the slides", done, len(candidates))
        if len(found) == len(wanted):
            break
        # of a DICOM series another file may have been the one that was opened
        if path.suffix.lower() != ".dcm" and path.stat().st_size not in sizes:
            continue
        try:
            with open_slide(path) as slide:
                entry = wanted.get(slide.info.fingerprint)
        except SlideError as error:
            log.debug("passed over while looking: %s", error.message)
            continue
        if entry is not None and entry.id not in found:
            found[entry.id] = path
    log.info("%d of %d missing slides were found", len(found), len(missing))
    return found
