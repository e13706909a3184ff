"""Units as types, and the checks that keep absurd values out."""

import math
from typing import NewType

from e2evit_model.errors import ResolutionError

Mpp = NewType("Mpp", float)
"""Micrometres a pixel."""

Level0Px = NewType("Level0Px", int)
"""A length or a coordinate in pixels of the slide's finest level."""

TilePx = NewType("TilePx", int)
"""A length in pixels of a tile, at the model's resolution."""

LARGEST_MPP = 100.0
OBJECTIVE_TIMES_MPP = 10.0  # 0.25 um/px is called 40x, 0.5 um/px 20x


def check_mpp(value: float, *, what: str = "resolution") -> Mpp:
    """Return ``value`` as micrometres a pixel when it can be one.

    Raises
    ------
    ResolutionError
        When it is not a number, not above 0, or above 100 um/px.
    """
    if not math.isfinite(value) or value <= 0 or value > LARGEST_MPP:
        raise ResolutionError(
            f"The {what} of {value:g} um per pixel cannot be right.",
            hint="Give micrometres per pixel, between 0 and 100; a 40x scan has about 0.25, a 20x scan about 0.5.",
        )
    return Mpp(float(value))


def objective_of(mpp: float) -> float:
    """Return the nominal objective power for micrometres a pixel (0.25 um/px is 40x)."""
    return OBJECTIVE_TIMES_MPP / mpp


def written_bytes(count: float) -> str:
    """Write a number of bytes as MB, or GB with one decimal (decimal units, as disks are sold)."""
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.0f} MB" if count >= 1e6 or not count else "1 MB"
