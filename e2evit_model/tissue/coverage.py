"""How much of a square is tissue: exact, by sums over the mask."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from e2evit_model.tissue.mask import Finding, TissueMask


def tissue_fraction_of(
    mask: TissueMask, x: ArrayLike, y: ArrayLike, width: ArrayLike, *, finding: Finding = Finding.TISSUE
) -> NDArray[np.float64]:
    """Return the share of each square that is tissue, pixels of the mask that are cut by its border counted by their part.

    Parameters
    ----------
    mask
        What lies outside of it counts as no tissue.
    x, y
        (n,) upper left corners in level-0 pixels.
    width
        The side of the squares in level-0 pixels, one or (n,), above 0.
    finding
        Another finding than tissue.

    Returns
    -------
    NDArray[np.float64]
        (n,) in 0..1. The sum over a square is the difference of an integral image (Crow 1984) at its corners; between the corners
        of pixels that is bilinear.
    """
    chosen = np.equal(mask.findings, finding)
    height, breadth = chosen.shape
    integral = np.zeros((height + 1, breadth + 1), dtype=np.int64)
    integral[1:, 1:] = chosen.cumsum(axis=0, dtype=np.int64).cumsum(axis=1)
    side = np.asarray(width, dtype=np.float64) / mask.downsample
    left, top = np.asarray(x, dtype=np.float64) / mask.downsample, np.asarray(y, dtype=np.float64) / mask.downsample
    right, bottom = left + side, top + side
    inside = (
        _between_pixels(integral, bottom, right)
        - _between_pixels(integral, top, right)
        - _between_pixels(integral, bottom, left)
        + _between_pixels(integral, top, left)
    )
    # differences of large sums are wrong in their last digits
    return np.clip(inside / np.square(side), 0, 1)


def _between_pixels(
    integral: NDArray[np.int64], row: NDArray[np.float64], column: NDArray[np.float64]
) -> NDArray[np.float64]:
    last_row, last_column = integral.shape[0] - 1, integral.shape[1] - 1
    row, column = np.clip(row, 0, last_row), np.clip(column, 0, last_column)
    r, c = np.minimum(row.astype(np.intp), last_row - 1), np.minimum(column.astype(np.intp), last_column - 1)
    down, across = row - r, column - c
    upper = integral[r, c] * (1 - across) + integral[r, c + 1] * across
    lower = integral[r + 1, c] * (1 - across) + integral[r + 1, c + 1] * across
    return np.asarray(upper * (1 - down) + lower * down)
