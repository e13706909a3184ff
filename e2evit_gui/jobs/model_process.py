"""The window's end of the model's process: start it, ask, hear, stop; its death is a sentence, not an accident."""

import contextlib
import logging
import multiprocessing
import signal
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.model_child import Ended, Logged, Progressed, Ready, Request, serve

_log = logging.getLogger(__name__)

PATIENCE_MS = 1500
"""So long a cancelled request may take to stop by itself; then its process is ended, and started again when next needed."""

LOOK_EVERY_MS = 20
"""How often the inbox is looked into while the process is there."""

DIED = "The model's process ended unexpectedly{how}."
DIED_HINT = (
    "The slide and earlier results are untouched. The most frequent reason is too little memory: close other programs, "
    "or choose a smaller backbone, and run again."
)


class ModelProcess(QObject):
    """Run one request at a time in a process of its own, which stays warm in between.

    ``progressed``, and exactly one of ``succeeded``, ``failed`` (a ``Failure``) and ``cancelled`` a request, all in the window's
    thread. Cancelling takes at most two seconds: a request that does not hear is ended with its process.
    """

    progressed = Signal(str, int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None, *, preload: str = "") -> None:
        """Prepare; ``preload`` names a module that the process imports as soon as it starts."""
        super().__init__(parent)
        self._preload = preload
        self._request: Request | None = None
        self._context = multiprocessing.get_context("spawn")
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._cancel = self._context.Event()
        self._busy = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._lose_patience)
        self._inbox: SimpleQueue[object] = SimpleQueue()
        self._looks = QTimer(self)
        self._looks.setInterval(LOOK_EVERY_MS)
        self._looks.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether a request runs."""
        return self._busy

    @property
    def pid(self) -> int | None:
        """The process's number while it is there."""
        return self._process.pid if self._process is not None else None

    def ask(self, function: str, *arguments: Any) -> None:
        """Begin a request: call ``function`` ("package.module:name") there with these arguments."""
        if self._busy:
            raise RuntimeError("The model's process does one request at a time.")
        self._busy = True
        self._request = Request(function=function, arguments=arguments)
        self._send(self._request)

    def warm_up(self) -> None:
        """Start the process now, so that the first request finds everything imported."""
        if self._process is None:
            self._start()

    def _send(self, request: Request) -> None:
        self.warm_up()
        self._cancel.clear()
        if self._pipe is not None:
            with contextlib.suppress(OSError):  # a process that died in between is heard of by the reading thread
                self._pipe.send(request)

    def cancel(self) -> None:
        """Stop the running request; does nothing when none runs."""
        if self._busy:
            self._cancel.set()
            self._patience.start()

    def stop(self) -> None:
        """End the process, whatever it does; nothing is told of it."""
        self._patience.stop()
        self._busy = False
        self._end_process()

    def _start(self) -> None:
        self._cancel = self._context.Event()
        here, there = self._context.Pipe()
        process = self._context.Process(
            target=serve, args=(there, self._cancel, self._preload), name="e2evit-model", daemon=True
        )
        process.start()
        there.close()
        self._process, self._pipe = process, here
        _log.debug("model process %s started", process.pid)
        # an inbox of its own: the last words of a process that was given up are heard by nobody
        self._inbox = SimpleQueue()
        self._looks.start()
        threading.Thread(target=_listen, args=(process, here, self._inbox), name="model-pipe", daemon=True).start()

    def _look(self) -> None:
        """Hear all that has come since the last look."""
        while (process := self._process) is not None and not self._inbox.empty():
            self._hear(process, self._inbox.get())

    def _hear(self, process: BaseProcess, message: object) -> None:
        if isinstance(message, (Progressed, Ended)):
            self._request = None  # it has begun, so it is not asked again
        match message:
            case Progressed(step=step, done=done, total=total):
                if self._busy and not self._cancel.is_set():
                    self.progressed.emit(step, done, total)
            case Logged(level=level, text=text):
                _log.log(level, "%s", text)
            case Ended():
                self._end_request(message)
            case None:
                self._mourn(process)
            case Ready():
                _log.debug("model process %s is ready", process.pid)

    def _end_request(self, ended: Ended) -> None:
        self._patience.stop()
        if not self._busy:
            return
        self._busy = False
        if ended.cancelled or self._cancel.is_set():
            self.cancelled.emit()
        elif ended.failure is not None:
            self.failed.emit(ended.failure)
        else:
            self.succeeded.emit(ended.result)

    def _mourn(self, process: BaseProcess) -> None:
        process.join(1.0)
        code = process.exitcode
        self._end_process()
        if not self._busy:
            return
        request, self._request = self._request, None
        if request is not None and not self._cancel.is_set():
            # it had died before it heard of the request, so a new one is asked, once
            _log.info("The model's process had ended (code %s) and is started again", code)
            self._send(request)
            return
        self._patience.stop()
        self._busy = False
        if self._cancel.is_set():
            self.cancelled.emit()
            return
        _log.warning("The model's process ended with code %s", code)
        self.failed.emit(Failure(message=DIED.format(how=_how(code)), hint=DIED_HINT))

    def _lose_patience(self) -> None:
        if self._busy:
            self._end_process()
            self._busy = False
            self.cancelled.emit()

    def _end_process(self) -> None:
        self._looks.stop()
        process = self._process
        self._process = self._pipe = None  # the reading thread closes the pipe when it finds its end
        if process is not None:
            if process.is_alive():
                process.kill()
            process.join(2.0)


def _listen(process: BaseProcess, pipe: Connection, inbox: SimpleQueue[object]) -> None:
    """Read until the pipe ends; runs in a thread of its own, which knows no Qt object and so can outlive all of them."""
    while True:
        try:
            message = pipe.recv()
        except (EOFError, OSError):
            message = None
        except Exception:  # noqa: BLE001 - whatever cannot be read back must not leave the window waiting
            _log.exception("The model's process sent something that cannot be read")
            process.kill()
            message = None
        inbox.put(message)
        if message is None:
            pipe.close()
            return


def _how(code: int | None) -> str:
    if code is None:
        return ""
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return f" (stopped by the system, {name})"
    return f" (code {code})"
