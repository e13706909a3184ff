"""A working day in a program of its own: all is there again, and nothing is written on stderr."""

import json
import os
import subprocess
import sys

import pytest

from e2evit_model.report.exports import ENDINGS, ExportKind

# what the platform without a screen says of itself
NOT_OF_OURS = ("This plugin does not support propagateSizeHints()", "This plugin does not support raise()")


def run_days(folder, *words, timeout=500):
    """Run the program; return its lines as records, and what it wrote on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui_project.working_day", str(folder), *words],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    said = "\n".join(line for line in done.stderr.splitlines() if line not in NOT_OF_OURS)
    assert done.returncode == 0, said
    return [json.loads(line) for line in done.stdout.splitlines()], said


@pytest.mark.slow
def test_a_working_day_is_there_again_tomorrow_and_says_nothing_on_stderr(tmp_path):
    (day,), said = run_days(tmp_path)
    assert said == ""
    assert day["results"] == 12
    assert day["widgets"] == 0
    assert day["left"] == []
    wanted = {f"exports of the slide/{kind.value}{ENDINGS[kind][0]}" for kind in ExportKind}
    wanted |= {f"exports of the project/{kind}" for kind in ("report.html", "risk.csv", "embedding.csv")}
    assert set(day["exports"]) == wanted
