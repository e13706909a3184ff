import shutil
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.project_panel.slide_model import SlideState, SortBy
from e2evit_model.errors import OutputError
from e2evit_model.inference.settings import ModelChoice
from e2evit_model.project.project import ELSEWHERE, Project
from e2evit_model.project.results import write_result
from tests.gui.conftest import section
from tests.gui.results import make_result as result_on_session
from tests.gui_project.conftest import begin, names, open_slide, wait
from tests.project.material import make_result
from tests.slide_files import write_pyramid


def notices(window):
    return [one.message for one in window.page.notices.notices]


def states(window):
    return {row.slide.name: row.state for row in window.projects.model.rows}


def test_without_a_project_the_window_is_as_it_was(window):
    assert not window.docks.project.isVisible()
    assert not window.commands.save.isEnabled()
    assert not window.commands.undo.isEnabled()
    assert window.windowTitle() == "E2E-ViT Desktop"


def test_the_beginning_points_at_the_slides_of_a_project(project_window):
    empty = project_window.page.empty
    assert empty._title.text() == "Choose a slide of the project"
    assert empty._way.text() == "Double-click one in the list, or drop another one here."
    project_window.projects.state.close()
    assert empty._title.text() == "Open a slide to begin"
    assert empty.analyze.isHidden()
    assert project_window.run_panel.rest.isHidden()


def test_without_a_slide_the_project_can_be_analyzed_and_its_results_shown(qtbot, project_window, monkeypatch):
    window, projects = project_window, project_window.projects
    empty, ids = window.page.empty, projects.panel.order.shown
    for button in (empty.analyze, window.run_panel.rest):
        assert not button.isHidden()
        assert button.text() == "Analyze the 3 slides without a result"
    assert empty.results.isHidden()
    monkeypatch.setattr(projects.queue._process, "ask", lambda *said: None)
    window.session.set_model(ModelChoice(source="vit-small"))
    window.run_panel.rest.click()
    assert [job.slide_id for job in projects.queue.jobs] == ids
    assert empty.analyze.isHidden()
    shown = []
    monkeypatch.setattr(window.results, "show", shown.append)
    for one in ids:
        projects.queue._process.succeeded.emit(write_result(projects.state.project.folder, one, make_result()))
    strip = window.page.notices._strips[0]
    assert strip.notice.message == "3 slides were analyzed."
    strip.action_button.click()
    assert shown == ["table"]
    assert not empty.results.isHidden()
    empty.results.click()
    assert shown == ["table", "table"]
    open_slide(qtbot, window, "case 2.tiff")
    projects.presenter.remove_results(ids)
    assert window.run_panel.rest.isHidden()


def test_a_new_project_takes_slides_in_and_shows_them(project_window):
    assert names(project_window) == ["case 2.tiff", "case 10.tiff", "case 30.tiff"]
    assert project_window.windowTitle() == "work - E2E-ViT Desktop"
    assert project_window.docks.project.isVisible()
    assert project_window.projects.panel.count.text() == "3 slides"
    assert project_window.preferences.recent_projects[0].name == "work"
    assert set(states(project_window).values()) == {SlideState.NOT_ANALYZED}


def test_taking_slides_in_is_undone_and_done_again(project_window):
    commands = project_window.commands
    assert commands.undo.text() == "&Undo Add 3 slides"
    commands.undo.trigger()
    assert names(project_window) == []
    assert project_window.projects.panel.count.text() == "No slides yet: add some, or drop them here."
    assert not commands.undo.isEnabled()
    commands.redo.trigger()
    assert names(project_window) == ["case 2.tiff", "case 10.tiff", "case 30.tiff"]


def test_removing_slides_takes_their_results_along_and_brings_them_back(project_window):
    projects = project_window.projects
    slide = projects.state.project.slides()[0]
    entry = write_result(projects.state.project.folder, slide.id, make_result())
    projects.state.change("Result", {entry.key: entry}, undoable=False)
    projects.presenter.remove([slide.id])
    assert slide.name not in names(project_window)
    assert projects.state.project.results() == []
    project_window.commands.undo.trigger()
    assert projects.state.project.results() == [entry]
    assert states(project_window)[slide.name] is SlideState.ANALYZED
    projects.presenter.remove_results([slide.id])
    assert states(project_window)[slide.name] is SlideState.NOT_ANALYZED
    project_window.commands.undo.trigger()
    assert states(project_window)[slide.name] is SlideState.ANALYZED


