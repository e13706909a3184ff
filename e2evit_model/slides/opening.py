"""Open a slide, whichever library can, and say in a sentence why when none can."""

import logging
from dataclasses import dataclass
from pathlib import Path

import openslide

from e2evit_model.errors import SlideError
from e2evit_model.slides import refusals
from e2evit_model.slides.dicom_colors import holds_ycbcr_as_rgb
from e2evit_model.slides.file_bytes import FileBytes
from e2evit_model.slides.file_kind import FileKind, kind_of
from e2evit_model.slides.fingerprint import files_of_slide, fingerprint_files
from e2evit_model.slides.flat_reader import FlatReader
from e2evit_model.slides.jpeg_tiles import JpegTiles
from e2evit_model.slides.opened import OpenedSlide
from e2evit_model.slides.openslide_reader import OpenSlideReader
from e2evit_model.slides.protocol import Level, Slide, SlideInfo
from e2evit_model.slides.reading import DamagedPixelsError, LevelReader
from e2evit_model.slides.resolution import UNKNOWN, Resolution, number_or_none, resolution_of
from e2evit_model.slides.tiff_structure import TiffStructure, read_structure
from e2evit_model.slides.tifffile_reader import OtherLayoutError, TiffReader
from e2evit_model.slides.tile_table import TileTable
from e2evit_model.units import check_mpp

log = logging.getLogger(__name__)

FORMATS = {
    "aperio": ("Aperio SVS", "Aperio"),
    "argos": ("Argos AVS", "Argos"),
    "dicom": ("DICOM", ""),
    "generic-tiff": ("tiled TIFF", ""),
    "hamamatsu": ("Hamamatsu NDPI", "Hamamatsu"),
    "huron": ("Huron TIFF", "Huron"),
    "leica": ("Leica SCN", "Leica"),
    "mirax": ("MIRAX", "3DHISTECH"),
    "philips": ("Philips TIFF", "Philips"),
    "sakura": ("Sakura SVSLIDE", "Sakura"),
    "trestle": ("Trestle TIFF", "Trestle"),
    "ventana": ("Ventana BIF", "Ventana"),
    "zeiss": ("Zeiss CZI", "Zeiss"),
}
"""OpenSlide's word for a format -> our name for it, and the scanner's maker."""

PLAIN_TILES = ("aperio", "generic-tiff")
"""Formats whose levels are simply tiled: in the others tiles overlap or have gaps."""

YCBCR_NOTE = "The file says that its colors are RGB, but they are stored as YCbCr; they are shown as they should be."

