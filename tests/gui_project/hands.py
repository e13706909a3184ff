"""Hands of a user for whole days in the window, without pytest: wait, answer file dialogs, click, draw."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QFileDialog

PATIENCE_S = 60.0


def until(condition: Callable[[], bool], what: str, *, patience_s: float = PATIENCE_S) -> None:
    """Let the window live until a condition holds; ``what`` is said when it never does."""
    if condition():
        return
    loop, looks, patience = QEventLoop(), QTimer(), QTimer()
    looks.timeout.connect(lambda: loop.quit() if condition() else None)
    patience.timeout.connect(loop.quit)
    looks.start(10)
    patience.start(round(patience_s * 1000))
    loop.exec()
    looks.stop()
    assert condition(), f"waited in vain for: {what}"


def at_rest(window) -> bool:
    """Say whether nothing runs for slide, project, regions and pictures."""
    projects = window.projects
    return not (
        projects.presenter.busy
        or projects.presenter.looking
        or projects.pictures.busy
        or projects.opened_slide.busy
        or projects.queue.running
        or projects.queue.waiting
        or window.slides.busy
        or window.models.running
        or window.models.recognising
    )


def rest(window) -> None:
    until(lambda: at_rest(window), "the window to be at rest")


@contextmanager
def answering(answer: str) -> Iterator[None]:
    """Answer every file dialog with a path, as if it had been chosen there."""
    asked = {
        "getOpenFileName": (answer, ""),
        "getOpenFileNames": ([answer], ""),
        "getSaveFileName": (answer, ""),
        "getExistingDirectory": answer,
    }
    before = {name: getattr(QFileDialog, name) for name in asked}
    for name, said in asked.items():
        setattr(QFileDialog, name, staticmethod(lambda *_args, said=said, **_named: said))
    try:
        yield
    finally:
        for name, function in before.items():
            setattr(QFileDialog, name, function)


def let_go() -> None:
    """Delete what was left to be deleted later, as the event loop of the program does."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()
