"""Polygons with holes in level-0 pixels, and how they are painted on a raster."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    if polygon.holes and len(rows):
        # the holes are cut out of the polygon's own box: a file may have thousands of polygons
        top, left = rows.min(), columns.min()
        box = np.zeros((int(rows.max() - top) + 1, int(columns.max() - left) + 1), dtype=np.bool_)
        box[rows - top, columns - left] = True
        corner = np.array([left, top]) * downsample
        for hole in polygon.holes:
            box[_inside(hole - corner, box.shape, downsample)] = False
        rows, columns = np.nonzero(box)
        rows, columns = rows + top, columns + left
    target[rows, columns] = value


def _inside(ring: Ring, shape: tuple[int, ...], downsample: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    # imported here: the window starts without image libraries
    from skimage.draw import polygon as polygon_pixels

    # the centre of pixel (0, 0) is at half a pixel
    columns, rows = (ring / downsample - 0.5).T
    inside: tuple[NDArray[np.intp], NDArray[np.intp]] = polygon_pixels(rows, columns, shape)
    return inside
