"""Shapes on a raster, with lengths in um: closing, opening, growing, small parts."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Raster = NDArray[np.bool_]


def _radius_px(radius_um: float, mpp: float) -> int:
    return round(radius_um / mpp)


def _smear(shape: Raster, rows: int, columns: int, steps: int) -> None:
    """Spread a shape along (rows, columns) by 0 to ``steps`` steps, in place, by doubling: log2(steps) operations."""
    done = 0
    while done < steps:
        now = min(done + 1, steps - done)
        target, source = _shifted(rows * now), _shifted(-rows * now)
        across, back = _shifted(columns * now), _shifted(-columns * now)
        shape[target, across] |= shape[source, back]
        done += now


def _shifted(by: int) -> slice:
    return slice(by, None) if by >= 0 else slice(None, by)


def _spread(shape: Raster, radius: int) -> Raster:
    """Dilate by an octagon of ``radius`` pixels; many times faster than by a disk, pixel by pixel, and as round as is needed."""
    wide = np.pad(shape, radius)
    diagonal = round(radius * (1 - np.sqrt(0.5))) if radius > 2 else 0
    straight = radius - 2 * diagonal
    for rows, columns, steps in ((0, 1, straight), (1, 0, straight), (1, 1, diagonal), (1, -1, diagonal)):
        _smear(wide, rows, columns, steps)
        _smear(wide, -rows, -columns, steps)
    return wide[radius:-radius, radius:-radius]


def grow(shape: Raster, radius_um: float, mpp: float) -> Raster:
    """Grow a shape by ``radius_um`` on all sides; a radius under half a pixel leaves it as it is."""
    radius = _radius_px(radius_um, mpp)
    return _spread(shape, radius) if radius and shape.any() else shape.copy()


def shrunk(shape: Raster, radius_um: float, mpp: float) -> Raster:
    """Shrink a shape by ``radius_um`` on all sides; what touches the picture's border goes on beyond it."""
    return ~grow(~shape, radius_um, mpp)


def closed(shape: Raster, radius_um: float, mpp: float) -> Raster:
    """Bridge gaps narrower than twice ``radius_um``; what touches the picture's border goes on beyond it."""
    radius = _radius_px(radius_um, mpp)
    if not radius or not shape.any():
        return shape.copy()
    wide = np.pad(shape, radius, mode="edge")
    return shrunk(grow(wide, radius, 1), radius, 1)[radius:-radius, radius:-radius]


def opened(shape: Raster, radius_um: float, mpp: float) -> Raster:
    """Drop what is narrower than twice ``radius_um``; what touches the picture's border goes on beyond it."""
    radius = _radius_px(radius_um, mpp)
    if not radius or not shape.any():
        return shape.copy()
    wide = np.pad(shape, radius, mode="edge")
    return grow(shrunk(wide, radius, 1), radius, 1)[radius:-radius, radius:-radius]


def connected_to(shape: Raster, seeds: Raster) -> Raster:
    """Return the parts of ``shape`` that hold a pixel of ``seeds`` (hysteresis)."""
    labels, count = ndimage.label(shape, np.ones((3, 3)))
    chosen = np.zeros(count + 1, dtype=bool)
    chosen[np.unique(labels[seeds])] = True
    chosen[0] = False
    return chosen[labels]


def part_sizes(shape: Raster) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Give each connected part of a shape a number; diagonals connect.

    Returns
    -------
    labels
        (h, w), 0 outside, else the number of the part.
    sizes
        (parts + 1,) pixels of each part; 0 for number 0.
    """
    labels, count = ndimage.label(shape, np.ones((3, 3)))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    sizes[0] = 0
    return labels.astype(np.int32, copy=False), sizes


def without_small_parts(shape: Raster, area_mm2: float, mpp: float) -> Raster:
    """Drop the connected parts under ``area_mm2``."""
    labels, sizes = part_sizes(shape)
    return np.asarray(sizes >= max(1.0, area_mm2 * 1e6 / mpp**2))[labels]


def without_small_holes(shape: Raster, area_mm2: float, mpp: float) -> Raster:
    """Fill the holes under ``area_mm2``; what is open to the picture's border is no hole."""
    labels, count = ndimage.label(~shape)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    keep = sizes * (mpp / 1000) ** 2 >= area_mm2
    keep[border] = True
    keep[0] = False
    return ~np.asarray(keep)[labels]
