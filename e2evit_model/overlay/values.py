"""Values of tiles on a scale from 0 to 1, for display only; the raw values stay as they are.

A value that is not finite is no value: it becomes NaN and is painted transparent.
"""

import math
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from e2evit_model.errors import OptionError

Limits = tuple[float, float]
"""The quantities of a scale that are painted with the first and the last color."""

CLIPPED_PERCENTILES = (1.0, 99.0)
TIMES_UNIFORM_LIMITS = (0.0, 4.0)  # the same for every slide, so that two slides can be compared by color
MOST_DECADES = (
    4.0  # a log scale never spans more by itself: one tile of nearly 0 would push the others into the last colors
)


class DisplayScale(StrEnum):
    """How values become colors; each scale has its own quantity (see :func:`scale_quantity`)."""

    RANK = "rank"
    CLIPPED = "clipped"
    TIMES_UNIFORM = "times-uniform"
    LOG = "log"


def scale_quantity(values: ArrayLike, scale: DisplayScale | str) -> NDArray[np.float64]:
    """Turn raw values into the quantity that a scale, its limits, its histogram and its color bar speak of.

    Parameters
    ----------
    values
        (N,) raw values, one a tile; what is not finite is no value.
    scale
        ``rank``: the place among this slide's tiles, 0 (lowest) to 1 (highest), ties share their mean place; ``clipped`` and
        ``log``: the raw value itself (``log`` has no value at or below 0 other than its lowest color); ``times-uniform``: see
        :func:`times_uniform`.

    Returns
    -------
    NDArray[np.float64]
        (N,), NaN where there is no value.

    Raises
    ------
    OptionError
        When the scale is not known.
    """
    raw = np.array(values, dtype=np.float64).reshape(-1)
    there = np.isfinite(raw)
    raw[~there] = np.nan
    count = int(np.count_nonzero(there))
    match _known(scale):
        case DisplayScale.RANK:
            if count:
                raw[there] = _places(raw[there])
            return raw
        case DisplayScale.TIMES_UNIFORM:
            return times_uniform(raw)
        case DisplayScale.CLIPPED | DisplayScale.LOG:
            return raw


def times_uniform(shares: ArrayLike) -> NDArray[np.float64]:
    """Return shares of attention as multiples of their mean over the tiles, (N,), NaN where there is no value.

    The class token and registers keep a part of the attention, so that the shares of the tiles sum to less than 1: multiples of
    1 / N would lie below 1 for every tile of a slide, by as much as the model happens to keep.
    """
    known = np.array(shares, dtype=np.float64).reshape(-1)
    there = np.isfinite(known)
    known[~there] = np.nan
    mean = float(known[there].mean()) if there.any() else 0.0
    return known / mean if mean > 0 else known


def default_limits(quantity: ArrayLike, scale: DisplayScale | str) -> Limits:
    """Choose what the first and the last color stand for.

    Rank: 0 to 1. Times uniform: 0 to 4 for every slide. Clipped: the 1st to the 99th percentile. Log: from the 1st percentile of
    what is above 0 to the highest, at most four decades. ``quantity`` (N,) is of :func:`scale_quantity`; when it holds no value
    the limits are 0 to 1 (log: 0.1 to 1), when all values are equal both limits are that value.

    Raises
    ------
    OptionError
        When the scale is not known.
    """
    chosen = _known(scale)
    if chosen is DisplayScale.RANK:
        return 0.0, 1.0
    if chosen is DisplayScale.TIMES_UNIFORM:
        return TIMES_UNIFORM_LIMITS
    known = np.asarray(quantity, dtype=np.float64).reshape(-1)
    known = known[np.isfinite(known)]
    if chosen is DisplayScale.LOG:
        known = known[known > 0]
        if not known.size:
            return 0.1, 1.0
        high = float(known.max())
        return max(float(np.percentile(known, CLIPPED_PERCENTILES[0])), high / 10**MOST_DECADES), high
    if not known.size:
        return 0.0, 1.0
    low, high = np.percentile(known, CLIPPED_PERCENTILES)
    return float(low), float(high)


