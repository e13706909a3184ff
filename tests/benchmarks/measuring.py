"""Interleaved timing, peak memory, and the row of the table."""

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

REPEATS = 5
GATE = 0.7  # of the target: under it the quick run fails


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table. ``ratio`` is how many times better ours is than what stands beside it, unless ``unit`` says else.

    ``target`` is what the ratio should reach; ``lower_is_better`` turns the comparison. ``why`` explains a row that could not be
    run, or one that misses its target.
    """

    id: str
    case: str
    ours: float | None = None
    beside: float | None = None
    beside_name: str = ""
    ratio: float | None = None
    target: float | None = None
    unit: str = "s"
    spread: float | None = None
    peak_mb: float | None = None
    lower_is_better: bool = False
    why: str = ""

    @property
    def met(self) -> bool:
        """Whether the target is reached; a row that was not run is not met."""
        return self.reaches(1.0)

    def reaches(self, share: float) -> bool:
        """Whether a share of the target is reached."""
        if self.ratio is None or self.target is None:
            return False
        return self.ratio <= self.target / share if self.lower_is_better else self.ratio >= self.target * share


@dataclass(frozen=True)
class Timing:
    """Seconds of each contestant (median), and the spread of the ratio of each to the first: (largest - smallest) / median."""

    seconds: dict[str, float]
    ratios: dict[str, float]
    spreads: dict[str, float]


def interleaved(contestants: dict[str, Callable[[], object]], *, repeats: int = REPEATS, warm: bool = True) -> Timing:
    """Time contestants in turn, over and over; ratios are of the same round, the first contestant's time below."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    if warm:
        for work in contestants.values():
            work()
    for _ in range(repeats):
        for name, work in contestants.items():
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    first = next(iter(contestants))
    ratios = {name: [t / f for t, f in zip(times, seconds[first], strict=True)] for name, times in seconds.items()}
    medians = {name: statistics.median(values) for name, values in ratios.items()}
    return Timing(
        {name: statistics.median(times) for name, times in seconds.items()},
        medians,
        {name: (max(values) - min(values)) / medians[name] for name, values in ratios.items()},
    )


class PeakMemory:
    """Memory of this process above what it was at the beginning, looked at every 10 ms."""

    def __enter__(self) -> "PeakMemory":
        self._process = psutil.Process()
        self._before = self._highest = self._process.memory_info().rss
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def _watch(self) -> None:
        while not self._stop.wait(0.01):
            self._highest = max(self._highest, self._process.memory_info().rss)

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._watcher.join()

    @property
    def megabytes(self) -> float:
        """The peak above the beginning."""
        return (self._highest - self._before) / 2**20
