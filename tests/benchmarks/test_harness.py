"""The harness of the benchmarks: verdicts, the gate with its second chances, the table. Nothing here is timed."""

import json
import threading
from collections import Counter

import pytest

from tests.benchmarks import __main__ as program
from tests.benchmarks.machine import Machine, wait_for_rest
from tests.benchmarks.measuring import Alone, Row, in_plain_threads, interleaved, peak_memory_mb
from tests.benchmarks.table import markdown, names, number, share_of_target, write_figure


@pytest.mark.parametrize(
    ("ratio", "lower", "met", "fails"),
    [
        (7.0, False, True, False),
        (5.0, False, False, False),
        (4.8, False, False, True),
        (7.0, True, True, False),
        (9.9, True, False, False),
        (10.1, True, False, True),
        (None, False, False, False),
    ],
)
def test_a_row_is_met_at_its_target_and_fails_the_gate_under_0_7_of_it(ratio, lower, met, fails):
    row = Row(id="X", case="a case", ratio=ratio, target=7.0, lower_is_better=lower)
    assert (row.met, row.fails_gate) == (met, fails)
    assert not Row(id="X", case="seconds", ratio=100.0, target=1.0, lower_is_better=True, gate=False).fails_gate
    two_threads = Row(id="R2", case="two threads", ratio=3.0, target=7.0, gate_target=4.0)
    assert not two_threads.met
    assert not two_threads.fails_gate


def test_how_many_times_a_target_is_reached():
    assert share_of_target(Row(id="X", case="", ratio=14.0, target=7.0)) == 2
    assert share_of_target(Row(id="X", case="", ratio=0.5, target=1.0, lower_is_better=True)) == 2
    assert share_of_target(Row(id="X", case="", ratio=0.0, target=0.0, lower_is_better=True)) is None
    assert share_of_target(Row(id="X", case="", why="no GPU")) is None


def test_threads_take_each_item_once_and_tell_an_error():
    seen, lock = Counter(), threading.Lock()

    def take(item):
        with lock:
            seen[item] += 1
        if item == 777:
            raise ValueError("777")

    in_plain_threads(take, list(range(500)), 4)
    assert seen == Counter(range(500))
    for threads in (1, 2):
        with pytest.raises(ValueError, match="777"):
            in_plain_threads(take, [1, 777], threads)


def test_contestants_take_turns_and_get_what_was_prepared():
    heard = []

    class Prepared:
        def __enter__(self):
            heard.append("open")
            return "slide"

        def __exit__(self, *exc):
            heard.append("close")

    timing = interleaved({"a": heard.append, "b": lambda: heard.append("b")}, prepare={"a": Prepared}, repeats=2)
    assert heard == ["open", "slide", "close", "b"] * 3
    assert timing.ratios["a"] == timing.cpu_ratios["a"] == 1
    assert set(timing.seconds) == {"a", "b"}


def fill(megabytes):
    return lambda: bytearray(megabytes << 20)


def test_peak_memory_is_of_the_work_alone():
    assert 60 < peak_memory_mb(fill, 64) < 90


def test_the_quick_run_tries_a_failed_row_again_at_rest(monkeypatch, tmp_path, capsys):
    ratios, rests = iter([1.0, 2.0, 6.0]), []
    monkeypatch.setattr(
        program, "_benchmark", lambda name: lambda **_: [Row(id=name, case="c", ratio=next(ratios), target=7.0)]
    )
    monkeypatch.setattr(program, "wait_for_rest", lambda: rests.append(1))
    monkeypatch.setattr("sys.argv", ["benchmarks", "R1", "--quick", "--json", str(tmp_path / "rows.json")])
    assert program.main() == 0
    assert json.loads((tmp_path / "rows.json").read_text())["rows"][0]["ratio"] == 6.0
    assert len(rests) == 2
    ratios = iter([1.0] * program.ATTEMPTS)
    assert program.main() == 1
    assert next(ratios, None) is None
    assert capsys.readouterr().out.endswith("Under 70% of the target: R1 (c)\n")


