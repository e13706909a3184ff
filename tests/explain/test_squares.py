"""Squares of the tile grid: against the naive way."""

import numpy as np
import pytest

from e2evit_model.errors import OptionError
from e2evit_model.explain.squares import choose_side, lay_squares
from tests.overlay.grids import make_grid


def scattered(seed, count=200):
    rng = np.random.default_rng(seed)
    cells = rng.choice(40 * 30, count, replace=False)
    return make_grid(cells % 40 + 7, cells // 40 + 11)


@pytest.mark.parametrize("side", [1, 2, 3, 7, 100])
def test_tiles_of_a_square_lie_together(side):
    grid = scattered(side)
    squares = lay_squares(grid, side)
    left, top = grid.column.min(), grid.row.min()
    places = [((r - top) // side, (c - left) // side) for c, r in zip(grid.column, grid.row, strict=True)]
    numbered = {place: number for number, place in enumerate(sorted(set(places)))}
    assert squares.group.tolist() == [numbered[place] for place in places]
    assert len(squares) == len(numbered)
    assert squares.sizes.tolist() == [places.count(place) for place in sorted(numbered)]
    for number in range(0, len(squares), 5):
        assert squares.without(number).tolist() == [n for n, g in enumerate(squares.group) if g != number]


@pytest.mark.parametrize("most", [1, 2, 9, 30, 64, 200, 1000])
def test_the_smallest_side_that_is_few_enough(most):
    grid = scattered(most)
    side = choose_side(grid, most)
    assert len(lay_squares(grid, side)) <= most
    assert side == 1 or len(lay_squares(grid, side - 1)) > most


def test_no_tiles_and_no_side():
    assert len(lay_squares(make_grid([], []), 3)) == 0
    with pytest.raises(OptionError, match=r"^A square of 0 tiles cannot be laid\.$"):
        lay_squares(scattered(0), 0)
    with pytest.raises(OptionError, match=r"^0 squares cannot be laid\.$"):
        choose_side(scattered(0), 0)
