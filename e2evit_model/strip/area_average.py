"""Average a picture down by any factor, exactly: a result pixel is the mean over the square it covers, borders in part.

Pillow's box filter is not that: it takes or leaves whole pixels by where their centers lie.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from e2evit_model.slides.protocol import Pixels


@dataclass(frozen=True, kw_only=True)
class Taps:
    """Which pixels of a line make a result pixel, and with which shares.

    ``index`` (taps, n) and ``share`` (taps, n) float32; the shares of each result pixel add up to 1.
    """

    index: NDArray[np.intp]
    share: NDArray[np.float32]

    @classmethod
    def cover(cls, begin: float, factor: float, count: int, length: int) -> Self:
        """Return the taps of ``count`` result pixels, each ``factor`` px long, from ``begin`` on, in a line of ``length`` px."""
        borders = np.clip(begin + factor * np.arange(count + 1.0), 0, length)
        low, high = borders[:-1], borders[1:]
        first = np.floor(low).astype(np.intp)
        taps = int((np.ceil(high).astype(np.intp) - first).max(initial=1))
        index = first + np.arange(taps)[:, None]
        share = np.clip(np.minimum(high, index + 1) - np.maximum(low, index), 0, None)
        share /= share.sum(axis=0)
        return cls(index=np.minimum(index, length - 1), share=share.astype(np.float32))


def average_area(pixels: Pixels, *, rows: Taps, columns: Taps) -> Pixels:
    """Return the (rows, columns, 3) area averages of a picture, rounded."""
    height, width = pixels.shape[:2]
    lines = pixels.reshape(height, width * 3)
    down = lines[rows.index[0]] * rows.share[0][:, None]
    for index, share in zip(rows.index[1:], rows.share[1:], strict=True):
        down += lines[index] * share[:, None]
    down = down.reshape(-1, width, 3)
    both = down[:, columns.index[0]] * columns.share[0][:, None]
    for index, share in zip(columns.index[1:], columns.share[1:], strict=True):
        both += down[:, index] * share[:, None]
    averaged: Pixels = np.rint(both).astype(np.uint8)
    return averaged
