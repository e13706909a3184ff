"""A square region of a slide or a picture as pixels at the model's resolution."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from e2evit_model.errors import TilingError
from e2evit_model.grandqc.finding import find_tissue
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Pixels, Slide
from e2evit_model.slides.scale import Scale, choose_scale
from e2evit_model.tissue.coverage import tissue_fraction_of

_TRIES = 24
"""Places along each side at which a region may begin when it is looked for."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """``pixels`` (side, side, 3) whose upper left corner is at level-0 (``x``, ``y``); ``mpp`` is ``None`` while unknown."""

    pixels: Pixels
    x: int
    y: int
    mpp: float | None


def read_square(
    slide: Slide, side: int, *, mpp: float, at: tuple[int, int] | None = None, progress: Progress = silent
) -> Region:
    """Read a square of ``side`` pixels at ``mpp`` um a pixel; pixels are taken as they are where the resolution is unknown.

    Parameters
    ----------
    at
        Level-0 coordinates of the middle; ``None`` for the place with most tissue.

    Raises
    ------
    TilingError
        When the slide is too small, or the square would reach over its border.
    TissueError
        When a place is to be found and there is no tissue.
    """
    info = slide.info
    scale = _as_they_are() if info.mpp is None else choose_scale(info, mpp)
    width = side * scale.downsample
    if width > min(info.width, info.height) + 1e-6:
        raise TilingError(
            f"The region is too small: {side} x {side} pixels are needed, and there are "
            f"{info.width / scale.downsample:.0f} x {info.height / scale.downsample:.0f} at the model's resolution.",
            hint="Choose a larger picture, or a slide.",
        )
    x, y = _place_with_most_tissue(slide, width, progress) if at is None else _corner(slide, width, at)
    level = info.levels[scale.level]
    wanted = round(width / level.downsample)
    pixels = slide.read_region(x, y, scale.level, wanted, wanted)
    if wanted != side:
        pixels = np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BOX))
    return Region(pixels=pixels, x=x, y=y, mpp=None if info.mpp is None else scale.mpp)


def _as_they_are() -> Scale:
    return Scale(level=0, reduce=1, resample=1.0, downsample=1.0, mpp=1.0)


def _corner(slide: Slide, width: float, at: tuple[int, int]) -> tuple[int, int]:
    x, y = (round(middle - width / 2) for middle in at)
    if x < 0 or y < 0 or x + width > slide.info.width + 1 or y + width > slide.info.height + 1:
        raise TilingError(
            f"A square of {width:.0f} px around ({at[0]}, {at[1]}) reaches over the border of the slide.",
            hint="Choose a place farther inside, or leave --at out.",
        )
    return x, y


def _place_with_most_tissue(slide: Slide, width: float, progress: Progress) -> tuple[int, int]:
    info = slide.info
    along = [
        np.unique(np.linspace(0, max(length - width, 0), _TRIES).astype(np.int64))
        for length in (info.width, info.height)
    ]
    x, y = (places.ravel() for places in np.meshgrid(*along))
    if len(x) == 1:
        return int(x[0]), int(y[0])
    fraction = tissue_fraction_of(find_tissue(slide, progress=progress), x, y, width)
    middle = np.hypot(x - x.mean(), y - y.mean())
    best = np.lexsort((middle, -np.round(fraction, 2)))[0]  # among equals the one nearest to the middle
    return int(x[best]), int(y[best])
