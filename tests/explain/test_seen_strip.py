"""What the model sees, from the file: the same as an analysis says, in the same places, without running the model."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from e2evit_model.explain.seen_strip import see_strip
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.report.seen_figure import FILES, color_sentence, seen_figure, what_is_seen, write_seen_files
from e2evit_model.slides.opening import open_slide
from tests.explain.material import WHOLE, bare_model, risk_model, write_slide


@pytest.mark.parametrize("ratio", [0.5, 1.0, 4.0])
def test_the_same_as_the_analysis_says(tmp_path, ratio):
    path, settings = write_slide(tmp_path), replace(WHOLE, tokens_per_tile=ratio)
    model = bare_model(tmp_path)
    strip, result = see_strip(path, settings, model), analyze_slide(path, settings, model)
    assert np.array_equal(strip.seen, result.seen)
    assert strip.seen.shape[1] == (32 if ratio == 4 else 16)
    assert strip.color_share == result.color_share
    assert (strip.color_share is None) == (ratio == 0.5), "ten tokens are too few"
    assert strip.record["seen"] == result.record["seen"]
    assert strip.record["tiles"] == result.record["tiles"]


def test_the_files_hold_the_very_patches_and_no_name(tmp_path):
    path = write_slide(tmp_path)
    strip = see_strip(path, WHOLE, risk_model(tmp_path))
    with open_slide(path) as slide:
        paths = write_seen_files(slide, strip, tmp_path / "out")
    assert tuple(p.name for p in paths) == FILES
    pure = np.asarray(Image.open(paths[2]))
    for tile in range(len(strip.grid)):
        x, y = 16 * int(strip.grid.column[tile]), 16 * int(strip.grid.row[tile])
        assert np.array_equal(pure[y : y + 16, x : x + 16], strip.seen[tile])
    record = json.loads(paths[3].read_text())
    assert record["mosaic_in_level0_px"] == {"x": 0, "y": 0, "width": 1120, "height": 896, "tile_px": 16}
    assert record["seen"]["variance_explained_by_mean_color"] == strip.color_share
    assert "patient" not in paths[3].read_text()


def test_the_figure_shows_true_tiles_left_and_seen_ones_right(tmp_path):
    path = write_slide(tmp_path)
    strip = see_strip(path, WHOLE, bare_model(tmp_path))
    with open_slide(path) as slide:
        seen_figure(slide, strip, tmp_path / "seen.png")
        whole = slide.read_region(0, 0, 0, 1120, 896)
    picture = np.asarray(Image.open(tmp_path / "seen.png")).astype(float)
    assert picture.shape[1] == 2 * 28 + 2 * 560 + 24
    left, right = (picture[58 : 58 + 448, x : x + 560] for x in (28, 28 + 584))
    true = whole.reshape(448, 2, 560, 2, 3).mean((1, 3))
    difference = np.abs(left - true)
    difference[-80:, :240] = 0  # the scale bar lies there
    assert difference.mean() < 2.5
    seen = np.kron(strip.seen.reshape(4, 5, 16, 16, 3).transpose(0, 2, 1, 3, 4).reshape(64, 80, 3), np.ones((7, 7, 1)))
    assert np.array_equal(right, seen)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "There are too few tiles to say how much of the tokens the mean color explains."),
        (0.876, "On this slide the mean color alone explains 88% of the variance of the tiles' tokens."),
        (0.9962, "On this slide the mean color alone explains 99.6% of the variance of the tiles' tokens."),
    ],
)
def test_the_share_of_color_in_words(share, said):
    assert color_sentence(share) == said


def test_what_becomes_of_a_tile_in_words():
    assert what_is_seen(14, 1.0) == (
        "Each tile reaches the transformer as one patch of 14 × 14 px, the mean of all its patches."
    )
    assert what_is_seen(16, 0.25).startswith("About 4 tiles reach the transformer as one patch of 16 × 16 px")
    assert what_is_seen(16, 2).startswith("Each tile reaches the transformer as about 2 patches of 16 × 16 px")
