"""Lab colors: distances in them are near to what an eye sees."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

_BYTE = np.arange(256) / 255
_LINEAR = np.where(_BYTE <= 0.04045, _BYTE / 12.92, ((_BYTE + 0.055) / 1.055) ** 2.4).astype(np.float32)

# linear sRGB to XYZ, in units of the white point D65 (IEC 61966-2-1)
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_TO_XYZ = (_TO_XYZ / _TO_XYZ.sum(axis=1, keepdims=True)).astype(np.float32)

_CUBIC_ABOVE = np.float32((6 / 29) ** 3)


def lab_planes(image: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Turn (h, w, 3) sRGB into the planes L (0 to 100), a and b of CIE Lab, (h, w) float32 each.

    In float32, and by planes, since this is done for millions of pixels; equal to skimage's ``rgb2lab`` within 0.02.
    """
    red, green, blue = (_LINEAR[image[..., n]] for n in range(3))
    x, y, z = (_curve(row[0] * red + row[1] * green + row[2] * blue) for row in _TO_XYZ)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def lightness_of(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the L (0 to 100) of CIE Lab of an (h, w, 3) sRGB picture, (h, w)."""
    return lab_planes(image)[0]


def _curve(value: NDArray[np.float32]) -> NDArray[np.float32]:
    linear = value * np.float32((29 / 6) ** 2 / 3) + np.float32(4 / 29)
    return np.where(value > _CUBIC_ABOVE, np.cbrt(value), linear)


@dataclass(frozen=True, kw_only=True)
class Colors:
    """What the tissue finder looks at, (h, w) float32 each.

    ``lightness``, ``a``, ``b`` are Lab, smoothed at about 20 um; ``chroma`` and ``hue`` (degrees, 0 to 360) are theirs.
    ``texture`` is the standard deviation of the lightness within about 60 um, before smoothing; ``dark_neutral`` (bool) is
    what is dark and without color before smoothing: dust, soot, black pen.
    """

    lightness: NDArray[np.float32]
    a: NDArray[np.float32]
    b: NDArray[np.float32]
    chroma: NDArray[np.float32]
    hue: NDArray[np.float32]
    texture: NDArray[np.float32]
    dark_neutral: NDArray[np.bool_]


SMOOTHING_UM = 20.0
TEXTURE_UM = 60.0
DARK_LIGHTNESS = 50.0
NEUTRAL_CHROMA = 9.0


def measure_colors(image: NDArray[np.uint8], mpp: float) -> Colors:
    """Measure color and texture of an (h, w, 3) sRGB picture with ``mpp`` um a pixel."""
    planes = lab_planes(image)
    sigma = SMOOTHING_UM / mpp
    lightness, a, b = (ndimage.gaussian_filter(plane, sigma, truncate=2.5) for plane in planes)
    window = max(3, 2 * round(TEXTURE_UM / mpp / 2) + 1)
    mean = ndimage.uniform_filter(planes[0], window)
    variance = ndimage.uniform_filter(np.square(planes[0]), window) - np.square(mean)
    return Colors(
        lightness=lightness,
        a=a,
        b=b,
        chroma=np.hypot(a, b),
        hue=np.mod(np.degrees(np.arctan2(b, a)), np.float32(360)),
        texture=np.sqrt(np.maximum(variance, 0)),
        dark_neutral=(planes[0] < DARK_LIGHTNESS) & (np.hypot(planes[1], planes[2]) < NEUTRAL_CHROMA),
    )
