"""Contour lines of values of tiles, in level-0 coordinates."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError
from e2evit_model.overlay.picture import NO_TILE, TilePicture

SMOOTHED_OVER = 1.0
"""Standard deviation in tiles: lines around single tiles would cover the slide."""

Line = NDArray[np.float64]
"""(K, 2) x and y in level-0 pixels."""


def contour_lines(
    positions: NDArray[np.floating], picture: TilePicture, levels: Sequence[float]
) -> list[tuple[float, list[Line]]]:
    """Trace where the values cross some levels (marching squares), after smoothing over neighbouring tiles.

    Only tiles with a value count in the smoothing, weighted by a Gaussian of their distance; lines end where these end.

    Parameters
    ----------
    positions
        (N,) in the unit of ``levels``; NaN is no value.
    picture
        Where the tiles lie.

    Raises
    ------
    OptionError
        When there are not as many values as tiles.
    """
    # imported here: image libraries would make the window's start slow
    from scipy.ndimage import gaussian_filter
    from skimage.measure import find_contours

    there = picture.tile != NO_TILE
    count = int(picture.tile.max(initial=NO_TILE)) + 1
    if positions.shape != (count,):
        raise OptionError(f"There are {positions.size} values for {count} tiles.", hint="Analyze the slide again.")
    raster = np.full(picture.tile.shape, np.nan)
    raster[there] = positions[picture.tile[there]]
    known = np.isfinite(raster)
    if min(raster.shape, default=0) < 2 or not known.any():
        return [(float(level), []) for level in levels]
    weights = gaussian_filter(known.astype(np.float64), SMOOTHED_OVER, mode="constant")
    sums = gaussian_filter(np.where(known, raster, 0.0), SMOOTHED_OVER, mode="constant")
    smooth = np.where(known, sums / np.where(known, weights, 1.0), np.nan)
    corner = np.array([picture.x, picture.y])
    return [
        # (row, column) of pixels' centers to x and y
        (float(level), [corner + (line[:, ::-1] + 0.5) * picture.pixel for line in find_contours(smooth, float(level))])
        for level in levels
    ]


def even_contours(positions: NDArray[np.floating], picture: TilePicture, count: int) -> list[Line]:
    """Trace ``count`` lines evenly over a range: (N,) ``positions`` are places in it, 0..1; NaN is no value."""
    levels = [(number + 1) / (count + 1) for number in range(count)]
    return [line for _, lines in contour_lines(positions, picture, levels) for line in lines] if count else []
