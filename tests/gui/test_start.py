"""The program from outside: how it starts, what it leaves out, its exit codes."""

import os
import subprocess
import sys

import pytest

from e2evit_gui import app, qt_platform

START = """
import time
begin = time.perf_counter()
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from e2evit_gui.app import main
shown = []
def look():
    window = QApplication.topLevelWidgets()
    shown.append(time.perf_counter() - begin)
    heavy = [name for name in ("torch", "timm", "matplotlib", "scipy", "skimage", "pandas") if name in sys.modules]
    print("SHOWN", shown[0], heavy)
    print("SWITCH", round(sys.getswitchinterval() * 1000), "ms")
from e2evit_gui.main_window import picture
old = picture.Picture._look
picture.Picture._look = lambda self: (look() if not shown else None, old(self))
sys.exit(main(["--theme", "light", "--screenshot", sys.argv[1]]))
"""


def run(*words, **environment):
    values = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=180, env=values, check=False
    )


def test_the_window_starts_quickly_and_without_torch(tmp_path):
    picture = tmp_path / "window.png"
    ended = run("-c", START, str(picture))
    assert ended.returncode == 0, ended.stderr
    line = next(line for line in ended.stdout.splitlines() if line.startswith("SHOWN"))
    _, seconds, heavy = line.split(" ", 2)
    assert heavy == "[]"
    # under 2 s on a quiet machine; here others may be working, so only a gross fault fails
    assert float(seconds) < 10
    assert "SWITCH 1 ms" in ended.stdout, "threads would hold the window up"
    assert picture.stat().st_size > 10_000


def test_importing_the_program_imports_no_qt():
    ended = run("-c", "import sys, e2evit_gui.app; print([n for n in sys.modules if n.startswith('PySide6')])")
    assert ended.stdout.strip() == "[]", ended.stderr


def test_the_model_package_knows_no_qt():
    code = """
import importlib, pkgutil, sys
import e2evit_model
for module in pkgutil.walk_packages(e2evit_model.__path__, "e2evit_model."):
    if "__main__" not in module.name:
        importlib.import_module(module.name)
print([name for name in sys.modules if name.startswith(("PySide6", "pyqtgraph", "e2evit_gui"))])
"""
    ended = run("-c", code)
    assert ended.stdout.strip().splitlines()[-1] == "[]", ended.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [(["missing.svs"], 2), (["missing.svs", "--run"], 2), (["--run"], 2)],
    ids=["no such slide", "no such slide to run", "nothing to run"],
)
def test_what_cannot_be_used_ends_with_2_and_still_gives_a_picture(tmp_path, words, code):
    picture = tmp_path / "window.png"
    ended = run("-m", "e2evit_gui.app", *words, "--theme", "light", "--screenshot", str(picture))
    assert ended.returncode == code, ended.stderr
    assert picture.is_file()


def test_an_absurd_resolution_is_refused_before_the_window(capsys):
    assert app.main(["slide.svs", "--mpp", "-1"]) == 2
    assert capsys.readouterr().err == (
        "The resolution of -1 um per pixel cannot be right.\n"
        "Give micrometres per pixel, between 0 and 100; a 40x scan has about 0.25, a 20x scan about 0.5.\n"
    )


def test_missing_libraries_are_named(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(qt_platform, "_loads", lambda file: False)
    monkeypatch.setattr(sys, "platform", "linux")
    names = "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxkbcommon-x11-0"
    assert qt_platform.why_no_window() == (
        f"The window cannot start: Qt needs libraries that are not on this system: {names.replace(' ', ', ')}.",
        f"On Debian and Ubuntu: sudo apt-get install {names}",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="X11 is of Linux")
@pytest.mark.parametrize("display", ["", ":987"])
def test_no_display_is_a_sentence_and_not_an_abort(display):
    ended = run("-m", "e2evit_gui.app", QT_QPA_PLATFORM="", DISPLAY=display, WAYLAND_DISPLAY="")
    assert ended.returncode == 1
    assert ended.stderr.startswith("The window cannot start: ")
    assert "Traceback" not in ended.stderr


def test_without_qt_a_sentence_says_what_to_install(capsys, monkeypatch):
    def refuse(name):
        raise ImportError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setattr(app.importlib, "import_module", refuse)
    assert app.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith("The window cannot start: Qt's libraries cannot be loaded here (libEGL.so.1: cannot open")
    assert "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1" in said
