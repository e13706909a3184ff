"""A user who does anything (``python -m tests.proofs.monkey``): 20 000 random events, exceptions and freezes counted.

Every thousand events have a seed of their own and a window of their own: ``--seed 7 --events 1000`` repeats the seventh
thousand. Prints a line a thousand, then every fault with the events before it; exits with 1 when there was one.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

THOUSAND = 1000


def main() -> None:
    """Play; print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="monkey-"))
    # before anything of the program is imported: nothing of the user's own may be touched
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ |= {"E2EVIT_CACHE": str(work / "cache"), "E2EVIT_CONFIG": str(work / "config"), "HF_HUB_OFFLINE": "1"}
    os.environ |= {"E2EVIT_DATA": str(work / "data"), "OMP_NUM_THREADS": "1"}
    from PySide6.QtWidgets import QApplication

    from tests.gui_project.working_day import write_model
    from tests.monkey.session import play

    write_model(work / "model")
    app = QApplication(sys.argv[:1])
    bad = events = freezes = excused = 0
    for number in range(-(-given.events // THOUSAND)):
        seed, began = given.seed + number, time.monotonic()
        folder = work / str(seed)
        count = min(THOUSAND, given.events - events)
        found = play(folder, work / "model", seed, count)
        shutil.rmtree(folder, ignore_errors=True)
        events += found.events
        bad += len(found.faults)
        freezes += len(found.freezes)
        excused += found.excused
        print(
            f"seed {seed}: {found.events} events in {time.monotonic() - began:.0f} s, {len(found.faults)} faults, "
            f"{len(found.freezes)} freezes, {found.excused} long stretches of a busy machine, longest of its own "
            f"{found.longest * 1000:.0f} ms; {len(found.seen)} kinds of windows",
            flush=True,
        )
        for said in (*found.faults, *map(str, found.freezes)):
            print(said, flush=True)
    print(f"{events} events: {bad} faults, {freezes} freezes over 200 ms, {excused} long stretches of a busy machine")
    app.quit()
    shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if bad or freezes else 0)


if __name__ == "__main__":
    main()
