"""What is kept is counted by kind, and cleared without touching anything else."""

import json
import os
import time

import pytest

from e2evit_model.cache_kinds import CACHE_KINDS, clear_cache, measure_cache
from e2evit_model.cli import main
from e2evit_model.errors import OptionError


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("E2EVIT_CACHE", str(tmp_path))
    for kind, size in (("strips", 1000), ("prepared", 2000), ("weights", 50)):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "a.safetensors").write_bytes(bytes(size))
    (tmp_path / "strips" / "a.lock").touch()
    old = time.time() - 10 * 86400
    os.utime(tmp_path / "prepared" / "a.safetensors", (old, old))
    return tmp_path


def sizes():
    return {kept.kind.folder: (kept.files, kept.bytes) for kept in measure_cache() if kept.files}


def test_each_kind_is_measured(cache):
    assert sizes() == {"strips": (1, 1000), "prepared": (1, 2000)}


def test_only_what_was_asked_for_is_cleared(cache):
    assert clear_cache(("prepared",)) == 2000
    assert sizes() == {"strips": (1, 1000)}
    assert (cache / "weights" / "a.safetensors").is_file()
    assert (cache / "strips" / "a.lock").is_file()


def test_what_was_used_lately_stays(cache):
    assert clear_cache(unused_days=5) == 2000
    assert sizes() == {"strips": (1, 1000)}


def test_an_unknown_kind_is_a_sentence(cache):
    with pytest.raises(OptionError) as raised:
        clear_cache(("strip",))
    assert raised.value.message == 'The cache holds nothing called "strip".'
    assert "strips" in raised.value.hint


def test_the_command_tells_and_clears(cache, capsys):
    assert main.run(["cache", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["prepared"] == {"files": 1, "bytes": 2000}
    assert set(told) == {kind.folder for kind in CACHE_KINDS}
    assert main.run(["cache", "clear", "prepared"]) == 0
    assert capsys.readouterr().out == (
        "Freed 1 MB.\nPrepared slides of cohorts: a training prepares its slides again when needed.\n"
    )
