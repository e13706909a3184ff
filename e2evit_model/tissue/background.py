"""The color of empty glass, and how far every pixel is from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from e2evit_model.tissue.colors import Colors, lightness_of
from e2evit_model.tissue.shapes import part_sizes

GLASS_LIGHTNESS = 75.0
"""Empty glass is at least this light (Lab L)."""

GLASS_CHROMA = 18.0
"""Empty glass has at most this much color; sections stained with a pink background have 11."""

GLASS_TEXTURE = 1.2
"""Empty glass is flat: compressed pictures of it have a standard deviation of L of 0.1 to 0.6, tissue has 2 to 20."""

LEAST_GLASS = 0.005
"""Below this share of flat and light pixels there is no glass in the picture, and its color is taken to be ``PLAIN_GLASS``."""

PLAIN_GLASS = (95.0, 0.0, 0.0)
UNSCANNED_LIGHTNESS = 99.5  # what scanners fill in where they did not scan

UNSCANNED_BLACK = 2
UNSCANNED_MM2 = 0.5
DARK_GROUND_LIGHTNESS = 30.0
LIGHT_SHARE = 0.1


@dataclass(frozen=True, kw_only=True)
class Glass:
    """The color of empty glass in Lab; ``share`` is the part of the picture that it was measured on."""

    lightness: float
    a: float
    b: float
    share: float


def glass_color(colors: Colors) -> Glass:
    """Measure the color of empty glass: the median of what is light, nearly without color, and flat.

    White that was filled in where the scanner did not scan is left out where there is anything else to measure.
    """
    flat = (colors.lightness > GLASS_LIGHTNESS) & (colors.chroma < GLASS_CHROMA) & (colors.texture < GLASS_TEXTURE)
    scanned = flat & (colors.lightness < UNSCANNED_LIGHTNESS)
    chosen = scanned if np.count_nonzero(scanned) >= LEAST_GLASS * scanned.size else flat
    share = float(np.count_nonzero(chosen)) / chosen.size
    if share < LEAST_GLASS:
        lightness, a, b = PLAIN_GLASS
        return Glass(lightness=lightness, a=a, b=b, share=share)
    lightness, a, b = (float(np.median(plane[chosen])) for plane in (colors.lightness, colors.a, colors.b))
    return Glass(lightness=lightness, a=a, b=b, share=share)


def color_distance(colors: Colors, glass: Glass) -> NDArray[np.float32]:
    """Return the Lab distance of every pixel from empty glass, (h, w); being lighter than glass does not count."""
    darker = np.maximum(np.float32(glass.lightness) - colors.lightness, 0)
    return np.asarray(np.hypot(darker, color_shift(colors, glass)))


def color_shift(colors: Colors, glass: Glass) -> NDArray[np.float32]:
    """Return the distance of every pixel from empty glass in hue and chroma alone, (h, w)."""
    return np.asarray(np.hypot(colors.a - np.float32(glass.a), colors.b - np.float32(glass.b)))


def without_unscanned(image: NDArray[np.uint8], mpp: float) -> NDArray[np.uint8]:
    """Paint white what some scanners leave black where they did not scan: plain black that reaches the picture's border."""
    red, green, blue = (image[..., n] <= UNSCANNED_BLACK for n in range(3))
    black = red & green & blue
    if not black.any():
        return image
    labels, sizes = part_sizes(black)
    at_border = np.zeros(len(sizes), dtype=bool)
    at_border[np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])] = True
    unscanned = (at_border & (sizes * (mpp / 1000) ** 2 >= UNSCANNED_MM2))[labels]
    return np.where(unscanned[..., np.newaxis], np.uint8(255), image)


def is_dark_ground(image: NDArray[np.uint8]) -> bool:
    """Say whether a picture, (h, w, 3) sRGB, is light on a dark ground, as fluorescence is."""
    lightness = lightness_of(image)
    return bool(np.median(lightness) < DARK_GROUND_LIGHTNESS and np.mean(lightness > GLASS_LIGHTNESS) < LIGHT_SHARE)
