import gc
import os
import shutil

import psutil
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.main_window.window import MainWindow
from e2evit_gui.slide_page import model_presenter
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.session import Notice, Weight
from e2evit_gui.theme.windows import FRAME_PX
from e2evit_model.inference.settings import ModelChoice
from tests.gui.conftest import settle
from tests.gui.results import make_result


def notices(window):
    return [(one.message, one.hint) for one in window.page.notices.notices]


def open_and_wait(qtbot, window, path):
    window.open(path)
    qtbot.waitUntil(lambda: window.session.grid is not None, timeout=20_000)
    settle(qtbot, window)


def test_a_window_begins_empty_and_says_how_to_begin(window):
    assert window.page.empty.isVisible()
    assert window.windowTitle() == "E2E-ViT Desktop"
    assert window.run_panel.reason.text() == "Open a slide first."
    assert not window.run_button.isEnabled()
    assert window.run_button.toolTip() == "Open a slide first."


def test_the_first_window_leaves_room_for_its_frame_on_a_small_screen(qtbot, preferences, monkeypatch):
    class SmallScreen:
        def availableSize(self):  # noqa: N802 - Qt's name
            return QSize(1366, 768)

    monkeypatch.setattr(MainWindow, "screen", lambda _window: SmallScreen())
    window = MainWindow(preferences, LogBook())
    qtbot.addWidget(window)
    assert (window.width(), window.height()) == (1366, 768 - FRAME_PX)
    window.close()


def test_an_open_slide_is_shown_with_tissue_tiles_and_facts(opened):
    assert opened.page.canvas.isVisible()
    assert opened.page.canvas.tissue is not None
    assert opened.windowTitle() == "section.tiff - E2E-ViT Desktop"
    facts = opened.image_panel.facts
    assert facts.text("Resolution") == "0.5 µm/px (from the file)"
    assert facts.text("Size") == "1\u2009344 × 1\u2009120 px"
    assert opened.preferences.recent_slides[0].name == "section.tiff"
    assert opened.run_panel.reason.text() == "Choose a model."


def make_bad(tmp_path, name):
    path = tmp_path / name
    if name == "empty.svs":
        path.touch()
    elif name == "words.svs":
        path.write_text("this is no slide\n" * 200)
    elif name == "folder.svs":
        path.mkdir()
    return path


@pytest.mark.parametrize("name", ["missing.svs", "empty.svs", "words.svs", "folder.svs"])
def test_what_cannot_be_opened_is_a_notice_and_the_open_slide_stays(qtbot, opened, tmp_path, name):
    from e2evit_model.errors import SlideError
    from e2evit_model.slides.opening import open_slide

    path = make_bad(tmp_path, name)
    with pytest.raises(SlideError) as refused:
        open_slide(path)
    before = opened.session.open
    with qtbot.waitSignal(opened.slides.failed, timeout=10_000):
        opened.open(path)
    assert notices(opened) == [(refused.value.message, refused.value.hint)]
    assert opened.session.open is before
    assert opened.session.grid is not None


def test_an_unknown_resolution_is_asked_for(qtbot, window, slide_without_mpp):
    window.open(slide_without_mpp)
    qtbot.waitUntil(lambda: window.session.mask is not None, timeout=20_000)
    settle(qtbot, window)
    panel = window.image_panel
    assert panel.field.isVisible()
    assert window.session.grid is None
    assert window.run_panel.reason.text() == "The file does not say how large a pixel is: give it in the IMAGE panel."
    for text, sentence in (
        ("fine", '"fine" is not a number.'),
        ("", "Give a number."),
        (
            "1000",
            (
                "The resolution of 1000 um per pixel cannot be right. Give micrometres per pixel, between 0 and 100; "
                "a 40x scan has about 0.25, a 20x scan about 0.5."
            ),
        ),
    ):
        panel.field.setText(text)
        qtbot.keyClick(panel.field, Qt.Key.Key_Return)
        assert panel.error.text() == sentence
    panel.field.setText("0,5")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.grid is not None, timeout=20_000)
    assert panel.facts.text("Resolution") == "0.5 µm/px (given by you)"
    assert not panel.field.isVisible()


def test_a_slide_without_tissue_says_so_and_stays_open(qtbot, window, tmp_path):
    import numpy as np

    from tests.slide_files import write_pyramid

    path = write_pyramid(tmp_path / "blank.tiff", np.full((1000, 1000, 3), 243, np.uint8), mpp=0.5, levels=1)
    with qtbot.waitSignal(window.slides.failed, timeout=20_000):
        window.open(path)
    assert notices(window)[0][0] == "No tissue found on this slide."
    assert window.session.slide is not None
    assert window.run_panel.reason.text() == "No tissue found on this slide."


def test_settings_that_leave_no_tile_stand_as_a_notice_and_mending_them_helps(qtbot, opened):
    line = opened.run_panel.form.fields["tile_mpp"].findChild(QLineEdit)
    line.setText("20")
    with qtbot.waitSignal(opened.slides.failed, timeout=10_000):
        line.editingFinished.emit()
    assert opened.session.grid is None
    assert opened.run_panel.reason.text() == notices(opened)[0][0]
    line.setText("")
    line.editingFinished.emit()
    qtbot.waitUntil(lambda: opened.session.grid is not None, timeout=10_000)


