"""Smooth random fields on a coarse raster in micrometres, and their enlargement to pixels."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Field = NDArray[np.float32]
"""(rows, columns) float32 on a raster of ``CELL_UM``, or on pixels."""

CELL_UM = 4.0
"""Side of a cell of the coarse raster on which a section is laid out."""

FAT_UM = 1.0
"""Side of a pixel of the picture of fat cells."""

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, kw_only=True)
class Window:
    """A rectangle of pixels: upper left corner and size in pixels, and micrometres a pixel."""

    x: int
    y: int
    width: int
    height: int
    mpp: float


def enlarge(field: Field, window: Window, *, cell_um: float = CELL_UM, smooth: bool = False) -> Field:
    """Interpolate a coarse field at the pixels of a window: linearly, or with cubic curves where an edge follows from it.

    Interpolation along each axis is one product with a thin matrix, which is several times faster than an image resampler.
    """
    ratio = window.mpp / cell_um
    top, down = _weights(window.y, window.height, ratio, field.shape[0], smooth)
    left, across = _weights(window.x, window.width, ratio, field.shape[1], smooth)
    part = field[top : top + down.shape[1], left : left + across.shape[1]]
    large: Field = down @ (part @ across.T)
    return large


@lru_cache(maxsize=64)
def _weights(first: int, count: int, ratio: float, cells: int, smooth: bool) -> tuple[int, Field]:
    """Return the first cell and the weights (count, cells used) by which cells make pixels ``first`` and following."""
    place = np.clip((first + np.arange(count) + 0.5) * ratio - 0.5, 0, cells - 1)
    begin = np.floor(place).astype(np.intp)
    t = place - begin
    if smooth:  # Catmull-Rom: goes through the values of the cells
        taps = {
            -1: (-t + 2 * t**2 - t**3) / 2,
            0: (2 - 5 * t**2 + 3 * t**3) / 2,
            1: (t + 4 * t**2 - 3 * t**3) / 2,
            2: (t**3 - t**2) / 2,
        }
    else:
        taps = {0: 1 - t, 1: t}
    low = max(int(begin[0]) - 1, 0)
    high = min(int(begin[-1]) + 3, cells)
    weights = np.zeros((count, high - low))
    for offset, weight in taps.items():
        np.add.at(weights, (np.arange(count), np.clip(begin + offset, low, high - 1) - low), weight)
    return low, weights.astype(np.float32)


def waves(random: np.random.Generator, shape: tuple[int, int], size: float) -> Field:
    """Make a smooth field of standard deviation 1 whose hills are about ``size`` cells apart."""
    rows, columns = shape
    coarse = random.standard_normal((int(rows / size) + 4, int(columns / size) + 4), dtype=np.float32)
    left, top = random.random(2)
    box = (left, top, left + columns / size, top + rows / size)
    field = np.asarray(Image.fromarray(coarse).resize((columns, rows), Image.Resampling.BICUBIC, box=box))
    return (field / max(float(field.std()), 1e-3)).astype(np.float32)


def line(random: np.random.Generator, length: int, size: float) -> Field:
    """Make a smooth random curve (length,) of standard deviation about 1 whose hills are about ``size`` cells apart."""
    curve: Field = waves(random, (4, length), size)[1]
    return curve


def grain(random: np.random.Generator, side: int, sigma: float | tuple[float, float]) -> Field:
    """Make a square of filtered noise, standard deviation 1, that can be laid side by side without a seam."""
    noise = ndimage.gaussian_filter(random.standard_normal((side, side), dtype=np.float32), sigma, mode="wrap")
    noise /= noise.std()
    return np.asarray(noise, dtype=np.float32)


def at(
    field: NDArray[T], x_um: NDArray[np.float64], y_um: NDArray[np.float64], *, cell_um: float = CELL_UM
) -> NDArray[T]:
    """Return the values of the cells in which points lie; points outside take the nearest cell."""
    rows, columns = field.shape
    column = np.clip((x_um / cell_um).astype(np.intp), 0, columns - 1)
    row = np.clip((y_um / cell_um).astype(np.intp), 0, rows - 1)
    return field[row, column]


def lattice(random: np.random.Generator, width_um: float, height_um: float, pitch_um: float) -> NDArray[np.float64]:
    """Return points (n, 2) as x, y in um on a hexagonal lattice, each moved by chance so that no two come too close."""
    height = pitch_um * 0.866
    rows, columns = int(height_um / height) + 2, int(width_um / pitch_um) + 2
    row, column = np.mgrid[0:rows, 0:columns]
    x = (column + 0.5 * (row % 2)) * pitch_um
    points = np.stack([x.ravel(), (row * height).ravel()], axis=1).astype(np.float64)
    points += random.uniform(-0.27, 0.27, points.shape) * pitch_um
    inside = (points >= 0).all(axis=1) & (points[:, 0] < width_um) & (points[:, 1] < height_um)
    return points[inside]
