import numpy as np
import pytest

from e2evit_model.errors import OptionError
from e2evit_model.overlay.contours import contour_lines
from e2evit_model.overlay.picture import paint_tiles
from tests.overlay.grids import make_grid


def whole_grid(columns, rows, **how):
    row, column = np.mgrid[0:rows, 0:columns].reshape(2, -1)
    return make_grid(column + 4, row + 9, **how)


def test_a_slope_is_crossed_where_it_reaches_the_level():
    grid = whole_grid(30, 20)
    slope = (grid.x + 224 - 448 * 4 - 1000) / (30 * 448)  # 0..1 from the left edge of the grid to its right one
    picture = paint_tiles(slope.astype(np.float32), grid)
    for level, lines in contour_lines(slope, picture, [0.3, 0.5, 0.7]):
        assert len(lines) == 1
        x = 448 * 4 + 1000 + level * 30 * 448
        assert np.abs(lines[0][:, 0] - x).max() < 30
        assert np.ptp(lines[0][:, 1]) == pytest.approx(19 * 448)


def test_a_round_hill_has_a_round_line_around_its_top():
    grid = whole_grid(40, 40, width=100.0)
    middle = np.array([grid.x.mean() + 50, grid.y.mean() + 50])
    far = np.hypot(grid.x + 50 - middle[0], grid.y + 50 - middle[1])
    hill = 1 - far / far.max()
    [(_, [line])] = contour_lines(hill, paint_tiles(hill.astype(np.float32), grid), [0.7])
    assert np.abs(np.hypot(*(line - middle).T) - 0.3 * far.max()).max() < 60
    assert np.array_equal(line[0], line[-1])


def test_lines_end_where_there_is_no_value():
    grid = whole_grid(20, 20)
    values = np.where(grid.row % 20 < 14, grid.column / 10.0 - 0.9, np.nan)
    lines = contour_lines(values, paint_tiles(values.astype(np.float32), grid), [0.3])[0][1]
    bottom = max(line[:, 1].max() for line in lines)
    below = np.isnan(values)
    assert bottom <= grid.y[~below].max() + 448
    assert contour_lines(np.full(400, np.nan), paint_tiles(values.astype(np.float32), grid), [0.5]) == [(0.5, [])]


def test_too_little_to_draw_and_other_numbers():
    assert contour_lines(np.zeros(0), paint_tiles(np.zeros(0, np.float32), make_grid([], [])), [0.5]) == [(0.5, [])]
    row = make_grid([1, 2, 3], [1, 1, 1])
    assert contour_lines(np.arange(3.0), paint_tiles(np.zeros(3, np.float32), row), [1.5]) == [(1.5, [])]
    with pytest.raises(OptionError, match=r"^There are 2 values for 3 tiles\.$"):
        contour_lines(np.zeros(2), paint_tiles(np.zeros(3, np.float32), row), [0.5])
