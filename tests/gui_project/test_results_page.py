from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent

from e2evit_gui.results_page.gallery_tab import GalleryTab
from e2evit_model.overlay.values import DisplayScale
from e2evit_model.project.results import write_result
from tests.gui.results import make_result as result_on_session
from tests.gui_project.conftest import compare, show, wait
from tests.project.material import make_result


def column(page, number):
    order = page.table.order
    return [order.index(row, number).data() for row in range(order.rowCount())]


def test_the_table_sorts_by_every_column_and_what_is_empty_comes_last(qtbot, analyzed):
    page = show(qtbot, analyzed, "table")
    project = analyzed.projects.state.project
    first = project.results()[0]
    analyzed.projects.state.change("Remove", {first.key: None})
    table = page.table.table
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert column(page, 0) == ["case 2.tiff", "case 10.tiff", "case 30.tiff"]
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert column(page, 2) == ["2.000", "1.000", ""]
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert column(page, 2) == ["1.000", "2.000", ""]
    assert page.table.said.text() == "2 results of 3 slides"


def test_what_cannot_be_chosen_says_why(qtbot, analyzed):
    page = show(qtbot, analyzed, "table")
    button = page.table.compare
    page.table.table.clearSelection()
    assert not button.isEnabled()
    assert button.toolTip() == "Choose two to four slides to compare, or one that was analyzed with two models."
    page.table.table.selectRow(1)
    assert button.isEnabled()
    assert button.toolTip() == "Show two to four chosen slides side by side"
    assert not page.model.isEnabled()
    assert page.model.toolTip() == "All results are of one model: there is no other to choose."


def test_the_numbers_of_a_column_have_the_same_decimals(qtbot, analyzed):
    page = show(qtbot, analyzed, "table")
    for number in range(2, 8):
        assert len({len(text.partition(".")[2]) for text in column(page, number)}) == 1
    assert all(len(text.partition(".")[2]) == 2 for text in column(page, 6))


def test_rows_are_copied_as_they_stand_and_exported(qtbot, analyzed, tmp_path):
    page = show(qtbot, analyzed, "table")
    page.table.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    page.table.copy_rows()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["slide", "case 30.tiff", "case 10.tiff", "case 2.tiff"]
    page.table.table.selectRow(1)
    page.table.copy_rows()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 2
    assert page.table.said.text() == "1 row was copied."
    page.table.write(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines()[1].startswith("case 30.tiff,")
    (tmp_path / "file").touch()
    page.table.write(tmp_path / "file" / "out.csv")
    assert page.table.message.text().startswith("out.csv could not be written: a file is in the way")


def test_the_gallery_leads_to_the_tile(qtbot, analyzed):
    page = show(qtbot, analyzed, "gallery")
    results = analyzed.projects.state.project.results()
    assert page.gallery.high.count() == min(12, 3 * 4)
    first = page.gallery.high.item(0).data(Qt.ItemDataRole.UserRole)
    last = page.gallery.low.item(0).data(Qt.ItemDataRole.UserRole)
    assert first.times_uniform > last.times_uniform
    assert not page.gallery.high.item(0).icon().isNull()
    analyzed.slides.close()
    page.gallery.high.itemActivated.emit(page.gallery.high.item(0))
    qtbot.waitUntil(lambda: analyzed.session.selected == first.tile, timeout=20_000)
    assert analyzed.projects.opened_slide.slide_id == first.slide
    assert analyzed.session.result.embedding.shape == (6,)
    assert first.result in {result.id for result in results}
    wait(qtbot, analyzed)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_the_tiles_of_the_gallery_are_as_sharp_as_the_screen(qtbot, analyzed, monkeypatch, ratio):
    monkeypatch.setattr(GalleryTab, "devicePixelRatioF", lambda _tab: ratio)
    gallery = show(qtbot, analyzed, "gallery").gallery
    shown = gallery.high.iconSize()
    icon = gallery.high.item(0).icon()
    assert [size.width() for size in icon.availableSizes()] == [round(shown.width() * ratio)]
    picture = icon.pixmap(shown, ratio)
    assert picture.devicePixelRatio() == ratio
    assert picture.deviceIndependentSize().width() == pytest.approx(shown.width())
    monkeypatch.setattr(GalleryTab, "devicePixelRatioF", lambda _tab: 1.25)  # on another screen
    gallery.refresh()
    qtbot.waitUntil(lambda: not gallery.busy, timeout=20_000)
    assert gallery.high.item(0).icon().pixmap(shown, 1.25).width() == 120


def test_the_gallery_says_multiples_of_the_mean(qtbot, analyzed):
    gallery = show(qtbot, analyzed, "gallery").gallery
    most, least = (float(tiles.item(0).text().split("×")[0]) for tiles in (gallery.high, gallery.low))
    assert least < 1 < most
    assert gallery.high.item(0).toolTip().endswith("× the mean attention of the slide's tiles")


def test_a_gallery_of_missing_slides_says_so(qtbot, analyzed, monkeypatch):
    from e2evit_model.errors import SlideError
    from e2evit_model.project import extreme_tiles

    def gone(_path):
        raise SlideError("The slide is not there.")

    monkeypatch.setattr(extreme_tiles, "open_slide", gone)
    page = show(qtbot, analyzed, "gallery")
    assert page.gallery.high.count() == 12
    assert (
        page.gallery.message.text() == "Tiles of 3 slides cannot be shown: their files are missing or cannot be read."
    )


def test_the_map_opens_slides_by_mouse_and_by_keys(qtbot, analyzed):
    page = show(qtbot, analyzed, "map")
    view = page.map.view
    opened = []
    view.chosen.disconnect()
    view.chosen.connect(opened.append)
    assert "of the variance from left to right" in page.map.axes.text()
    slides = view._slides
    for number in range(3):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.place(number).toPoint())
    assert opened == list(slides)
    view.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return):
        qtbot.keyClick(view, key)
    assert len(opened) == 4
    before = view.place(0)
    at = QPointF(10, 20)
    still = (before - at) * 1.2 + at
    wheel = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    view.wheelEvent(wheel)
    assert (view.place(0).x(), view.place(0).y()) == pytest.approx((still.x(), still.y()))
    view.fit()
    assert view.place(0) == before


