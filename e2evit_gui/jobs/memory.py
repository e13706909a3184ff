"""Keep free memory small: what a slide or a figure took is free afterwards, but still in the program's hands."""

import ctypes
from collections.abc import Callable
from functools import cache

HEAPS = 2
"""glibc makes eight for each core and never gives one up whose last page is in use: 20 to 90 MB a day."""

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def share_heaps() -> bool:
    """Have all threads allocate from a few heaps, so that one thread takes what another left.

    Call it before the first threads. Say whether there was a way to: only glibc has a heap for each thread.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_ARENA_MAX, HEAPS))
    except (AttributeError, OSError, TypeError):
        return False


@cache
def _trim() -> Callable[[int], int] | None:
    """Return the C library's ``malloc_trim``; glibc alone has it, and is alone in keeping so much."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None


def give_back() -> bool:
    """Give free memory back; takes some 20 ms, so call it in a thread. Say whether there was a way to."""
    trim = _trim()
    if trim is None:
        return False
    trim(0)
    return True
