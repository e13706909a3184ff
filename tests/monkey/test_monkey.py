import gc
import time

import pytest
from PySide6.QtCore import QTimer

from tests.gui_project.hands import until
from tests.gui_project.working_day import write_model
from tests.monkey.session import play
from tests.monkey.watchdog import Watchdog, held_back

COARSE_S = 2.0
"""What counts as a freeze while other tests and the measuring of coverage run beside: the figure of the proof is 0.2 s."""


def burn(seconds):
    """Work for so much processor time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@pytest.fixture
def watchdog(qtbot):
    made = Watchdog()
    made.begin()
    yield made
    made.end()


def after(act):
    """Do something in the event loop, and wait until it was done."""
    done = []
    QTimer.singleShot(0, lambda: done.append(act()))
    until(lambda: bool(done), "the act")


@pytest.mark.parametrize(("act", "worked"), [(lambda: burn(0.4), 0.4), (lambda: time.sleep(0.4), 0.0)])
def test_a_freeze_is_seen_whether_the_thread_works_or_waits(watchdog, act, worked):
    watchdog.doing = "the act"
    after(act)
    watchdog.end()
    (freeze,) = watchdog.freezes
    assert freeze.own >= 0.39
    assert freeze.worked == pytest.approx(worked, abs=0.1)
    assert freeze.doing == "the act"
    assert any("test_monkey.py" in stack for stack in freeze.stacks)


def test_a_freeze_says_how_much_of_it_was_the_garbage_collector(watchdog):
    def act():
        until_s = time.monotonic() + 0.3
        while time.monotonic() < until_s:
            gc.collect()

    after(act)
    watchdog.end()
    (freeze,) = watchdog.freezes
    assert freeze.collected > freeze.worked / 2
    assert f"{freeze.collected:.2f} garbage collected" in str(freeze)


@pytest.mark.skipif(not held_back(), reason="this system does not say how long a thread was held back")
def test_what_the_system_held_back_is_no_freeze(watchdog, monkeypatch):
    from tests.monkey import watchdog as module

    began = time.monotonic()
    # as if nothing had let this thread run all the time
    monkeypatch.setattr(module, "held_back", lambda: {watchdog._native: time.monotonic() - began})
    watchdog.forgive()
    after(lambda: time.sleep(0.4))
    watchdog.end()
    assert watchdog.freezes == []
    assert watchdog.excused == 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102])
def test_five_hundred_events_of_any_kind_leave_the_window_as_it_should_be(qapp, tmp_path, seed):
    write_model(tmp_path / "model")
    found = play(tmp_path / "play", tmp_path / "model", seed, 500, frozen_s=COARSE_S)
    assert found.events == 500
    assert found.faults == []
    assert [str(freeze) for freeze in found.freezes] == []
    assert {"MainWindow", "QMenu"} <= found.seen
    assert len(found.seen) >= 4, "it gets about"
