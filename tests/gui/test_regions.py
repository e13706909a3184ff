"""Regions with real widgets: the strip, the tissue, the model's answers, files, projects."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication

from e2evit_gui.slide_page.region_facts import tissue_in_tiles
from e2evit_gui.slide_page.region_presenter import Question
from e2evit_model.annotations.geojson import read_regions, write_regions
from e2evit_model.annotations.region import StripRole
from e2evit_model.inference.settings import ModelChoice
from e2evit_model.tiling.regions import tiles_in_regions
from tests.annotations.shapes import every_kind, square
from tests.gui.drawing import drag, drawn, said
from tests.gui.results import make_result


def test_leaving_out_a_region_changes_strip_counts_and_the_next_run_at_once(opened):
    regions, slides = opened.regions.regions, opened.slides
    whole = opened.session.grid
    region = square(300, 300, 500)
    regions.add([region], "one")
    assert opened.session.grid is whole
    regions.set_role(regions.selected, StripRole.EXCLUDE)
    inside = tiles_in_regions(whole, region.polygons)
    assert 0 < inside.sum() < len(whole)
    assert len(opened.session.grid) == len(whole) - inside.sum()
    assert slides.whole is whole
    assert opened.regions.panel.strip.text().startswith(f"{len(whole) - inside.sum()} of {len(whole)} tiles, ")
    settings = opened.models.settings_of(opened.session.open)
    np.testing.assert_array_equal(settings.selection.kept(whole), ~inside)
    regions.set_role(regions.selected, StripRole.INCLUDE)
    assert len(opened.session.grid) == inside.sum()
    regions.undo.undo()
    regions.undo.undo()
    assert opened.session.grid is whole


def test_leaving_out_everything_says_why_run_is_grey(opened):
    regions = opened.regions.regions
    regions.add([square(-100, -100, 5000, role=StripRole.EXCLUDE)], "all")
    assert opened.session.grid is None
    assert "No tile is left: the regions exclude all of them." in [one.why for one in opened.run_panel._found]
    regions.undo.undo()
    assert opened.session.grid is not None


def test_correcting_the_tissue_lays_other_tiles(qtbot, opened):
    before, mask = len(opened.session.grid), opened.session.mask
    opened.regions.tools.take("tissue-remove")
    opened.regions.tools.brush_px = 200
    drag(qtbot, opened, (400, 400), (500, 500), (700, 500))
    qtbot.waitUntil(lambda: opened.session.mask is not mask and not opened.slides.busy, timeout=10_000)
    assert opened.session.mask.method.endswith(", corrected by hand")
    assert len(opened.session.grid) < before
    opened.commands.undo.trigger()
    qtbot.waitUntil(lambda: not opened.slides.busy and len(opened.session.grid) == before, timeout=10_000)
    assert opened.session.mask.method == mask.method


def test_share_of_attention_in_a_region(opened):
    result = make_result(opened.session)
    opened.session.set_result(result)
    region = square(300, 300, 500)
    opened.regions.regions.add([region], "one")
    inside = tiles_in_regions(result.grid, region.polygons)
    share = result.attention[inside].sum()
    facts = opened.regions.panel.facts
    assert facts.text("Attention").startswith(f"{100 * share:.1f}\u00a0% of all")
    assert facts.text("Tiles") == f"{inside.sum()} of {len(result.grid)}"


def test_risk_without_a_region_is_asked_of_the_model(opened, monkeypatch):
    result = make_result(opened.session)
    opened.session.set_result(result)
    regions, room = opened.regions.regions, opened.regions
    region = square(300, 300, 500)
    regions.add([region], "one")
    asked = []
    monkeypatch.setattr(opened.process, "ask", lambda *request: asked.append(request))
    opened.session.set_model(ModelChoice(source="demo"))
    room.panel.without.click()
    (_, path, settings, _model) = asked[0]
    assert path == opened.session.open.path
    np.testing.assert_array_equal(settings.selection.kept(result.grid), ~tiles_in_regions(result.grid, region.polygons))
    other = replace(result, risk=replace(result.risk, risk=-1.5), grid=result.grid.subset(np.arange(5)))
    opened.process.succeeded.emit(other)
    answer = room.asks.answer(region, Question.WITHOUT)
    assert answer.difference == pytest.approx(0.25)
    assert room.panel.facts.text("Without it") == "risk \u22121.500 (+0.25), 5 tiles"
    assert opened.session.result is result, "the question changes nothing on the slide"


def test_a_geojson_file_is_dropped_and_written_again(qtbot, opened, tmp_path):
    path = tmp_path / "regions.geojson"
    write_regions(every_kind(), path, mpp=0.5)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    opened.page.dropEvent(QDropEvent(QPointF(50, 50), action, mime, buttons, keys))
    assert len(drawn(opened)) == 6
    assert "6 regions were read. 1 of them leave their tiles out of the strip." in said(opened)
    out = tmp_path / "again.geojson"
    opened.regions.write(out)
    assert [one.class_name for one in read_regions(out).regions] == [one.class_name for one in every_kind()]
    assert "E2E-ViT: tiles" in json.loads(out.read_text())["features"][0]["properties"]["measurements"]
    path.write_text("no json")
    opened.regions.read(path)
    assert "regions.geojson is not GeoJSON." in said(opened)


def test_class_and_note_of_what_is_selected(qtbot, opened):
    regions, panel = opened.regions.regions, opened.regions.panel
    regions.add([square(300, 300, 200)], "one")
    panel.classes.setCurrentText("Necrosis")
    panel.classes.lineEdit().editingFinished.emit()
    panel.note.setPlainText("looks <b>odd</b>")
    panel.note.left.emit()
    (region,) = drawn(opened)
    assert (region.class_name, region.note) == ("Necrosis", "looks <b>odd</b>")
    assert panel.model.index(0, 0).data() == "Necrosis"
    regions.undo.undo()
    assert drawn(opened)[0].note == ""


def test_the_menu_on_a_region_offers_what_can_be_done(opened):
    regions = opened.regions.regions
    regions.add([square(300, 300, 400)], "one")
    texts = [action.text() for action in opened.regions.menu_at(QPointF(500, 500)).actions()]
    assert texts[:3] == ["Analyze only this", "Leave out of the strip", "Leave the strip alone"]
    elsewhere = [action.text() for action in opened.regions.menu_at(QPointF(5, 5)).actions()]
    assert "Leave out of the strip" not in elsewhere
    assert opened.commands.fit.text() in elsewhere


def test_what_was_drawn_is_there_when_the_slide_is_opened_again(qtbot, opened, slide_without_mpp, slide_file):
    opened.regions.regions.add([square(300, 300, 400)], "one")
    opened.open(slide_without_mpp)
    qtbot.waitUntil(lambda: opened.session.open.path == slide_without_mpp, timeout=10_000)
    assert drawn(opened) == ()
    opened.open(slide_file)
    qtbot.waitUntil(lambda: opened.session.open.path == slide_file, timeout=10_000)
    assert len(drawn(opened)) == 1


def test_a_project_keeps_the_regions_of_its_slides(qtbot, opened, slide_file, slide_without_mpp, tmp_path):
    opened.projects.presenter.create(tmp_path / "project")
    qtbot.waitUntil(lambda: bool(opened.projects.opened_slide.slide_id), timeout=10_000)
    opened.regions.regions.add([square(300, 300, 400, class_name="Tumor")], "one")
    slide_id = opened.projects.opened_slide.slide_id
    opened.open(slide_without_mpp)
    qtbot.waitUntil(lambda: opened.session.open.path == slide_without_mpp, timeout=10_000)
    document = opened.projects.state.regions(slide_id)
    assert document["features"][0]["properties"]["classification"]["name"] == "Tumor"
    assert drawn(opened) == ()
    opened.regions.regions._by_slide.clear()  # as after a new start
    opened.open(slide_file)
    qtbot.waitUntil(lambda: opened.session.open.path == slide_file, timeout=10_000)
    assert [region.class_name for region in drawn(opened)] == ["Tumor"]
    opened.regions._keep_now()
    assert len(opened.projects.state.regions(slide_id)["features"]) == 1
    other = opened.projects.state.project.slides()
    assert [bool((opened.projects.state.regions(one.id) or {}).get("features")) for one in other].count(True) == 1


def test_what_was_drawn_before_there_was_a_project_is_kept_in_it(qtbot, opened, tmp_path):
    opened.regions.regions.add([square(300, 300, 400)], "one")
    opened.projects.presenter.create(tmp_path / "project")
    qtbot.waitUntil(lambda: bool(opened.projects.opened_slide.slide_id), timeout=10_000)
    assert len(drawn(opened)) == 1
    opened.regions._keep_now()
    assert len(opened.projects.state.regions(opened.projects.opened_slide.slide_id)["features"]) == 1


def test_a_result_made_with_other_regions_is_not_shown(opened):
    regions = opened.regions.regions
    whole = make_result(opened.session, record={"regions": None})
    opened.session.set_result(whole)
    assert opened.session.result is whole
    regions.add([square(300, 300, 500, role=StripRole.EXCLUDE)], "one")
    assert opened.session.result is None
    kept = len(opened.session.grid)
    opened.session.set_result(whole)
    assert opened.session.result is None
    assert len(opened.session.grid) == kept
    part = make_result(opened.session, record={"regions": regions.selection.to_record()})
    opened.session.set_result(part)
    assert opened.session.result is part


def test_the_command_names_the_regions(opened):
    opened.commands.copy_command.trigger()
    assert "--regions" not in QGuiApplication.clipboard().text()
    opened.regions.regions.add([square(300, 300, 500, role=StripRole.EXCLUDE)], "one")
    opened.commands.copy_command.trigger()
    assert " --regions regions.geojson" in QGuiApplication.clipboard().text()
    assert "Export the regions as regions.geojson for it." in [one.hint for one in opened.page.notices.notices]


def test_run_again_is_offered_once_there_was_a_run(opened):
    panel, regions = opened.regions.panel, opened.regions.regions
    regions.add([square(300, 300, 500, role=StripRole.EXCLUDE)], "one")
    assert panel.again.isHidden()
    opened.session.set_result(make_result(opened.session))
    regions.set_role(regions.selected, StripRole.NONE)
    assert not panel.again.isHidden()
    assert panel.stale.text() == "The regions are not in the risk yet. Before:\u00a0\u22121.750."
    opened.session.set_result(make_result(opened.session))
    assert panel.again.isHidden()
    assert panel.stale.isHidden()


def test_panels_say_that_the_tiles_are_others_and_undo_brings_the_result_back(opened):
    regions, overlay = opened.regions.regions, opened.commands.overlay
    assert not overlay.isEnabled()
    assert not overlay.isChecked()
    assert "Run a model" in opened.overlay_panel._empty.text()
    result = make_result(opened.session)
    opened.session.set_result(result)
    assert overlay.isEnabled()
    assert overlay.isChecked()
    assert opened.status._device.text() == "CPU"
    regions.add([square(300, 300, 500, role=StripRole.EXCLUDE)], "one")
    assert opened.session.outdated is result
    assert opened.overlay_panel._empty.text() == "The tiles have changed: run the model again to see where it looks."
    assert opened.risk_panel.empty.text() == "The tiles have changed: run the model again to see the risk."
    assert not overlay.isEnabled()
    assert not overlay.isChecked()
    assert not opened.opacity.isEnabled()
    assert opened.overlay.choice.visible
    assert opened.status._device.text()
    regions.undo.undo()
    assert opened.session.result is result
    assert opened.session.outdated is None
    assert overlay.isChecked()
    assert opened.opacity.isEnabled()


def test_a_row_says_in_words_what_it_means_for_the_strip_and_why_there_is_no_attention(opened):
    regions, model = opened.regions.regions, opened.regions.panel.model
    regions.add([square(300, 300, 500, class_name="Tumor", role=StripRole.EXCLUDE)], "one")

    def cell(column, role):
        return model.data(model.index(0, column), role)

    aloud, tip = Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole
    assert cell(0, Qt.ItemDataRole.DisplayRole) == "− Tumor"
    assert (cell(0, aloud), cell(0, tip)) == ("Tumor, left out", "− left out")
    assert cell(2, Qt.ItemDataRole.DisplayRole) == "–"
    assert cell(2, tip) == cell(2, aloud)
    assert cell(2, tip).startswith("Not known: no tile in it was analyzed")
    regions.set_role(regions.drawn.regions, StripRole.NONE)
    opened.session.set_result(make_result(opened.session))
    assert cell(0, aloud) == "Tumor"
    assert cell(2, aloud).endswith("\u00a0%")
    assert cell(2, tip).startswith("Share of all attention")


def test_tissue_is_named_for_what_is_measured(opened):
    panel, regions, whole = opened.regions.panel, opened.regions.regions, opened.session.grid
    outline = opened.session.mask.area_mm2()
    found = {one.name: one.value for one in opened.run_panel._found}
    assert found["Tissue"] == f"{outline:.3g} mm² (outline)"
    tiles = tissue_in_tiles(whole, 0.5)
    assert tiles < outline
    assert panel.strip.text().startswith(
        f"{len(whole)} of {len(whole)} tiles, {tiles:.3g} of {tiles:.3g} mm² of the tissue in tiles"
    )
    regions.add([square(300, 300, 500, role=StripRole.EXCLUDE)], "one")
    assert f"{tissue_in_tiles(opened.session.grid, 0.5):.3g} of {tiles:.3g} mm²" in panel.strip.text()


def test_nothing_overlaps_in_a_low_window(qtbot, opened):
    """Lines that wrap need more height than a panel reserves for them by itself: fields lay upon each other at 1366 x 768."""
    opened.resize(1366, 768)
    regions, panel = opened.regions.regions, opened.regions.panel
    opened.regions.dock.raise_()
    opened.session.set_result(make_result(opened.session))
    regions.add([square(300, 300, 200, class_name="Tumor", note="glands", role=StripRole.EXCLUDE)], "one")
    regions.select([regions.drawn.regions[0].key])
    qtbot.waitUntil(lambda: not opened.slides.busy and panel.stale.isVisible(), timeout=20_000)
    shown = [
        *(panel.strip, panel.stale, panel.again, panel.list, panel.classes),
        *(panel.roles.button(0), panel.note, panel.facts, panel.without),
    ]

    def one_below_the_other():
        tops = [widget.mapTo(panel.widget(), QPoint(0, 0)).y() for widget in shown]
        for above, top, next_top in zip(shown, tops, tops[1:], strict=False):
            assert above.isVisible()
            assert top + above.height() <= next_top, (above.accessibleName(), top, above.height(), next_top)

    qtbot.waitUntil(one_below_the_other, timeout=5000)
