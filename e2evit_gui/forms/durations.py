"""Durations in the unit that fits them, and how long something will take."""

import time

_SOONEST_S = 1.0  # no time left is told before: the first parts say little
_LEAST_SHARE = 0.03


def written_seconds(seconds: float, *, fine: bool = False) -> str:
    """Write a duration in seconds, minutes, hours or days; ``fine`` keeps the tenths of what was measured below ten seconds."""
    if fine and seconds < 10:
        return f"{max(seconds, 0.01):.2f} s" if seconds < 1 else f"{seconds:.1f} s"
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} days"


class TimeLeft:
    """How long a step will take, from how it went so far; what was done before it began does not count as speed."""

    def __init__(self) -> None:
        self._step = ""
        self._began = 0.0
        self._first = self._total = 0

    def seconds(self, step: str, done: int, total: int) -> float | None:
        """Return the seconds left of a step, ``None`` while that cannot be said."""
        if step != self._step or total != self._total or done < self._first:
            self._step, self._total, self._first, self._began = step, total, done, time.monotonic()
        spent, parts = time.monotonic() - self._began, done - self._first
        if total <= 0 or parts < _LEAST_SHARE * (total - self._first) or parts <= 0 or spent < _SOONEST_S:
            return None
        return spent * (total - done) / parts

    def forget(self) -> None:
        """Take note that nothing runs."""
        self._step = ""
