"""Tools with real widgets: what the hand draws, changes and paints."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from e2evit_gui.viewer.regions_layer import RegionsLayer
from e2evit_gui.viewer.tool_brush import joined, stroke_polygons
from e2evit_gui.viewer.viewport import Viewport
from e2evit_model.annotations.region import Shape, new_area, ring_area
from tests.annotations.shapes import square
from tests.gui.conftest import settle
from tests.gui.drawing import at, drag, drawn, take


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
