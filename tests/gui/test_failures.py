"""What happens to a machine while one works: the drive goes, the slide goes, the disk is full, the memory is not enough.

Each time the window stays, says a sentence, and goes on when the reason is gone.
"""

import errno
import os
import time
from pathlib import Path

import pytest

from e2evit_gui.slide_page import model_presenter
from e2evit_gui.viewer.pyramid import TileKey
from e2evit_gui.viewer.tile_cache import TileCache
from e2evit_gui.viewer.tile_reader import RETRY_S, TileReader
from e2evit_model.errors import SlideError
from e2evit_model.inference.settings import ModelChoice
from e2evit_model.report.exports import ENDINGS, ExportKind
from e2evit_model.slides import file_bytes
from tests.annotations.shapes import square
from tests.gui.conftest import settle
from tests.gui.results import make_result
from tests.gui.test_export_dialog import open_dialog
from tests.inference.models import write_tiny_risk_model


@pytest.fixture
def said(window):
    """The sentences above the slide."""
    heard = []
    window.session.noticed.connect(lambda notice: heard.append((notice.message, notice.hint)))
    return heard


class Drive:
    """A drive that can be taken away and put back."""

    def __init__(self, read):
        self._read, self.there, self.asked = read, True, 0

    def __call__(self, *place):
        self.asked += 1
        if not self.there:
            raise OSError(errno.EIO, "Input/output error")
        return self._read(*place)


@pytest.mark.skipif(not hasattr(os, "pread"), reason="the simulated drive needs os.pread")
def test_a_drive_that_goes_and_comes_back(qtbot, opened, said, monkeypatch):
    settle(qtbot, opened)
    canvas = opened.page.canvas
    tiles = opened.slides.tiles
    tiles.cache.clear()
    drive = Drive(file_bytes._read_at)
    monkeypatch.setattr(file_bytes, "_read_at", drive)
    drive.there = False
    canvas.one_to_one()
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    sentence = (
        "section.tiff could not be read (Input/output error).",
        "Check that the drive with the slide is still connected.",
    )
    assert said == [sentence]
    qtbot.waitUntil(lambda: canvas.settled, timeout=10_000)
    asked, until = drive.asked, time.monotonic() + RETRY_S / 2
    qtbot.waitUntil(lambda: time.monotonic() > until, timeout=10_000)
    assert drive.asked == asked, "a drive that is gone is not asked again and again"
    canvas.zoom_by(1.3)
    canvas.fit()
    drive.there = True
    qtbot.waitUntil(lambda: len(tiles.cache) > 0 and not tiles._reader.waits and canvas.settled, timeout=20_000)
    assert said == [sentence], "told once"
    color = canvas.grab().toImage().pixelColor(canvas.width() // 2, canvas.height() // 2)
    assert color.saturation() > 40, "tissue, and not the gray of what is missing"


def test_a_tile_that_cannot_be_read_waits_for_its_time(qtbot):
    """The second attempt comes after RETRY_S; another failure after a success is told again."""

    class Pyramid:
        coarsest, levels = 0, ()

        def read(self, key, finer):
            raise SlideError("gone")

    now = [100.0]
    reader = TileReader(Pyramid(), TileCache(), None, lambda: None, clock=lambda: now[0])
    reader._pyramid.levels = [None]
    key = TileKey(0, 0, 0)
    reader.want("slide", [key])
    qtbot.waitUntil(lambda: reader.waits and reader.idle)
    assert isinstance(reader.news()[1], SlideError)
    reader.want("slide", [key])
    assert reader.idle, "not asked again"
    now[0] += RETRY_S - 0.1
    assert not reader.forgive()
    now[0] += 0.2
    assert reader.forgive()
    assert not reader.waits
    reader.want("slide", [key])
    qtbot.waitUntil(lambda: reader.waits and reader.idle)
    assert reader.news()[1] is None, "told once"
    reader.stop()
    reader.join()


def test_a_slide_that_is_deleted_while_open(qtbot, window, said, tmp_path, slide_file):
    path = tmp_path / "deleted.tiff"
    path.write_bytes(slide_file.read_bytes())
    window.open(path)
    qtbot.waitUntil(lambda: window.session.grid is not None, timeout=20_000)
    settle(qtbot, window)
    weights = tmp_path / "tiny"
    write_tiny_risk_model(weights)
    window.choose_model(ModelChoice(source=str(weights)))
    path.unlink()
    window.page.canvas.one_to_one()
    settle(qtbot, window)
    with qtbot.waitSignal(window.models.failed, timeout=120_000):
        window.run()
    assert said[-1][0] == "deleted.tiff was not found."
    assert window.run_button.isEnabled()
    path.write_bytes(slide_file.read_bytes())
    window.run()
    qtbot.waitUntil(lambda: window.session.result is not None, timeout=120_000)


def test_more_memory_than_there_is(qtbot, opened, said, monkeypatch, tmp_path):
    weights = tmp_path / "weights.safetensors"
    weights.touch()
    opened.choose_model(ModelChoice(source=str(weights), backbone="vit-small"))
    monkeypatch.setattr(model_presenter, "ANALYZE", "tests.gui.child_tasks:need_too_much_memory")
    with qtbot.waitSignal(opened.models.failed, timeout=60_000):
        opened.run()
    hint = "Close other programs, or choose a coarser resolution of the tiles."
    assert said == [("There is not enough memory for this.", hint)]
    assert opened.run_button.isEnabled()


@pytest.mark.parametrize("kind", list(ExportKind))
def test_a_full_disk_leaves_no_half_file_and_the_dialog_open(qtbot, opened, monkeypatch, tmp_path, kind):
    opened.session.set_result(make_result(opened.session))
    opened.regions.regions.add([square(300, 300, 400, class_name="Tumor")], "one")
    dialog = open_dialog(qtbot, opened)
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
    target = tmp_path / "out" / f"export{ENDINGS[kind][0]}"
    target.parent.mkdir()

    def full(self, other):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        dialog.export_to(target)
        qtbot.waitUntil(lambda: bool(dialog.said.text()), timeout=60_000)
    message, hint = dialog.said.text().split("\n")
    assert message.startswith("The disk is full: ")
    assert hint == "Free some space and try again."
    assert list(target.parent.iterdir()) == []
    assert dialog.isVisible()
    assert dialog.write.isEnabled()
    with qtbot.waitSignal(dialog.exported, timeout=60_000):
        dialog.export_to(target)
    assert target.is_file()
