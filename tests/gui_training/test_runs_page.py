import psutil
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox

from e2evit_gui.runs_page.page import RunsPage
from e2evit_gui.runs_page.presenter import RunsPresenter
from e2evit_gui.runs_page.snapshot import read_run
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.runs.status import State
from tests.gui_training.run_files import sleeper, write_asked, write_run


@pytest.fixture
def page(qtbot):
    """A shown page of runs."""
    presenter = RunsPresenter()
    made = RunsPage(presenter)
    qtbot.addWidget(made)
    made.show()
    yield made, presenter
    presenter.shut_down()


def watch(qtbot, presenter, root):
    with qtbot.waitSignal(presenter.runs_changed, timeout=10_000, check_params_cb=None):
        presenter.watch(root)
    qtbot.waitUntil(lambda: bool(presenter.runs), timeout=10_000)


def test_without_a_folder_it_asks_for_one(page):
    made, _ = page
    assert made.empty.isVisible()
    assert made.empty.text() == "Choose a folder of runs."


def test_a_done_run_shows_its_figures_and_opens_its_model(qtbot, page, tmp_path):
    made, presenter = page
    run = write_run(tmp_path / "a", mean_c=0.65)
    (run / "model").mkdir()
    (run / "model" / "model.json").write_text("{}")
    watch(qtbot, presenter, tmp_path)
    view = made.views[run]
    assert view.score.text() == "0.650 ± 0.141"
    assert view.score_note.text().endswith("95 % interval 0.550 to 0.800")
    assert view.stop.isHidden()
    assert view.resume.isHidden()
    assert (view.report.isEnabled(), view.report.toolTip()) == (False, "There is no report yet.")
    with qtbot.waitSignal(made.model_requested) as heard:
        qtbot.mouseClick(view.model, Qt.MouseButton.LeftButton)
    assert heard.args == [RunFolder(run).model]
    cells = [[view.folds.item(row, column).text() for column in range(5)] for row in range(2)]
    assert cells == [["0", "done", "3", "0.560", "0.550"], ["1", "done", "3", "0.560", "0.750"]]


def test_the_report_is_opened_when_it_is_there(qtbot, page, tmp_path, monkeypatch):
    made, presenter = page
    run = write_run(tmp_path / "a")
    (run / "report.html").write_text("<html>")
    watch(qtbot, presenter, tmp_path)
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    qtbot.mouseClick(made.views[run].report, Qt.MouseButton.LeftButton)
    assert opened == [str(run / "report.html")]


def test_curves_grow_with_the_epochs(qtbot, page, tmp_path):
    made, presenter = page
    process = sleeper()
    began = psutil.Process(process.pid).create_time()
    run = write_run(tmp_path / "a", state="running", epochs=2, process=process.pid, started=began)
    watch(qtbot, presenter, tmp_path)
    plot = made.views[run].c_index
    assert [fold.values("val_c_index") for fold in presenter.find(run).folds] == [([2.0], [0.54])] * 2
    write_run(run, state="running", epochs=7, process=process.pid, started=began)
    qtbot.waitUntil(lambda: len(presenter.find(run).folds[0].epochs) == 7, timeout=10_000)
    assert plot.has_curves()
    assert plot.x_axis.high == 8
    state = made.views[run].state.text()
    assert state == "Running: Fold 1, epoch 3, 1 of 2 folds done"
    # fold 0 is done; of fold 1 three of ten epochs may come, 20 s each
    assert made.views[run].left.text() == "at most 60 s left"
    process.kill()
    process.wait()
    process.stdout.close()
    qtbot.waitUntil(lambda: presenter.find(run).state is State.INTERRUPTED, timeout=10_000)
    assert not made.views[run].resume.isHidden()
    assert made.views[run].folds.item(1, 1).text() == "interrupted"


def test_stop_says_that_it_stops_and_ends_the_process(qtbot, page, tmp_path):
    made, presenter = page
    process = sleeper()
    run = write_asked(tmp_path / "a", process=process.pid)
    watch(qtbot, presenter, tmp_path)
    view = made.views[run]
    assert view.state.text() == "Starting"
    qtbot.mouseClick(view.stop, Qt.MouseButton.LeftButton)
    assert view.state.text() == "Stopping"
    assert not view.stop.isEnabled()
    assert process.stdout.read() == b"asked\n"
    process.stdout.close()
    qtbot.waitUntil(lambda: presenter.find(run).state is State.FAILED, timeout=20_000)
    assert presenter.stopping == set()


