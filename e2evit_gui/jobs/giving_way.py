"""Work behind the window: where cores are few, the window's frames come first."""

import os
import sys
import threading

import psutil

NICENESS = 5
"""A quarter of a core where both want it: enough for frames, while an analysis still gets on beside other programs."""

SWITCH_S = 0.001
"""The interpreter's own 5 ms, waited for at each of a hundred calls into Qt beside a thread that computes, is half a second."""


def process_gives_way() -> None:
    """Let the windows on this desktop come before this process; it gets whatever they leave."""
    process = psutil.Process()
    if sys.platform == "win32":
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        process.nice(max(process.nice(), NICENESS))  # stepping forward is not allowed to everybody


def thread_gives_way() -> None:
    """Let the window's thread, and those of Qt that scale pictures for it, come before this thread.

    Only Linux gives a thread a niceness of its own.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(os.getpriority(os.PRIO_PROCESS, thread), NICENESS))


def threads_give_way() -> None:
    """Let every thread of this program hand the interpreter over soon after the window's thread has asked for it."""
    sys.setswitchinterval(SWITCH_S)
