"""Try a built application (``python -m tests.proofs.built_application FOLDER``): run what loads every part, and say what failed.

FOLDER is what ``pyinstaller resources/packaging/e2evit-desktop.spec`` wrote ("dist/E2E-ViT Desktop"). Needs a screen (or Xvfb).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 900


def steps(folder, work):
    """Yield what is tried: a name, the words, and the file that must be there afterwards."""
    suffix = ".exe" if sys.platform == "win32" else ""
    command, window = (str(folder / f"{name}{suffix}") for name in ("e2evit", "e2evit-gui"))
    demo = work / "demo"
    slide, model = str(demo / "demo-slide.tiff"), str(demo / "run" / "model")
    yield "version", [command, "--version"], None
    yield "doctor", [command, "doctor"], None
    yield "demo: slides, training, model", [command, "demo", "--out", str(demo)], demo / "run" / "metrics.json"
    yield "report", [command, "report", str(demo / "run")], demo / "run" / "report.pdf"
    yield (
        "analyze",
        [command, "analyze", slide, "--model", model, "--out", str(work / "out")],
        work / "out" / "result.json",
    )
    yield "the process that trains", [window, "--training-child", "--help"], None
    picture = work / "window.png"
    yield "window, with a run", [window, slide, "--model", model, "--run", "--screenshot", str(picture)], picture


def main():
    """Try every step; exit with 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="built-"))
    # nothing of an installed program may help
    places = {"E2EVIT_CACHE": "cache", "E2EVIT_CONFIG": "config", "E2EVIT_DATA": "data"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment |= {name: str(work / place) for name, place in places.items()}
    failed = 0
    for name, words, wanted in steps(given.folder.resolve(), work):
        began = time.perf_counter()
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
        fine = done.returncode == 0 and (wanted is None or wanted.is_file())
        failed += not fine
        print(f"{'ok    ' if fine else 'FAILED'}  {name}  {time.perf_counter() - began:.1f} s", flush=True)
        if not fine:
            print(done.stdout[-2000:] + done.stderr[-4000:])
    print(f"what was made lies in {work}")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