def test_a_map_of_two_slides_says_that_they_are_too_few(qtbot, analyzed):
    project = analyzed.projects.state.project
    analyzed.projects.presenter.remove_results([project.results()[0].slide])
    page = show(qtbot, analyzed, "map")
    assert page.map.message.text() == "A map needs at least 3 analyzed slides; there are 2."


def test_survival_needs_a_risk_model(qtbot, analyzed):
    page = show(qtbot, analyzed, "survival")
    assert page.survival.message.text() == "Choose a risk model: a backbone was trained on no cohort with survival."
    analyzed.session.set_result(result_on_session(analyzed.session))
    assert page.survival.place.text() == (
        "case 30.tiff (dashed): risk \u22121.750, percentile 71 of the cohort's out-of-fold risks, high risk. "
        "Curve and percentile are means over the fold models; the group is their vote, a tie counts as high."
    )


def test_compared_slides_move_together_and_share_one_scale(qtbot, analyzed):
    ids = [slide.id for slide in analyzed.projects.state.project.slides()]
    made = compare(qtbot, analyzed, ids)
    views = [pane.canvas.view for pane in made.panes]
    assert len({round(view.scale, 9) for view in views}) == 1
    centers = [view.center for view in views]
    made.panes[1].canvas.show_view(centers[1][0] + 40, centers[1][1] - 25, views[1].scale / 2)
    for before, pane in zip(centers, made.panes, strict=True):
        view = pane.canvas.view
        assert view.center == pytest.approx((before[0] + 40, before[1] - 25))
        assert view.scale == pytest.approx(views[0].scale / 2)
    made.together.setChecked(False)
    still = made.panes[0].canvas.view
    made.panes[1].canvas.zoom_by(2)
    assert made.panes[0].canvas.view == still
    every = np.concatenate([pane.times for pane in made.panes])
    scale, limits = made.limits()
    assert scale is DisplayScale.CLIPPED
    assert limits == pytest.approx(tuple(np.percentile(every, [1, 99])))
    assert all(pane.canvas.heat is not None for pane in made.panes)
    made.close()
    qtbot.waitUntil(lambda: not analyzed.results.comparisons, timeout=5_000)


def test_two_models_on_one_slide_are_compared(qtbot, analyzed):
    state = analyzed.projects.state
    slide = state.project.slides()[0]
    analyzed.results.compare([slide.id])
    assert analyzed.page.notices.notices[0].message == (
        "Choose two to four slides in PROJECT, or one that was analyzed with two models."
    )
    other = write_result(state.project.folder, slide.id, make_result(name="another", fingerprint=slide.fingerprint))
    state.change("Result", {other.key: other}, undoable=False)
    made = compare(qtbot, analyzed, [slide.id])
    assert [pane.subject.result.model for pane in made.panes] == ["test model", "another"]
    made.close()


def test_a_compared_slide_that_is_gone_says_so_and_the_other_stays(qtbot, analyzed, monkeypatch):
    from e2evit_gui.results_page import compare as module
    from e2evit_model.errors import SlideError
    from e2evit_model.slides.opening import open_slide as really_open

    def open_all_but_one(path, *, mpp=None):
        if path.name == "case 10.tiff":
            raise SlideError("case 10.tiff was not found.", hint="Check its folder.")
        return really_open(path, mpp=mpp)

    monkeypatch.setattr(module, "open_slide", open_all_but_one)
    ids = [slide.id for slide in analyzed.projects.state.project.slides()[:2]]
    made = compare(qtbot, analyzed, ids)
    texts = {pane.subject.slide.name: pane.message.text() for pane in made.panes}
    assert texts["case 10.tiff"] == "case 10.tiff was not found.\nCheck its folder."
    assert texts["case 2.tiff"] == ""
    made.close()


def test_a_file_that_is_another_slide_is_said_and_not_colored(qtbot, analyzed):
    state = analyzed.projects.state
    first, second = state.project.slides()[:2]
    changed = replace(first, fingerprint="0" * len(first.fingerprint))
    state.change("Slide", {changed.key: changed}, undoable=False)
    made = compare(qtbot, analyzed, [first.id, second.id])
    assert made.panes[0].message.text() == (
        "This file is not the slide that the project knows: its result does not belong to it."
    )
    assert made.panes[0].canvas.heat is None
    assert made.panes[1].canvas.heat is not None
    made.close()


def test_a_comparison_is_forgotten_when_it_closes_not_when_it_is_destroyed(qtbot, analyzed):
    """At the program's end it is destroyed after what it told of its end, and that was a traceback."""
    made = compare(qtbot, analyzed, [slide.id for slide in analyzed.projects.state.project.slides()])
    made.close()
    assert analyzed.results.comparisons == []
