"""Run picklable jobs on an executor: the caller's, or processes of our own that end when we end."""

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

log = logging.getLogger(__name__)

Job = TypeVar("Job")
Result = TypeVar("Result")

SECONDS_BETWEEN_LOOKS = 0.5


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


@contextmanager
def own_or_given(executor: Executor | None, workers: int) -> Iterator[Executor]:
    """Give the caller's executor, which stays open, or spawned processes that are closed at the end."""
    if executor is not None:
        yield executor
        return
    # spawned, not forked: torch and OpenSlide do not survive a fork with threads
    context = multiprocessing.get_context("spawn")
    own = ProcessPoolExecutor(workers, mp_context=context, initializer=end_with_parent)
    try:
        yield own
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
