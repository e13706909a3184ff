"""Find the tissue of a slide, by one of several ways."""

import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import TissueError, did_you_mean
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Slide, SlideInfo
from e2evit_model.tissue.background import is_dark_ground
from e2evit_model.tissue.low_power import LowPower, raster_over, read_low_power
from e2evit_model.tissue.mask import Finding, TissueMask
from e2evit_model.tissue.mask_file import read_mask_file
from e2evit_model.tissue.methods import ALL, METHODS, OTSU
from e2evit_model.tissue.otsu import classify

log = logging.getLogger(__name__)

NO_TISSUE = "No tissue found on this slide."
OTHER_WAYS = 'Take the whole picture as tissue ("all"), or give a mask file (PNG or GeoJSON).'


def find_tissue(slide: Slide, *, method: str = OTSU, progress: Progress = silent) -> TissueMask:
    """Find which part of a slide is tissue.

    Parameters
    ----------
    slide
        Where its resolution is unknown, its longer side is taken to be 20 mm long.
    method
        "otsu" (see :mod:`e2evit_model.tissue.otsu`), "all" for the whole picture, or the path of a mask file: a picture of the
        whole slide at any size, or GeoJSON polygons in level-0 pixels (see :mod:`e2evit_model.tissue.mask_file`).
    progress
        Called while the slide is read; may raise ``Cancelled``.

    Raises
    ------
    TissueError
        When there is no tissue, no such method, or the mask file cannot be read or does not fit.
    SlideError
        When the slide cannot be read.
    """
    if method == OTSU:
        mask = _by_otsu(slide, progress)
    elif method == ALL:
        mask = _whole_picture(slide.info)
    else:
        mask = _from_file(slide, Path(method), progress)
    return require_tissue(mask)


def require_tissue(mask: TissueMask) -> TissueMask:
    """Return a mask that has tissue.

    Raises
    ------
    TissueError
        When it has none; the hint says what was found instead.
    """
    if not mask.tissue.any():
        raise TissueError(NO_TISSUE, hint=_why_nothing(mask))
    area = mask.area_mm2()
    log.info("Tissue found (%s): %s", mask.method, "area unknown" if area is None else f"{area:.1f} mm2")
    return mask


def _by_otsu(slide: Slide, progress: Progress) -> TissueMask:
    low_power = read_low_power(slide, progress=progress)
    if is_dark_ground(low_power.image):
        raise TissueError(
            NO_TISSUE,
            hint=f"The slide is dark, as in fluorescence; tissue is looked for on a light ground. {OTHER_WAYS}",
        )
    return _mask(slide.info, classify(low_power.image, low_power.mpp), low_power.downsample, _otsu_name(low_power))


def _otsu_name(low_power: LowPower) -> str:
    return f"{OTSU} at {'an assumed ' if low_power.assumed else ''}{low_power.mpp:.3g} um/px"


def _mask(info: SlideInfo, findings: NDArray[np.uint8], downsample: float, method: str) -> TissueMask:
    mpp = None if info.mpp is None else info.mpp * downsample
    return TissueMask(findings=findings, downsample=downsample, mpp=mpp, method=method)


def _whole_picture(info: SlideInfo) -> TissueMask:
    raster = raster_over(info)
    findings = np.full((raster.height, raster.width), Finding.TISSUE, dtype=np.uint8)
    return _mask(info, findings, raster.downsample, ALL)


def _from_file(slide: Slide, path: Path, progress: Progress) -> TissueMask:
    if not _is_file(path):
        if path.suffix:
            raise TissueError(f"The mask file {path.name} was not found.", hint="Check its name and folder.")
        raise TissueError(
            f'There is no way to find tissue called "{path.name}".',
            hint=f"{did_you_mean(path.name, METHODS)} A mask file (PNG or GeoJSON) can be given, too.",
        )
    drawn = read_mask_file(path, slide.info)
    name = f"file: {path.name}"
    if drawn.says_tissue:
        return _mask(slide.info, drawn.findings, drawn.downsample, name)
    found = _by_otsu(slide, progress)
    left_out = drawn.laid_over(found.findings.shape, found.downsample)
    findings = np.where(left_out > 0, left_out, found.findings)
    return _mask(slide.info, findings, found.downsample, f"{found.method}, without {name}")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be looked into, a name too long for the file system
        return False


def _why_nothing(mask: TissueMask) -> str:
    said = {
        Finding.PEN: "pen",
        Finding.DEBRIS: "dust",
        Finding.TOO_SMALL: "parts too small to use",
        Finding.FOLD: "folds",
        Finding.BUBBLE: "bubbles",
        Finding.BLUR: "tissue out of focus",
    }
    found = [words for finding, words in said.items() if (mask.findings == finding).any()]
    if not found:
        return f"The slide seems to be empty. {OTHER_WAYS}"
    return f"All that was found: {', '.join(found)}. {OTHER_WAYS}"
