import dataclasses

import numpy as np
import pytest
from PIL import Image

from e2evit_model.overlay.colors import color_table
from e2evit_model.overlay.picture import paint_tiles, to_rgba
from e2evit_model.overlay.values import DisplayScale
from e2evit_model.report import sheet as sheets
from e2evit_model.report.overlay_figure import OverlayStyle, lay_over, overlay_figure, risk_line
from e2evit_model.report.sheet import MARGIN
from tests.report.results import grid_of, open_small, result_of


@pytest.fixture
def written(monkeypatch):
    """Collect every text that is written on a page."""
    texts = []
    plain = sheets.Sheet.text

    def remember(self, x, y, text, **how):
        texts.append(text)
        plain(self, x, y, text, **how)

    monkeypatch.setattr(sheets.Sheet, "text", remember)
    return texts


@pytest.mark.parametrize("downsample", [1.0, 3.7, 16.0])
def test_every_pixel_has_the_color_of_its_tile(downsample):
    random = np.random.default_rng(3)
    cells = random.choice(30, 17, replace=False)
    grid = grid_of(30).subset(cells)
    positions = random.random(17, dtype=np.float32)
    positions[3] = np.nan
    tiles = paint_tiles(positions, grid)
    shape = (int(1400 / downsample), int(2000 / downsample), 3)
    picture = random.integers(0, 255, shape, np.uint8)
    table = color_table("magma")
    drawn = np.asarray(lay_over(picture, tiles, to_rgba(tiles, table, opacity=0.6), downsample))
    for y, x in zip(random.integers(0, shape[0], 400), random.integers(0, shape[1], 400), strict=True):
        tile = tiles.tile_at((x + 0.5) * downsample, (y + 0.5) * downsample)
        expected = picture[y, x].astype(float)
        if tile is not None and np.isfinite(positions[tile]):
            color = table[round(float(positions[tile]) * 255), :3]
            expected = 0.4 * expected + 0.6 * color
        np.testing.assert_allclose(drawn[y, x], expected, atol=1.5)


def test_the_figure_shows_the_overlay_on_the_slide(tmp_path, written):
    with open_small(tmp_path) as slide:
        result = result_of(slide.info, demonstration="Demonstration: nobody was treated.")
        overlay_figure(slide, result, tmp_path / "overlay.png")
        plain = OverlayStyle(opacity=0.0)
        overlay_figure(slide, result, tmp_path / "plain.png", style=plain)
    overlaid, bare = (np.asarray(Image.open(tmp_path / name)).astype(int) for name in ("overlay.png", "plain.png"))
    assert overlaid.shape == bare.shape
    downsample = 2000 / 1600
    changed = np.abs(overlaid - bare).max(axis=2) > 8
    low, high = (round(MARGIN + t * 224 / downsample) for t in (0.5, 4.5))
    assert changed[low, low]
    assert changed[high, low]
    # below the last row of tiles the slide is as it was
    assert not changed[round(MARGIN + 5.2 * 224 / downsample) :, MARGIN : MARGIN + 1600].any()
    assert "500 µm" in written or "200 µm" in written
    assert {"0×", "1×", "2×", "3×", "4×"} <= set(written)
    assert "Attention: where the model looked, not why. Research use only." in written
    assert "Demonstration: nobody was treated." in written
    assert "Model Test model, vit-small (weights 0123456789ab); 40 tiles of 224 px at 0.5 µm/px" in written
    assert not any("secret-name" in text or str(tmp_path) in text for text in written)


def test_the_title_is_written_when_it_is_given(tmp_path, written):
    with open_small(tmp_path, width=900, height=1500) as slide:
        overlay_figure(slide, result_of(slide.info, count=8), tmp_path / "o.png", title="Case 7")
    assert written[0] == "Case 7"


def test_a_slide_of_unknown_resolution_has_a_scale_bar_in_pixels(tmp_path, written):
    with open_small(tmp_path, mpp=None) as slide:
        overlay_figure(slide, result_of(slide.info), tmp_path / "o.png")
    assert "200 px" in written
    assert not any("µm" in text for text in written)


@pytest.mark.parametrize("scale", list(DisplayScale))
@pytest.mark.parametrize("attention", [np.full(40, 2, np.float32), np.array([np.nan] * 39 + [1.0], np.float32)])
def test_equal_and_missing_values_are_drawn(tmp_path, scale, attention):
    with open_small(tmp_path, width=700, height=600) as slide:
        style = OverlayStyle(scale=scale, colors="cividis")
        overlay_figure(slide, result_of(slide.info, attention=attention), tmp_path / "o.png", style=style)
    assert Image.open(tmp_path / "o.png").size[0] > 700


def test_the_risk_is_said_in_one_line(tmp_path):
    with open_small(tmp_path, width=300, height=300) as slide:
        result, without = result_of(slide.info), result_of(slide.info, risk=False)
    assert risk_line(result) == (
        "Risk -1.832 (2 models, -1.900 to -1.764), percentile 71 in the training cohort, high risk group by the training cut."
    )
    assert risk_line(without) == "No risk: the model has no head that was trained on survival."
    alone = dataclasses.replace(result.risk, member_risks=(-1.8321,), percentile=None, group=None)
    assert risk_line(dataclasses.replace(result, risk=alone)) == "Risk -1.832."
