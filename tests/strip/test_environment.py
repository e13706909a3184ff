"""What the environment may say: how much the cache holds, how many threads read."""

import psutil
import pytest

from e2evit_model.strip import cache
from e2evit_model.strip.workers import usable_cores


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ("5", 5 * 10**9),
        ("0.5", 5 * 10**8),
        ("0", 0),
        ("", 20 * 10**9),
        ("much", 20 * 10**9),
        ("-1", 20 * 10**9),
        ("nan", 20 * 10**9),
    ],
)
def test_the_limit_of_the_cache(monkeypatch, said, limit):
    monkeypatch.setenv(cache.LIMIT_VARIABLE, said)
    assert cache.cache_limit() == limit


def test_without_a_word_the_limit_is_that_of_the_program(monkeypatch):
    monkeypatch.delenv(cache.LIMIT_VARIABLE, raising=False)
    assert cache.cache_limit() == cache.CACHE_LIMIT_BYTES


@pytest.mark.parametrize("said", ["", "0", "-2", "two", "1", "1000000"])
def test_threads_are_never_more_than_the_system_allows(monkeypatch, said):
    monkeypatch.delenv("E2EVIT_THREADS", raising=False)
    allowed = usable_cores()
    assert 1 <= allowed <= psutil.cpu_count()
    monkeypatch.setenv("E2EVIT_THREADS", said)
    assert usable_cores() == (1 if said == "1" else allowed)
