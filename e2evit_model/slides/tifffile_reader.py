"""Read with tifffile what OpenSlide does not: OME-TIFF, levels in subdirectories, strips, big-endian files, other compressions."""

import logging
from pathlib import Path

import numpy as np
import tifffile

from e2evit_model.errors import SlideError
from e2evit_model.slides.file_bytes import FileBytes
from e2evit_model.slides.protocol import Level, Pixels
from e2evit_model.slides.reading import damaged_error, is_rgb_profile
from e2evit_model.slides.tiff_metadata import objective_in, resolution_in
from e2evit_model.slides.tiff_picture import OtherLayoutError, TiffPicture, misfit_of
from e2evit_model.slides.tiff_structure import PARSE_ERRORS
from e2evit_model.slides.tile_cache import TileCache
from e2evit_model.slides.tile_table import jpeg_tile_table

log = logging.getLogger(__name__)

BLOCK = 512
USABLE_BLOCKS = range(128, 1025)
SAME_SHAPE = 0.05
"""A level's two ratios to level 0 may differ by this share; beyond it is another picture."""

__all__ = ["OtherLayoutError", "TiffReader"]


class TiffReader:
    """A TIFF open in tifffile, which is asked for the structure once and for decoding segments.

    Raises
    ------
    OtherLayoutError
        On construction, when the pixels are stored in a way that is not for this reader, with the reason.
    SlideError
        On construction, when the file's directories are damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with tifffile.TiffFile(path) as tiff:
                self._read_structure(tiff)
        except PARSE_ERRORS as error:
            log.debug("tifffile: %s", error)
            raise SlideError(
                f"{path.name} is a TIFF file, but is damaged or incomplete.",
                hint="Copy the file again from the scanner or the archive.",
            ) from error
        self._source = FileBytes(path)
        self._cache = TileCache()

    def _read_structure(self, tiff: tifffile.TiffFile) -> None:
        number, series = _main_series(tiff, self._path.name)
        pages = [level.keyframe for level in series.levels]
        main = pages[0]
        kept = [page for page in pages if _is_level_of(page, main)]
        self.levels = tuple(
            Level(
                width=page.imagewidth,
                height=page.imagelength,
                downsample=(main.imagewidth / page.imagewidth + main.imagelength / page.imagelength) / 2,
            )
            for page in kept
        )
        self._pictures = tuple(TiffPicture(page) for page in kept)
        self.tables = tuple(jpeg_tile_table(page)[0] for page in kept)
        self.resolution = resolution_in(tiff, main, number)
        self.objective = objective_in(tiff)
        self.format = "OME-TIFF" if tiff.is_ome else "TIFF"
        profile = main.tags.get(34675)
        self._profile = bytes(profile.value) if profile is not None and is_rgb_profile(bytes(profile.value)) else None
        pieces = int(np.prod(series.shape)) // (main.imagewidth * main.imagelength * main.samplesperpixel)
        self.notes = (
            () if pieces == 1 else (f"The file holds {pieces} pictures of the same size; the first one is shown.",)
        )

    def read_inside(self, level: int, left: int, top: int, width: int, height: int) -> Pixels:
        """Read a region inside ``level``, in its pixels; see :class:`~e2evit_model.slides.reading.LevelReader`."""
        picture = self._pictures[level]
        pixels = np.empty((height, width, 3), dtype=np.uint8)
        for row in range(top // picture.tile_height, (top + height - 1) // picture.tile_height + 1):
            for column in range(left // picture.tile_width, (left + width - 1) // picture.tile_width + 1):
                tile = self._tile(level, column, row)
                tx, ty = column * picture.tile_width - left, row * picture.tile_height - top
                x0, x1 = max(tx, 0), min(tx + tile.shape[1], width)
                y0, y1 = max(ty, 0), min(ty + tile.shape[0], height)
                pixels[y0:y1, x0:x1] = tile[y0 - ty : y1 - ty, x0 - tx : x1 - tx]
        return pixels

    def block_size(self, level: int) -> tuple[int, int]:
        """Return the file's tile size where it is of use, else squares of 512 px."""
        sides = (self._pictures[level].tile_width, self._pictures[level].tile_height)
        return sides if all(side in USABLE_BLOCKS and side % 8 == 0 for side in sides) else (BLOCK, BLOCK)

    def icc_profile(self) -> bytes | None:
        """Return the color profile of the file, when it is one for RGB."""
        return self._profile

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()
        self._cache.clear()

    def _tile(self, level: int, column: int, row: int) -> Pixels:
        self._source.check_open()
        tile = self._cache.get((level, column, row))
        if tile is None:
            tile = self._pictures[level].decode(self._source, column, row)
            if tile is None:
                raise damaged_error(self._path.name)
            self._cache.put((level, column, row), tile)
        return tile


def _main_series(tiff: tifffile.TiffFile, name: str) -> tuple[int, tifffile.TiffPageSeries]:
    """Return the largest picture that is brightfield, and its number.

    Raises
    ------
    SlideError
        When there is none, with the reason of the largest.
    """
    numbered = sorted(
        enumerate(tiff.series), key=lambda item: item[1].keyframe.imagewidth * item[1].keyframe.imagelength
    )
    if not numbered:
        raise OtherLayoutError(f"{name} is a TIFF file without a picture.", hint="Copy the file again.")
    for number, series in reversed(numbered):
        if misfit_of(series) is None:
            return number, series
    reasons = [misfit for _, series in reversed(numbered) if (misfit := misfit_of(series)) is not None]
    raise reasons[0].error(name)


def _is_level_of(page: tifffile.TiffPage, main: tifffile.TiffPage) -> bool:
    across, down = main.imagewidth / page.imagewidth, main.imagelength / page.imagelength
    # a level of few pixels is rounded more than the tolerance allows
    rounding = across / page.imagewidth + down / page.imagelength
    same_kind = page.dtype == main.dtype and page.samplesperpixel == main.samplesperpixel
    return bool(same_kind and abs(across - down) <= SAME_SHAPE * across + rounding)
