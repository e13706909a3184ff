"""The numbers beside a color bar."""

import math

import numpy as np

from e2evit_model.overlay.values import DisplayScale, Limits, check_limits, place_in_limits

QUANTITY_LABELS = {
    DisplayScale.RANK: "percentile among the tiles",
    DisplayScale.CLIPPED: "share of attention",
    DisplayScale.TIMES_UNIFORM: "times uniform attention",
    DisplayScale.LOG: "share of attention, log scale",
}
"""What the numbers of an attention overlay mean, for the title of a color bar."""

_SMALLEST_PLAIN = 1e-3  # below it numbers are written as 2e-4
_LARGEST_PLAIN = 1e5
_ROOM = 0.11  # of the bar, around a number: a line of text


def color_bar_ticks(scale: DisplayScale | str, limits: Limits, n: int = 5) -> list[tuple[float, str]]:
    """Choose round numbers along a color bar.

    Returns
    -------
    list[tuple[float, str]]
        About ``n`` ticks from low to high: the position on the bar (0 low end, 1 high end) and the label. Ranks are written as
        percentiles without the sign, times uniform as "2x" with the multiplication sign. When both limits are equal there is one
        tick in the middle.

    Raises
    ------
    OptionError
        When the scale is not known or the limits cannot be.
    """
    chosen = DisplayScale(scale)
    low, high = check_limits(chosen, limits)
    if low == high:
        return [(0.5, _written(chosen, [low])[0])]
    ticks = (_round_on_log if chosen is DisplayScale.LOG else _round_numbers)(low, high, n)
    positions = place_in_limits(ticks, chosen, (low, high))
    return list(zip(map(float, positions), _written(chosen, ticks), strict=True))


def ticks_with_ends(scale: DisplayScale | str, limits: Limits, n: int = 5) -> list[tuple[float, str]]:
    """Return :func:`color_bar_ticks` and the two limits at the ends, for which round numbers make room."""
    chosen, ticks = DisplayScale(scale), color_bar_ticks(scale, limits, n)
    low, high = check_limits(chosen, limits)
    if low == high:
        return ticks
    if chosen is DisplayScale.LOG:
        ends = [float(f"{end:.2g}") for end in (low, high)]
    else:  # to a hundredth of the range, or a few: more digits are not seen in the colors
        decimals = 1 - math.floor(math.log10(high - low))
        ends = [round(end, decimals) for end in (low, high)]
    first, last = _written(chosen, ends)
    if first == last:
        return ticks
    between = [(place, label) for place, label in ticks if _ROOM <= place <= 1 - _ROOM]
    return [(0.0, first), *between, (1.0, last)]


def _round_numbers(low: float, high: float, n: int) -> list[float]:
    """Return the multiples of a step of 1, 2, 2.5 or 5 times a power of ten that lie in the range, about ``n``."""
    rough = (high - low) / max(n - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * min((f for f in (1, 2, 2.5, 5, 10) if f * power >= rough * 0.999), default=10)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def _round_on_log(low: float, high: float, n: int) -> list[float]:
    """Return decades, filled with 2 and 5 or with all digits where decades alone are too few; the ends when nothing fits."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks: list[float] = []
    for digits in ((1,), (1, 3), (1, 2, 5), tuple(range(1, 10))):
        ticks = [d * 10.0**e for e in exponents for d in digits if low * 0.999 <= d * 10.0**e <= high * 1.001]
        if len(ticks) >= max(n - 1, 2):
            break
    if len(ticks) < 2:
        return [low, high]
    every = math.ceil(len(ticks) / (n + 1))
    return ticks[::every]


def _written(scale: DisplayScale, ticks: list[float]) -> list[str]:
    digits = _digits_needed(ticks)
    plain = max(digits, 6)  # fewer would turn 12500 into 1.25e+04
    if scale is DisplayScale.RANK:
        return [f"{100 * tick:.{plain}g}" for tick in ticks]
    if scale is DisplayScale.TIMES_UNIFORM:
        return [f"{tick:.{plain}g}×" for tick in ticks]
    sizes = np.abs(ticks)
    shown = sizes.min() if scale is DisplayScale.LOG else sizes.max()
    if shown and not _SMALLEST_PLAIN <= shown < _LARGEST_PLAIN:
        return [_short_power(tick, digits) for tick in ticks]
    return [f"{tick:.{plain}g}" for tick in ticks]


def _digits_needed(ticks: list[float]) -> int:
    """Return how many significant digits tell neighbouring ticks apart to a hundredth of their distance."""
    distance = min(np.diff(ticks), default=0.0) if len(ticks) > 1 else abs(ticks[0])
    for digits in range(3, 16):
        if all(abs(float(f"{tick:.{digits}g}") - tick) <= distance / 100 for tick in ticks):
            return digits
    return 16


def _short_power(value: float, digits: int) -> str:
    """Write 0.00025 as 2.5e-4."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{float(mantissa):.{digits}g}e{int(exponent)}" if value else "0"
