"""Call a function in a process of its own from a thread that waits: for what may take all memory, or crash. No Qt here."""

import multiprocessing
from typing import Any

from e2evit_gui.jobs.model_child import Ended, Logged, Progressed, Request, serve
from e2evit_model.errors import E2EViTError
from e2evit_model.progress import Cancelled, Progress

LOOK_EVERY_S = 0.1

DIED = "The process that worked on this ended unexpectedly."
DIED_HINT = "The most frequent reason is too little memory: close other programs, and try again."


def call_apart(function: str, *arguments: Any, progress: Progress) -> Any:
    """Call ``function`` ("package.module:name") with these arguments and ``progress=`` in a new process, and return its result.

    Raises
    ------
    E2EViTError
        With the sentence of what went wrong there, or that the process ended unexpectedly.
    Cancelled
        By ``progress``; the process is ended then.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    stop = context.Event()  # held here: one that is freed before the new process has found it ends that process
    process = context.Process(target=serve, args=(there, stop), name="e2evit-apart", daemon=True)
    process.start()
    there.close()
    step, done, total = "", 0, 0
    try:
        here.send(Request(function=function, arguments=arguments))
        while True:
            if not here.poll(LOOK_EVERY_S):
                progress(step, done, total)  # so that a wish to stop is heard
                continue
            message = here.recv()
            if isinstance(message, Progressed):
                step, done, total = message.step, message.done, message.total
                progress(step, done, total)
            elif isinstance(message, Ended):
                return _result_of(message)
            elif isinstance(message, Logged):
                continue
    except (EOFError, OSError) as error:
        raise E2EViTError(DIED, hint=DIED_HINT) from error
    finally:
        here.close()
        if process.is_alive():
            process.kill()
        process.join()


def _result_of(ended: Ended) -> Any:
    if ended.cancelled:
        raise Cancelled
    if ended.failure is not None:
        raise E2EViTError(ended.failure.message, hint=ended.failure.hint)
    return ended.result