def limits_around_zero(values: ArrayLike) -> Limits:
    """Return limits as far below 0 as above, that hold every value: for values with a sign, whose middle color is 0.

    -1 to 1 when there is no value but 0.
    """
    known = np.asarray(values, dtype=np.float64).reshape(-1)
    known = np.abs(known[np.isfinite(known)])
    most = float(known.max()) if known.size else 0.0
    return (-most, most) if most > 0 else (-1.0, 1.0)


def place_in_limits(quantity: ArrayLike, scale: DisplayScale | str, limits: Limits) -> NDArray[np.float32]:
    """Place quantities between the limits: 0 at and below the first, 1 at and above the second, NaN stays NaN.

    Limits that are equal give 0.5 for that very quantity, so that a slide of equal values is painted in the middle color.

    Raises
    ------
    OptionError
        When the limits are not numbers, stand in the wrong order, or reach to 0 or below on a log scale.
    """
    chosen = _known(scale)
    low, high = check_limits(chosen, limits)
    known = np.asarray(quantity, dtype=np.float64)
    if low == high:
        return np.where(np.isnan(known), np.nan, (np.sign(known - low) + 1) / 2).astype(np.float32)
    if chosen is DisplayScale.LOG:
        # at or below 0 there is no logarithm: such a value lies below every limit
        logarithm = np.log(known, out=np.full(known.shape, -np.inf), where=known > 0)
        known = np.where(np.isnan(known), np.nan, logarithm)
        low, high = math.log(low), math.log(high)
    return np.clip((known - low) / (high - low), 0.0, 1.0).astype(np.float32)


def scale_values(values: ArrayLike, scale: DisplayScale | str, limits: Limits | None = None) -> NDArray[np.float32]:
    """Scale raw values (N,) to 0..1 (N,) float32, NaN where there is no value; ``limits`` in the scale's own quantity.

    Raises
    ------
    OptionError
        When the scale is not known, or limits cannot be.
    """
    quantity = scale_quantity(values, scale)
    return place_in_limits(quantity, scale, default_limits(quantity, scale) if limits is None else limits)


def check_limits(scale: DisplayScale | str, limits: Limits) -> Limits:
    """Return limits as plain floats when they can be used.

    Raises
    ------
    OptionError
        When they are not finite, stand in the wrong order, or reach to 0 or below on a log scale.
    """
    low, high = float(limits[0]), float(limits[1])
    if not (math.isfinite(low) and math.isfinite(high)):
        raise OptionError(
            "The range of the colors is not a pair of numbers.", hint="Give the lowest and the highest value."
        )
    if low > high:
        raise OptionError(
            f"The range of the colors begins at {low:g}, above its end at {high:g}.", hint="Exchange the two values."
        )
    if _known(scale) is DisplayScale.LOG and low <= 0:
        raise OptionError(
            f"The range of a log scale cannot begin at {low:g}.", hint="Begin above 0, or choose another scale."
        )
    return low, high


def percentile_of(values: ArrayLike, value: float) -> float | None:
    """Return the place of ``value`` among ``values`` in percent: the share below it plus half the share equal to it.

    ``None`` when there is nothing to compare, or the value is no value.
    """
    known = np.asarray(values, dtype=np.float64).reshape(-1)
    known = known[np.isfinite(known)]
    if not known.size or not math.isfinite(value):
        return None
    below = np.count_nonzero(known < value)
    equal = np.count_nonzero(known == value)
    return float(100.0 * (below + 0.5 * equal) / known.size)


def _known(scale: DisplayScale | str) -> DisplayScale:
    try:
        return DisplayScale(scale)
    except ValueError:
        raise OptionError(f'The scale "{scale}" is not known.', hint=f"Known are: {', '.join(DisplayScale)}.") from None


def _places(known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the places (n,) in 0..1, ties at their mean; a single value and equal values lie in the middle."""
    if known.size == 1:
        return np.array([0.5])
    # scipy's rankdata gives the same, but costs a second of the window's start to import
    _, which, counts = np.unique(known, return_inverse=True, return_counts=True)
    mean_place = np.cumsum(counts) - (counts + 1) / 2
    places: NDArray[np.float64] = mean_place[which] / (known.size - 1)
    return places
