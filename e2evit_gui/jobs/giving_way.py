"""Work behind the window: where cores are few, the window's frames come first."""

import os
import sys
import threading

import psutil

NICENESS = 10


def process_gives_way() -> None:
    """Let the windows on this desktop come before this process; it gets whatever they leave."""
    process = psutil.Process()
    if sys.platform == "win32":
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        process.nice(max(process.nice(), NICENESS))  # stepping forward is not allowed to everybody


def thread_gives_way() -> None:
    """Let the window's thread, and those of Qt that scale pictures for it, come before this thread.

    Frames of a zoom over tiles that are being read take a sixth less. Only Linux gives a thread a niceness of its own.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(os.getpriority(os.PRIO_PROCESS, thread), NICENESS))
