import subprocess
import sys
import textwrap

import pytest

from e2evit_gui.jobs.memory import HEAPS, give_back
from e2evit_gui.main_window import memory as module
from tests.gui.conftest import settle

USED = textwrap.dedent(
    """
    import psutil
    from e2evit_gui.jobs.memory import give_back
    import numpy as np
    rss = lambda: psutil.Process().memory_info().rss >> 20
    # blocks below the size that glibc takes from the system one by one; every hundredth stays and pins what is around it
    blocks = [np.ones(12_000) for _ in range(2_000)]
    kept = blocks[::100]
    full = rss()
    del blocks
    before = rss()
    give_back()
    print(full, before, rss())
    """
)


HEAPS_MADE = textwrap.dedent(
    """
    import ctypes, sys, threading
    from e2evit_gui.main_window.start import prepare_process
    if sys.argv[1:]:
        prepare_process()
    all_there = threading.Barrier(12)
    def take():
        all_there.wait()
        kept = [bytearray(1_000) for _ in range(1_000)]
        all_there.wait()
    threads = [threading.Thread(target=take) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ctypes.CDLL(None).malloc_stats()
    """
)


def heaps_made(*words):
    done = subprocess.run([sys.executable, "-c", HEAPS_MADE, *words], capture_output=True, text=True, check=True)
    return done.stderr.count("Arena ")


@pytest.mark.skipif(not give_back(), reason="only glibc has a heap for each thread")
def test_threads_of_the_program_share_their_heaps():
    assert heaps_made() > HEAPS, "the C library keeps to a few by itself: this is needed no longer"
    assert heaps_made("prepared") <= HEAPS


@pytest.mark.skipif(not give_back(), reason="only glibc keeps so much, and can be asked to give it back")
def test_what_was_let_go_of_goes_back_to_the_system():
    done = subprocess.run([sys.executable, "-c", USED], capture_output=True, text=True, check=True)
    full, before, after = map(int, done.stdout.split())
    assert before > full - 50, "the C library gave it back by itself: this module is needed no longer"
    assert after < before - 100


def test_a_closed_slide_is_followed_by_giving_back(qtbot, opened, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "give_back", lambda: asked.append(1))
    settle(qtbot, opened)
    opened.commands.close_slide.trigger()
    assert opened.memory.busy
    qtbot.waitUntil(lambda: not opened.memory.busy, timeout=5_000)
    assert asked == [1]
