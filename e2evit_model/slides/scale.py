"""Which level of a slide, and how it is reduced, for pixels of a wanted resolution."""

from dataclasses import dataclass

from e2evit_model.errors import ResolutionError
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.units import check_mpp

TOLERANCE = 0.05
"""Up to this relative difference pixels are taken as they are: scanners called 20x have 0.48 to 0.52 um/px (choice)."""

COARSEST = 2.0
"""A slide may be coarser than the model by less than this factor; it is never enlarged, its finest pixels are taken."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How pixels of a resolution are made: read ``level`` decoded at 1 / ``reduce``, then average ``resample`` px into one.

    ``downsample`` is level-0 pixels a result pixel and ``mpp`` the result's true resolution. ``resample`` is 1 when the pixels
    are taken as they are. ``note`` is a sentence for the user where the result's resolution is not the wanted one, else empty.
    """

    level: int
    reduce: int
    resample: float
    downsample: float
    mpp: float
    note: str = ""


def choose_scale(info: SlideInfo, mpp: float, *, tolerance: float = TOLERANCE) -> Scale:
    """Choose the cheapest way to pixels of ``mpp`` um: the coarsest level that is fine enough, halved while decoding if it helps.

    Raises
    ------
    ResolutionError
        When the slide's resolution is unknown, or coarser than ``mpp`` by a factor of 2 or more.
    """
    wanted = check_mpp(mpp)
    if info.mpp is None:
        raise ResolutionError(
            "The file does not say how large a pixel is.",
            hint="Give micrometres per pixel (--mpp on the command line): a 40x scan has about 0.25, a 20x scan about 0.5.",
        )
    if info.mpp > wanted * (1 + tolerance):
        if info.mpp >= wanted * COARSEST:
            raise ResolutionError(
                f"The slide has {info.mpp:.3g} um per pixel, too coarse for a model that looks at {wanted:.3g} um per pixel.",
                hint="Use a scan of higher magnification, or a model for lower magnification.",
            )
        note = f"The slide has {info.mpp:.3g} um per pixel, coarser than the model's {wanted:.3g}; its finest pixels are used."
        return Scale(level=0, reduce=1, resample=1.0, downsample=1.0, mpp=info.mpp, note=note)
    fine_enough = [n for n, level in enumerate(info.levels) if info.mpp * level.downsample <= wanted * (1 + tolerance)]
    level = max(fine_enough, key=lambda n: info.levels[n].downsample)
    downsample = info.levels[level].downsample
    reduce = max((f for f in (1, 2, 4, 8) if info.mpp * downsample * f <= wanted * (1 + tolerance)), default=1)
    ratio = wanted / (info.mpp * downsample * reduce)
    resample = 1.0 if abs(ratio - 1) <= tolerance else ratio
    total = downsample * reduce * resample
    return Scale(level=level, reduce=reduce, resample=resample, downsample=total, mpp=info.mpp * total)
