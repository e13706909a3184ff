"""Jobs in processes of our own: given up in their middle, whatever keeps the caller from waiting."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from e2evit_model.errors import Cancelled
from e2evit_model.processes import own_or_given, run_jobs, until_given_up

FAR = 3600.0


def _long(mark: Path, *, progress) -> str:
    """Work until told to stop, an hour at most; leave a mark at the beginning and another one when stopped."""
    mark.touch()
    end = time.monotonic() + FAR
    while time.monotonic() < end:
        try:
            progress("Working", 0, 1)
        except Cancelled:
            mark.with_suffix(".stopped").touch()
            raise
    return "whole"


def _short(mark: Path, *, progress) -> str:
    progress("Working", 0, 1)
    return mark.name


@pytest.mark.parametrize("leaving", [Cancelled, KeyboardInterrupt])
def test_a_pool_that_is_given_up_stops_its_jobs_in_their_middle(leaving, tmp_path):
    marks = [tmp_path / name for name in "abc"]

    def tick(done):
        if sum(mark.exists() for mark in marks) == 2:
            raise leaving

    def run():
        with own_or_given(None, 2) as pool:
            work = partial(_long, progress=until_given_up)
            run_jobs(pool, work, marks, heard=lambda job, result: None, tick=tick)

    with pytest.raises(leaving):
        run()
    begun = [mark for mark in marks if mark.exists()]
    assert len(begun) >= 2
    assert all(mark.with_suffix(".stopped").exists() for mark in begun)


def test_a_pool_that_is_not_given_up_stops_nothing(tmp_path):
    found = {}
    jobs = [tmp_path / str(number) for number in range(5)]
    with own_or_given(None, 2) as pool:
        work = partial(_short, progress=until_given_up)
        run_jobs(pool, work, jobs, heard=lambda job, result: found.update({job: result}), tick=lambda done: None)
    assert found == {job: job.name for job in jobs}


def test_an_executor_of_the_caller_stays_open_and_its_jobs_hear_nothing(tmp_path):
    def leave(executor):
        with own_or_given(executor, 9) as pool:
            assert pool is executor
            raise Cancelled

    with ThreadPoolExecutor(1) as given:
        with pytest.raises(Cancelled):
            leave(given)
        assert given.submit(_short, tmp_path / "x", progress=until_given_up).result() == "x"
