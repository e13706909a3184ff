"""Layers that are computed on request, the threshold, contours, the fixed range, and the tile that was clicked."""

import numpy as np
import pytest

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.slide_page import explain_presenter
from e2evit_gui.state.layer_values import OverlayLayer
from e2evit_gui.state.written import percent
from e2evit_model.explain.maps import OcclusionMap, RolloutMap, Target
from e2evit_model.explain.settings import OcclusionSettings
from e2evit_model.explain.squares import lay_squares
from e2evit_model.inference.settings import ModelChoice
from e2evit_model.overlay.values import DisplayScale
from tests.gui.results import make_result


@pytest.fixture
def analyzed(opened):
    opened.session.set_model(ModelChoice(source="model"))
    opened.session.set_result(make_result(opened.session, seconds={"run model": 2.0}, color_share=0.876))
    return opened


@pytest.fixture
def asked(analyzed, monkeypatch):
    """What the model's process was asked, which then does nothing."""
    found = []

    def ask(function, *arguments):
        found.append((function, arguments))
        monkeypatch.setattr(type(analyzed.process), "busy", True)

    monkeypatch.setattr(analyzed.process, "ask", ask)
    return found


def free(analyzed, monkeypatch):
    monkeypatch.setattr(type(analyzed.process), "busy", False)


def occlusion_of(result, *, target=Target.RISK, members=2, seed=0):
    squares = lay_squares(result.grid, 2)
    rng = np.random.default_rng(seed)
    return OcclusionMap(
        info=result.info,
        grid=result.grid,
        model=result.model,
        squares=squares,
        target=target,
        whole=rng.normal(size=members) if target is Target.RISK else np.zeros(1),
        without=rng.normal(size=(len(squares), members)) if target is Target.RISK else rng.random((len(squares), 1)),
        seconds=1.0,
        notices=(),
    )


def test_occlusion_is_computed_on_request_with_its_price_said_before(analyzed, asked, monkeypatch):
    panel, result = analyzed.overlay_panel, analyzed.session.result
    panel.layer.setCurrentIndex(panel.layer.findData(OverlayLayer.OCCLUSION))
    panel.layer.activated.emit(panel.layer.currentIndex())
    squares = len(lay_squares(result.grid, 1))
    assert panel.ask.price.text() == (
        f"{squares} squares of 1 × 1 tiles are left out, one after the other: {squares + 1} runs, "
        f"about {2 * (squares + 1)} s."
    )
    assert panel.histogram.isHidden()
    panel.ask.compute.click()
    [(function, arguments)] = asked
    assert function == explain_presenter.OCCLUDE
    assert arguments[2:] == (ModelChoice(source="model"), OcclusionSettings())
    assert not panel.ask.cancel.isHidden()
    found = occlusion_of(result)
    free(analyzed, monkeypatch)
    analyzed.process.succeeded.emit(found)
    overlay = analyzed.overlay
    np.testing.assert_allclose(overlay.values, found.change[found.squares.group])
    assert overlay.signed
    low, high = overlay.limits
    assert -low == high == pytest.approx(np.abs(found.change).max())
    assert overlay.colors == "vik"
    assert panel.ask.compute.text() == "Compute again"
    assert analyzed.page.canvas._color_bar.title == "added to the risk"
    overlay.choose(layer=OverlayLayer.DISAGREEMENT)
    np.testing.assert_allclose(overlay.values, found.disagreement[found.squares.group])
    assert overlay.colors == "viridis"
    overlay.choose(layer=OverlayLayer.ATTENTION)
    assert overlay.scale is DisplayScale.RANK, "attention goes on with its own scale"


def test_the_rollout_is_computed_on_request(analyzed, asked, monkeypatch):
    result = analyzed.session.result
    analyzed.overlay.choose(layer=OverlayLayer.ROLLOUT)
    assert "The model is run once more" in analyzed.overlay_panel.ask.price.text()
    analyzed.overlay_panel.ask.compute.click()
    assert asked[0][0] == explain_presenter.ROLL_OUT
    shares = np.random.default_rng(0).random(len(result.grid)).astype(np.float32)
    free(analyzed, monkeypatch)
    analyzed.process.succeeded.emit(RolloutMap(grid=result.grid, model=result.model, shares=shares))
    np.testing.assert_allclose(analyzed.overlay.values, shares)
    analyzed.session.set_result(make_result(analyzed.session, seed=1))
    assert analyzed.overlay.rollout is None, "another result has another rollout"


def test_a_layer_of_other_tiles_is_refused_with_a_sentence(analyzed, asked, monkeypatch):
    result = analyzed.session.result
    analyzed.explain.compute(OverlayLayer.ROLLOUT, OcclusionSettings())
    other = result.grid.subset(np.arange(len(result.grid) - 1))
    free(analyzed, monkeypatch)
    said = []
    analyzed.session.noticed.connect(lambda notice: said.append(notice.message))
    analyzed.process.succeeded.emit(RolloutMap(grid=other, model=result.model, shares=np.zeros(len(other), np.float32)))
    assert said == ["Tiles or model are not those of the result any more."]
    assert analyzed.overlay.rollout is None


def test_a_failure_and_a_cancelled_computation_are_told_once(analyzed, asked, monkeypatch):
    said = []
    analyzed.session.noticed.connect(lambda notice: said.append(notice.message))
    analyzed.explain.compute(OverlayLayer.OCCLUSION, OcclusionSettings())
    free(analyzed, monkeypatch)
    analyzed.process.failed.emit(Failure(message="It did not work.", hint="Try again."))
    analyzed.explain.compute(OverlayLayer.OCCLUSION, OcclusionSettings())
    free(analyzed, monkeypatch)
    analyzed.process.cancelled.emit()
    assert said == ["It did not work.", "Occlusion was cancelled."]
    assert not analyzed.explain.running
    assert not analyzed.models.running


