"""What the tests ask of the model's process: to succeed, fail, wait, ignore, die."""

import os
import signal
import sys
import time

import psutil

from e2evit_model.errors import SlideError

_calls = []


def add(a, b, *, progress):
    """Return the sum, and how often this process was asked."""
    _calls.append(1)
    for done in range(3):
        progress("Adding", done, 2)
    return a + b, len(_calls)


def niceness(*, progress):
    """Return how far this process stands back."""
    return psutil.Process().nice()


def refuse(*, progress):
    """Fail as with bad input."""
    raise SlideError("The file is empty.", hint="Copy it again.")


def stumble(*, progress):
    """Fail as by a fault of ours."""
    raise ZeroDivisionError("nobody foresaw this")


def wait_politely(*, progress):
    """Go on until cancelled."""
    while True:
        progress("Waiting", 0, 0)
        time.sleep(0.01)


def wait_deafly(*, progress):
    """Never listen."""
    progress("Deaf", 0, 0)
    time.sleep(60)


def leave(*, progress):
    """End the process without a word."""
    os._exit(7)


def be_killed(*, progress):
    """End as by the system's lack of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def modules(*, progress):
    """Return the names of all loaded modules."""
    return sorted(sys.modules)


class _Unreadable:
    def __reduce__(self):
        return _explode, ()


def _explode():
    raise ValueError("cannot be read back")


def send_nonsense(*, progress):
    """Return what the window cannot read back."""
    return _Unreadable()


def die_at_work(path, settings, choice, *, progress):
    """Stand where the analysis is, and end the process."""
    progress("Working", 0, 1)
    os._exit(9)


def work_until_cancelled(path, settings, choice, *, progress):
    """Stand where the analysis is, and go on until cancelled."""
    while True:
        progress("Working", 0, 0)
        time.sleep(0.01)


def need_too_much_memory(path, settings, choice, *, progress):
    """Stand where the analysis is, and ask for more memory than there is."""
    progress("Working", 0, 1)
    return bytearray(1 << 62)
