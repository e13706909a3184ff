"""The ways through a slide along which tiles are put side by side."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Order(StrEnum):
    """The order of the strip."""

    ROW = "row"
    COLUMN = "column"
    SERPENTINE = "serpentine"
    HILBERT = "hilbert"


def order_of(column: NDArray[np.int32], row: NDArray[np.int32], order: Order) -> NDArray[np.intp]:
    """Return the indices that put tiles into an order.

    Parameters
    ----------
    column, row
        (N,) places on the grid, not negative, no two the same.
    order
        ``ROW`` goes row by row, each from the left; ``COLUMN`` column by column, each from the top; ``SERPENTINE`` row by row,
        every second row that has tiles from the right, so that no way is long; ``HILBERT`` along the curve of Hilbert (1891) over
        the smallest square of 2^n x 2^n places that holds all tiles, so that tiles near in the strip are near on the slide.

    Returns
    -------
    NDArray[np.intp]
        (N,), to be used as ``column[indices]``.
    """
    match order:
        case Order.ROW:
            return np.lexsort((column, row))
        case Order.COLUMN:
            return np.lexsort((row, column))
        case Order.SERPENTINE:
            _, rank = np.unique(row, return_inverse=True)
            return np.lexsort((np.where(rank % 2 == 1, -column, column), row))
        case Order.HILBERT:
            return np.argsort(hilbert_distance(column, row), kind="stable")


def hilbert_distance(column: NDArray[np.int32], row: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return how far along the Hilbert curve each place is, (N,) from 0, the curve beginning at (0, 0).

    The curve fills the smallest square of 2^n x 2^n places that holds all places given. From the largest quadrants to the smallest,
    each place's quadrant is counted, and the square turned so that the curve inside looks the same (Warren, Hacker's Delight,
    chapter 16).
    """
    x, y = column.astype(np.int64), row.astype(np.int64)
    distance = np.zeros(len(x), dtype=np.int64)
    largest = int(max(x.max(initial=0), y.max(initial=0)))
    side = 1 << largest.bit_length()
    half = side // 2
    while half:
        right, lower = (x & half) > 0, (y & half) > 0
        distance += half * half * ((3 * right) ^ lower)
        turn, mirror = ~lower, ~lower & right
        x, y = np.where(mirror, side - 1 - x, x), np.where(mirror, side - 1 - y, y)
        x, y = np.where(turn, y, x), np.where(turn, x, y)
        half //= 2
    return distance