def test_a_dropped_file_is_opened(qtbot, window, slide_file):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(slide_file))])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    # Qt delivers a drop only to the widget that the drag entered before, so the handlers are called as it would
    enter = QDragEnterEvent(
        QPoint(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.page.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.page.dropEvent(event)
    qtbot.waitUntil(lambda: window.session.grid is not None, timeout=20_000)


def test_closing_the_slide_brings_the_beginning_back(qtbot, opened):
    opened.commands.close_slide.trigger()
    assert opened.session.slide is None
    assert opened.page.empty.isVisible()
    assert opened.strip_panel.header.text() == ""
    assert opened.magnification.text() == "–"


def test_without_a_slide_no_tool_looks_as_if_it_could_be_used(opened):
    commands, tools = opened.commands, opened.regions.tools
    commands.grid.setChecked(True)
    pressed = [commands.grid, commands.tissue, tools.shown, tools.by_name["move"]]
    assert all(action.isEnabled() and action.isChecked() for action in pressed)
    commands.close_slide.trigger()
    toggles = [*pressed, commands.overlay, *tools.actions.actions()]
    assert not any(action.isEnabled() or action.isChecked() for action in toggles)
    for widget in (opened.magnification, opened.opacity, opened.overlay_panel.layer):
        assert not widget.isEnabled()


def test_run_stays_in_sight_in_a_low_window(qtbot, opened):
    opened.resize(1366, 768)
    panel = opened.run_panel
    opened.docks.analyze.raise_()
    panel._unfold.setChecked(True)
    qtbot.waitUntil(lambda: panel.verticalScrollBar().maximum() > 0)
    for place in (0, panel.verticalScrollBar().maximum()):
        panel.verticalScrollBar().setValue(place)
        top = panel.run.mapTo(panel, QPoint(0, 0)).y()
        assert panel.viewport().geometry().bottom() < top
        assert top + panel.run.height() <= panel.height()
        assert panel.run.visibleRegion().boundingRect().height() == panel.run.height()


def test_tools_come_back_as_they_were(qtbot, opened, slide_file):
    opened.commands.tissue.setChecked(False)
    opened.regions.tools.take("polygon")
    opened.commands.close_slide.trigger()
    opened.open(slide_file)
    qtbot.waitUntil(lambda: opened.session.grid is not None, timeout=20_000)
    assert not opened.commands.tissue.isChecked()
    assert not opened.page.canvas.tissue_shown
    assert opened.regions.tools.by_name["polygon"].isChecked()
    assert not opened.regions.tools.by_name["move"].isChecked()
    assert opened.regions.tools.shown.isChecked()


def test_a_notice_shows_details_only_when_asked_and_is_not_shown_twice(qtbot, window):
    failure = Failure(message="Something broke.", hint="Try again.", details="Traceback: line 1")
    window.session.notify(Notice.of(failure))
    window.session.notify(Notice.of(failure))
    assert notices(window) == [("Something broke.", "Try again.")]
    strip = window.page.notices._strips[0]
    assert not strip._details.isVisible()
    button = next(one for one in strip.findChildren(QPushButton) if one.text() == "Details")
    button.click()
    assert strip._details.isVisible()
    assert strip._details.toPlainText() == "Traceback: line 1"
    strip.close_button.click()
    assert window.page.notices.isHidden()


def test_escape_takes_notices_away(qtbot, opened):
    opened.session.notify(Notice(message="A word.", weight=Weight.INFO))
    qtbot.keyClick(opened.page.canvas, Qt.Key.Key_Escape)
    assert notices(opened) == []


def test_docks_theme_and_recent_slides_are_remembered(qtbot, opened, preferences):
    opened.docks.risk.hide()
    opened.docks.log.show()
    opened.resize(1111, 777)
    opened.close()
    again = MainWindow(preferences, LogBook())
    qtbot.addWidget(again)
    again.show()
    qtbot.waitExposed(again)
    assert not again.docks.risk.isVisible()
    assert again.docks.log.isVisible() or not again.docks.log.isHidden()
    assert again.recent.actions()[0].text() == "section.tiff"
    again.commands.reset_layout.trigger()
    assert not again.docks.risk.isHidden()
    again.close()


class FakeProcess:
    """Stand where the model's process is, and remember what it was asked."""

    def __init__(self, window, monkeypatch):
        self.asked = []
        monkeypatch.setattr(window.process, "ask", lambda function, *rest: self.asked.append((function, *rest)))


def test_a_run_goes_through_the_process_and_shows_its_result(qtbot, opened, monkeypatch, tmp_path):
    fake = FakeProcess(opened, monkeypatch)
    weights = tmp_path / "weights.safetensors"
    weights.touch()
    opened.choose_model(ModelChoice(source=str(weights), backbone="vit-small"))
    assert opened.run_button.isEnabled()
    qtbot.keyClick(opened.page.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    function, path, settings, model = fake.asked[0]
    assert function == model_presenter.ANALYZE
    assert path == opened.session.open.path
    assert settings == opened.session.settings
    assert model.backbone == "vit-small"
    assert not opened.run_button.isEnabled()
    opened.process.progressed.emit("Reading tiles", 3, 10)
    assert opened.jobs.isVisible()
    assert opened.jobs.text.text() == "Analysis: Reading tiles"
    assert (opened.jobs.bar.value(), opened.jobs.bar.maximum()) == (3, 10)
    opened.process.succeeded.emit(make_result(opened.session, notices=("Two tiles are damaged.",)))
    assert opened.session.result is not None
    assert notices(opened) == [("Two tiles are damaged.", "")]
    assert opened.jobs.isHidden()
    assert opened.run_button.isEnabled()


def test_a_dead_process_leaves_the_window_as_it_was(qtbot, opened, monkeypatch, tmp_path):
    weights = tmp_path / "weights.safetensors"
    weights.touch()
    opened.session.set_result(make_result(opened.session))
    before = opened.session.result
    opened.choose_model(ModelChoice(source=str(weights), backbone="vit-small"))
    monkeypatch.setattr(model_presenter, "ANALYZE", "tests.gui.child_tasks:die_at_work")
    with qtbot.waitSignal(opened.models.failed, timeout=30_000):
        opened.run()
    assert notices(opened)[0][0] == "The model's process ended unexpectedly (code 9)."
    assert opened.session.result is before
    assert opened.run_button.isEnabled()


def test_cancel_stops_a_run_and_says_so(qtbot, opened, monkeypatch, tmp_path):
    weights = tmp_path / "weights.safetensors"
    weights.touch()
    opened.choose_model(ModelChoice(source=str(weights), backbone="vit-small"))
    monkeypatch.setattr(model_presenter, "ANALYZE", "tests.gui.child_tasks:work_until_cancelled")
    opened.run()
    qtbot.waitUntil(lambda: "Working" in opened.jobs.text.text(), timeout=30_000)
    qtbot.keyClick(opened.page.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not opened.models.running, timeout=5_000)
    assert notices(opened) == [("The analysis was cancelled.", "")]


def test_a_model_that_cannot_be_used_says_why_before_the_run(qtbot, opened, tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    opened.choose_model(ModelChoice(source=str(folder)))
    assert opened.run_panel.reason.text() == "results is not a risk model: model.json is missing."
    opened.choose_model(ModelChoice(source="vitsmall"))
    assert opened.run_panel.reason.text() == 'No backbone is called "vitsmall".'
    assert not opened.run_button.isEnabled()


def test_the_command_is_copied(opened):
    opened.commands.copy_command.trigger()
    command = QGuiApplication.clipboard().text()
    assert command.startswith("e2evit analyze ")
    assert command.endswith(" --model MODEL --out section-result")


@pytest.mark.slow
def test_fifty_slides_opened_and_closed_keep_memory_flat(qtbot, window, slide_file, tmp_path):
    copies = [shutil.copy(slide_file, tmp_path / f"{n}.tiff") for n in range(2)]
    process = psutil.Process()

    def round_trip(count):
        for n in range(count):
            open_and_wait(qtbot, window, type(slide_file)(copies[n % 2]))
            window.slides.close()
        gc.collect()
        return process.memory_info().rss

    before = round_trip(10)  # caches of libraries fill up first
    threads = process.num_threads()
    files = process.num_fds() if os.name == "posix" else 0
    after = round_trip(40)
    assert after - before < 25 << 20
    qtbot.waitUntil(lambda: process.num_threads() <= threads + 2, timeout=10_000)
    if os.name == "posix":
        assert process.num_fds() <= files + 4


def test_every_control_has_a_name_for_screen_readers(opened):
    from PySide6.QtWidgets import QAbstractSlider, QComboBox, QToolButton

    nameless = []
    for kind in (QComboBox, QLineEdit, QAbstractSlider, QToolButton, QPushButton):
        for widget in opened.findChildren(kind):
            said = widget.accessibleName() or (widget.text() if hasattr(widget, "text") else "") or widget.toolTip()
            inner = widget.objectName().startswith("qt_") or type(widget.parent()).__name__ in (
                "QComboBox",
                "QDockWidget",
            )
            scroll = type(widget).__name__ == "QScrollBar"
            if not said and not inner and not scroll:
                nameless.append((kind.__name__, widget.objectName(), type(widget.parent()).__name__))
    assert nameless == []


def test_a_widget_survives_twenty_thousand_void_calls(qtbot):
    # PySide6 6.12.0 loses a reference to None at each and aborts after some thousand on Python below 3.12
    widget = QWidget()
    qtbot.addWidget(widget)
    for number in range(20_000):
        widget.setObjectName("a")
        widget.move(QPoint(number % 7, 0))
    assert widget.objectName() == "a"
