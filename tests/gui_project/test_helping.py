"""Settings, the log for a report, the crash report."""

import os
import re
import string
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication

from e2evit_gui.main_window.settings_dialog import ProgramSettingsDialog
from e2evit_gui.state import program_settings as module
from e2evit_gui.state.crash import CrashWatch
from e2evit_gui.state.preferences import Preferences
from e2evit_gui.state.program_settings import ProgramSettings, apply_to_environment
from e2evit_gui.state.report_text import report_text, scrub
from e2evit_gui.theme.palette import ThemeChoice
from e2evit_model.convert.settings import Device
from e2evit_model.files import CACHE_VARIABLE
from e2evit_model.strip.cache import LIMIT_VARIABLE
from e2evit_model.strip.workers import THREADS_VARIABLE

NAMES = (CACHE_VARIABLE, LIMIT_VARIABLE, THREADS_VARIABLE, "OMP_NUM_THREADS")


@pytest.fixture
def fresh_environment(monkeypatch):
    """An environment that says nothing, as at the start of the program."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(module, "_first", {})
    yield
    for name in NAMES:
        os.environ.pop(name, None)


# settings


def test_settings_are_remembered_and_nonsense_is_not(tmp_path):
    def stored():
        return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)

    assert Preferences(stored()).program == ProgramSettings()
    chosen = ProgramSettings(
        theme=ThemeChoice.DARK, language="english", device=Device.CPU, threads=3, cache_folder="/x", cache_gb=7.5
    )
    Preferences(stored()).set_program(chosen)
    assert Preferences(stored()).program == chosen
    assert Preferences(stored()).theme is ThemeChoice.DARK
    for nonsense in ("{", "[]", '{"threads": 0}', '{"no such": 1}', '{"language": "klingon"}'):
        store = stored()
        store.setValue("program", nonsense)
        store.sync()
        assert Preferences(stored()).program == ProgramSettings(theme=ThemeChoice.DARK)


@pytest.mark.usefixtures("fresh_environment")
def test_settings_reach_the_environment_and_go_again():
    apply_to_environment(ProgramSettings(threads=2, cache_folder="/somewhere", cache_gb=1.5))
    assert [os.environ.get(name) for name in NAMES] == ["/somewhere", "1.5", "2", "2"]
    apply_to_environment(ProgramSettings())
    assert [os.environ.get(name) for name in NAMES] == [None, "20", None, None]


@pytest.mark.usefixtures("fresh_environment")
def test_what_the_environment_said_at_the_start_counts_more(monkeypatch):
    monkeypatch.setenv(THREADS_VARIABLE, "1")
    apply_to_environment(ProgramSettings(threads=2, cache_folder="/somewhere"))
    assert os.environ[THREADS_VARIABLE] == "1"
    assert os.environ[CACHE_VARIABLE] == "/somewhere"


def line_of(form, name):
    from PySide6.QtWidgets import QLineEdit

    return form.fields[name].findChild(QLineEdit)


def enter(form, name, text):
    line_of(form, name).setText(text)
    line_of(form, name).editingFinished.emit()


def test_the_dialog_refuses_what_cannot_be_and_stays(qtbot, tmp_path):
    dialog = ProgramSettingsDialog(ProgramSettings())
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.busy, timeout=5000)
    assert dialog.held.text() == "It holds 0 bytes now." or "holds" in dialog.held.text()
    heard = []
    dialog.chosen.connect(heard.append)
    enter(dialog.compute_form, "threads", "0")
    dialog.buttons.accepted.emit()
    assert dialog.message.text() == "A setting is outside its limits."
    enter(dialog.compute_form, "threads", "")
    (tmp_path / "file").touch()
    enter(dialog.cache_form, "cache_folder", str(tmp_path / "file"))
    dialog.buttons.accepted.emit()
    assert dialog.message.text() == (
        "file could not be written: a file is in the way where a folder is needed.\nChoose another folder."
    )
    assert dialog.isVisible()
    enter(dialog.cache_form, "cache_folder", str(tmp_path / "cache"))
    dialog.buttons.accepted.emit()
    assert heard == [ProgramSettings(cache_folder=str(tmp_path / "cache"))]
    assert not dialog.isVisible()


def test_the_cache_is_measured_and_emptied(qtbot, own_cache):
    (own_cache / "strips").mkdir(parents=True)
    (own_cache / "strips" / "x.safetensors").write_bytes(bytes(5_000_000))
    dialog = ProgramSettingsDialog(ProgramSettings())
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: not dialog.busy, timeout=5000)
    assert "5" in dialog.held.text()
    assert dialog.clear.isEnabled()
    dialog.clear.click()
    qtbot.waitUntil(lambda: not dialog.busy, timeout=5000)
    assert not dialog.clear.isEnabled()
    assert list((own_cache / "strips").iterdir()) == []


@pytest.mark.usefixtures("fresh_environment")
def test_the_window_takes_settings_at_once(qtbot, window):
    window.commands.settings.trigger()
    window.helping.dialog.chosen.emit(
        ProgramSettings(theme=ThemeChoice.DARK, device=Device.CPU, threads=1, language="english")
    )
    assert window.preferences.program.device is Device.CPU
    assert window.session.settings.device is Device.CPU
    assert window.device.currentData() == Device.CPU
    assert window.commands.theme[ThemeChoice.DARK].isChecked()
    assert os.environ[THREADS_VARIABLE] == "1"
    assert window.page.notices.notices[0].message == "The language changes at the next start."
    window.helping.dialog.reject()
    window.choose_theme(ThemeChoice.LIGHT)


# the report

word = st.text(string.ascii_letters + string.digits + "_-äé", min_size=3, max_size=12)


@given(
    folder=word,
    name=word,
    ending=st.sampled_from([".svs", ".ome.tiff", ".ndpi", ".SVS", ".dcm", ".jpg"]),
    form=st.sampled_from(
        [
            "Opened /home/{folder}/{name}{ending} at once",
            'File "C:\\Users\\{folder}\\{name}{ending}", line 3',
            "could not read '/mnt/{folder} of ours/{name}{ending}'",
            "{name}{ending} was not found",
            "slide={name}{ending};",
            "~/{folder}/{name}{ending}",
        ]
    ),
)
def test_no_path_and_no_slide_is_left_in_a_report(folder, name, ending, form):
    text = scrub(form.format(folder=f"QX{folder}", name=f"ZW{name}", ending=ending))
    assert f"QX{folder}" not in text
    assert f"ZW{name}" not in text


@given(names=st.lists(word, min_size=1, max_size=4), text=st.text(max_size=30))
def test_no_known_name_is_left_in_a_report(names, text):
    lines = [f"{text} {name} and {name.upper()}.svs" for name in names]
    found = report_text(lines, [f"{name}.svs" for name in names]).lower()
    log = found.partition("log:")[2]
    for name in names:
        assert name.lower() not in log.replace("<name>", "").replace("<slide>", "").replace("and", "")


def test_a_report_says_versions_and_keeps_what_helps():
    lines = ["12:00:00  INFO     Opened a slide of 10 x 20 px (Aperio SVS, 3 levels)", "ratio 3/4, 1.5 um/px"]
    fault = 'File "/home/ann/work/e2evit_gui/viewer/canvas.py", line 12 in paintEvent'
    text = report_text(lines, fault=fault)
    assert "Opened a slide of 10 x 20 px (Aperio SVS, 3 levels)" in text
    assert "ratio 3/4, 1.5 um/px" in text
    assert re.search(r'File "?<path>/canvas\.py"?, line 12 in paintEvent', text)
    assert re.search(r"numpy \d", text)
    assert "ann" not in text.partition("Fault:")[2]


def test_the_windows_report_holds_no_name_of_its_slides(qtbot, window, tmp_path):
    window.preferences.remember_slide(tmp_path / "MILLER_JOHN_1950.svs")
    window.helping._book.take("12:00:00  INFO     looked at miller_john_1950 twice")
    window.log_panel.report.click()
    text = QGuiApplication.clipboard().text()
    assert "looked at <name> twice" in text
    assert "miller" not in text.lower()
    assert window.page.notices.notices[0].message == "The log was copied for a report."


# crashes

RUNNER = """
import ctypes, os, sys
from pathlib import Path
from e2evit_gui.state.crash import CrashWatch
watch = CrashWatch(Path(sys.argv[1]))
print(len(watch.begin()), flush=True)
watch.take("the last words")
if sys.argv[2] == "crash":
    ctypes.string_at(0)
