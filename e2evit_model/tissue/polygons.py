"""Polygons with holes in level-0 pixels, and how they are painted on a raster."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from skimage.draw import polygon as polygon_pixels

Ring = NDArray[np.float64]
"""(k, 2) corners, x and y in level-0 pixels; the last one is connected with the first."""


@dataclass(frozen=True, kw_only=True)
class Polygon:
    """A polygon and the holes in it."""

    outer: Ring
    holes: tuple[Ring, ...] = ()


def paint(target: NDArray[np.uint8], polygon: Polygon, value: int, downsample: float) -> None:
    """Set the pixels of a raster whose centre lies in a polygon, in place.

    Parameters
    ----------
    target
        (h, w); a pixel covers ``downsample`` x ``downsample`` level-0 pixels, the first one beginning at (0, 0).
    polygon
        May reach beyond the raster.
    value
        What is set.
    downsample
        Level-0 pixels a pixel of the raster.
    """
    rows, columns = _inside(polygon.outer, target.shape, downsample)
    if not polygon.holes:
        target[rows, columns] = value
        return
    chosen = np.zeros(target.shape, dtype=np.bool_)
    chosen[rows, columns] = True
    for hole in polygon.holes:
        chosen[_inside(hole, target.shape, downsample)] = False
    target[chosen] = value


def _inside(ring: Ring, shape: tuple[int, ...], downsample: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    # the centre of pixel (0, 0) is at half a pixel
    columns, rows = (ring / downsample - 0.5).T
    inside: tuple[NDArray[np.intp], NDArray[np.intp]] = polygon_pixels(rows, columns, shape)
    return inside
