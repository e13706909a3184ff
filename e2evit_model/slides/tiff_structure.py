"""What a TIFF holds, read once when a slide is opened: where its tiles lie, whether it is whole, whether it is an OME-TIFF."""

import logging
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile

from e2evit_model.slides.protocol import Level
from e2evit_model.slides.tile_table import TileTable, jpeg_tile_table

log = logging.getLogger(__name__)

# tifffile warns of odd files with words out of their headers, which must not come into a log that is shown or sent
logging.getLogger("tifffile").setLevel(logging.CRITICAL)

PARSE_ERRORS = (
    tifffile.TiffFileError,
    OSError,
    ValueError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    TypeError,
    AttributeError,
    struct.error,
)
"""What tifffile raises for directories that are damaged."""

MOST_PAGES = 200


@dataclass(frozen=True, kw_only=True)
class TiffStructure:
    """The tile tables of a TIFF's main pictures, and what decides which library reads it best."""

    tables: tuple[TileTable, ...] = ()
    is_cut_short: bool = False
    is_ome: bool = False
    has_subdirectories: bool = False

    def tables_of(self, levels: tuple[Level, ...]) -> tuple[TileTable | None, ...]:
        """Return each level's tile table; ``None`` where none, or more than one, has its size."""
        found: list[TileTable | None] = []
        for level in levels:
            same = [table for table in self.tables if (table.width, table.height) == (level.width, level.height)]
            found.append(same[0] if len(same) == 1 else None)
        return tuple(found)


def read_structure(path: Path) -> TiffStructure | None:
    """Read what a TIFF holds; ``None`` when its directories cannot be understood.

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        if first_directory(file.read(16)) >= size:
            return TiffStructure(is_cut_short=True)
    try:
        with tifffile.TiffFile(path) as tiff:
            first = tiff.pages.first
            if first.is_ndpi:
                return TiffStructure()  # one JPEG a level: nothing here that the fast path could use
            pages = [page.aspage() for page in tiff.pages[:MOST_PAGES]]
            return TiffStructure(
                tables=tuple(table for table in map(_table, pages) if table is not None),
                is_cut_short=any(_reaches_beyond(page, size) for page in pages),
                is_ome=bool(tiff.is_ome),
                has_subdirectories=any(page.subifds for page in pages),
            )
    except PARSE_ERRORS as error:
        log.debug("The TIFF's directories cannot be read: %s", error)
        return None


def first_directory(head: bytes) -> int:
    """Return the offset of a TIFF's first directory, from its first 16 bytes; works for BigTIFF and for both byte orders."""
    order = "<" if head[:2] == b"II" else ">"
    try:
        (magic,) = struct.unpack_from(f"{order}H", head, 2)
        place = ("Q", 8) if magic == 43 else ("I", 4)
        (offset,) = struct.unpack_from(order + place[0], head, place[1])
    except struct.error:
        return 1 << 63
    return int(offset)


def _table(page: tifffile.TiffPage) -> TileTable | None:
    table, reason = jpeg_tile_table(page)
    if table is None:
        log.debug("A picture of %d x %d px: %s", page.imagewidth, page.imagelength, reason)
    return table


def _reaches_beyond(page: tifffile.TiffPage, size: int) -> bool:
    """Say whether pixels of a picture would lie beyond the end of the file."""
    offsets = np.asarray(page.dataoffsets, dtype=np.int64)
    counts = np.asarray(page.databytecounts, dtype=np.int64)
    return len(offsets) == len(counts) > 0 and int((offsets + counts).max()) > size
