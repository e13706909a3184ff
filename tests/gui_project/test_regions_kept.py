"""Regions in a project: kept with their slide, whatever is opened or closed right after they were drawn."""

import pytest
from PySide6.QtCore import Qt

from e2evit_model.annotations.document import regions_from_document, regions_to_document
from e2evit_model.annotations.region import StripRole
from tests.annotations.shapes import square
from tests.gui_project.conftest import open_slide, wait


def draw(window, x):
    window.regions.regions.add([square(x, x, 40)], "Draw")


def lefts(drawn):
    return sorted(region.box[0] for region in drawn.regions)


def shown(qtbot, window, *expected):
    qtbot.waitUntil(lambda: lefts(window.regions.regions.drawn) == list(expected), timeout=5000)


def kept(window, slide):
    return lefts(regions_from_document(window.projects.state.regions(slide.id)))


def test_each_slide_keeps_its_own_regions_however_fast_one_goes_on(qtbot, project_window):
    window = project_window
    first = open_slide(qtbot, window, "case 2.tiff")
    shown(qtbot, window)
    draw(window, 10)
    second = open_slide(qtbot, window, "case 10.tiff")
    shown(qtbot, window)
    assert (kept(window, first), kept(window, second)) == ([10.0], [])
    draw(window, 20)
    draw(window, 30)
    open_slide(qtbot, window, "case 2.tiff")
    shown(qtbot, window, 10.0)
    assert (kept(window, first), kept(window, second)) == ([10.0], [20.0, 30.0])
    open_slide(qtbot, window, "case 30.tiff")
    shown(qtbot, window)
    assert (kept(window, first), kept(window, second)) == ([10.0], [20.0, 30.0])


@pytest.mark.parametrize("by", ["command", "window"])
def test_what_was_drawn_last_is_kept_when_the_project_is_closed(qtbot, project_window, tmp_path, by):
    window = project_window
    slide = open_slide(qtbot, window, "case 2.tiff")
    shown(qtbot, window)
    draw(window, 10)
    project = window.projects.state.project
    if by == "command":
        window.commands.close_project.trigger()
    else:
        window.close()
    from e2evit_model.project.project import Project

    assert lefts(regions_from_document(Project.open(project.folder.path).document(f"regions/{slide.id}"))) == [10.0]


def test_regions_come_back_with_the_project(qtbot, project_window, tmp_path):
    window = project_window
    open_slide(qtbot, window, "case 10.tiff")
    shown(qtbot, window)
    draw(window, 15)
    before = regions_to_document(window.regions.regions.drawn)
    assert window.projects.close_for_good()
    window.slides.close()
    window.projects.open(tmp_path / "work")
    shown(qtbot, window, 15.0)
    assert regions_to_document(window.regions.regions.drawn) == before
    wait(qtbot, window)


def test_a_risk_of_other_tiles_is_marked_in_the_list_and_after_the_project_was_closed(qtbot, analyzed):
    window = analyzed
    slide = open_slide(qtbot, window, "case 2.tiff")
    qtbot.waitUntil(lambda: window.session.result is not None, timeout=20_000)
    model = window.projects.model

    def said():
        return next(model.said(row) for row in model.rows if row.slide.id == slide.id)

    assert said() == "risk 0.000, percentile 71"
    window.regions.regions.add([square(100, 100, 300, role=StripRole.EXCLUDE)], "Draw")
    assert said() == "out of date: risk 0.000"
    at = next(n for n, row in enumerate(model.rows) if row.slide.id == slide.id)
    assert "out of date" in model.data(model.index(at), Qt.ItemDataRole.AccessibleTextRole)
    assert "run it again" in model.data(model.index(at), Qt.ItemDataRole.ToolTipRole)
    open_slide(qtbot, window, "case 10.tiff")
    assert said() == "out of date: risk 0.000"
    folder = window.projects.state.project.folder.path
    assert window.projects.close_for_good()
    window.slides.close()
    window.projects.open(folder)
    qtbot.waitUntil(lambda: len(model.rows) == 3, timeout=5000)
    assert said() == "out of date: risk 0.000"
    wait(qtbot, window)
    assert said() == "out of date: risk 0.000"
    open_slide(qtbot, window, "case 2.tiff")
    qtbot.waitUntil(lambda: window.session.outdated is not None, timeout=20_000)
    assert said() == "out of date: risk 0.000"
    window.regions.regions.select([region.key for region in window.regions.regions.drawn.regions])
    window.regions.regions.delete_selected()
    assert said() == "risk 0.000, percentile 71"
    assert window.projects.state.document(f"outdated/{slide.id}") is None


def test_undo_takes_back_what_was_done_last_drawing_or_project(qtbot, project_window):
    window = project_window
    open_slide(qtbot, window, "case 2.tiff")
    shown(qtbot, window)
    draw(window, 10)
    third = window.projects.panel.order.shown[2]
    window.projects.presenter.remove([third])
    assert window.commands.undo.text() == "&Undo Remove a slide"
    window.commands.undo.trigger()
    assert len(window.projects.panel.order.shown) == 3
    assert window.commands.undo.text() == "&Undo Draw"
    window.commands.undo.trigger()
    shown(qtbot, window)
    assert window.commands.undo.text() == "&Undo Add 3 slides"


def test_what_was_drawn_before_the_project_was_opened_stays(qtbot, window, tmp_path, slide_folder):
    window.open(slide_folder / "case 2.tiff")
    qtbot.waitUntil(lambda: window.session.grid is not None, timeout=20_000)
    draw(window, 10)
    window.projects.presenter.create(tmp_path / "new")
    qtbot.waitUntil(lambda: len(window.projects.panel.order.shown) == 1, timeout=10_000)
    slide = window.projects.state.project.slides()[0]
    qtbot.waitUntil(lambda: kept(window, slide) == [10.0], timeout=5000)
    wait(qtbot, window)
