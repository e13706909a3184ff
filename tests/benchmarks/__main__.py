"""Run benchmarks and print the table: ``python -m tests.benchmarks [ID ...] [--peers] [--json FILE] [--quick]``."""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from os import environ
from pathlib import Path

from tests.benchmarks.measuring import GATE, Row

ALL = ("R1", "R2", "R3", "R4", "R5", "P1", "C1", "M1", "M2", "M3", "T1", "N1", "G1")
QUICK = ("R1", "R2", "R3", "R4", "P1", "C1", "M1", "M3")


def _benchmark(name: str) -> Callable[..., list[Row]]:
    from tests.benchmarks import model, reading

    found: Callable[..., list[Row]] = getattr(reading if hasattr(reading, name.lower()) else model, name.lower())
    return found


def _print(row: Row) -> None:
    def number(value: float | None) -> str:
        return "-" if value is None else f"{value:.3g}"

    spread = "" if row.spread is None else f"±{row.spread / 2:.0%}"
    sign = "<=" if row.lower_is_better else ">="
    target = "" if row.target is None else f"{sign} {row.target:g}"
    verdict = "met" if row.met else "not run" if row.ratio is None else "MISSED"
    beside = f"{number(row.beside)} {row.beside_name}" if row.beside_name else "-"
    peak = "" if row.peak_mb is None else f"{row.peak_mb:.0f} MB"
    print(
        f"{row.id:<4}{row.case:<66}{number(row.ratio):>8} {spread:<6}{target:<9}{verdict:<8}"
        f"{number(row.ours):>8} {row.unit:<9} {beside:<30}{peak:>9}  {row.why}",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help=f"which rows: {', '.join(ALL)}")
    parser.add_argument("--peers", action="store_true", help="other readers too, where they are installed")
    parser.add_argument(
        "--quick", action="store_true", help="small sizes; fails when a ratio is under 0.7 of its target"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    arguments = parser.parse_args()
    ids = [name.upper() for name in arguments.ids] or list(QUICK if arguments.quick else ALL)
    unknown = sorted(set(ids) - set(ALL))
    if unknown:
        parser.error(f"there is no row {unknown[0]}; there are {', '.join(ALL)}")
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as cache:
        environ["E2EVIT_CACHE"] = cache
        for name in ids:
            for row in _benchmark(name)(quick=arguments.quick, peers=arguments.peers):
                rows.append(row)
                _print(row)
    if arguments.json:
        arguments.json.write_text(json.dumps([{**asdict(row), "met": row.met} for row in rows], indent=2) + "\n")
    slow = [row for row in rows if row.ratio is not None and row.target is not None and not row.reaches(GATE)]
    if arguments.quick and slow:
        print(f"\nUnder {GATE:.0%} of the target: {', '.join(f'{row.id} ({row.case})' for row in slow)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
