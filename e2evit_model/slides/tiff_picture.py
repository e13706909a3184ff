"""One picture of a TIFF: its tiles or strips, decoded by tifffile, as RGB."""

import logging
import struct
from dataclasses import dataclass

import numpy as np
import tifffile
from numpy.typing import NDArray

from e2evit_model.errors import SlideError
from e2evit_model.slides.file_bytes import FileBytes
from e2evit_model.slides.protocol import WHITE, Pixels

log = logging.getLogger(__name__)

LARGEST_SEGMENT = 20_000 * 20_000
"""Pixels that are decoded at once, as many as of a flat picture."""

GRAY, RGB, YCBCR = 1, 2, 6
JPEGS = (6, 7, 34892)
ASSOCIATED_ALPHA, UNASSOCIATED_ALPHA = 1, 2

DECODING_ERRORS = (ValueError, RuntimeError, TypeError, IndexError, KeyError, struct.error, tifffile.TiffFileError)
"""What tifffile and imagecodecs raise for damaged data."""


class OtherLayoutError(SlideError):
    """The pixels are stored in a way that is not for tifffile's reader here, but perhaps for that of flat pictures."""


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """Why a picture cannot be read: the end of a sentence, a hint, and whether it may be readable as a flat picture."""

    reason: str
    hint: str = "Export it as 8-bit RGB."
    as_flat: bool = False

    def error(self, name: str) -> SlideError:
        """Make the error for the file ``name``."""
        return (OtherLayoutError if self.as_flat else SlideError)(f"{name} {self.reason}.", hint=self.hint)


def misfit_of(series: tifffile.TiffPageSeries) -> Misfit | None:
    """Say why a series is no brightfield picture that can be read; ``None`` when it is one."""
    page = series.keyframe
    segment = page.tilewidth * page.tilelength if page.is_tiled else page.imagewidth * page.rowsperstrip
    photometric, compression = int(page.photometric), int(page.compression)
    colors_fit = photometric in (GRAY, RGB) or (photometric == YCBCR and compression in JPEGS)
    if compression != 1 and compression not in tifffile.TIFF.DECOMPRESSORS:
        return Misfit(
            reason=f"stores its pixels in a way that is not known here (TIFF compression {compression})",
            hint="Export it with JPEG, JPEG 2000, LZW or deflate compression.",
            as_flat=True,
        )
    if page.bitspersample > 8:
        return Misfit(
            reason="has more than 8 bits a color, as fluorescence slides have; brightfield slides with 8 bits are needed"
        )
    if "C" in series.axes or (photometric == GRAY and page.samplesperpixel > 2):
        return Misfit(reason="has separate channels, as fluorescence slides have; a brightfield slide in RGB is needed")
    if not colors_fit or page.dtype != np.uint8 or page.samplesperpixel == 2 or page.imagedepth > 1:
        return Misfit(reason="stores its colors in a way that is not known here", as_flat=True)
    if segment > LARGEST_SEGMENT:
        return Misfit(
            reason="is stored in one piece that is too large to be read at once",
            hint="Convert it to a tiled, pyramidal TIFF.",
        )
    return None


class TiffPicture:
    """A page's segments (tiles, or strips as wide as the picture)."""

    def __init__(self, page: tifffile.TiffPage) -> None:
        self.width: int = page.imagewidth
        self.height: int = page.imagelength
        self.tile_width: int = page.tilewidth if page.is_tiled else page.imagewidth
        self.tile_height: int = page.tilelength if page.is_tiled else min(page.rowsperstrip, page.imagelength)
        self._columns = -(-self.width // self.tile_width)
        self._rows = -(-self.height // self.tile_height)
        self._offsets = page.dataoffsets
        self._counts = page.databytecounts
        self._decode = page.decode  # made now: it reads tags
        self._tables = page.jpegtables
        self._planes: int = page.samplesperpixel if int(page.planarconfig) == 2 else 1
        extra = page.extrasamples
        self._alpha = bool(extra) and int(extra[0]) in (ASSOCIATED_ALPHA, UNASSOCIATED_ALPHA)

    def decode(self, source: FileBytes, column: int, row: int) -> Pixels | None:
        """Decode a segment, cropped at the picture's border; white where it was left out; ``None`` when it is damaged.

        Raises
        ------
        SlideError
            When the file was closed or is out of reach.
        """
        height = min(self.tile_height, self.height - row * self.tile_height)
        width = min(self.tile_width, self.width - column * self.tile_width)
        planes: list[NDArray[np.uint8]] = []
        for plane in range(self._planes):
            at = (plane * self._rows + row) * self._columns + column
            if at >= min(len(self._offsets), len(self._counts)):
                return None
            if self._counts[at] == 0:
                return np.full((height, width, 3), WHITE, dtype=np.uint8)
            pixels = self._segment(source, at)
            if pixels is None or pixels.shape[0] < height or pixels.shape[1] < width:
                return None
            planes.append(pixels[:height, :width])
        return self._to_rgb(np.concatenate(planes, axis=-1) if len(planes) > 1 else planes[0])

    def _segment(self, source: FileBytes, at: int) -> NDArray[np.uint8] | None:
        data = source.read(self._offsets[at], self._counts[at])
        if len(data) < self._counts[at]:
            return None
        try:
            decoded = self._decode(data, at, jpegtables=self._tables)[0]
        except DECODING_ERRORS as error:
            log.debug("Segment %d cannot be decoded: %s", at, error)
            return None
        return None if decoded is None else np.asarray(decoded[0], dtype=np.uint8)

    def _to_rgb(self, samples: NDArray[np.uint8]) -> Pixels:
        if samples.shape[-1] < 3:
            return np.repeat(samples[..., :1], 3, axis=-1)
        colors = samples[..., :3]
        if self._alpha:
            share = samples[..., 3:4].astype(np.float32) / WHITE
            return np.round(colors * share + WHITE * (1 - share)).astype(np.uint8)
        return np.ascontiguousarray(colors)
