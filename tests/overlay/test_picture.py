import math

import numpy as np
import pytest

from e2evit_model.errors import OptionError
from e2evit_model.overlay.colors import color_table
from e2evit_model.overlay.picture import NO_TILE, paint_tiles, to_rgba
from tests.overlay.grids import make_grid


@pytest.mark.parametrize("width", [448.0, 450.225, 13.7])
def test_every_tile_is_found_where_it_lies(width):
    random = np.random.default_rng(3)
    cells = random.choice(40 * 30, 300, replace=False)
    grid = make_grid(cells % 40 + 5, cells // 40 + 9, width=width)
    positions = random.random(300, dtype=np.float32)
    picture = paint_tiles(positions, grid)
    for number in range(300):
        middle = grid.x[number] + width / 2, grid.y[number] + width / 2
        assert picture.tile_at(*middle) == number
        row, column = grid.row[number] - grid.row.min(), grid.column[number] - grid.column.min()
        assert picture.index[row, column] == round(float(positions[number]) * 255)
        assert picture.alpha[row, column] == 255
    assert np.count_nonzero(picture.alpha) == 300
    assert np.count_nonzero(picture.tile == NO_TILE) == picture.tile.size - 300
    left, top, wide, high = picture.rectangle
    assert left == pytest.approx(grid.x.min(), abs=1)
    assert top == pytest.approx(grid.y.min(), abs=1)
    assert left + wide == pytest.approx(grid.x.max() + width, abs=1)
    assert top + high == pytest.approx(grid.y.max() + width, abs=1)


def test_other_values_of_the_same_tiles_are_painted_as_from_the_beginning():
    random = np.random.default_rng(5)
    cells = random.choice(40 * 30, 300, replace=False)
    grid = make_grid(cells % 40 + 5, cells // 40 + 9)
    before = paint_tiles(random.random(300, dtype=np.float32), grid)
    positions = random.random(300, dtype=np.float32)
    positions[::7] = np.nan
    expected, found = paint_tiles(positions, grid), before.repainted(positions)
    table = color_table("viridis")
    for name in ("index", "alpha", "tile"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert found.rectangle == expected.rectangle
    plain = table[expected.index]
    plain[..., 3] = expected.alpha
    np.testing.assert_array_equal(to_rgba(found, table), plain)
    with pytest.raises(OptionError):
        before.repainted(positions[1:])


def test_there_is_no_tile_outside_and_in_gaps():
    picture = paint_tiles(np.array([0.1, 0.9], np.float32), make_grid([0, 2], [0, 0], width=100.0, left=0, top=0))
    assert [picture.tile_at(x, 50) for x in (-1, 50, 150, 250, 301)] == [None, 0, None, 1, None]
    assert picture.tile_at(50, -1) is None
    assert picture.tile_at(50, 101) is None


def test_a_tile_without_value_is_transparent_but_found():
    picture = paint_tiles(np.array([math.nan, 1.0], np.float32), make_grid([0, 1], [0, 0]))
    assert picture.alpha.tolist() == [[0, 255]]
    assert picture.tile.tolist() == [[0, 1]]
    rgba = to_rgba(picture, color_table("magma"), opacity=0.5)
    assert rgba[..., 3].tolist() == [[0, 128]]
    assert rgba[0, 1, :3].tolist() == color_table("magma")[255, :3].tolist()


def test_coloring_leaves_the_table_as_it_was():
    before = color_table("viridis").copy()
    to_rgba(paint_tiles(np.array([0.3], np.float32), make_grid([0], [0])), color_table("viridis"), opacity=0.2)
    assert np.array_equal(before, color_table("viridis"))


def test_no_tiles_give_an_empty_picture():
    picture = paint_tiles(np.zeros(0, np.float32), make_grid([], []))
    assert picture.index.shape == (0, 0)
    assert picture.tile_at(0, 0) is None
    assert to_rgba(picture, color_table("viridis")).shape == (0, 0, 4)


def test_as_many_values_as_tiles_are_needed():
    with pytest.raises(OptionError) as caught:
        paint_tiles(np.zeros(3, np.float32), make_grid([0, 1], [0, 0]))
    assert caught.value.message == "There are 3 values for 2 tiles."


@pytest.mark.parametrize("opacity", [-0.1, 1.1, math.nan])
def test_an_opacity_that_cannot_be_is_refused(opacity):
    picture = paint_tiles(np.zeros(1, np.float32), make_grid([0], [0]))
    with pytest.raises(OptionError, match=r"The opacity is .*, but must be between 0 and 1."):
        to_rgba(picture, color_table("viridis"), opacity=opacity)
