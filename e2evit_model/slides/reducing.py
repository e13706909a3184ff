"""Make pixels coarser by averaging whole squares of them."""

import numpy as np
from PIL import Image

from e2evit_model.slides.protocol import Pixels

FACTORS = (1, 2, 4, 8)
"""What a level can be reduced by while it is read: the factors of JPEG's scaled decoding."""


def check_factor(reduce: int) -> int:
    """Return ``reduce`` when it is 1, 2, 4 or 8.

    Raises
    ------
    ValueError
        When it is anything else.
    """
    if reduce not in FACTORS:
        raise ValueError(f"reduce must be 1, 2, 4 or 8, not {reduce}")
    return reduce


def reduced_length(length: int, reduce: int) -> int:
    """Return how many whole squares of ``reduce`` pixels lie along ``length`` pixels, at least 1."""
    return max(1, length // reduce)


def average_squares(pixels: Pixels, reduce: int) -> Pixels:
    """Average squares of ``reduce`` x ``reduce`` pixels; what is left over at the right and at the bottom is dropped.

    Parameters
    ----------
    pixels
        (h, w, 3) uint8.
    reduce
        1, 2, 4 or 8.

    Returns
    -------
    Pixels
        (max(1, h // reduce), max(1, w // reduce), 3), rounded to the nearest.
    """
    if reduce == 1:
        return pixels
    height, width = pixels.shape[:2]
    # a picture smaller than one square is averaged as it is
    kept = pixels[
        : max(height // reduce * reduce, min(height, reduce)), : max(width // reduce * reduce, min(width, reduce))
    ]
    return np.asarray(Image.fromarray(np.ascontiguousarray(kept)).reduce(reduce))
