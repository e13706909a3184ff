"""The outline of the tissue, as rings in level-0 pixels."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.measure import approximate_polygon, find_contours

from e2evit_model.tissue.mask import Finding, TissueMask
from e2evit_model.tissue.polygons import Polygon, Ring

TOLERANCE_PX = 0.45
"""Corners nearer than this to the line between their neighbours are left out, mask pixels; from 0.5 on edges would move."""


def outline(mask: TissueMask, finding: Finding = Finding.TISSUE) -> list[Ring]:
    """Return the rings around a finding and around its holes.

    Returns
    -------
    list of (k, 2) float64
        x and y in level-0 pixels, closed (the last corner is the first), simplified within half a pixel of the mask.
    """
    return [ring for ring, _ in _rings(np.equal(mask.findings, finding), mask.downsample)]


def outline_polygons(mask: TissueMask, finding: Finding = Finding.TISSUE) -> list[Polygon]:
    """Return a finding as polygons with their holes, the largest first."""
    outer: dict[int, Ring] = {}
    holes: dict[int, list[Ring]] = {}
    for ring, part in _rings(np.equal(mask.findings, finding), mask.downsample):
        if _signed_area(ring) > 0:
            outer[part] = ring
        else:
            holes.setdefault(part, []).append(ring)
    polygons = [Polygon(outer=ring, holes=tuple(holes.get(part, ()))) for part, ring in outer.items()]
    return sorted(polygons, key=lambda polygon: -_signed_area(polygon.outer))


def _rings(shape: NDArray[np.bool_], downsample: float) -> list[tuple[Ring, int]]:
    """Return simplified rings with the number of the part that they bound; outer ones turn so that their area is positive."""
    if not shape.any():
        return []
    # a border of glass, so that every ring is closed
    padded = np.pad(shape, 1)
    labels, _ = ndimage.label(padded)
    rings = []
    for contour in find_contours(padded.astype(np.float32), 0.5, positive_orientation="low"):
        # a corner lies halfway between a pixel of the part and one outside
        row, column = contour[0]
        part = max(labels[int(np.floor(row)), int(np.floor(column))], labels[int(np.ceil(row)), int(np.ceil(column))])
        simple = approximate_polygon(contour, TOLERANCE_PX) if len(contour) > 5 else contour
        # rows and columns are of pixel centres, and one pixel was added in front
        ring = (simple[:, ::-1] - 0.5) * downsample
        rings.append((ring, int(part)))
    return rings


def _signed_area(ring: Ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2
