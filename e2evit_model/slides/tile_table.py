"""Where the tiles of a TIFF's picture lie in the file, and how they are stored."""

from dataclasses import dataclass

import numpy as np
import tifffile
from numpy.typing import NDArray

COMPRESSION_JPEG = 7
PHOTOMETRIC_RGB, PHOTOMETRIC_YCBCR = 2, 6
LARGEST_TILE = 4096


@dataclass(frozen=True, kw_only=True)
class TileTable:
    """A level of JPEG tiles; tiles count row by row. ``counts`` is 0 for tiles that were left out."""

    width: int
    height: int
    tile_width: int
    tile_height: int
    offsets: NDArray[np.int64]
    counts: NDArray[np.int64]
    rgb: bool
    jpeg_tables: bytes

    @property
    def columns(self) -> int:
        """Tiles side by side."""
        return -(-self.width // self.tile_width)

    @property
    def rows(self) -> int:
        """Rows of tiles."""
        return -(-self.height // self.tile_height)


def jpeg_tile_table(page: tifffile.TiffPage) -> tuple[TileTable | None, str]:
    """Read a picture's tile table.

    Returns
    -------
    tuple
        The table and an empty text, or ``None`` and why its tiles cannot be read directly.
    """
    reason = _reason_against(page)
    if reason:
        return None, reason
    tables = page.tags.get(347)
    table = TileTable(
        width=page.imagewidth,
        height=page.imagelength,
        tile_width=page.tilewidth,
        tile_height=page.tilelength,
        offsets=np.asarray(page.dataoffsets, dtype=np.int64),
        counts=np.asarray(page.databytecounts, dtype=np.int64),
        rgb=int(page.photometric) == PHOTOMETRIC_RGB,
        jpeg_tables=bytes(tables.value) if tables is not None else b"",
    )
    expected = table.columns * table.rows
    if len(table.offsets) != expected or len(table.counts) != expected:
        return None, f"{len(table.offsets)} tiles instead of {expected}"
    return table, ""


def _reason_against(page: tifffile.TiffPage) -> str:
    sides = (page.tilewidth, page.tilelength)
    checks = (
        (page.is_tiled and page.tiledepth == 1, "no tiles"),
        (int(page.compression) == COMPRESSION_JPEG, "no JPEG tiles"),
        (int(page.photometric) in (PHOTOMETRIC_RGB, PHOTOMETRIC_YCBCR), "neither RGB nor YCbCr"),
        (page.samplesperpixel == 3 and page.bitspersample == 8, "not 3 colors of 8 bits"),
        (int(page.planarconfig) == 1, "colors in separate planes"),
        (all(0 < side <= LARGEST_TILE and side % 8 == 0 for side in sides), f"tiles of {sides[0]} x {sides[1]} px"),
    )
    return next((reason for holds, reason in checks if not holds), "")
