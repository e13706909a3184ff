"""Which slide file belongs to which row; shown before it is used."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from e2evit_model.cohort.problem import Problem
from e2evit_model.cohort.slide_files import SlideFile, stem_of
from e2evit_model.errors import CohortError


class MatchedBy(StrEnum):
    """How a file was found for a slide."""

    NAME = "name"
    STEM = "name without suffix"
    CASE = "name in other case"
    FIRST_PART = "name up to the first dot"
    PATTERN = "the user's pattern"
    PATIENT = "patient at the start of the file's name"


@dataclass(frozen=True, kw_only=True)
class Match:
    """A slide, its patient, its file, and how they were brought together."""

    slide_id: str
    patient_id: str
    path: Path
    by: MatchedBy


@dataclass(frozen=True, kw_only=True)
class Matching:
    """All matches; slides of the table without a file; files without a row (names only)."""

    matches: tuple[Match, ...]
    slides_without_file: tuple[str, ...]
    files_without_row: tuple[str, ...]
    problems: tuple[Problem, ...]


def match_slides(
    slides: Mapping[str, str], patients: Sequence[str], files: Sequence[SlideFile], *, pattern: str = ""
) -> Matching:
    """Find the file of each slide.

    Parameters
    ----------
    slides
        Slide to patient, as the table tells it; empty when the table names no slides: then files are found by patient.
    patients
        All patients of the table.
    files
        What lies in the folder.
    pattern
        The user's pattern for file names without suffix, as ``{patient}-*`` or ``HE_{slide}``; ``*`` stands for anything.

    Raises
    ------
    CohortError
        When the pattern names neither patient nor slide, or names one twice.
    """
    files = _without_thumbnails(files)
    if pattern:
        if "{slide}" not in pattern:
            slides = {}  # the user says that the files, not the table, tell which slides there are
        found = _by_pattern(slides, patients, files, compile_pattern(pattern, patients, slides))
        problems = _taken_twice(found)
    elif slides:
        found, problems = _by_slide(slides, files)
    else:
        found = _by_patient(patients, files)
        problems = _taken_twice(found)
    taken = {match.path for match in found}
    have = {match.slide_id for match in found}
    return Matching(
        matches=tuple(found),
        slides_without_file=tuple(slide for slide in slides if slide not in have),
        files_without_row=tuple(file.path.name for file in files if file.path not in taken),
        problems=tuple(problems),
    )


def compile_pattern(pattern: str, patients: Iterable[str], slides: Iterable[str] = ()) -> re.Pattern[str]:
    """Turn a user's pattern into a regular expression with the groups ``patient`` and ``slide`` for known names.

    Raises
    ------
    CohortError
        When it names neither patient nor slide, or names one twice.
    """
    counts = [pattern.count(word) for word in ("{patient}", "{slide}")]
    if max(counts) != 1:
        raise CohortError(
            f'The pattern "{pattern}" must name {{patient}} or {{slide}} once.',
            hint="Write the file's name with {patient} where the patient stands, and * for the rest: {patient}-*.",
        )
    known = {"{patient}": f"(?P<patient>{_any_of(patients)})", "{slide}": f"(?P<slide>{_any_of(map(stem_of, slides))})"}
    parts = re.split(r"(\{patient\}|\{slide\}|\*)", pattern)
    return re.compile("".join(known.get(p) or (".*" if p == "*" else re.escape(p)) for p in parts), re.IGNORECASE)


def _any_of(names: Iterable[str]) -> str:
    longest_first = sorted(set(names), key=lambda name: (-len(name), name))
    return "|".join(map(re.escape, longest_first)) or ".+"


def _taken_twice(matches: Sequence[Match]) -> list[Problem]:
    counts = Counter(match.slide_id for match in matches)
    return [
        Problem(message=f'{count} files could be the slide "{slide}". Keep one of them, or give them different names.')
        for slide, count in counts.items()
        if count > 1
    ]


def _without_thumbnails(files: Sequence[SlideFile]) -> list[SlideFile]:
    """Leave out plain pictures that lie beside a real slide of the same name: they are its thumbnails."""
    real = {stem_of(file.path.name).lower() for file in files if not file.is_flat}
    return [file for file in files if not (file.is_flat and stem_of(file.path.name).lower() in real)]


def _by_slide(slides: Mapping[str, str], files: Iterable[SlideFile]) -> tuple[list[Match], list[Problem]]:
    index: dict[MatchedBy, dict[str, list[SlideFile]]] = {kind: defaultdict(list) for kind in MatchedBy}
    for file in files:
        for name in dict.fromkeys(file.names):
            index[MatchedBy.NAME][name].append(file)
            for kind, key in _looser(name):
                if file not in index[kind][key]:
                    index[kind][key].append(file)
    matches, problems = [], []
    for slide, patient in slides.items():
        for kind, key in ((MatchedBy.NAME, slide), *_looser(slide)):
            candidates = index[kind].get(key, [])
            if len(candidates) == 1:
                matches.append(Match(slide_id=slide, patient_id=patient, path=candidates[0].path, by=kind))
            elif candidates:
                names = ", ".join(sorted(file.path.name for file in candidates)[:3])
                problems.append(
                    Problem(message=f'{len(candidates)} files could be the slide "{slide}": {names}. Keep one of them.')
                )
            if candidates:
                break
    return matches, problems


def _looser(name: str) -> tuple[tuple[MatchedBy, str], ...]:
    stem = stem_of(name)
    return (
        (MatchedBy.STEM, stem),
        (MatchedBy.CASE, stem.lower()),
        (MatchedBy.FIRST_PART, stem.split(".")[0].lower()),
    )


def _by_patient(patients: Sequence[str], files: Iterable[SlideFile]) -> list[Match]:
    own = {patient.lower(): patient for patient in patients}
    matches = []
    for file in files:
        stem = _own_name(file)
        # the longest beginning that ends where a word ends: "case 12" before "case 1", and never "case 1" in "case 12"
        ends = [end for end in range(len(stem), 0, -1) if not stem[end : end + 1].isalnum()]
        patient = next((own[stem[:end].lower()] for end in ends if stem[:end].lower() in own), None)
        if patient is not None:
            matches.append(Match(slide_id=stem, patient_id=patient, path=file.path, by=MatchedBy.PATIENT))
    return matches


def _by_pattern(
    slides: Mapping[str, str], patients: Sequence[str], files: Iterable[SlideFile], pattern: re.Pattern[str]
) -> list[Match]:
    own = {patient.lower(): patient for patient in patients}
    spelled = {stem_of(slide).lower(): slide for slide in slides}
    matches = []
    for file in files:
        match = pattern.fullmatch(_own_name(file))
        if match is None:
            continue
        groups = match.groupdict()
        said = groups.get("slide") or _own_name(file)
        slide = spelled.get(said.lower(), said)
        patient = slides.get(slide) or own.get((groups.get("patient") or "").lower())
        if patient is not None:
            matches.append(Match(slide_id=slide, patient_id=patient, path=file.path, by=MatchedBy.PATTERN))
    return matches


def _own_name(file: SlideFile) -> str:
    """Return the name of a slide without suffix; a DICOM series goes by its folder when it has it for itself."""
    if file.path.suffix.lower() == ".dcm" and file.path.parent.name in file.names:
        return file.path.parent.name
    return stem_of(file.path.name)
