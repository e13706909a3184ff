import time
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from e2evit_gui.viewer import repainting
from e2evit_gui.viewer.furniture import magnification_text, round_length, scale_bar
from e2evit_gui.viewer.layers import GridLayer
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_gui.viewer.viewport import Viewport
from tests.gui.conftest import settle


def wheel(widget, x, y, steps, modifiers=Qt.KeyboardModifier.NoModifier):
    position = QPointF(x, y)
    event = QWheelEvent(
        position,
        widget.mapToGlobal(position),
        QPoint(),
        QPoint(0, round(120 * steps)),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_zooms_at_the_cursor(opened):
    canvas = opened.page.canvas
    x, y = canvas.width() / 2 + 60, canvas.height() / 2 - 40
    under = canvas.view.to_slide(x, y)
    scale = canvas.view.scale
    for _ in range(4):
        wheel(canvas, x, y, 1)
    assert canvas.view.scale == pytest.approx(scale / 1.25**4)
    assert canvas.view.to_slide(x, y) == pytest.approx(under)
    wheel(canvas, x, y, -4)
    assert canvas.view.to_slide(x, y) == pytest.approx(under)
    assert canvas.view.scale == pytest.approx(scale)


def test_a_wheel_that_is_spun_paints_coarser_and_then_sharp(qtbot, opened, monkeypatch):
    canvas = opened.page.canvas
    painted, paint = [], SlideTiles.paint

    def noted(tiles, painter, source, target, level):
        painted.append(level)
        return paint(tiles, painter, source, target, level)

    canvas.show_view(*canvas.view.center, 1.0)
    settle(qtbot, opened)
    monkeypatch.setattr(SlideTiles, "paint", noted)
    now = time.monotonic()
    monkeypatch.setattr(
        repainting, "time", SimpleNamespace(monotonic=lambda: now)
    )  # a slow machine is as fast as others
    for _ in range(2):
        wheel(canvas, 200, 200, -0.1)
        canvas.repaint()
    assert painted[-1] == 1, "enlarged from the level of half the size"
    qtbot.waitUntil(lambda: painted[-1] == 0)


def test_dragging_moves_the_slide_with_the_cursor(qtbot, opened):
    canvas = opened.page.canvas
    canvas.one_to_one()
    under = canvas.view.to_slide(300, 200)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    qtbot.mouseMove(canvas, QPoint(340, 230))
    qtbot.mouseMove(canvas, QPoint(370, 260))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(370, 260))
    assert canvas.view.to_slide(370, 260) == pytest.approx(under)
    assert opened.session.selected == -1, "a drag is not a click"


@pytest.mark.parametrize(("key", "power"), [("1", 1.25), ("4", 10.0), ("5", 20.0), ("6", 40.0)])
def test_number_keys_take_a_magnification(qtbot, opened, key, power):
    canvas = opened.page.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, key)
    if power >= 5:  # lower ones are wider than the slide allows
        assert canvas.view.scale == pytest.approx(10 / (0.5 * power))
        assert opened.magnification.text() == f"{power:.1f}×"


def test_keys_fit_and_zoom(qtbot, opened):
    canvas = opened.page.canvas
    fitted = canvas.view
    qtbot.keyClick(canvas, "7")
    assert canvas.view.scale == 1.0
    qtbot.keyClick(canvas, "+")
    assert canvas.view.scale == pytest.approx(1 / 1.5)
    qtbot.keyClick(canvas, "-")
    assert canvas.view.scale == pytest.approx(1.0)
    qtbot.keyClick(canvas, "0")
    assert canvas.view == fitted
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.view.x > fitted.x


