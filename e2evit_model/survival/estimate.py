"""A figure with its interval and how it was made, or the reason why there is none. "Not estimable" is said, never stored as 0."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One figure.

    ``value`` is ``None`` when it cannot be estimated, and ``reason`` then says why in a sentence. ``low`` and ``high`` are the
    ends of the interval that ``interval`` names. ``method`` and ``library`` say how it was computed; ``detail`` holds counts.
    """

    name: str
    value: float | None
    patients: int
    events: int
    method: str
    library: str = ""
    low: float | None = None
    high: float | None = None
    interval: str = ""
    reason: str = ""
    detail: Mapping[str, float] = field(default_factory=dict)

    @property
    def estimable(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def with_interval(self, ends: tuple[float, float] | None, what: str) -> Self:
        """Return the estimate with an interval, or as it is when there is none."""
        return self if ends is None else replace(self, low=ends[0], high=ends[1], interval=what)

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "name": self.name,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "interval": self.interval,
            "reason": self.reason,
            "patients": self.patients,
            "events": self.events,
            "method": self.method,
            "library": self.library,
            "detail": dict(self.detail),
        }

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.name}: not estimable ({self.reason})"
        ends = "" if self.low is None or self.high is None else f" ({self.low:.3f} to {self.high:.3f})"
        return f"{self.name}: {self.value:.3f}{ends}"


def finite_or_none(value: float) -> float | None:
    """Return a number, or ``None`` for what is none."""
    return float(value) if math.isfinite(value) else None


def scikit_survival() -> str:
    """Return the name and version of the library that computes."""
    return f"scikit-survival {version('scikit-survival')}"
