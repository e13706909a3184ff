import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from e2evit_model.report import sheet as sheets
from e2evit_model.report.low_power import tile_thumbnails
from e2evit_model.report.sheet import MARGIN
from e2evit_model.report.strip_figure import ROW_PX, TALLEST_PX, lay_strip, strip_figure
from tests.report.results import grid_of, open_small

LEFT = MARGIN + 96


@pytest.fixture
def written(monkeypatch):
    texts = []
    plain = sheets.Sheet.text
    monkeypatch.setattr(
        sheets.Sheet, "text", lambda self, x, y, text, **h: (texts.append(text), plain(self, x, y, text, **h))
    )
    return texts


@given(st.integers(1, 100_000), st.booleans())
def test_the_strip_fits_on_its_page(tiles, doubled):
    layout = lay_strip(tiles, doubled=doubled)
    assert layout.columns * layout.side <= ROW_PX
    assert layout.rows * layout.side * (2 if doubled else 1) <= TALLEST_PX
    assert (layout.rows - 1) * layout.columns < layout.shown <= layout.rows * layout.columns
    assert layout.shown == tiles or layout.side == 28


def test_every_tile_is_at_its_place_and_what_is_seen_under_it(tmp_path, written):
    grid = grid_of(40)
    seen = np.random.default_rng(1).integers(0, 255, (40, 14, 14, 3), np.uint8)
    with open_small(tmp_path) as slide:
        strip_figure(slide, grid, tmp_path / "strip.png", seen=seen)
        small = tile_thumbnails(slide, grid, 56)
    drawn = np.asarray(Image.open(tmp_path / "strip.png"))
    for tile in range(40):
        y, x = MARGIN + tile // 28 * (2 * 56 + 2 + 16), LEFT + tile % 28 * 56
        assert np.array_equal(drawn[y : y + 56, x : x + 56], small[tile])
        assert np.array_equal(drawn[y + 58 : y + 114 : 4, x : x + 56 : 4], seen[tile])
    assert written[:4] == ["0", "seen", "28", "seen"]
    said = " ".join(written[4:-1])
    assert said == (
        "The strip: 40 tiles of 224 px side by side, row by row; wrapped after 28 tiles. The number is that of the first tile of "
        'its row. "Seen" is what the model sees of the tile above: the mean of its patches of 14 × 14 px.'
    )
    assert written[-1] == "Research use only."


def test_tiles_stand_in_the_order_of_the_strip(tmp_path, written):
    grid = dataclasses.replace(grid_of(40).subset(np.arange(40)[::-1]), order="serpentine")
    with open_small(tmp_path) as slide:
        strip_figure(slide, grid, tmp_path / "strip.png", title="Case 7")
        small = tile_thumbnails(slide, grid, 56)
    drawn = np.asarray(Image.open(tmp_path / "strip.png"))
    top = MARGIN + 42
    assert np.array_equal(drawn[top : top + 56, LEFT : LEFT + 56], small[0])
    assert written[0] == "Case 7"
    assert "row by row, every second one backwards" in " ".join(written)
    assert not any("seen" in text for text in written)


def test_of_a_very_long_strip_the_beginning_is_shown_and_said(tmp_path, written):
    grid = grid_of(4000, columns=60, width=20.0)
    with open_small(tmp_path) as slide:
        strip_figure(slide, grid, tmp_path / "strip.png", seen=np.zeros((4000, 16, 16, 3), np.uint8))
    assert "the first 3024 are shown" in " ".join(written)
    assert Image.open(tmp_path / "strip.png").size[1] < TALLEST_PX + 200


def test_one_tile_is_a_strip(tmp_path):
    with open_small(tmp_path, width=300, height=300) as slide:
        strip_figure(slide, grid_of(1), tmp_path / "strip.png", seen=np.zeros((1, 16, 16, 3), np.uint8))
    assert Image.open(tmp_path / "strip.png").size[0] > ROW_PX
