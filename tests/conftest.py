"""Fixtures for all tests: folders of their own, the offscreen platform, the real material where it is at hand."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what a test caches, decides and stores away from the user's own folders."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("E2EVIT_CACHE", str(folder))
    for name in ("CONFIG", "DATA"):
        monkeypatch.setenv(f"E2EVIT_{name}", str(tmp_path_factory.mktemp(name.lower())))
    return folder


@pytest.fixture(autouse=True)
def deleted_where_it_was_made() -> Iterator[None]:
    """Let Qt delete what a test closed before the next begins, and not the garbage collector in the midst of another test.

    pytest-qt only asks Qt to delete a window later, which is when some event loop runs again; a collection that finds it before
    takes its hundreds of objects apart in any order, and that crashed.
    """
    yield
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real test material; skip where it is missing."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real test material (../shared/data) is not here")
    return SHARED_DATA