elif sys.argv[2] == "kill":
    os.kill(os.getpid(), 9)
else:
    watch.end()
"""


def run(folder, how):
    return subprocess.run([sys.executable, "-c", RUNNER, str(folder), how], check=False, capture_output=True, text=True)


@pytest.mark.parametrize("how", ["crash", "kill"])
def test_a_program_that_ended_unexpectedly_is_told_of_once(tmp_path, how):
    assert run(tmp_path, how).returncode != 0
    watch = CrashWatch(tmp_path)
    (crash,) = watch.begin()
    assert crash.lines == ("the last words",)
    assert ("Segmentation fault" in crash.fault) == (how == "crash")
    watch.end()
    assert list(tmp_path.iterdir()) == []
    again = CrashWatch(tmp_path)
    assert again.begin() == []
    again.end()


def test_a_program_that_ended_well_or_still_runs_is_no_crash(tmp_path):
    assert run(tmp_path, "well").stdout == "0\n"
    first = CrashWatch(tmp_path)
    assert first.begin() == []
    assert run(tmp_path, "well").stdout == "0\n"
    first.end()


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path):
    (tmp_path / "file").touch()
    watch = CrashWatch(tmp_path / "file")
    assert watch.begin() == []
    watch.take("a line")
    watch.end()


def test_the_window_tells_of_a_crash_without_names(qtbot, window, tmp_path):
    from e2evit_gui.state.crash import Crash

    window.helping.tell_crash(Crash(lines=("opened /home/ann/P-77.svs",), fault='File "/home/ann/x.py", line 1'))
    (notice,) = window.page.notices.notices
    assert notice.message == "E2E-ViT Desktop ended unexpectedly the last time."
    assert "P-77" not in notice.details
    assert "/home" not in notice.details
    assert "x.py" in notice.details
