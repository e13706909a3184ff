"""How large a pixel is, from what files say of it; values that were meant for printing are not believed."""

import math
from dataclasses import dataclass

from e2evit_model.errors import ResolutionError
from e2evit_model.units import check_mpp

UM_PER_INCH = 25400.0
PRINT_DPI = (72, 96, 100, 150, 200, 240, 300, 400, 600, 1200)
"""Dots an inch that programs write by default; as a microscope's pixels they would be 21 um and larger."""

SQUARE_TOLERANCE = 0.1
"""Sides of a pixel may differ by this share; their geometric mean is taken then (choice)."""


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """Micrometres a pixel (``None`` while unknown), its source ("file", "user" or ""), a sentence when it was not believed."""

    mpp: float | None = None
    source: str = ""
    note: str = ""


UNKNOWN = Resolution()


def resolution_of(mpp_x: float | None, mpp_y: float | None) -> Resolution:
    """Judge the two sides of a pixel that a file states, in um."""
    sides = [side for side in (mpp_x, mpp_y) if side is not None]
    if not sides:
        return UNKNOWN
    try:
        sides = [check_mpp(side) for side in sides]
    except ResolutionError:
        return Resolution(note=f"The file states {sides[0]:.4g} um per pixel, which cannot be right; this was ignored.")
    low, high = min(sides), max(sides)
    if high > low * (1 + SQUARE_TOLERANCE):
        return Resolution(
            note=f"The file states pixels of {sides[0]:.4g} x {sides[1]:.4g} um, not square; this was ignored."
        )
    mpp = math.sqrt(low * high)
    for dpi in PRINT_DPI:
        if math.isclose(mpp, UM_PER_INCH / dpi, rel_tol=1e-3):
            return Resolution(note=f"The file states {dpi} dots per inch, a resolution for printing; this was ignored.")
    return Resolution(mpp=mpp, source="file")


def number_or_none(text: str | None) -> float | None:
    """Return the number that a property holds, ``None`` when there is none."""
    if text is None:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