PROBE = 8
PROBE_PLACES = ((0.5, 0.5), (0.25, 0.25), (0.75, 0.75), (0.25, 0.75), (0.75, 0.25), (0.0, 0.0))


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A file that a library could open, and what it says of it."""

    reader: LevelReader
    levels: tuple[Level, ...]
    resolution: Resolution
    format: str
    library: str
    tables: tuple[TileTable | None, ...] = ()
    files: tuple[Path, ...]
    objective: float | None = None
    scanner: str = ""
    notes: tuple[str, ...] = ()


def open_slide(path: Path | str, *, mpp: float | None = None) -> Slide:
    """Open a slide or a flat picture.

    Parameters
    ----------
    path
        The file; of a DICOM series any one of its files.
    mpp
        Micrometres a pixel as the user knows them; they count more than what the file says.

    Returns
    -------
    Slide
        With ``info.mpp`` ``None`` when neither the user nor the file says it.

    Raises
    ------
    ResolutionError
        When ``mpp`` cannot be right.
    SlideError
        When the file is missing, not a slide, damaged, or of a kind that cannot be read; the message says which.
    """
    path = Path(path)
    stated = None if mpp is None else Resolution(mpp=check_mpp(mpp), source="user")
    try:
        kind = _kind_of_existing(path)
        found = _find_library(path, kind)
        _probe(path.name, found)
        fingerprint = fingerprint_files(found.files)
    except OSError as error:
        raise refusals.unreadable(path, error) from error
    resolution = stated or found.resolution
    info = SlideInfo(
        width=found.levels[0].width,
        height=found.levels[0].height,
        levels=found.levels,
        mpp=resolution.mpp,
        mpp_source=resolution.source,
        format=found.format,
        reader=found.library,
        fingerprint=fingerprint,
        objective=found.objective,
        scanner=found.scanner,
        notes=tuple(note for note in (*found.notes, resolution.note) if note),
    )
    log.info("Opened a slide of %d x %d px (%s, %d levels)", info.width, info.height, info.format, len(info.levels))
    tiles = JpegTiles(FileBytes(path), found.tables) if any(found.tables) else None
    return OpenedSlide(info, found.reader, tiles)


def _kind_of_existing(path: Path) -> FileKind:
    """Say what a file is, after making sure that it is one."""
    if "\0" in str(path):
        raise refusals.missing(path)
    if path.is_dir():
        raise refusals.folder(path)
    if path.exists() and not path.is_file():
        raise refusals.not_a_file(path)
    kind = kind_of(path)
    if path.stat().st_size == 0:
        raise refusals.empty(path)
    return kind


def _find_library(path: Path, kind: FileKind) -> _Found:
    structure = read_structure(path) if kind.is_tiff else None
    if structure is not None and structure.is_cut_short:
        raise refusals.cut_short(path)
    vendor = openslide.OpenSlide.detect_format(path)
    if vendor == "generic-tiff" and structure is not None and (structure.is_ome or structure.has_subdirectories):
        vendor = None  # OpenSlide knows neither OME's resolution nor levels in subdirectories
    if vendor is not None:
        try:
            return _by_openslide(path, vendor, structure)
        except openslide.OpenSlideError as error:
            log.debug("OpenSlide: %s", error)
            if vendor != "generic-tiff":
                raise refusals.not_opened(path, kind) from error
    if kind.is_tiff:
        return _by_tifffile(path)
    if kind.is_picture and path.suffix.lower() in kind.endings:
        return _as_flat(path)
    raise refusals.not_a_slide(path, kind)


def _by_openslide(path: Path, vendor: str, structure: TiffStructure | None) -> _Found:
    stored_ycbcr = vendor == "dicom" and holds_ycbcr_as_rgb(path)
    reader = OpenSlideReader(path, stored_ycbcr=stored_ycbcr)
    said = reader.properties
    name, maker = FORMATS.get(vendor, (vendor, ""))
    sides = [number_or_none(said.get(key)) for key in (openslide.PROPERTY_NAME_MPP_X, openslide.PROPERTY_NAME_MPP_Y)]
    return _Found(
        reader=reader,
        levels=reader.levels,
        resolution=resolution_of(*sides),
        format=name,
        library=f"OpenSlide {openslide.__library_version__}",
        tables=structure.tables_of(reader.levels) if structure is not None and vendor in PLAIN_TILES else (),
        files=files_of_slide(path, vendor, said.get("dicom.SeriesInstanceUID")),
        objective=number_or_none(said.get(openslide.PROPERTY_NAME_OBJECTIVE_POWER)),
        scanner=maker,
        notes=(YCBCR_NOTE,) if stored_ycbcr else (),
    )


def _by_tifffile(path: Path) -> _Found:
    try:
        reader = TiffReader(path)
    except OtherLayoutError as refused:
        log.debug("tifffile: %s", refused.message)
        try:
            return _as_flat(path)
        except SlideError:
            raise refused from None
    return _Found(
        reader=reader,
        levels=reader.levels,
        resolution=reader.resolution,
        format=reader.format,
        library="tifffile",
        tables=reader.tables,
        files=(path,),
        objective=reader.objective,
        notes=reader.notes,
    )


def _as_flat(path: Path) -> _Found:
    reader = FlatReader(path)
    return _Found(
        reader=reader,
        levels=reader.levels,
        resolution=UNKNOWN,
        format=f"{reader.format} (flat)",
        library="Pillow",
        files=(path,),
    )


def _probe(name: str, found: _Found) -> None:
    """Read a little at a few places: a slide that opens but gives no pixel at any of them is of no use."""
    level = found.levels[0]
    width, height = min(PROBE, level.width), min(PROBE, level.height)
    for across, down in PROBE_PLACES:
        left, top = int((level.width - width) * across), int((level.height - height) * down)
        try:
            found.reader.read_inside(0, left, top, width, height)
        except DamagedPixelsError:
            log.debug("The probe at (%d, %d) failed", left, top)
        else:
            return
    found.reader.close()
    raise refusals.no_pixels(name)
