"""Marker pen and ink: colors that no usual stain has, in strokes of a pen's width.

The limits were set on real slides with green, red, blue and black pen, and on H&E regions of seven laboratories, whose hues lie
between 288 degrees (hematoxylin) and 30 degrees (blood).
"""

from typing import NamedTuple

import numpy as np

from e2evit_model.tissue.colors import Colors
from e2evit_model.tissue.shapes import Raster, connected_to, grow, opened, without_small_parts

STROKE_UM = 120.0
"""A pen's stroke is at least this wide; narrower is pigment, blood or dust."""

LEAST_SURE_MM2 = 0.01
LEAST_LIKELY_MM2 = 0.003

HALO_UM = 40.0
"""The blurred border of a stroke, dropped with it."""


class Candidates(NamedTuple):
    """Where a pen of one color may be, (h, w) bool each.

    ``sure`` proves that the slide has such a pen at all; where it has, ``likely`` is pen wherever it is, and ``perhaps`` where it
    is connected to one of them.
    """

    sure: Raster
    likely: Raster
    perhaps: Raster


def _between(colors: Colors, low: float, high: float) -> Raster:
    """Select hues from ``low`` to ``high`` degrees."""
    return (colors.hue >= low) & (colors.hue <= high)


def _green(colors: Colors) -> Candidates:
    sure = _between(colors, 130, 220) & (colors.chroma > 9)
    likely = _between(colors, 120, 240) & (colors.chroma > 6)
    perhaps = _between(colors, 110, 250) & (colors.chroma > 4)
    return Candidates(sure, likely, perhaps | _over_tissue(colors))


def _blue(colors: Colors) -> Candidates:
    # light blue hematoxylin reaches 285 degrees at a chroma of 25, dark one 290 at 35 and 310 at 60; ink over tissue 300, but dark
    sure = _between(colors, 220, 285) & (colors.chroma > 32)
    sure |= _between(colors, 220, 300) & (colors.chroma > 38) & (colors.lightness < 36)
    sure |= _between(colors, 220, 306) & (colors.chroma > 42) & (colors.lightness < 28)
    sure |= (_between(colors, 220, 296) & (colors.chroma > 44)) | (_between(colors, 220, 305) & (colors.chroma > 66))
    likely = _between(colors, 215, 285) & (colors.chroma > 20)
    perhaps = _between(colors, 215, 290) & (colors.chroma > 8)
    perhaps |= _between(colors, 215, 305) & (colors.lightness < 45) & (colors.chroma > 20)
    return Candidates(sure, likely, perhaps | _over_tissue(colors))


def _red(colors: Colors) -> Candidates:
    # blood has a chroma of up to 55, red pen of 65 to 95; eosin is on the other side of 0 degrees
    sure = _between(colors, 10, 60) & (colors.chroma > 64)
    likely = _between(colors, 8, 60) & (colors.chroma > 40)
    perhaps = (_between(colors, 0, 60) & (colors.chroma > 40)) | (_between(colors, 8, 60) & (colors.chroma > 18))
    return Candidates(sure, likely, perhaps)


def _black(colors: Colors) -> Candidates:
    # melanin is brown: hue 40 to 110 degrees
    brown = _between(colors, 40, 110) & (colors.chroma > 8)
    sure = (colors.lightness < 20) & (colors.chroma < 24) & ~brown
    likely = (colors.lightness < 28) & (colors.chroma < 26) & ~brown
    perhaps = (colors.lightness < 36) & (colors.chroma < 28) & ~brown
    return Candidates(sure, likely, perhaps)


def _over_tissue(colors: Colors) -> Raster:
    # pen takes away just the light that stained tissue lets through: together they are dark gray
    return (colors.lightness < 55) & (colors.chroma < 12)


def find_pen(colors: Colors, mpp: float) -> Raster:
    """Find pen of any of four colors: sure pixels in a stroke's width, grown along paler pixels of the same hue.

    Parameters
    ----------
    colors
        Of the low-power picture, (h, w).
    mpp
        Micrometres a pixel.

    Returns
    -------
    Raster
        (h, w), true on pen and its blurred border.
    """
    found = np.zeros(colors.lightness.shape, dtype=np.bool_)
    for color in (_green, _blue, _red, _black):
        candidates = color(colors)
        if not without_small_parts(candidates.sure, LEAST_SURE_MM2, mpp).any():
            continue
        strokes = opened(candidates.sure | candidates.likely | candidates.perhaps, STROKE_UM / 2, mpp)
        seeds = without_small_parts((candidates.sure | candidates.likely) & strokes, LEAST_LIKELY_MM2, mpp)
        found |= without_small_parts(connected_to(strokes, seeds), LEAST_SURE_MM2, mpp)
    return grow(found, HALO_UM, mpp) if found.any() else found
