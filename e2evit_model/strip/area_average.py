"""Average a picture down by any factor, exactly: a result pixel is the mean over the square it covers, borders in part.

Pillow's box filter is not that: it takes or leaves whole pixels by where their centers lie.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from e2evit_model.slides.protocol import Pixels

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, kw_only=True)
class Taps:
    """Which pixels of a line make a result pixel, and with which shares.

    ``index`` (n, taps) and ``share`` (n, taps) float32; the shares of each result pixel add up to 1. ``length`` is the line's.
    """

    index: NDArray[np.int32]
    share: NDArray[np.float32]
    length: int

    @classmethod
    def cover(cls, begin: float, factor: float, count: int, length: int) -> Self:
        """Return the taps of ``count`` result pixels, each ``factor`` px long, from ``begin`` on, in a line of ``length`` px."""
        borders = np.clip(begin + factor * np.arange(count + 1.0), 0, length)
        low, high = borders[:-1, None], borders[1:, None]
        first = np.floor(low).astype(np.int32)
        taps = int((np.ceil(high).astype(np.int32) - first).max(initial=1))
        index = first + np.arange(taps, dtype=np.int32)
        share = np.clip(np.minimum(high, index + 1) - np.maximum(low, index), 0, None)
        share /= share.sum(axis=1, keepdims=True)
        return cls(index=np.minimum(index, length - 1), share=share.astype(np.float32), length=length)

    def matrix(self, channels: int = 1) -> "csr_array[np.float32, tuple[int, int]]":
        """Return the (n * channels, length * channels) matrix that averages a line of pixels with interleaved channels."""
        from scipy.sparse import csr_array  # slow to import, and most slides need no averaging

        count, taps = self.index.shape
        index = self.index[:, None, :] * channels + np.arange(channels, dtype=np.int32)[:, None]
        share = np.repeat(self.share[:, None, :], channels, axis=1)
        begins = np.arange(0, share.size + 1, taps, dtype=np.int32)
        shape = (count * channels, self.length * channels)
        return csr_array((share.reshape(-1), index.reshape(-1), begins), shape=shape)


def average_area(pixels: Pixels, *, rows: Taps, columns: Taps) -> Pixels:
    """Return the (rows, columns, 3) area averages of a picture, rounded."""
    lines = pixels.reshape(len(pixels), -1).astype(np.float32)
    down = rows.matrix() @ lines
    # a sparse matrix is fast along the first axis; turning the picture twice costs less than picking pixels
    across = columns.matrix(channels=3) @ np.ascontiguousarray(down.T)
    averaged: Pixels = np.ascontiguousarray(np.rint(across).astype(np.uint8).T)
    return averaged.reshape(len(averaged), -1, 3)