def test_a_failed_run_says_why(qtbot, page, tmp_path):
    made, presenter = page
    run = write_run(tmp_path / "a", state="failed", message="The disk is full: last.pt could not be written.")
    watch(qtbot, presenter, tmp_path)
    assert made.views[run].error.text() == "The disk is full: last.pt could not be written."
    assert not made.views[run].resume.isHidden()


def test_damaged_files_are_a_sentence(tmp_path):
    run = write_run(tmp_path / "a")
    (run / "run.json").write_text("{")
    assert (read_run(run).state, read_run(run).message) == (
        State.FAILED,
        "run.json is damaged: it is not readable JSON.",
    )
    other = write_run(tmp_path / "b")
    (other / "fold_0" / "log.csv").write_text("epoch,val_loss\n1,x\n")
    assert read_run(other).folds[0].epochs == ()
    (other / "metrics.json").write_text("[]")
    assert read_run(other).mean_c is None


def test_several_runs_stand_side_by_side(qtbot, page, tmp_path):
    made, presenter = page
    runs = [write_run(tmp_path / name, mean_c=0.6) for name in ("a", "b", "c", "d")]
    watch(qtbot, presenter, tmp_path)
    assert len(made.views) == 1
    made.list.selectAll()
    assert set(made.views) <= set(runs)
    assert len(made.views) == 3, "more do not fit"
    made.list.clearSelection()
    made.list.item(1).setSelected(True)
    assert list(made.views) == [presenter.runs[1].path]


def test_a_cox_model_has_no_epochs_to_show(qtbot, page, tmp_path):
    made, presenter = page
    run = write_run(tmp_path / "a", method="linear-cox", epochs=0, mean_c=0.6)
    watch(qtbot, presenter, tmp_path)
    assert made.views[run].loss.isHidden()


def answer_with(text):
    """Click a button of the question that will be asked."""

    def click():
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(one for one in box.buttons() if one.text().replace("&", "") == text).click()

    QTimer.singleShot(200, click)


def test_closing_asks_and_the_training_goes_on(qtbot, window, runs):
    process = sleeper()
    run = write_asked(runs / "a", process=process.pid)
    window.training.open_runs()
    presenter = window.training.runs
    qtbot.waitUntil(lambda: bool(presenter.running), timeout=10_000)
    answer_with("Cancel")
    assert not window.close()
    assert window.isVisible()
    answer_with("Keep running")
    assert window.close()
    assert process.poll() is None
    process.kill()
    process.wait()
    process.stdout.close()
    assert read_run(run).state is State.FAILED


def test_closing_can_stop_the_training(qtbot, window, runs):
    process = sleeper()
    write_asked(runs / "a", process=process.pid)
    window.training.runs.watch(runs)
    qtbot.waitUntil(lambda: bool(window.training.runs.running), timeout=10_000)
    answer_with("Stop")
    assert window.close()
    assert process.stdout.read() == b"asked\n"
    process.stdout.close()


def test_the_next_start_finds_a_training_that_goes_on(qtbot, window, runs):
    process = sleeper()
    began = psutil.Process(process.pid).create_time()
    write_run(runs / "a", state="running", process=process.pid, started=began)
    window.training.runs.look()
    qtbot.waitUntil(lambda: bool(window.page.notices.notices), timeout=10_000)
    assert window.page.notices.notices[0].message == "A training goes on in the background: clinic."
    process.kill()
    process.wait()
    process.stdout.close()
    qtbot.waitUntil(lambda: not window.training.runs.running, timeout=10_000)


def test_a_slide_of_the_sheet_opens_in_the_viewer(qtbot, window, slides_folder):
    window.training.open_wizard()
    qtbot.waitUntil(lambda: window.training.wizard is not None, timeout=60_000)
    window.training.wizard.slide_requested.emit(slides_folder / "S05.tiff", None)
    qtbot.waitUntil(lambda: window.session.open is not None and not window.slides.busy, timeout=20_000)
    assert window.session.open.path == slides_folder / "S05.tiff"


def test_a_window_that_closes_takes_a_wizard_along_that_is_being_made(window):
    import e2evit_gui.training_wizard.wizard  # noqa: F401 - so that the first page is made at once

    window.training.open_wizard()
    assert window.training.wizard is None
    window.close()
    for _ in range(20):  # turns of the event loop: a page each
        QApplication.processEvents()
    assert window.training.wizard is None
    assert not [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def test_the_menu_stands_before_window_and_help(window):
    titles = [action.text().replace("&", "") for action in window.menuBar().actions()]
    assert titles[-3:] == ["Train", "Window", "Help"]
    assert window.training.open_wizard_action.shortcut().toString() == "Ctrl+T"
