"""Work in threads that can be cancelled: decoders and numpy release the interpreter, so threads share the cores."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TypeVar

import psutil

Unit = TypeVar("Unit")

THREADS_VARIABLE = "E2EVIT_THREADS"

_SECONDS_BETWEEN_REPORTS = 0.1
_LONGEST_SECONDS_BETWEEN_REPORTS = 0.25


UNITS_AHEAD = 4
"""So many units are fetched ahead at a time: enough for reads that are long, since every read of a distant file takes a while."""


def units_to_fetch(number: int, units: int) -> range:
    """Return the units whose data is to be fetched when unit ``number`` is begun: those after the next, some at a time."""
    if number % UNITS_AHEAD:
        return range(0)
    first = number + UNITS_AHEAD if number else 0
    return range(first, min(number + 2 * UNITS_AHEAD, units))


def usable_cores() -> int:
    """Return how many cores this process may use: what the system allows, at most ``$E2EVIT_THREADS``."""
    process = psutil.Process()
    # macOS does not tell
    allowed = len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else psutil.cpu_count() or 1
    chosen = os.environ.get(THREADS_VARIABLE, "")
    return min(allowed, int(chosen)) if chosen.isdecimal() and int(chosen) > 0 else allowed


def in_threads(
    units: Iterable[Unit],
    work: Callable[[Unit, threading.Event], None],
    *,
    threads: int,
    report: Callable[[], None],
) -> None:
    """Call ``work(unit, stop)`` for every unit, and ``report()`` meanwhile, some times a second, from the caller's thread.

    Whatever ``work`` or ``report`` raises ends the whole: ``stop`` is set, for work to look at between its steps, no further unit
    is begun, and the exception goes on once every thread has come to its end.
    """
    stop = threading.Event()
    reported = time.monotonic()
    with ThreadPoolExecutor(threads, thread_name_prefix="strip") as pool:
        waiting = {pool.submit(work, unit, stop) for unit in units}
        try:
            while waiting:
                finished, waiting = wait(waiting, timeout=_LONGEST_SECONDS_BETWEEN_REPORTS, return_when=FIRST_COMPLETED)
                for future in finished:
                    future.result()
                if not waiting or not finished or time.monotonic() - reported > _SECONDS_BETWEEN_REPORTS:
                    report()
                    reported = time.monotonic()
        finally:
            stop.set()
            for future in waiting:
                future.cancel()
