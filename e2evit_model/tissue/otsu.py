"""Otsu's threshold in the form that survives real slides: from an RGB picture to findings.

Otsu's method (Otsu 1979) parts the values of a picture in two so that both parts are as even as they can be. On saturation, pixel
by pixel, it keeps 72 to 78 % of the spots of three real sections. What was added, and why:

1. It looks at the Lab distance from the measured color of empty glass, not at saturation: glass is pink on many frozen sections,
   and dark nuclei have little saturation.
2. Colors are smoothed at 20 um first: tissue is a mixture of nuclei, stroma and gaps, and is to be found as a whole.
3. The threshold is held between two distances. Below, there is only noise: an empty slide is not parted into two kinds of glass.
   Above, the threshold would lie between dark and pale tissue, and pale tissue would be lost.
4. Paler pixels than the threshold are kept where they are textured: fat is a net of thin walls, pale stroma has fibres, while stain
   that bled into the glass, dust out of focus and shadows are smooth. The texture's own rim is taken off again.
5. Marker pen and ink are found by their colors before the threshold is sought, so that it does not part pen from all the rest.
6. Gaps narrower than a tile are closed, holes (fat, lumens) filled, small parts dropped; gray parts are dust, not tissue.
"""

import logging

import numpy as np
from numpy.typing import NDArray
from skimage.filters import threshold_otsu

from e2evit_model.tissue.background import color_distance, color_shift, glass_color, without_unscanned
from e2evit_model.tissue.colors import Colors, measure_colors
from e2evit_model.tissue.mask import Finding
from e2evit_model.tissue.pen import find_pen
from e2evit_model.tissue.shapes import Raster, closed, grow, part_sizes, shrunk, without_small_holes

log = logging.getLogger(__name__)

LOWEST_THRESHOLD = 6.0
"""Lab distance; glass that was scanned in stripes or lit unevenly stays under 5."""

HIGHEST_THRESHOLD = 18.0
"""Lab distance; pale stroma has 15 to 30, dark tumor up to 60."""

PALE_DISTANCE = 4.0
PALE_TEXTURE = 1.8
PALE_RADIUS_UM = 40.0
TEXTURE_RIM_UM = 30.0  # half the window in which texture is measured

CLOSING_UM = 50.0
LARGEST_HOLE_MM2 = 0.1

LEAST_TISSUE_MM2 = 0.05
"""Smaller parts are dropped: four tiles of 224 px at 0.5 um/px."""

LEAST_SLIDE_PARTS = 2
"""A slide whose tissue in all is less than so many of the smallest parts has none: the water bath carries specks over."""

LEAST_SHARE = 0.05
"""In a picture of a small region a part is kept, however small, when it has this share of the picture."""

LARGEST_DEBRIS_MM2 = 1.0
GRAY_STAIN_SHARE = 1 / 3
SPECK_RIM_UM = 24.0


def classify(image: NDArray[np.uint8], mpp: float) -> NDArray[np.uint8]:
    """Say for every pixel of a low-power picture what it is.

    Parameters
    ----------
    image
        (h, w, 3) sRGB, best at 4 to 16 um a pixel.
    mpp
        Micrometres a pixel.

    Returns
    -------
    NDArray[np.uint8]
        (h, w) of :class:`Finding`, see the module's docstring for the method.
    """
    colors = measure_colors(without_unscanned(image, mpp), mpp)
    glass = glass_color(colors)
    distance, shift = color_distance(colors, glass), color_shift(colors, glass)
    pen = find_pen(colors, mpp)
    foreground = _foreground(distance, colors, pen, mpp)
    gray = _gray(colors, distance, shift, foreground, mpp)
    tissue = closed(foreground & ~gray, CLOSING_UM, mpp) & ~gray
    # pen over tissue must not open the tissue's holes to the outside
    tissue = without_small_holes(tissue | pen, LARGEST_HOLE_MM2, mpp) & ~pen
    findings = np.zeros(tissue.shape, dtype=np.uint8)
    findings[gray] = Finding.DEBRIS
    findings[tissue] = Finding.TISSUE
    findings[pen] = Finding.PEN
    _sort_parts(findings, distance, shift, mpp)
    log.debug("Glass %s, findings %s", glass, np.bincount(findings.ravel(), minlength=len(Finding)))
    return findings


def _foreground(distance: NDArray[np.float32], colors: Colors, pen: Raster, mpp: float) -> Raster:
    """Select what is no glass and no pen: far from the color of glass, or a little, but textured."""
    known = distance[~pen]
    otsu = float(threshold_otsu(known)) if known.size and np.ptp(known) > 0 else HIGHEST_THRESHOLD
    threshold = float(np.clip(otsu, LOWEST_THRESHOLD, HIGHEST_THRESHOLD))
    log.debug("Otsu's threshold is %.1f, used is %.1f", otsu, threshold)
    core = distance > threshold
    pale = (distance > PALE_DISTANCE) & (colors.texture > PALE_TEXTURE)
    wide = closed(core | pale, CLOSING_UM, mpp)
    inner = shrunk(shrunk(wide, TEXTURE_RIM_UM, mpp), PALE_RADIUS_UM, mpp)
    return (core | grow(inner, PALE_RADIUS_UM, mpp)) & ~pen


def _gray(
    colors: Colors, distance: NDArray[np.float32], shift: NDArray[np.float32], foreground: Raster, mpp: float
) -> Raster:
    """Select what is darker than glass, but has no more color: shadows and dust out of focus, and specks with their rim.

    Where a third of the foreground is gray, gray is the stain (silver), and nothing is selected.
    """
    smooth_gray = (shift < np.maximum(2.5, 0.2 * distance)) & (colors.texture < 6)
    gray: Raster = foreground & (smooth_gray | grow(colors.dark_neutral & foreground, SPECK_RIM_UM, mpp))
    if np.count_nonzero(gray) > GRAY_STAIN_SHARE * np.count_nonzero(foreground):
        return np.zeros_like(gray)
    return gray


def _sort_parts(
    findings: NDArray[np.uint8], distance: NDArray[np.float32], shift: NDArray[np.float32], mpp: float
) -> None:
    """Give small parts of the tissue their reason, in place: gray, or beside debris, they are debris, else too small."""
    labels, sizes = part_sizes(findings == Finding.TISSUE)
    area_mm2 = sizes * (mpp / 1000) ** 2
    least_mm2 = min(LEAST_TISSUE_MM2, LEAST_SHARE * findings.size * (mpp / 1000) ** 2)
    small = (sizes > 0) & (area_mm2 < least_mm2)
    if area_mm2[~small].sum() < LEAST_SLIDE_PARTS * least_mm2:
        small = sizes > 0
    inside = labels > 0
    total_shift = np.bincount(labels[inside], shift[inside], minlength=len(sizes))
    total_distance = np.bincount(labels[inside], distance[inside], minlength=len(sizes))
    gray = total_shift < np.maximum(3.0 * sizes, 0.25 * total_distance)
    beside = np.zeros(len(sizes), dtype=bool)
    beside[np.unique(labels[grow(findings == Finding.DEBRIS, 1.5 * mpp, mpp)])] = True
    debris = (sizes > 0) & (area_mm2 < LARGEST_DEBRIS_MM2) & (gray | (small & beside))
    findings[small[labels]] = Finding.TOO_SMALL
    findings[debris[labels]] = Finding.DEBRIS