def test_a_click_on_the_overview_goes_there(qtbot, opened):
    canvas = opened.page.canvas
    canvas.one_to_one()
    overview = canvas.overview
    place = QPoint(overview.width() // 4, overview.height() // 2)
    qtbot.mouseClick(overview, Qt.MouseButton.LeftButton, pos=place)
    expected = (place.x() / overview.width() * 1344, place.y() / overview.height() * 1120)
    assert canvas.view.center == pytest.approx(expected, abs=1)


def test_typing_into_the_magnification_field_zooms(qtbot, opened):
    field = opened.magnification
    qtbot.mouseDClick(field, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(field, "12,5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert opened.page.canvas.view.scale == pytest.approx(10 / (0.5 * 12.5))
    assert field.text() == "12.5×"
    for nonsense in ("a lot", "-3", "1e9"):
        qtbot.mouseDClick(field, Qt.MouseButton.LeftButton)
        qtbot.keyClicks(field, nonsense)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert field.text() == "12.5×"


def test_what_is_painted_is_the_slide(qtbot, opened):
    canvas = opened.page.canvas
    for command in (opened.commands.tissue, opened.commands.overlay):
        command.setChecked(False)
    canvas.one_to_one()
    canvas.go_to(672, 560)
    settle(qtbot, opened)
    picture = canvas.grab().toImage()
    left, top = canvas.view.to_slide(0, 0)
    region = opened.session.slide.read_region(round(left), round(top), 0, canvas.width(), canvas.height())
    x, y = canvas.width() // 2, canvas.height() // 2
    for dx, dy in ((0, 0), (57, 31), (-90, 44), (-33, -71)):
        shown = picture.pixelColor(x + dx, y + dy)
        wanted = region[y + dy, x + dx].tolist()
        assert [shown.red(), shown.green(), shown.blue()] == pytest.approx(wanted, abs=1)


def test_hovering_tells_tile_place_and_value(qtbot, opened):
    grid, canvas = opened.session.grid, opened.page.canvas
    tile = len(grid) // 2
    x, y = canvas.view.to_screen(grid.x[tile] + grid.width / 2, grid.y[tile] + grid.width / 2)
    qtbot.mouseMove(canvas, QPoint(round(x), round(y)))
    assert opened.session.hovered == tile
    location = canvas._location
    assert location[0].endswith("µm")
    assert location[1] == f"tile {tile + 1}"
    qtbot.mouseMove(canvas, QPoint(2, 2))
    assert opened.session.hovered == -1


def test_only_visible_tiles_of_the_grid_are_touched(opened):
    grid = opened.session.grid
    rng = np.random.default_rng(0)
    layer = GridLayer(grid)
    for _ in range(30):
        view = (
            Viewport.fitting(300, 200, 1344, 1120).scaled(rng.uniform(0.2, 3), 0, 0).moved(*rng.uniform(-900, 900, 2))
        )
        right, bottom = view.x + 300 * view.scale, view.y + 200 * view.scale
        naive = {
            (int(x), int(y))
            for x, y in zip(grid.x, grid.y, strict=True)
            if x < right and x + grid.width > view.x and y < bottom and y + grid.width > view.y
        }
        x, y = layer.visible(view)
        assert naive <= set(zip(x.tolist(), y.tolist(), strict=True))
        assert len(x) <= len(naive) + 8


@pytest.mark.parametrize(
    ("longest", "mpp", "length", "label"),
    [
        (160, 0.5, 100, "50 µm"),
        (100, 0.25, 80, "20 µm"),
        (16_000, 0.5, 10_000, "5 mm"),
        (2200, 0.5, 2000, "1 mm"),
        (160, None, 100, "100 px"),
        (9, None, 5, "5 px"),
    ],
)
def test_the_scale_bar_has_round_numbers(longest, mpp, length, label):
    assert scale_bar(longest, mpp) == (pytest.approx(length), label)


def test_round_lengths_are_1_2_5():
    assert [round_length(value) for value in (1, 1.9, 2, 4.99, 5, 9.9, 10, 0.03)] == pytest.approx(
        [1, 1, 2, 2, 5, 5, 10, 0.02]
    )


@pytest.mark.parametrize(
    ("scale", "mpp", "text"), [(1, 0.25, "40.0×"), (1, 0.5, "20.0×"), (40, 0.5, "0.50×"), (2, None, "50 %")]
)
def test_the_magnification_is_of_what_is_on_screen(scale, mpp, text):
    assert magnification_text(scale, mpp) == text
