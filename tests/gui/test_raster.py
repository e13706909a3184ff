"""Rasters over the slide lie where their tiles are, at every magnification: Qt's own scaling adds up its steps in 1/65536 px."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from e2evit_gui.viewer.layers import HeatLayer, SeenLayer
from e2evit_gui.viewer.viewport import Viewport
from e2evit_model.overlay.picture import paint_tiles
from tests.benchmarks.window import many_tiles

WIDTH, HEIGHT = 2560, 1440
SIDE = 224  # level-0 px of a tile
COLUMNS = 20
GRAYS = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 4, axis=1)
GRAYS[:, 3] = 255


def view_of(side_px, x, y):
    """Look at a point with tiles of so many device pixels."""
    scale = SIDE / side_px
    return Viewport(x=x, y=y, scale=scale, width=WIDTH, height=HEIGHT, slide_width=10**5, slide_height=10**5)


def painted(layer, view, **given):
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    with QPainter(image) as painter:
        layer.paint(painter, view, 1.0, **given)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT, image.bytesPerLine() // 4, 4)
    return rows[:, :WIDTH, 1].astype(float)


def places(view, count, step):
    """Return in which pixel of a raster each device pixel's middle lies, across and down."""
    across = (view.x + (np.arange(WIDTH) + 0.5) * view.scale) / step
    down = (view.y + (np.arange(HEIGHT) + 0.5) * view.scale) / step
    return np.clip(across, 0, count - 1e-9), np.clip(down, 0, count - 1e-9)


def off_by(got, across, down, values):
    """Return how many device pixels the farthest wrong pixel is from an edge of the raster; 0 when none is wrong."""
    wrong = got != values[np.ix_(down.astype(int), across.astype(int))]
    if not wrong.any():
        return 0.0
    per_px = across[1] - across[0]
    near = np.minimum.outer(*(np.abs(along - np.round(along)) for along in (down, across))) / per_px
    return near[wrong].max()


@pytest.mark.parametrize("side_px", [3.7, 11.0, 40.3, 86.57, 205.0, 410.0, 1000.0, 2000.0])
@pytest.mark.parametrize("corner", [(0.0, 0.0), (300.5, 1234.25)])
def test_tiles_of_the_heat_map_end_where_they_end_on_the_slide(side_px, corner):
    grid = many_tiles(COLUMNS**2)
    values = np.random.default_rng(0).random(len(grid)).astype(np.float32)
    picture = paint_tiles(values, grid)
    layer = HeatLayer(picture)
    layer.color(GRAYS)
    view = view_of(side_px, *corner)
    across, down = places(view, COLUMNS, SIDE)
    inside = view.to_screen(COLUMNS * SIDE, COLUMNS * SIDE)
    width, height = (min(int(side), most) for side, most in zip(inside, (WIDTH, HEIGHT), strict=True))
    got = painted(layer, view, smooth=False)[:height, :width]
    assert off_by(got, across[:width], down[:height], picture.index.astype(float)) <= 1.0


@pytest.mark.parametrize("side_px", [40.3, 205.0, 1000.0, 2000.0])
def test_what_the_model_sees_ends_where_its_tile_ends(side_px):
    grid = many_tiles(COLUMNS**2)
    seen = np.random.default_rng(1).integers(0, 256, (len(grid), 14, 14, 3)).astype(np.uint8)
    picture = paint_tiles(np.zeros(len(grid), np.float32), grid)
    view = view_of(side_px, 900.5, 650.0)
    across, down = places(view, COLUMNS * 14, SIDE / 14)
    raster = seen.reshape(COLUMNS, COLUMNS, 14, 14, 3).transpose(0, 2, 1, 3, 4).reshape(COLUMNS * 14, COLUMNS * 14, 3)
    width = min(int(view.to_screen(COLUMNS * SIDE, 0)[0]), WIDTH)
    height = min(int(view.to_screen(0, COLUMNS * SIDE)[1]), HEIGHT)
    got = painted(SeenLayer(picture, seen), view)[:height, :width]
    assert off_by(got, across[:width], down[:height], raster[..., 1].astype(float)) <= 1.0


@pytest.mark.parametrize("side_px", [40.3, 205.0, 410.0, 1000.0])
def test_a_smooth_heat_map_has_each_value_in_the_middle_of_its_tile(side_px):
    grid = many_tiles(COLUMNS**2)
    picture = paint_tiles(np.random.default_rng(2).random(len(grid)).astype(np.float32), grid)
    layer = HeatLayer(picture)
    layer.color(GRAYS)
    view = view_of(side_px, 1100.0, 1300.0)
    got = painted(layer, view, smooth=True)
    across, down = (np.clip(along - 0.5, 0, COLUMNS - 1) for along in places(view, COLUMNS, SIDE))
    values = picture.index.astype(float)
    left, top = (np.minimum(along.astype(int), COLUMNS - 2) for along in (across, down))
    x, y = across - left, (down - top)[:, None]
    upper = values[np.ix_(top, left)] * (1 - x) + values[np.ix_(top, left + 1)] * x
    lower = values[np.ix_(top + 1, left)] * (1 - x) + values[np.ix_(top + 1, left + 1)] * x
    wanted = upper * (1 - y) + lower * y
    inside = np.s_[
        : min(int(view.to_screen(0, COLUMNS * SIDE)[1]), HEIGHT),
        : min(int(view.to_screen(COLUMNS * SIDE, 0)[0]), WIDTH),
    ]
    # a value may be in place within a device pixel and a half, and is rounded
    steepest = 1.5 * 256 / side_px + 4
    assert np.abs(got - wanted)[inside].max() <= steepest