def test_search_and_order(project_window):
    projects = project_window.projects
    project, panel = projects.state.project, projects.panel
    for slide, seed in zip(project.slides(), (1, 2), strict=False):
        entry = write_result(project.folder, slide.id, make_result(seed=seed))
        projects.state.change("Result", {entry.key: entry}, undoable=False)
    by_risk = sorted(project.results(), key=lambda result: -result.risk)
    panel.order.order_by(SortBy.RISK)
    assert panel.order.shown[:2] == [result.slide for result in by_risk]
    panel.order.order_by(SortBy.STATE)
    assert panel.order.shown[0] == project.slides()[2].id
    panel.order.order_by(SortBy.NAME)
    panel.search.setText("not analyzed")
    assert panel.order.shown == [project.slides()[2].id]
    assert panel.count.text() == "1 of 3 slides"
    panel.search.setText("CASE 1")
    assert names(project_window) == ["case 10.tiff"]


def test_page_keys_go_through_the_slides(qtbot, project_window):
    open_slide(qtbot, project_window, "case 2.tiff")
    for key, name in ((1, "case 10.tiff"), (1, "case 30.tiff"), (1, "case 30.tiff"), (-1, "case 10.tiff")):
        commands = project_window.commands
        (commands.next_slide if key > 0 else commands.previous_slide).trigger()
        qtbot.waitUntil(lambda name=name: project_window.session.open.path.name == name, timeout=10_000)
    wait(qtbot, project_window)
    assert [row.slide.name for row in project_window.projects.model.rows if row.open] == ["case 10.tiff"]


def test_an_opened_slide_joins_the_project(qtbot, window, tmp_path, slide_folder):
    window.projects.presenter.create(tmp_path / "empty")
    qtbot.waitUntil(lambda: window.projects.state.project is not None, timeout=10_000)
    window.open(slide_folder / "case 10.tiff")
    qtbot.waitUntil(lambda: names(window) == ["case 10.tiff"], timeout=10_000)
    wait(qtbot, window)


def test_view_result_and_choices_are_there_again(qtbot, project_window, tmp_path):
    window = project_window
    open_slide(qtbot, window, "case 10.tiff")
    window.page.canvas.show_view(300.0, 200.0, 0.5)
    result = result_on_session(window.session)
    window.session.set_result(result)
    window.models.ran.emit()
    wait(qtbot, window)
    window.overlay.choose(colors="magma", opacity=0.3)
    window.projects.panel.order.order_by(SortBy.RISK)
    assert window.projects.close_for_good()
    window.slides.close()
    window.overlay.choose(colors="viridis", opacity=0.9)
    window.projects.open(tmp_path / "work")
    qtbot.waitUntil(lambda: window.session.result is not None, timeout=20_000)
    assert window.session.open.path.name == "case 10.tiff"
    assert window.session.result.risk.risk == result.risk.risk
    assert window.page.canvas.view.center == pytest.approx((300.0, 200.0), abs=1)
    assert window.page.canvas.view.scale == 0.5
    assert (window.overlay.choice.colors, window.overlay.choice.opacity) == ("magma", 0.3)
    assert window.projects.panel.order.by is SortBy.RISK


def test_a_new_result_takes_the_place_of_the_old_one_of_its_model(qtbot, project_window):
    window = project_window
    open_slide(qtbot, window, "case 2.tiff")
    for changes in ({}, {}, {"seed": 4}):
        result = result_on_session(window.session, **changes)
        if changes:
            result = replace(result, model=replace(result.model, name="another"))
        window.session.set_result(result)
        window.models.ran.emit()
        wait(qtbot, window)
    project = window.projects.state.project
    assert sorted(one.model for one in project.results()) == ["another", "test model"]
    assert not window.session.undo.canUndo() or window.session.undo.undoText() == "Add 3 slides"


