"""Read slides with OpenSlide: SVS, NDPI, MRXS, DICOM, tiled TIFF and what else it knows.

An OpenSlide handle that met an error is dead: every later read fails too. So a read that failed is tried once on a handle of
its own. When that fails as well the data is damaged; the shared handle is replaced at the next read, and other threads, whose
reads failed only because the handle died under them, get their pixels from their second try.
"""

import logging
import threading
from pathlib import Path

import numpy as np
import openslide
from PIL import Image, ImageColor

from e2evit_model.slides.protocol import Level, Pixels
from e2evit_model.slides.reading import closed_error, damaged_error, is_rgb_profile

log = logging.getLogger(__name__)

BLOCK = 512
USABLE_BLOCKS = range(128, 1025)


class OpenSlideReader:
    """A file open in OpenSlide.

    Parameters
    ----------
    path
        The file.
    stored_ycbcr
        What OpenSlide gives out as RGB is YCbCr, and is converted here.

    Raises
    ------
    openslide.OpenSlideError
        On construction, when OpenSlide cannot open the file.
    """

    def __init__(self, path: Path, *, stored_ycbcr: bool = False) -> None:
        self._path = path
        self._stored_ycbcr = stored_ycbcr
        self._replacing = threading.Lock()
        self._closed = False
        self._handle: openslide.OpenSlide | None = openslide.OpenSlide(path)
        said = self._handle.properties
        # damaged text is listed by its name, but cannot be had
        self.properties = {name: value for name in said if (value := said.get(name)) is not None}
        sizes = zip(self._handle.level_dimensions, self._handle.level_downsamples, strict=True)
        self.levels = tuple(Level(width=w, height=h, downsample=float(d)) for (w, h), d in sizes)
        self._background = _color(self.properties.get(openslide.PROPERTY_NAME_BACKGROUND_COLOR, ""))

    def read_inside(self, level: int, left: int, top: int, width: int, height: int) -> Pixels:
        """Read a region inside ``level``, in its pixels; see :class:`~e2evit_model.slides.reading.LevelReader`."""
        downsample = self.levels[level].downsample
        place = (round(left * downsample), round(top * downsample))
        handle = self._shared()
        try:
            region = handle.read_region(place, level, (width, height))
        except openslide.OpenSlideError as error:
            log.debug("Reading at %s of level %d failed (%s), trying again", place, level, error)
            self._drop(handle)
            region = self._read_alone(place, level, (width, height))
        return self._opaque(region)

    def block_size(self, level: int) -> tuple[int, int]:
        """Return the file's tile size where it is of use, else squares of 512 px."""
        sides = [int(self.properties.get(f"openslide.level[{level}].tile-{s}", 0)) for s in ("width", "height")]
        if all(side in USABLE_BLOCKS and side % 8 == 0 for side in sides):
            return sides[0], sides[1]
        return BLOCK, BLOCK

    def icc_profile(self) -> bytes | None:
        """Return the color profile of the file, when it is one for RGB."""
        profile = self._shared().color_profile
        data = None if profile is None else profile.tobytes()
        return data if is_rgb_profile(data) else None

    def close(self) -> None:
        """Let go of the file; OpenSlide closes it when the last read under way has ended."""
        with self._replacing:
            self._closed = True
            self._handle = None

    def _shared(self) -> openslide.OpenSlide:
        handle = self._handle
        if handle is None:
            with self._replacing:
                if self._closed:
                    raise closed_error()
                if self._handle is None:
                    self._handle = self._open_again()
                handle = self._handle
        return handle

    def _drop(self, dead: openslide.OpenSlide) -> None:
        with self._replacing:
            if self._handle is dead:
                self._handle = None

    def _read_alone(self, place: tuple[int, int], level: int, size: tuple[int, int]) -> Image.Image:
        try:
            region: Image.Image = self._open_again().read_region(place, level, size)
        except openslide.OpenSlideError as error:
            log.debug("Reading at %s of level %d failed again (%s)", place, level, error)
            raise damaged_error(self._path.name) from error
        return region

    def _open_again(self) -> openslide.OpenSlide:
        try:
            return openslide.OpenSlide(self._path)
        except (openslide.OpenSlideError, OSError) as error:
            raise damaged_error(self._path.name) from error

    def _opaque(self, region: Image.Image) -> Pixels:
        # all of this works in C; a strided copy of three of four channels takes five times as long
        colors = region.convert("RGB")
        if self._stored_ycbcr:
            colors = Image.frombytes("YCbCr", colors.size, colors.tobytes()).convert("RGB")
        opacity = region.getchannel("A")
        if opacity.getextrema() == (255, 255):
            return np.asarray(colors)
        ground = Image.new("RGB", region.size, self._background)
        ground.paste(colors, mask=opacity)
        return np.asarray(ground)


def _color(text: str) -> tuple[int, int, int]:
    """Return the color that a slide names for where it has no pixels ("FFFFFF"), white when it names none."""
    try:
        red, green, blue = ImageColor.getrgb(f"#{text}")[:3]
    except ValueError:
        return (255, 255, 255)
    return (red, green, blue)
