from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from e2evit_gui.state.overlay import OverlayLayer
from e2evit_model.overlay.values import DisplayScale
from tests.gui.conftest import settle
from tests.gui.results import make_result
from tests.gui.test_canvas import wheel
from tests.gui.test_window import open_and_wait


@pytest.fixture
def analyzed(opened):
    opened.session.set_result(make_result(opened.session))
    return opened


def test_a_result_is_painted_with_a_color_bar(analyzed):
    overlay = analyzed.overlay
    assert np.allclose(overlay.values, analyzed.session.result.attention)
    bar = analyzed.page.canvas._color_bar
    assert [label for _, label in bar.ticks] == ["0", "25", "50", "75", "100"]
    assert bar.title == "percentile among the tiles"


def test_other_colors_repaint_without_reading_or_computing_again(qtbot, analyzed):
    canvas, tiles = analyzed.page.canvas, analyzed.slides.tiles
    settle(qtbot, analyzed)
    reads = []
    original = tiles.pyramid.read
    tiles.pyramid.read = lambda key, finer: reads.append(key) or original(key, finer)
    before = canvas.grab().toImage()
    with qtbot.assertNotEmitted(analyzed.overlay.values_changed):
        panel = analyzed.overlay_panel
        panel.colors.setCurrentText("magma")
        panel.colors.activated.emit(panel.colors.currentIndex())
        analyzed.overlay.choose(opacity=0.9)
    after = canvas.grab().toImage()
    assert before != after
    assert reads == []


def test_the_panel_changes_layer_scale_and_range(qtbot, analyzed):
    panel, overlay = analyzed.overlay_panel, analyzed.overlay
    panel.layer.setCurrentIndex(panel.layer.findData(OverlayLayer.HEAD))
    panel.layer.activated.emit(panel.layer.currentIndex())
    layers = analyzed.session.result.layers.astype(np.float64)
    assert np.allclose(overlay.values, layers[-1].mean(axis=0)), "raw, as the result keeps it"
    panel.block.setCurrentIndex(0)
    panel.block.activated.emit(0)
    panel.head.setCurrentIndex(2)
    panel.head.activated.emit(2)
    assert np.allclose(overlay.values, layers[0, 1])
    panel.scale.setCurrentIndex(panel.scale.findData(DisplayScale.TIMES_UNIFORM))
    panel.scale.activated.emit(panel.scale.currentIndex())
    assert overlay.limits == (0.0, 4.0)
    assert np.allclose(overlay.quantity, layers[0, 1] / layers[0, 1].mean())
    panel.histogram.range_changed.emit(0.5, 2.0)
    assert overlay.limits == (0.5, 2.0)
    panel._reset.click()
    assert overlay.limits == (0.0, 4.0)


def test_attention_times_uniform_is_one_on_average(analyzed):
    analyzed.overlay.choose(scale=DisplayScale.TIMES_UNIFORM)
    assert analyzed.overlay.quantity.mean() == pytest.approx(1)


def test_the_tissue_fraction_can_be_shown_before_a_run(opened):
    opened.overlay.choose(layer=OverlayLayer.TISSUE)
    assert np.allclose(opened.overlay.values, opened.session.grid.tissue)
    assert opened.overlay.limits == (0.0, 1.0)
    assert opened.page.canvas._color_bar.title == "tissue in the tile"


def test_what_the_model_sees_is_painted_in_place(qtbot, analyzed):
    analyzed.overlay.choose(layer=OverlayLayer.SEEN, opacity=1.0)
    for command in (analyzed.commands.tissue, analyzed.commands.grid):
        command.setChecked(False)
    canvas, grid, seen = analyzed.page.canvas, analyzed.session.grid, analyzed.session.result.seen
    canvas.one_to_one()
    tile = len(grid) // 2
    canvas.go_to(grid.x[tile] + 112, grid.y[tile] + 112)
    picture = canvas.grab().toImage()
    x, y = canvas.view.to_screen(grid.x[tile], grid.y[tile])
    for row in range(4):
        for column in range(4):
            shown = picture.pixelColor(round(x + (column + 0.5) * 56), round(y + (row + 0.5) * 56))
            assert [shown.red(), shown.green(), shown.blue()] == seen[tile, row, column].tolist()


def test_ctrl_and_wheel_change_the_opacity_everywhere(analyzed):
    canvas = analyzed.page.canvas
    scale = canvas.view.scale
    wheel(canvas, 200, 200, 1, Qt.KeyboardModifier.ControlModifier)
    assert analyzed.overlay.choice.opacity == 0.6
    assert canvas.view.scale == scale
    assert analyzed.opacity._slider.value() == analyzed.overlay_panel.opacity.value() == 60


def test_the_value_under_the_cursor_is_told_raw_and_as_percentile(qtbot, analyzed):
    analyzed.page._cursor = None
    best = int(np.argmax(analyzed.overlay.values))
    analyzed.session.set_hovered(best)
    raw = f"{analyzed.overlay.values[best]:.3g}"
    place = 100 * (1 - 0.5 / len(analyzed.session.grid))
    assert analyzed.page.canvas._location == (f"tile {best + 1}", raw, f"percentile {place:.0f}")


def test_a_result_of_other_tiles_is_forgotten_when_the_grid_changes(analyzed):
    grid = analyzed.session.grid
    analyzed.session.set_grid(grid.subset(np.arange(len(grid) - 1)))
    assert analyzed.session.result is None
    assert not analyzed.overlay.has_values
    assert analyzed.page.canvas._color_bar is None