def test_a_second_window_is_read_only_and_says_so(qtbot, project_window, tmp_path):
    other = Project.open(tmp_path / "work")
    assert other.read_only == ELSEWHERE
    assert project_window.projects.close_for_good()
    other.close()
    holder = Project.open(tmp_path / "work")
    project_window.projects.open(tmp_path / "work")
    qtbot.waitUntil(lambda: project_window.projects.state.project is not None, timeout=10_000)
    assert notices(project_window) == [ELSEWHERE]
    assert project_window.windowTitle() == "work (read-only) - E2E-ViT Desktop"
    assert not project_window.commands.add_slides.isEnabled()
    before = names(project_window)
    project_window.projects.presenter.remove([project_window.projects.panel.order.shown[0]])
    assert names(project_window) == before
    open_slide(qtbot, project_window, "case 2.tiff")
    holder.close()


def test_moved_slides_are_asked_for_once_and_found(qtbot, window, tmp_path, slide_folder):
    files = shutil.copytree(slide_folder, tmp_path / "slides")
    begin(qtbot, window, tmp_path / "work", files)
    assert window.projects.close_for_good()
    (tmp_path / "slides").rename(tmp_path / "elsewhere")
    asked = []
    window.projects.presenter.moved_asked.connect(asked.append)
    window.projects.open(tmp_path / "work")
    qtbot.waitUntil(lambda: asked == [3], timeout=10_000)
    question = window.findChild(QMessageBox)
    assert question.text() == "3 slides are not where they were."
    question.close()
    assert set(states(window).values()) == {SlideState.MISSING}
    assert window.projects.panel.missing_text.text() == "3 slides are not where they were."
    window.projects.open_slide(window.projects.panel.order.shown[0])
    assert notices(window) == ["case 2.tiff is not where it was."]
    (tmp_path / "elsewhere" / "case 10.tiff").unlink()
    window.projects.presenter.find_in(tmp_path / "elsewhere")
    wait(qtbot, window)
    assert notices(window)[0] == "2 slides were found, 1 are still missing."
    assert states(window)["case 10.tiff"] is SlideState.MISSING
    assert states(window)["case 2.tiff"] is SlideState.NOT_ANALYZED
    window.commands.undo.trigger()
    wait(qtbot, window)
    assert set(states(window).values()) == {SlideState.MISSING}
    assert asked == [3]


def test_a_disk_that_is_full_is_told_once_and_saved_later(qtbot, project_window, monkeypatch):
    project = project_window.projects.state.project
    state = project_window.projects.state

    def full():
        raise OutputError("The disk is full: journal.jsonl could not be written.", hint="Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(project, "save", full)
        state.change("Change", {"x": 1})
        state.save()
        state.change("Change", {"x": 2})
        assert notices(project_window) == ["The disk is full: journal.jsonl could not be written."]
    state.save()
    assert notices(project_window)[0] == "The project is saved again."
    assert project.unsaved == 0


def test_a_window_whose_project_cannot_be_saved_asks_before_it_closes(qtbot, project_window, monkeypatch):
    project = project_window.projects.state.project

    def full():
        raise OutputError("The disk is full: journal.jsonl could not be written.")

    monkeypatch.setattr(project, "close", full)
    asked = []

    def cancel(question):
        asked.append(question.text())
        return 0

    monkeypatch.setattr(QMessageBox, "exec", cancel)
    assert not project_window.close()
    assert asked == ["The last changes of the project cannot be saved."]
    assert project_window.isVisible()
    monkeypatch.undo()


def test_quiet_changes_are_written_within_a_second(qtbot, project_window, tmp_path):
    project_window.projects.state.remember("view/x", {"x": 1})
    journal = project_window.projects.state.project.folder.journal
    qtbot.waitUntil(lambda: b"view/x" in journal.read_bytes(), timeout=1500)


def test_files_that_are_no_slides_are_said_and_the_others_come_in(qtbot, project_window, tmp_path):
    (tmp_path / "words.svs").write_text("no slide")
    project_window.projects.take([tmp_path / "words.svs", tmp_path])
    wait(qtbot, project_window)
    assert notices(project_window)[0] == "1 of the files cannot be opened as slides: words.svs."
    project_window.projects.take(
        [project_window.projects.state.project.path_of(s) for s in project_window.projects.state.project.slides()]
    )
    wait(qtbot, project_window)
    assert notices(project_window)[0] == "All of these slides are in the project already."


def test_a_project_that_cannot_be_opened_is_a_notice(qtbot, window, tmp_path):
    window.projects.open(tmp_path)
    qtbot.waitUntil(lambda: bool(notices(window)), timeout=10_000)
    assert notices(window) == [f"{tmp_path.name} is not a project: project.json is missing."]


def test_analyzing_needs_a_model_and_leaves_missing_slides_out(qtbot, project_window, monkeypatch):
    window, projects = project_window, project_window.projects
    ids = projects.panel.order.shown
    projects.analyze(ids)
    assert notices(window) == ["Choose a model first: it analyzes the slides."]
    assert projects.queue.jobs == []
    asked = []
    monkeypatch.setattr(projects.queue._process, "ask", lambda *said: asked.append(said))
    window.session.set_model(ModelChoice(source="vit-small"))
    projects.presenter.missing = frozenset({ids[1]})
    projects.analyze(ids)
    assert [job.slide_id for job in projects.queue.jobs] == [ids[0], ids[2]]
    assert notices(window)[0] == "1 slides are missing or unusable and were left out."
    assert window.docks.queue.isVisible()
    assert states(window)["case 30.tiff"] is SlideState.WAITING
    assert window.jobs.text.text() == "case 2.tiff (1 waiting)"
    entry = write_result(projects.state.project.folder, ids[0], make_result())
    projects.queue._process.succeeded.emit(entry)
    assert projects.state.project.results() == [entry]
    projects.queue._process.failed.emit(Failure(message="The file is damaged."))
    assert notices(window)[0] == "1 of 2 slides could not be analyzed."
    assert states(window)["case 30.tiff"] is SlideState.FAILED


def test_return_in_the_list_opens_the_slide(qtbot, project_window):
    panel = project_window.projects.panel
    panel.choose(panel.order.shown[1])
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: project_window.session.open is not None, timeout=10_000)
    assert project_window.session.open.path.name == "case 10.tiff"
    wait(qtbot, project_window)


