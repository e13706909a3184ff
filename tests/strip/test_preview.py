"""Pictures of the strip, pixel by pixel."""

import numpy as np
import pytest

from e2evit_model.errors import OptionError
from e2evit_model.strip.layout import StripLayout
from e2evit_model.strip.literal import literal_strip
from e2evit_model.strip.preview import draw_strip, mosaic, seen_parts, strip_picture, tiles_of_parts
from e2evit_model.strip.reading import mean_patches
from tests.strip.memory_slide import MemorySlide, grid_of, random_picture


@pytest.fixture
def slide():
    return MemorySlide(random_picture(np.random.default_rng(0), 700, 480), block=(100, 100))


@pytest.fixture
def grid():
    return grid_of([5, 2, 3, 5], [1, 3, 3, 2], 112)


def seen_naively(square):
    """The mean of all 14 px patches of a square."""
    high, wide = square.shape[0] // 14, square.shape[1] // 14
    return np.floor(square.reshape(high, 14, wide, 14, 3).astype(float).mean(axis=(0, 2)) + 0.5)


@pytest.mark.parametrize("splits", [1, 2, 4])
def test_seen_pixels_are_those_of_whole_tiles(slide, grid, splits):
    stack = mean_patches(slide, grid, patch_sizes=(14,), splits=splits)
    seen = tiles_of_parts(seen_parts(stack.merged(1), 14))
    strip = literal_strip(slide, grid)
    for tile, pixels in enumerate(seen):
        np.testing.assert_array_equal(pixels, seen_naively(strip[:, tile * 112 : tile * 112 + 112]))
    assert seen.dtype == np.uint8


@pytest.mark.parametrize("splits", [1, 2, 4])
def test_the_mosaic_puts_tiles_where_they_are(slide, grid, splits):
    found = mosaic(tiles_of_parts(seen_parts(mean_patches(slide, grid, patch_sizes=(14,), splits=splits), 14)), grid)
    side = 14 if splits == 1 else 28
    assert found.tile_side == side
    assert found.pixels.shape == (3 * side, 4 * side, 3)
    assert (found.x, found.y, found.width, found.height) == (224, 112, 448, 336)
    strip = literal_strip(slide, grid)
    expected = np.full(found.pixels.shape, 255.0)
    for tile, (column, row) in enumerate([(3, 0), (0, 2), (1, 2), (3, 1)]):
        square = strip[:, tile * 112 : tile * 112 + 112]
        if splits == 1:
            drawn = seen_naively(square)
        elif splits == 2:
            drawn = np.vstack([np.tile(seen_naively(half), (1, 2, 1)) for half in (square[:56], square[56:])])
        else:
            quarters = [[square[y : y + 56, x : x + 56] for x in (0, 56)] for y in (0, 56)]
            drawn = np.vstack([np.hstack([seen_naively(quarter) for quarter in row]) for row in quarters])
        expected[row * side : (row + 1) * side, column * side : (column + 1) * side] = drawn
    np.testing.assert_array_equal(found.pixels, expected)


def test_damaged_tiles_are_gray(slide, grid):
    slide.damaged = {(2, 4)}  # under the second and the third tile
    stack = mean_patches(slide, grid, patch_sizes=(14,))
    seen = tiles_of_parts(seen_parts(stack, 14))
    assert [(pixels == 128).all() for pixels in seen] == [False, True, False, False]
    assert (mosaic(seen, grid).pixels[28:, :14] == 128).all()
    layout = StripLayout.one_row(4, 112)
    picture = strip_picture(slide, grid, layout, threads=2)
    assert (picture[:, 112:224] == 128).all()
    assert not (picture[:, 224:336] == 128).all()


def test_a_mosaic_of_no_tiles_and_of_too_many(slide):
    nothing = grid_of([], [], 112)
    none = tiles_of_parts(seen_parts(mean_patches(slide, nothing), 16))
    assert mosaic(none, nothing).pixels.shape == (0, 0, 3)
    with pytest.raises(OptionError, match=r"^The strip has 0 tiles, but the grid has 1\.$"):
        mosaic(none, grid_of([0], [0], 112))


@pytest.mark.parametrize(("side", "averaged"), [(112, 1), (56, 1), (28, 1), (14, 1), (40, 1.4), (32, 1.75)])
def test_the_picture_of_a_strip(slide, grid, side, averaged):
    layout = StripLayout.wrapped(4, side, width=3 * side + 9, row_gap=5, label_width=9)
    assert layout.columns == 3
    picture = strip_picture(slide, grid, layout, threads=2)
    reduce = round(112 / side / averaged)
    drawn = grid_of(grid.column, grid.row, side, reduce=reduce, resample=112 / side / reduce)
    strip = literal_strip(slide, drawn)
    expected = np.full((2 * side + 5, 9 + 3 * side, 3), 255, np.uint8)
    for tile in range(4):
        x, y = 9 + tile % 3 * side, tile // 3 * (side + 5)
        expected[y : y + side, x : x + side] = strip[:, tile * side : (tile + 1) * side]
    np.testing.assert_array_equal(picture, expected)


def test_drawing_given_tiles(slide, grid):
    seen = tiles_of_parts(seen_parts(mean_patches(slide, grid), 16))
    picture = draw_strip(seen, StripLayout.wrapped(4, 16, width=40))
    assert picture.shape == (32, 32, 3)
    np.testing.assert_array_equal(picture[16:, :16], seen[2])
    np.testing.assert_array_equal(picture[:16, 16:], seen[1])


def test_the_beginning_of_a_strip(slide, grid):
    picture = strip_picture(slide, grid, StripLayout.one_row(2, 112))
    np.testing.assert_array_equal(picture, literal_strip(slide, grid)[:, :224])


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (StripLayout.one_row(4, 113), "Tiles of 112 px cannot be drawn 113 px wide."),
        (StripLayout.one_row(4, 10.5), "A picture of the strip cannot have tiles of 10.5 px."),
        (StripLayout.one_row(10**6, 112), "A picture of 112000000 x 112 px is too large."),
    ],
)
def test_pictures_that_are_refused(slide, grid, layout, message):
    with pytest.raises(OptionError) as caught:
        strip_picture(slide, grid, layout)
    assert caught.value.message == message
    assert caught.value.hint
