"""Give free memory back to the system: what a slide or a figure took is free afterwards, but still in the program's hands."""

import ctypes
from collections.abc import Callable
from functools import cache


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
