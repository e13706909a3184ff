"""The model's own process: waits for requests, runs them, sends progress and exactly one ending for each.

Never imports Qt. The model stays in memory from one request to the next.
"""

import contextlib
import importlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import Any

from e2evit_gui.jobs.failure import Failure, explain
from e2evit_gui.jobs.giving_way import process_gives_way
from e2evit_model.progress import Cancelled

_log = logging.getLogger(__name__)
_SHORTEST_PAUSE_S = 0.05  # between two progress messages of one step; more would only fill the pipe


@dataclass(frozen=True, kw_only=True)
class Request:
    """Call ``function`` ("package.module:name") with these arguments and ``progress=``."""

    function: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Ready:
    """The process has started and waits."""


@dataclass(frozen=True, kw_only=True)
class Progressed:
    """So much of a step is done."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A line for the window's log."""

    level: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The one ending of a request: ``result``, or a failure, or cancelled."""

    result: Any = None
    failure: Failure | None = None
    cancelled: bool = False


class _PipeHandler(logging.Handler):
    """Send what is logged at info and above to the window."""

    def __init__(self, send: Callable[[object], None]) -> None:
        super().__init__(logging.INFO)
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        """Send one line; a closed pipe is no reason to stop."""
        with contextlib.suppress(OSError, ValueError):
            self._send(Logged(level=record.levelno, text=record.getMessage()))


class _Progress:
    """The progress callable of a request: raises ``Cancelled`` when the window wishes, sends the rest on."""

    def __init__(self, send: Callable[[object], None], cancel: Event) -> None:
        self._send = send
        self._cancel = cancel
        self._step = ""
        self._last = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        if self._cancel.is_set():
            raise Cancelled
        now = time.monotonic()
        if step != self._step or done >= total or now - self._last >= _SHORTEST_PAUSE_S:
            self._step, self._last = step, now
            self._send(Progressed(step=step, done=done, total=total))


def _answer(request: Request, progress: _Progress) -> Ended:
    try:
        progress("Starting", 0, 0)
        module, name = request.function.split(":")
        function = getattr(importlib.import_module(module), name)
        return Ended(result=function(*request.arguments, progress=progress))
    except Cancelled:
        return Ended(cancelled=True)
    except Exception as error:  # noqa: BLE001 - the last line of the process: anything else would end it without a word
        return Ended(failure=explain(error))


def _leave_with_parent() -> None:
    """End this process when the window's process is gone, even in the middle of a calculation."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(3)


def serve(pipe: Connection, cancel: Event, preload: str = "") -> None:
    """Answer requests until ``None`` comes or the window is gone; import the module ``preload`` before the first one."""
    process_gives_way()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is the window's affair
    if hasattr(os, "getppid") and os.name == "posix":
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    lock = threading.Lock()

    def send(message: object) -> None:
        with lock:
            pipe.send(message)

    logging.getLogger("e2evit_model").setLevel(logging.INFO)
    logging.getLogger("e2evit_model").addHandler(_PipeHandler(send))
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        send(Ready())
        if preload:
            with contextlib.suppress(Exception):  # the request that needs it will say what is wrong
                importlib.import_module(preload)
        while (request := pipe.recv()) is not None:
            send(_answer(request, _Progress(send, cancel)))
