"""The start of the program, in processes of its own."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

_START = """
import sys, time
from PySide6.QtWidgets import QApplication
from e2evit_gui.main_window import picture
look = picture.Picture._look
def told(self):
    print("SHOWN", time.time(), flush=True)
    picture.Picture._look = look
    look(self)
picture.Picture._look = told
from e2evit_gui.app import main
sys.exit(main(["--theme", "light", "--screenshot", sys.argv[1]]))
"""


def seconds_to_window(times: int = 5) -> float:
    """Start the program until its window is shown: the median of so many times, after one that warms the disk's cache."""
    took = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(1 + times):
            began = time.time()
            ended = subprocess.run(
                [sys.executable, "-c", _START, str(Path(folder) / "window.png")],
                capture_output=True,
                text=True,
                check=True,
            )
            shown = next(line for line in ended.stdout.splitlines() if line.startswith("SHOWN"))
            took.append(float(shown.split()[1]) - began)
    return float(np.median(took[1:]))
