"""Progress on a terminal: one bar a step with time left; silent in a pipe."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Never

from tqdm import tqdm

from e2evit_model.progress import Cancelled, Progress


class _Bars:
    """One bar at a time; a new step closes the one before."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._bar: tqdm[Never] | None = None
        self._step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self._step:
            self.close()
            self._step = step
            self._bar = tqdm(
                total=total or None,
                desc=step,
                file=sys.stderr,
                leave=True,
                dynamic_ncols=True,
                disable=None,
                initial=done,  # what an earlier download brought must not count as speed
                unit=self._unit,
                unit_scale=self._unit == "B",
            )
            return
        if self._bar is None:
            return
        if total and self._bar.total != total:
            self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@contextmanager
def progress_bars(*, unit: str = "it") -> Iterator[Progress]:
    """Give a progress callable that draws bars on stderr when that is a terminal; ``unit="B"`` writes bytes as MB and GB."""
    bars = _Bars(unit)
    try:
        yield bars
    finally:
        bars.close()


@contextmanager
def stoppable_bars() -> Iterator[Progress]:
    """Give bars at which the first Ctrl+C stops the work in good order, at its next step; a second one stops it at once.

    For work of several processes, that hear from a progress callable that raises ``Cancelled`` that they are to end.
    """
    asked = threading.Event()

    def heard(_number: int, _frame: FrameType | None) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    with progress_bars() as bars:

        def progress(step: str, done: int, total: int) -> None:
            if asked.is_set():
                raise Cancelled
            bars(step, done, total)

        before = signal.signal(signal.SIGINT, heard)
        try:
            yield progress
        finally:
            signal.signal(signal.SIGINT, before)