def test_why_a_layer_cannot_be_computed(opened, analyzed, asked):
    analyzed.overlay.choose(layer=OverlayLayer.DISAGREEMENT)
    ask = analyzed.overlay_panel.ask
    analyzed.overlay.take_occlusion(occlusion_of(analyzed.session.result, members=1))
    assert ask.price.text() == "This risk model holds one fold model only: there is no disagreement."
    analyzed.overlay.take_occlusion(occlusion_of(analyzed.session.result, target=Target.EMBEDDING))
    assert ask.price.text() == "This model has no trained head, so there are no fold models to compare."
    assert not ask.compute.isEnabled()
    analyzed.explain.compute(OverlayLayer.ROLLOUT, OcclusionSettings())
    assert analyzed.explain.why_not == "The model is at work: wait until it has ended."
    analyzed.session.set_result(None)
    assert analyzed.explain.why_not == "Run a model first."


def test_distances_of_the_embedding_have_no_sign(analyzed):
    found = occlusion_of(analyzed.session.result, target=Target.EMBEDDING)
    analyzed.overlay.choose(layer=OverlayLayer.OCCLUSION)
    analyzed.overlay.take_occlusion(found)
    assert not analyzed.overlay.signed
    assert analyzed.overlay.label == "distance of the embedding"
    assert "no risk" in analyzed.overlay_panel._caption.text()


def test_tiles_below_the_range_can_be_hidden(analyzed):
    panel, overlay = analyzed.overlay_panel, analyzed.overlay
    panel.histogram.range_changed.emit(0.75, 1.0)
    panel.hide_below.setChecked(True)
    above = overlay.quantity >= 0.75
    assert np.array_equal(np.isfinite(overlay.positions()), above)
    assert panel._range.text().endswith(f"{above.sum()} of {len(above)} tiles")
    assert np.count_nonzero(analyzed.page.canvas.heat._picture.alpha) == above.sum()


def test_a_fixed_range_stays_for_the_next_result(analyzed):
    panel, overlay = analyzed.overlay_panel, analyzed.overlay
    overlay.choose(scale=DisplayScale.CLIPPED)
    before = overlay.limits
    panel.fixed.setChecked(True)
    analyzed.session.set_result(make_result(analyzed.session, seed=5, attention=np.full(len(overlay.values), 0.5)))
    assert overlay.limits == before
    panel.fixed.setChecked(False)
    assert overlay.limits == (0.5, 0.5)
    panel.fixed.setChecked(True)
    overlay.choose(scale=DisplayScale.RANK)
    assert not overlay.choice.fixed, "the range of one scale means nothing on another"


def test_contour_lines_lie_where_the_values_cross_their_levels(analyzed):
    grid, canvas = analyzed.session.grid, analyzed.page.canvas
    attention = (grid.x - grid.x.min()).astype(np.float32) + 1
    analyzed.session.set_result(make_result(analyzed.session, attention=attention / attention.sum()))
    analyzed.overlay.choose(scale=DisplayScale.CLIPPED, contours=3)
    lines = analyzed.overlay.contours(canvas.heat._picture)
    assert len(lines) >= 2
    assert not canvas.heat._contours.isEmpty()
    for line in lines:
        assert line[:, 0].min() >= grid.x.min()
        assert np.ptp(line[:, 0]) < 2 * grid.width
    analyzed.overlay.choose(contours=0)
    assert canvas.heat._contours.isEmpty()


def test_the_clicked_tile_says_all_that_is_known_of_it(analyzed):
    box, overlay, grid = analyzed.strip_panel.tile, analyzed.overlay, analyzed.session.grid
    assert box.isHidden()
    tile = int(np.argmax(overlay.values))
    analyzed.session.set_selected(tile)
    assert not box.isHidden()
    text = box.facts.text
    assert text("Tile") == f"{tile + 1} of {len(grid)} ({percent(tile / (len(grid) - 1))})"
    assert text("Value") == f"{overlay.values[tile]:.3g}"
    assert text("Percentile") == f"{100 * (1 - 0.5 / len(grid)):.1f}"
    assert text("Place") == f"{grid.x[tile] * 0.0005:.2f}, {grid.y[tile] * 0.0005:.2f} mm"
    before, after = (f"{overlay.values[n]:.3g}" if 0 <= n < len(grid) else "–" for n in (tile - 1, tile + 1))
    assert text("Neighbors") == f"{before}, {after} in the strip"
    near = [
        n
        for n in range(len(grid))
        if n != tile and max(abs(grid.column[n] - grid.column[tile]), abs(grid.row[n] - grid.row[tile])) <= 1
    ]
    assert text("Around it") == f"mean {overlay.values[near].mean():.3g} of {len(near)} tiles"
    assert np.array_equal(box.pair._seen, analyzed.session.result.seen[tile])
    analyzed.session.set_selected(-1)
    assert box.isHidden()


def test_the_strip_says_how_much_of_it_is_color(analyzed):
    assert analyzed.strip_panel.header.text().endswith("88\u00a0% of it is color")
    analyzed.overlay.choose(layer=OverlayLayer.SEEN)
    assert "The mean color alone explains 88\u00a0% of the variance" in analyzed.overlay_panel._caption.text()
