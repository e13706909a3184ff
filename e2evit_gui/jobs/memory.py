"""Keep free memory small: what a slide or a figure took is free afterwards, but still in the program's hands."""

import ctypes
from collections.abc import Callable
from functools import cache

HEAPS = 2
"""glibc makes eight for each core and never gives one up whose last page is in use: 20 to 90 MB a day."""

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


@cache
def _of_glibc(name: str) -> Callable[..., int] | None:
    """Return a function of the C library; glibc alone has these, and is alone in keeping so much."""
    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
    return found


def share_heaps() -> bool:
    """Have all threads allocate from a few heaps, so that one thread takes what another left.

    Call it before the first threads. Say whether there was a way to: only glibc has a heap for each thread.
    """
    limit = _of_glibc("mallopt")
    return limit is not None and bool(limit(_ARENA_MAX, HEAPS))


def give_back() -> bool:
    """Give free memory back; takes some 20 ms, so call it in a thread. Say whether there was a way to."""
    trim = _of_glibc("malloc_trim")
    if trim is None:
        return False
    trim(0)
    return True
