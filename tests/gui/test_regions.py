"""Regions with real widgets: drawing, changing, undoing, the strip, the model's answers, files."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication

from e2evit_gui.slide_page.region_presenter import Question
from e2evit_gui.viewer.regions_layer import RegionsLayer
from e2evit_gui.viewer.tool_brush import joined, stroke_polygons
from e2evit_gui.viewer.viewport import Viewport
from e2evit_model.annotations.geojson import read_regions, write_regions
from e2evit_model.annotations.region import Shape, StripRole, new_area, ring_area
from e2evit_model.inference.settings import ModelChoice
from e2evit_model.tiling.regions import tiles_in_regions
from tests.annotations.shapes import every_kind, square
from tests.gui.conftest import settle
from tests.gui.results import make_result


def at(window, x, y):
    """Return the place on the canvas of a level-0 point."""
    canvas = window.page.canvas
    return QPointF(*canvas.view.to_screen(x, y)).toPoint()


def drag(qtbot, window, *points, keys=Qt.KeyboardModifier.NoModifier):
    canvas = window.page.canvas
    places = [at(window, *point) for point in points]
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, keys, pos=places[0])
    for place in places[1:]:
        move_pressed(canvas, place, keys)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, keys, pos=places[-1])


def move_pressed(canvas, place, keys):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    position = QPointF(place)
    button = Qt.MouseButton.LeftButton
    event = QMouseEvent(QEvent.Type.MouseMove, position, canvas.mapToGlobal(position), button, button, keys)
    QApplication.sendEvent(canvas, event)


def take(qtbot, window, key):
    window.page.canvas.setFocus()
    qtbot.keyClick(window.page.canvas, key)


def said(window):
    return [notice.message for notice in window.page.notices.notices]


def drawn(window):
    return window.regions.regions.drawn.regions


def test_a_rectangle_is_drawn_where_the_mouse_went_and_undone(qtbot, opened):
    take(qtbot, opened, "R")
    drag(qtbot, opened, (200, 300), (500, 400), (700, 650))
    (region,) = drawn(opened)
    pixel = opened.page.canvas.view.scale
    assert region.shape is Shape.RECTANGLE
    assert region.box == pytest.approx((200, 300, 700, 650), abs=pixel)
    assert opened.regions.regions.one_selected is region
    opened.commands.undo.trigger()
    assert drawn(opened) == ()
    opened.commands.redo.trigger()
    assert drawn(opened) == (region,)


def test_shift_makes_a_square_and_a_click_draws_nothing(qtbot, opened):
    take(qtbot, opened, "R")
    drag(qtbot, opened, (200, 300), (400, 320), (600, 400), keys=Qt.KeyboardModifier.ShiftModifier)
    left, top, right, bottom = drawn(opened)[0].box
    assert right - left == pytest.approx(bottom - top)
    take(qtbot, opened, "R")
    drag(qtbot, opened, (800, 800), (800, 800))
    assert len(drawn(opened)) == 1


def test_a_polygon_by_clicks_ends_with_a_double_click_and_esc_forgets(qtbot, opened):
    canvas = opened.page.canvas
    take(qtbot, opened, "P")
    for point in ((200, 200), (700, 250), (650, 700)):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(opened, *point))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert drawn(opened) == ()
    for point in ((200, 200), (700, 250), (650, 700)):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(opened, *point))
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at(opened, 650, 700))
    (region,) = drawn(opened)
    assert len(region.polygons[0].outer) == 3
    np.testing.assert_allclose(region.polygons[0].outer, [[200, 200], [700, 250], [650, 700]], atol=canvas.view.scale)


def test_a_ruler_measures_and_points_gather(qtbot, opened):
    canvas = opened.page.canvas
    take(qtbot, opened, "L")
    drag(qtbot, opened, (200, 200), (300, 280), (600, 500))
    assert drawn(opened)[0].length_px == pytest.approx(500, abs=3 * canvas.view.scale)
    take(qtbot, opened, ".")
    for point in ((300, 300), (400, 500), (500, 300)):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(opened, *point))
    assert drawn(opened)[1].points.shape == (3, 2)
    assert len(drawn(opened)) == 2


def test_space_moves_the_slide_while_a_tool_is_in_hand(qtbot, opened):
    canvas = opened.page.canvas
    take(qtbot, opened, "R")
    canvas.one_to_one()
    before = canvas.view
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    drag(qtbot, opened, before.to_slide(300, 200), before.to_slide(360, 240))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.view.x < before.x
    assert drawn(opened) == ()
    assert canvas.cursor().shape() is Qt.CursorShape.CrossCursor


def test_selecting_moving_and_dragging_a_corner(qtbot, opened):
    regions = opened.regions.regions
    regions.add([square(300, 300, 200), square(700, 300, 200)], "two")
    regions.select(())
    canvas = opened.page.canvas
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(opened, 400, 400))
    assert regions.one_selected is drawn(opened)[0]
    drag(qtbot, opened, (400, 400), (420, 420), (450, 480))
    assert drawn(opened)[0].box == pytest.approx((350, 380, 550, 580), abs=2 * canvas.view.scale)
    drag(qtbot, opened, (550, 580), (560, 590), (650, 700))
    moved = drawn(opened)[0]
    assert moved.shape is Shape.RECTANGLE
    assert moved.box == pytest.approx((350, 380, 650, 700), abs=3 * canvas.view.scale)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(opened, 60, 60))
    assert regions.selected == ()
    regions.select([moved.key])
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(drawn(opened)) == 1


def test_a_shows_and_hides(qtbot, opened):
    opened.regions.regions.add([square(300, 300, 400)], "one")
    settle(qtbot, opened)
    with_region = opened.page.canvas.grab().toImage()
    take(qtbot, opened, "A")
    assert not opened.page.canvas.regions_shown
    assert opened.page.canvas.grab().toImage() != with_region


def test_the_brush_paints_one_area_and_alt_takes_away(qtbot, opened):
    take(qtbot, opened, "B")
    drag(qtbot, opened, (300, 400), (500, 400), (800, 400))
    (first,) = drawn(opened)
    drag(qtbot, opened, (550, 200), (550, 400), (550, 700))
    (cross,) = drawn(opened)
    assert cross.key == first.key
    assert cross.area_px > 1.5 * first.area_px
    drag(qtbot, opened, (550, 400), (551, 400), keys=Qt.KeyboardModifier.AltModifier)
    (less,) = drawn(opened)
    assert not less.contains(550, 400)
    assert less.area_px < cross.area_px


def test_strokes_have_the_area_of_a_round_brush():
    rng = np.random.default_rng(0)
    for origin in (0.0, 150_000.0):
        for radius in (3.0, 800.0):
            (dot,) = stroke_polygons([(origin, origin)], radius)
            assert ring_area(dot.outer) == pytest.approx(np.pi * radius**2, rel=0.02)
            (line,) = stroke_polygons([(origin, origin), (origin + 10 * radius, origin)], radius)
            assert ring_area(line.outer) == pytest.approx(np.pi * radius**2 + 20 * radius**2, rel=0.02)
    around = [(1000 + 400 * np.cos(a), 1000 + 400 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 60)]
    (ring,) = stroke_polygons(around, 50)
    assert len(ring.holes) == 1
    assert new_area((ring,)).area_px == pytest.approx(np.pi * (450**2 - 350**2), rel=0.03)
    for _ in range(30):
        one = stroke_polygons([tuple(p) for p in rng.uniform(0, 1000, (5, 2))], 60)
        other = stroke_polygons([tuple(p) for p in rng.uniform(0, 1000, (3, 2))], 60)
        both, cut = joined(one, other, 60, take_away=False), joined(one, other, 60, take_away=True)
        points = rng.uniform(-100, 1100, (300, 2))
        inside = [[new_area(p).contains(x, y) if p else False for x, y in points] for p in (one, other, both, cut)]
        a, b, union, difference = map(np.array, inside)
        assert (union != (a | b)).mean() < 0.02
        assert (difference != (a & ~b)).mean() < 0.02


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
    assert facts.text("Attention").startswith(f"{share:.1%} of all")
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
    assert room.panel.facts.text("Without it") == "risk -1.500 (+0.25), 5 tiles"
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


def test_only_regions_in_view_are_drawn():
    rng = np.random.default_rng(0)
    regions = [square(x, y, 40) for x, y in rng.uniform(0, 5000, (500, 2))]
    layer = RegionsLayer()
    layer.show_regions(regions, 0.5)
    view = Viewport.fitting(300, 200, 5000, 5000).scaled(1.0, 0, 0).centered(2000, 2000)
    right, bottom = view.x + view.width, view.y + view.height
    seen = {
        number
        for number, region in enumerate(regions)
        if region.box[0] < right and region.box[2] > view.x and region.box[1] < bottom and region.box[3] > view.y
    }
    assert seen <= set(layer.visible(view))
    assert len(layer.visible(view)) <= len(seen) + 5


def test_brightness_is_for_the_eye_only(qtbot, opened):
    rng = np.random.default_rng(0)
    canvas = opened.page.canvas
    for command in (opened.commands.tissue, opened.commands.overlay):
        command.setChecked(False)
    canvas.one_to_one()
    canvas.go_to(672, 560)
    settle(qtbot, opened)
    before = canvas.grab().toImage()
    dialog = opened.regions.show_display_range()
    dialog.black.setValue(60)
    dialog.white.setValue(200)
    after = canvas.grab().toImage()
    for x, y in rng.integers(-80, 80, (20, 2)):
        place = canvas.width() // 2 + int(x), canvas.height() // 2 + int(y)
        was, now = before.pixelColor(*place), after.pixelColor(*place)
        for part in ("red", "green", "blue"):
            wanted = np.clip((getattr(was, part)() - 60) / (200 - 60), 0, 1) * 255
            assert getattr(now, part)() == pytest.approx(wanted, abs=4)
    dialog.reset.click()
    assert canvas.grab().toImage() == before
    dialog.black.setValue(250)
    assert canvas.display.white - canvas.display.black >= 5
    dialog.close()


def test_a_project_keeps_the_regions_of_its_slides(qtbot, opened, slide_file, slide_without_mpp, tmp_path):
    opened.projects.presenter.create(tmp_path / "project")
    qtbot.waitUntil(lambda: bool(opened.projects.opened_slide.slide_id), timeout=10_000)
    opened.regions.regions.add([square(300, 300, 400, class_name="Tumor")], "one")
    slide_id = opened.projects.opened_slide.slide_id
    opened.open(slide_without_mpp)
    qtbot.waitUntil(lambda: opened.session.open.path == slide_without_mpp, timeout=10_000)
    document = opened.projects.state.regions(slide_id)
    assert document["features"][0]["properties"]["classification"]["name"] == "Tumor"
    opened.regions.regions._by_slide.clear()  # as after a new start
    opened.open(slide_file)
    qtbot.waitUntil(lambda: opened.session.open.path == slide_file, timeout=10_000)
    assert [region.class_name for region in drawn(opened)] == ["Tumor"]


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