def test_the_risk_panel_shows_score_place_and_top_tiles(qtbot, analyzed):
    panel = analyzed.risk_panel
    assert panel.score.text() == "\u22121.750"
    assert panel.place.text() == (
        "Percentile 71 of the training cohort: mean of the 2 fold models.\n"
        "Group: high risk, by vote of the fold models.\nLarger is worse; the number has no unit."
    )
    assert "a higher risk may have a lower percentile" in panel.place.toolTip()
    ranking = np.argsort(-analyzed.session.result.attention)
    panel.step(1)
    assert analyzed.session.selected == ranking[0]
    qtbot.keyClick(analyzed.page.canvas, "]")
    assert analyzed.session.selected == ranking[1]
    qtbot.keyClick(analyzed.page.canvas, "[")
    assert analyzed.session.selected == ranking[0]
    center = analyzed.page.canvas.view.center
    grid = analyzed.session.grid
    assert center == pytest.approx((grid.x[ranking[0]] + 112, grid.y[ranking[0]] + 112), abs=1)


def test_percentile_and_group_say_how_they_come_from_the_fold_models(opened):
    panel, result = opened.risk_panel, make_result(opened.session)
    risk = replace(result.risk, group="low", votes=(1, 5), cohort_range=(-4.0, 1.0))
    opened.session.set_result(replace(result, risk=risk))
    assert "Group: low risk, by vote of the fold models (4 of 5)." in panel.place.text()
    assert panel.folds.ends == (-4.0, 1.0)
    assert "\u22124 to 1" in panel.folds.toolTip()
    opened.session.set_result(replace(result, risk=replace(risk, cohort_range=(-1.9, -1.0))))
    assert panel.folds.ends == (-2.0, -1.0)
    alone = replace(result.risk, member_risks=(-1.75,))
    opened.session.set_result(replace(result, risk=alone))
    assert panel.place.text().startswith(
        "Percentile 71 among the training cohort's out-of-fold risks.\nGroup by the training cohort's median: high risk."
    )
    assert panel.place.toolTip() == ""


def test_top_tiles_are_written_beside_the_mean_tile(analyzed):
    panel = analyzed.risk_panel
    values = analyzed.overlay.values
    best = np.sort(values)[::-1][:3] / values.mean()
    assert panel.thumbnails._captions[:3] == [f"{value:.2f}×" for value in best]
    assert panel.top_unit.text() == "times the mean of the slide's tiles"
    analyzed.overlay.choose(layer=OverlayLayer.TISSUE)
    assert panel.thumbnails._captions[0] == "100\u00a0%"
    assert panel.top_unit.text() == "tissue in the tile"


def test_without_a_trained_head_the_panel_says_why_there_is_no_risk(opened):
    opened.session.set_result(make_result(opened.session, risk=False))
    panel = opened.risk_panel
    assert panel.why.text() == "There is no trained head."
    assert panel.score.isHidden()
    assert panel.curve.isHidden()


def test_opacity_makes_no_picture_again_and_range_and_colors_do(qtbot, analyzed):
    canvas, overlay, strip = analyzed.page.canvas, analyzed.overlay, analyzed.strip_panel.view
    soon = analyzed.strip_panel._bands_soon
    qtbot.waitUntil(lambda: not soon.isActive())
    heat, bands = canvas.heat, strip._bands
    overlay.choose(opacity=0.2, smooth=True)
    assert canvas.heat is heat
    qtbot.waitUntil(lambda: not soon.isActive())
    assert strip._bands is bands
    assert canvas.heat_opacity == 0.2
    overlay.choose(visible=False)
    assert strip._bands is bands, "the strip follows a frame after the slide"
    qtbot.waitUntil(lambda: strip._bands is None)
    overlay.choose(visible=True)
    qtbot.waitUntil(lambda: strip._bands is not None)
    assert np.array_equal(strip._bands, bands)
    for change in ({"limits": (40.0, 60.0)}, {"hide_below": True}, {"colors": "magma"}, {"contours": 2}):
        before = canvas.heat
        overlay.choose(**change)
        assert canvas.heat is not before, change
    analyzed.session.set_result(make_result(analyzed.session))
    assert canvas.heat is not before
    assert strip._bands is not None


def test_the_scroll_bar_of_a_narrow_panel_covers_nothing(qtbot, opened):
    """At 1229 x 800 the boxes of Layer and Scale were cut at their right edge."""
    opened.session.set_result(make_result(opened.session))
    panel = opened.docks.overlay.widget()
    opened.resizeDocks([opened.docks.overlay], [10], Qt.Orientation.Horizontal)
    opened.resizeDocks([opened.docks.overlay], [60], Qt.Orientation.Vertical)
    qtbot.waitUntil(panel.verticalScrollBar().isVisible, timeout=5000)
    for layer in OverlayLayer:
        opened.overlay.choose(layer=layer)
        qtbot.waitUntil(lambda: panel.widget().width() <= panel.viewport().width(), timeout=5000)
        for box in (panel.layer, panel.scale):
            right = box.mapTo(panel.viewport(), box.rect().topRight()).x()
            assert not box.isVisible() or right < panel.viewport().width()


def test_empty_panels_say_what_is_missing_first(qtbot, window, slide_file):
    assert window.overlay_panel._empty.text() == "Open a slide to see where a model looked."
    assert window.risk_panel.empty.text() == "Open a slide to see its risk."
    open_and_wait(qtbot, window, slide_file)
    assert window.overlay_panel._empty.text().startswith("Run a model to see where it looked.")
    assert window.risk_panel.empty.text().startswith("Run a risk model to see the risk.")
    window.slides.close()
    assert window.overlay_panel._empty.text() == "Open a slide to see where a model looked."
    assert window.risk_panel.empty.text() == "Open a slide to see its risk."
