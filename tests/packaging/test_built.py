"""The application that PyInstaller builds, started once. Minutes and gigabytes: only when ``E2EVIT_BUILT`` asks for it.

``E2EVIT_BUILT=1`` builds it anew; ``E2EVIT_BUILT=FOLDER`` tries what was built there.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASKED = os.environ.get("E2EVIT_BUILT", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not ASKED, reason="building takes minutes and gigabytes: set E2EVIT_BUILT=1 or to a built folder"
    ),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of the application."""
    if ASKED != "1":
        return Path(ASKED).resolve()
    if importlib.util.find_spec("PyInstaller") is None:
        pytest.skip("PyInstaller is not installed: python -m pip install pyinstaller")
    work = tmp_path_factory.mktemp("built")
    spec = ROOT / "resources" / "packaging" / "e2evit-desktop.spec"
    places = ["--distpath", str(work / "dist"), "--workpath", str(work / "build")]
    done = subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places, str(spec)],
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return work / "dist" / "E2E-ViT Desktop"


def test_the_built_application_does_its_work(built, tmp_path):
    """All steps of the proof: commands, training in its own process, a report, the window with a run by its model's process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.proofs.built_application", str(built)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout
    assert "ok      window, with a run" in done.stdout
