import sys

import pytest

from e2evit_gui.jobs.loading import Loader

NAMES = ("loaded_later", "loaded_never")


@pytest.fixture
def modules(tmp_path, monkeypatch):
    (tmp_path / "loaded_later.py").write_text("import threading\nTHREAD = threading.current_thread()\n")
    (tmp_path / "loaded_never.py").write_text("raise RuntimeError('broken')\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in NAMES:
        sys.modules.pop(name, None)


def test_modules_are_imported_in_a_thread_and_then_it_goes_on_in_the_windows(qtbot, modules):
    import threading

    loader, acts = Loader(), []
    loader.then(["loaded_later"], lambda: acts.append(threading.current_thread()))
    assert acts == []
    assert loader.busy
    qtbot.waitUntil(lambda: bool(acts), timeout=5_000)
    assert acts == [threading.current_thread()]
    assert sys.modules["loaded_later"].THREAD is not threading.current_thread()
    loader.then(["loaded_later"], lambda: acts.append("at once"))
    assert acts[1:] == ["at once"]


def test_the_newest_wish_counts_and_a_failure_is_told(qtbot, modules):
    loader, acts, failures = Loader(), [], []
    loader.failed.connect(failures.append)
    loader.then(["loaded_later"], lambda: acts.append("first"))
    loader.then(["loaded_later", "json"], lambda: acts.append("second"))
    qtbot.waitUntil(lambda: bool(acts), timeout=5_000)
    loader.then(["loaded_never"], lambda: acts.append("never"))
    qtbot.waitUntil(lambda: bool(failures), timeout=5_000)
    assert acts == ["second"]
    assert failures[0].message == "Something went wrong that should not: RuntimeError."
