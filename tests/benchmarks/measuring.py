"""Interleaved timing, peak memory, and the row of the table."""

import multiprocessing
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import psutil

REPEATS = 5
GATE = 0.7  # of the target: under it the quick run fails


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table. ``ratio`` is how many times better ours is than what stands beside it, unless ``unit`` says else.

    ``target`` is what the ratio should reach; ``lower_is_better`` turns the comparison. ``cpu_ratio`` is the same ratio in
    processor time, which other programs on the machine change less. ``peak_mb`` is memory above that of the started program.
    ``gate`` says whether the quick run fails for it: what is no ratio depends on the machine. ``gate_target`` is
    what it takes its share of where that is not the target. ``why`` explains a row that could not be run, or one that misses its
    target. ``curve`` has the sizes that an exponent was found from, each with its seconds and peak MB.
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
    cpu_ratio: float | None = None
    peak_mb: float | None = None
    lower_is_better: bool = False
    gate: bool = True
    gate_target: float | None = None
    why: str = ""
    curve: tuple[tuple[int, float, float], ...] = ()

    @property
    def met(self) -> bool:
        """Whether the target is reached; a row that was not run is not met."""
        return self._reaches(self.target)

    @property
    def fails_gate(self) -> bool:
        """Whether the row was run, counts for the gate, and is under its share of the target."""
        if not self.gate or self.ratio is None or self.target is None:
            return False
        return not self._reaches((self.target if self.gate_target is None else self.gate_target), GATE)

    def _reaches(self, target: float | None, share: float = 1.0) -> bool:
        if self.ratio is None or target is None:
            return False
        return self.ratio <= target / share if self.lower_is_better else self.ratio >= target * share


@dataclass(frozen=True)
class Timing:
    """What contestants took, by name: seconds (median), and ratios to the first contestant's time of the same round.

    ``ratios`` are medians over the rounds, ``spreads`` (largest - smallest) / median, ``cpu_ratios`` of processor time.
    """

    seconds: dict[str, float]
    ratios: dict[str, float]
    spreads: dict[str, float]
    cpu_ratios: dict[str, float]

    def beside(self, name: str) -> dict[str, Any]:
        """Return the fields of a row that do not depend on what was measured."""
        return {"beside_name": name, "spread": self.spreads[name], "cpu_ratio": self.cpu_ratios[name]}


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


def interleaved(
    contestants: dict[str, Callable[..., object]],
    *,
    prepare: dict[str, Callable[[], AbstractContextManager[Any]]] | None = None,
    repeats: int = REPEATS,
    warm: bool = True,
) -> Timing:
    """Time contestants in turn, over and over.

    ``prepare`` gives what a contestant works on, anew for each round and outside of its time; it is handed to the contestant.
    """
    wall: dict[str, list[float]] = {name: [] for name in contestants}
    cpu: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(repeats + warm):
        for name, work in contestants.items():
            with (prepare or {}).get(name, _nothing)() as given:
                began, began_cpu = time.perf_counter(), time.process_time()
                work(*(() if given is None else (given,)))
                took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
            if number >= warm:
                wall[name].append(took)
                cpu[name].append(took_cpu)
    first = next(iter(contestants))
    ratios = {name: _by_round(times, wall[first]) for name, times in wall.items()}
    medians = {name: statistics.median(values) for name, values in ratios.items()}
    return Timing(
        seconds={name: statistics.median(times) for name, times in wall.items()},
        ratios=medians,
        spreads={name: (max(values) - min(values)) / medians[name] for name, values in ratios.items()},
        cpu_ratios={name: statistics.median(_by_round(times, cpu[first])) for name, times in cpu.items()},
    )


def _by_round(times: list[float], first: list[float]) -> list[float]:
    return [mine / max(other, 1e-9) for mine, other in zip(times, first, strict=True)]


def in_plain_threads(work: Callable[[Any], object], items: list[Any], threads: int) -> None:
    """Call ``work`` for every item, each thread taking the next one; a pool's futures would cost as much as a tile."""
    left = iter(items)
    if threads == 1:
        for item in left:
            work(item)
        return
    faults: list[Exception] = []

    def run() -> None:
        try:
            for item in left:  # a list's iterator gives each item once, also to several threads
                work(item)
        except Exception as error:  # noqa: BLE001 - told by the caller's thread
            faults.append(error)

    running = [threading.Thread(target=run) for _ in repeat(None, threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if faults:
        raise faults[0]


class Alone(NamedTuple):
    """What work in a process of its own took. ``peak_mb`` is above what the process had before, ``whole_mb`` all of it."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    whole_mb: float


def run_alone(prepare: Callable[..., Callable[[], object]], *arguments: Any) -> Alone:
    """Measure ``prepare(*arguments)()`` in a process of its own.

    ``prepare`` is a function of a module that imports what is needed and returns the work.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        return alone.submit(_measure, prepare, arguments).result()


def peak_memory_mb(prepare: Callable[..., Callable[[], object]], *arguments: Any) -> float:
    """Return the peak memory of ``prepare(*arguments)()`` above what the process had before; see :func:`run_alone`."""
    return run_alone(prepare, *arguments).peak_mb


def _measure(prepare: Callable[..., Callable[[], object]], arguments: tuple[Any, ...]) -> Alone:
    work = prepare(*arguments)
    before, began, began_cpu = psutil.Process().memory_info().rss, time.perf_counter(), time.process_time()
    work()
    seconds, cpu_seconds, peak = time.perf_counter() - began, time.process_time() - began_cpu, _peak_bytes()
    return Alone(seconds, cpu_seconds, (peak - before) / 2**20, peak / 2**20)


def _peak_bytes() -> int:
    """Return the highest memory that this process ever had."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "linux":
        # getrusage tells the parent's peak where that was higher
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
