"""Run picklable jobs on an executor: the caller's, or processes of our own that end when we end."""

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import TypeVar

from e2evit_model.errors import Cancelled

log = logging.getLogger(__name__)

Job = TypeVar("Job")
Result = TypeVar("Result")

SECONDS_BETWEEN_LOOKS = 0.5

_stop: Event | None = None
"""In a worker of our own: set when its pool is given up."""


def end_with_parent() -> None:
    """Let this process end when the one that started it is gone, even when that one was killed: run once in each worker.

    Ctrl+C reaches every process of a terminal: that one decides, a worker does not stop in the middle of its job.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, name="end with parent", daemon=True).start()


def _begin_worker(stop: Event) -> None:
    global _stop  # noqa: PLW0603 - a worker has one pool
    _stop = stop
    end_with_parent()


def until_given_up(step: str, done: int, total: int) -> None:  # noqa: ARG001 - a ``Progress`` that tells nobody
    """Stop a job in its middle when the pool of our own that it runs in is given up: the ``Progress`` of such a job.

    Raises
    ------
    Cancelled
        When the one who waits for the results does not want them any more.
    """
    if _stop is not None and _stop.is_set():
        raise Cancelled


@contextmanager
def own_or_given(executor: Executor | None, workers: int) -> Iterator[Executor]:
    """Give the caller's executor, which stays open, or spawned processes that are closed at the end.

    When the caller leaves by an exception, jobs of our own processes that report to :func:`until_given_up` stop in their middle.
    """
    if executor is not None:
        yield executor
        return
    # spawned, not forked: torch and OpenSlide do not survive a fork with threads
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    own = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker, initargs=(stop,))
    try:
        yield own
    except BaseException:
        stop.set()
        raise
    finally:
        own.shutdown(wait=True, cancel_futures=True)


def run_jobs(
    executor: Executor,
    work: Callable[[Job], Result],
    jobs: Sequence[Job],
    *,
    heard: Callable[[Job, Result], None],
    tick: Callable[[int], None],
) -> None:
    """Run all jobs; tell each result as it comes, and tick at least twice a second with the number of jobs done.

    When ``tick`` or ``heard`` raises, jobs that have not begun are taken back.

    Raises
    ------
    Exception
        Whatever a job, ``heard`` or ``tick`` raises.
    """
    futures: dict[Future[Result], Job] = {executor.submit(work, job): job for job in jobs}
    waiting = set(futures)
    try:
        while waiting:
            done, waiting = wait(waiting, timeout=SECONDS_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
            for future in done:
                heard(futures[future], future.result())
            tick(len(futures) - len(waiting))
    except BaseException:
        for future in waiting:
            future.cancel()
        raise
