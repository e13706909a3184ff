"""Read flat pictures (PNG, JPEG, flat TIFF, BMP, WebP) with Pillow, whole into memory."""

import warnings
from pathlib import Path

import numpy as np
import psutil
from PIL import Image, ImageOps, UnidentifiedImageError

from e2evit_model.errors import SlideError
from e2evit_model.slides.protocol import Level, Pixels
from e2evit_model.slides.reading import closed_error, is_rgb_profile

LARGEST_SIDE = 20_000
"""Flat pictures may have up to this many pixels along each side."""

BYTES_PER_PIXEL = 7
"""Of memory while a picture is opened: RGB, once more while it is converted, and an alpha channel."""

BLOCK = 512

# Pillow's own limit (a warning at 89 and an error at 179 million pixels) is below what is promised here
Image.MAX_IMAGE_PIXELS = LARGEST_SIDE**2

EIGHT_BIT_MODES = ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "LAB", "HSV")


class FlatReader:
    """A flat picture in memory, as a slide of one level.

    Raises
    ------
    SlideError
        On construction, when the picture is too large, damaged, or has more than 8 bits a color.
    """

    def __init__(self, path: Path) -> None:
        self._pixels: Pixels | None
        self._pixels, self._profile, self.format = _load(path)
        height, width = self._pixels.shape[:2]
        self.levels = (Level(width=width, height=height, downsample=1.0),)

    def read_inside(self, level: int, left: int, top: int, width: int, height: int) -> Pixels:  # noqa: ARG002 - has one level
        """Read a region, in pixels; see :class:`~e2evit_model.slides.reading.LevelReader`."""
        pixels = self._pixels
        if pixels is None:
            raise closed_error()
        return pixels[top : top + height, left : left + width].copy()

    def block_size(self, level: int) -> tuple[int, int]:  # noqa: ARG002 - has one level
        """Return squares of 512 px."""
        return BLOCK, BLOCK

    def icc_profile(self) -> bytes | None:
        """Return the color profile of the file, when it is one for RGB."""
        return self._profile

    def close(self) -> None:
        """Free the memory."""
        self._pixels = None


def _load(path: Path) -> tuple[Pixels, bytes | None, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # size and damage are judged here, with a sentence
            with Image.open(path) as image:
                _check_size(path.name, image.size)
                _check_mode(path.name, image.mode)
                profile = image.info.get("icc_profile")
                return np.asarray(_to_rgb(image)), profile if is_rgb_profile(profile) else None, str(image.format)
    except Image.DecompressionBombError as error:
        raise _too_large(path.name) from error
    except (UnidentifiedImageError, SyntaxError, ValueError, EOFError, OSError) as error:
        # Pillow raises any of these for data that is cut short or damaged
        raise SlideError(
            f"{path.name} is damaged or cut short: its pixels cannot be read.",
            hint="Copy the file again, or save the picture anew.",
        ) from error


def _to_rgb(image: Image.Image) -> Image.Image:
    ImageOps.exif_transpose(image, in_place=True)  # a camera on a microscope may note that it was turned
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    layer = image.convert("RGBA")
    ground = Image.new("RGB", layer.size, (255, 255, 255))
    ground.paste(layer, mask=layer)
    return ground


def _check_mode(name: str, mode: str) -> None:
    if mode not in EIGHT_BIT_MODES:
        raise SlideError(
            f"{name} has more than 8 bits a color, as fluorescence pictures have; brightfield pictures with 8 bits are needed.",
            hint="Export it as 8-bit RGB.",
        )


def _check_size(name: str, size: tuple[int, int]) -> None:
    width, height = size
    if max(width, height) > LARGEST_SIDE:
        raise _too_large(name, f" of {width} x {height} px")
    need, free = width * height * BYTES_PER_PIXEL, psutil.virtual_memory().available
    if need > free:
        raise SlideError(
            f"{name} needs {need / 2**30:.1f} GB of memory while it is opened, but only {free / 2**30:.1f} GB are free.",
            hint="Close other programs, or convert the picture to a tiled, pyramidal TIFF, which is read piece by piece.",
        )


def _too_large(name: str, size: str = "") -> SlideError:
    return SlideError(
        f"{name} is a flat picture{size}; flat pictures can be opened up to {LARGEST_SIDE} x {LARGEST_SIDE} px.",
        hint="Convert it to a tiled, pyramidal TIFF, which is read piece by piece.",
    )
