"""Work in parts that are short enough for the user to cancel between them."""

import time
from collections.abc import Callable

import torch
from torch import Tensor

Tick = Callable[[int, int], None]
"""Hears of the number of blocks done and of all; may raise to stop."""

_LARGEST_FLOP = 1e11
"""Half a second of matrix products on a small CPU."""
_PAUSE_S = 0.25


class Pace:
    """Counts blocks, and lets the listener hear of them again between the parts of a block, some times a second."""

    def __init__(self, tick: Tick | None, total: int) -> None:
        self._tick = tick
        self._total = total
        self._done = 0
        self._last = 0.0

    def reach(self, done: int) -> None:
        """Say that ``done`` blocks are done."""
        self._done = done
        self._last = 0.0
        self()

    def __call__(self) -> None:
        """Let the listener stop the work, not more often than some times a second."""
        now = time.monotonic()
        if self._tick is not None and now - self._last >= _PAUSE_S:
            self._last = now
            self._tick(self._done, self._total)


def by_rows(work: Callable[[Tensor], Tensor], x: Tensor, *, parameters: int, pace: Callable[[], None] | None) -> Tensor:
    """Do work that treats each token by itself, (1, n, C) to (1, n, C'), in parts where it would take long on the CPU.

    ``parameters`` is how many numbers each token is multiplied with. The parts also keep the memory for what lies between small.
    """
    rows = max(int(_LARGEST_FLOP // (2 * parameters)), 256)
    if torch.is_grad_enabled() or x.device.type != "cpu" or x.shape[1] <= rows:
        if pace is not None:
            pace()
        return work(x)
    done = []
    for part in x.split(rows, dim=1):
        if pace is not None:
            pace()
        done.append(work(part))
    return torch.cat(done, dim=1)