def test_waiting_for_rest_ends_when_the_processors_rest_or_after_the_longest_time(monkeypatch):
    shares = iter([80.0, 5.0, 99.0, 99.0, 99.0])
    monkeypatch.setattr("psutil.cpu_percent", lambda interval: next(shares))
    wait_for_rest(longest_s=10, quiet_s=1)
    assert next(shares) == 99.0
    wait_for_rest(longest_s=2, quiet_s=1)
    assert next(shares, None) is None


def test_the_table_names_the_processor_and_no_path():
    machine = Machine.this()
    row = Row(
        id="R1",
        case="a case",
        ratio=7.5,
        target=7.0,
        ours=12.0,
        beside=90.0,
        beside_name="OpenSlide",
        unit="us",
        spread=0.2,
    )
    missed = Row(id="G1", case="CUDA", why="this machine has no CUDA GPU")
    table = markdown([row, missed], machine)
    assert f"Measured on: {machine}." in table
    assert "| R1 | a case | 7.5 ± 10% | - | ≥ 7 | met | 12 us | 90 OpenSlide | - |  |" in table
    assert "| G1 | CUDA | - | - |  | not run | - | - | - | this machine has no CUDA GPU |" in table
    assert "/" not in str(machine)


def test_a_case_beside_several_others_says_beside_what():
    rows = [Row(id="R1", case="tiles", beside_name=name) for name in ("OpenSlide", "pyvips")]
    rows.append(Row(id="R3", case="tiles", beside_name="OpenSlide"))
    assert names(rows) == ["R1  tiles, beside OpenSlide", "R1  tiles, beside pyvips", "R3  tiles"]


def test_numbers_have_three_digits():
    assert [number(x) for x in (None, 0.01234, 7.126, 123.4, 12345.6)] == ["-", "0.0123", "7.13", "123", "12,346"]


def test_a_row_with_a_curve_gets_a_figure_of_its_own(tmp_path):
    curve = ((10_000, 3.0, 900.0), (100_000, 45.0, 3_000.0))
    row = Row(id="N1", case="exponent", ratio=1.18, ours=1.18, target=1.3, lower_is_better=True, unit="", curve=curve)
    write_figure([row], Machine.this(), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"benchmarks.md", "benchmarks.svg", "growth.svg"}
    assert "(growth.svg)" in (tmp_path / "benchmarks.md").read_text()
    write_figure([Row(id="R1", case="a case", ratio=7.0, target=7.0)], Machine.this(), tmp_path / "other")
    assert not (tmp_path / "other" / "growth.svg").exists()
    assert "growth.svg" not in (tmp_path / "other" / "benchmarks.md").read_text()


@pytest.mark.parametrize(("first", "ratio"), [((6.0, 6.2, 30.0), 1.2), ((40.0, 41.0, 42.0), None)])
def test_growth_takes_the_median_and_an_exponent_under_1_is_no_result(monkeypatch, first, ratio):
    growth = pytest.importorskip("tests.benchmarks.growth")
    small = iter(first)
    seconds = {10_000: lambda: next(small), 20_000: lambda: 14.0, 50_000: lambda: 43.0, 100_000: lambda: 6.2 * 10**1.2}
    monkeypatch.setattr(
        growth,
        "run_alone",
        lambda work, size: Alone(seconds=seconds[size](), cpu_seconds=size / 1e4, peak_mb=1.0, whole_mb=3_000.0),
    )
    exponent, memory = growth.n1(quick=False, peers=False)
    assert exponent.ratio == (None if ratio is None else pytest.approx(ratio))
    assert exponent.met is (ratio is not None)
    assert exponent.cpu_ratio == pytest.approx(1.0)
    assert ("disturbed by other programs" in exponent.why) is (ratio is None)
    assert memory.met
