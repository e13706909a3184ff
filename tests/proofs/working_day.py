"""Three working days in one process (``python -m tests.proofs.working_day``): twelve slides, every export in every format, memory.

Prints the memory of the window's process at the end of each day, with project and slide closed, and what was written on stderr;
exits with 1 when memory differs by more than 50 MB between the days, or when anything was written.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

MOST_MB = 50


def main() -> None:
    """Work, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=3)
    given = parser.parse_args()
    from tests.gui_project.test_whole_day import run_days

    with tempfile.TemporaryDirectory(prefix="days-") as folder:
        os.environ |= {f"E2EVIT_{name}": str(Path(folder) / name) for name in ("CACHE", "CONFIG", "DATA")}
        days, said = run_days(Path(folder), "--days", str(given.days), "--every-format", timeout=1800)
    for day in days:
        print(
            f"day {day['day'] + 1}: {day['memory_mb']:.0f} MB, {day['threads']} threads, {day['results']} results, "
            f"{len(day['exports'])} exports, {day['seconds']:.0f} s"
        )
    memory = [day["memory_mb"] for day in days]
    print(f"memory differs by {max(memory) - min(memory):.0f} MB; on stderr: {said or 'nothing'}")
    sys.exit(1 if said or max(memory) - min(memory) > MOST_MB else 0)


if __name__ == "__main__":
    main()
