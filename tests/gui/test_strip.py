import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from e2evit_gui.viewer.strip_view import StripForm, StripView
from e2evit_model.slides.scale import Scale
from e2evit_model.tiling.grid import TileGrid
from tests.benchmarks.window import many_tiles
from tests.gui.conftest import settle
from tests.gui.results import make_result


def place_of(view, tile):
    """The middle of a tile in the viewport, logical pixels."""
    (x, y), (left, top) = view._scrolled(), view._origin()
    tx, ty, side, _ = view.layout_of().rectangle(tile)
    return QPoint(round(tx + left - x + side / 2), round(ty + top - y + side / 2))


@pytest.mark.parametrize("form", [StripForm.ROW, StripForm.WRAPPED])
def test_hovering_in_the_strip_highlights_on_the_slide_and_back(qtbot, opened, form):
    view, session, canvas = opened.strip_panel.view, opened.session, opened.page.canvas
    view.set_form(form)
    view.show_tile(3)
    qtbot.mouseMove(view.viewport(), place_of(view, 3))
    assert session.hovered == 3
    assert canvas.hovered_tile == 3
    grid = session.grid
    x, y = canvas.view.to_screen(grid.x[5] + grid.width / 2, grid.y[5] + grid.width / 2)
    qtbot.mouseMove(canvas, QPoint(round(x), round(y)))
    assert view._hovered == 5


def test_a_click_in_the_strip_goes_to_the_tile(qtbot, opened):
    view, grid = opened.strip_panel.view, opened.session.grid
    view.show_tile(4)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, 4))
    assert opened.session.selected == 4
    center = opened.page.canvas.view.center
    assert center == pytest.approx((grid.x[4] + grid.width / 2, grid.y[4] + grid.width / 2), abs=1)


def test_a_click_on_the_slide_brings_the_tile_into_the_strip(qtbot, opened):
    view, canvas, grid = opened.strip_panel.view, opened.page.canvas, opened.session.grid
    view.set_form(StripForm.ROW)
    last = len(grid) - 1
    x, y = canvas.view.to_screen(grid.x[last] + grid.width / 2, grid.y[last] + grid.width / 2)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert opened.session.selected == last
    assert view.viewport().rect().contains(place_of(view, last))


def test_the_strip_shows_the_tiles_own_pixels(qtbot, opened):
    view, grid = opened.strip_panel.view, opened.session.grid
    view._cell = 112  # exactly half of a tile of 224 px
    view.set_form(StripForm.WRAPPED)
    view.viewport().repaint()
    settle(qtbot, opened)
    picture = view.viewport().grab().toImage()
    at = place_of(view, 2)
    region = opened.session.slide.read_region(int(grid.x[2]), int(grid.y[2]), 0, 224, 224).astype(float)
    shown = np.array(
        [
            [picture.pixelColor(at.x() + dx, at.y() + dy).getRgb()[:3] for dx in range(-40, 41, 8)]
            for dy in range(-20, 21, 8)
        ],
        float,
    )
    assert np.abs(shown.mean(axis=(0, 1)) - region[60:164, 20:204].mean(axis=(0, 1))).max() < 12


def test_bands_that_come_and_go_leave_the_tiles_in_view_where_they_are(opened):
    view = opened.strip_panel.view
    view.set_form(StripForm.WRAPPED)
    view.show_strip(opened.slides.tiles, many_tiles(3_000))
    bar = view.verticalScrollBar()
    for at in (0, 1_000, 1_033, bar.maximum() // 2):
        bar.setValue(at)
        before = [place_of(view, view._first_visible() + n) for n in (0, 1)]
        first = view._first_visible()
        view.set_bands(np.full((3_000, 4), 255, np.uint8))
        assert [place_of(view, first + n) for n in (0, 1)] == before, at
        view.set_bands(None)
        assert bar.value() == at


def test_the_header_says_what_the_strip_holds(opened):
    count = len(opened.session.grid)
    assert opened.strip_panel.header.text() == f"N = {count} tiles   |   row by row   |   1 token a tile"


def test_what_the_model_sees_needs_a_result(qtbot, opened):
    view = opened.strip_panel.view
    view.set_form(StripForm.SEEN)
    before = view.viewport().grab().toImage()
    result = make_result(opened.session)
    opened.session.set_result(result)
    opened.overlay.choose(visible=False)
    after = view.viewport().grab().toImage()
    assert before != after
    at = place_of(view, 0)
    shown = after.pixelColor(at.x() + 7, at.y() + 7).getRgb()[:3]
    assert list(shown) == result.seen[0, 2, 2].tolist()


def huge_grid(count=100_000, columns=400):
    number = np.arange(count)
    column, row = number % columns, number // columns
    return TileGrid(
        column=column.astype(np.int32),
        row=row.astype(np.int32),
        x=(column * 224).astype(np.int64),
        y=(row * 224).astype(np.int64),
        tissue=np.ones(count, np.float32),
        width=224.0,
        tile_px=224,
        order="row",
        scale=Scale(level=0, reduce=1, resample=1.0, downsample=1.0, mpp=0.5),
    )


@pytest.mark.parametrize("form", [StripForm.ROW, StripForm.WRAPPED])
def test_of_a_hundred_thousand_tiles_only_the_visible_ones_are_painted(qtbot, opened, form):
    view = StripView()
    qtbot.addWidget(view)
    view.resize(900, 200)
    painted = []
    tiles, original = opened.slides.tiles, view._cells.paint
    # the painter itself is not kept: one that outlives what it paints on takes the process with it
    view._cells.paint = lambda *given, **options: painted.append(given[2]) or original(*given, **options)
    view.show_strip(tiles, huge_grid())
    view.set_form(form)
    view.show()
    qtbot.waitExposed(view)
    view.select(77_777)
    painted.clear()
    view.viewport().grab()
    assert 0 < len(painted) < 150
    assert view.viewport().rect().contains(place_of(view, 77_777))
    view.set_form(StripForm.ROW if form is StripForm.WRAPPED else StripForm.WRAPPED)


def test_an_empty_strip_says_what_will_stand_there(qtbot):
    view = StripView()
    qtbot.addWidget(view)
    view.resize(600, 160)
    view.show_strip(None, None)
    view.select(3)
    view.highlight(2)
    assert not view.grab().isNull()
    assert view._tile_under(QPointF(50, 50)) == -1


def test_the_forms_of_a_strip_are_offered_only_while_there_is_one(opened):
    buttons = opened.strip_panel.forms.buttons()
    assert len(buttons) == 3
    assert all(button.isEnabled() for button in buttons)
    opened.slides.close()
    assert not any(button.isEnabled() for button in buttons)