def drop(widget, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    said = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *said)
    widget.dragEnterEvent(enter)
    assert enter.isAccepted()
    widget.dropEvent(QDropEvent(QPointF(5, 5), *said))


@pytest.mark.parametrize("where", ["list", "slide"])
def test_dropped_slides_and_folders_are_taken_in(qtbot, window, tmp_path, slide_folder, where):
    window.projects.presenter.create(tmp_path / "new")
    qtbot.waitUntil(lambda: window.projects.state.project is not None, timeout=10_000)
    target = window.projects.panel if where == "list" else window.page
    drop(target, slide_folder / "case 10.tiff", slide_folder / "case 2.tiff")
    qtbot.waitUntil(lambda: names(window) == ["case 2.tiff", "case 10.tiff"], timeout=10_000)
    drop(target, slide_folder)
    qtbot.waitUntil(lambda: len(names(window)) == 3, timeout=10_000)
    wait(qtbot, window)


def test_a_dropped_project_is_opened_and_many_slides_without_one_make_one(
    qtbot, project_window, tmp_path, slide_folder, monkeypatch
):
    window = project_window
    assert window.projects.close_for_good()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "second"), ""))
    drop(window.page, *sorted(slide_folder.iterdir())[:2])
    qtbot.waitUntil(lambda: len(names(window)) == 2, timeout=10_000)
    assert window.projects.state.project.name == "second"
    drop(window.page, tmp_path / "work")
    qtbot.waitUntil(lambda: window.projects.state.project.name == "work", timeout=10_000)
    assert len(names(window)) == 3
    assert [path.name for path in window.preferences.recent_projects] == ["work", "second"]
    wait(qtbot, window)


def test_a_slide_whose_file_goes_while_it_opens_is_shown_and_not_taken_in(qtbot, project_window, tmp_path, monkeypatch):
    from e2evit_gui.main_window import opened_slide as module

    def gone(*_):
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(module, "entry_of_open", gone)
    path = write_pyramid(tmp_path / "fleeting.tiff", section(560, 672, seed=9), mpp=0.5, levels=2)
    project_window.open(path)
    qtbot.waitUntil(lambda: project_window.session.grid is not None, timeout=20_000)
    assert len(names(project_window)) == 3
    assert project_window.projects.opened_slide.slide_id == ""
    assert notices(project_window) == []
    wait(qtbot, project_window)
