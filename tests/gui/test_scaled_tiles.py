"""Tiles kept at their size on screen: the picture stays what it was, and only panning keeps them."""

import numpy as np
import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from e2evit_gui.viewer import scaled_tiles
from e2evit_gui.viewer.pyramid import Pyramid
from e2evit_gui.viewer.scaled_tiles import ScaledTiles
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_gui.viewer.tile_reader import as_array
from e2evit_model.slides.opening import open_slide
from tests.slide_files import tissue_like, write_pyramid

WIDTH, HEIGHT = 700, 500


@pytest.fixture
def tiles(qtbot, tmp_path):
    path = write_pyramid(tmp_path / "slide.tiff", tissue_like(1900, 2100, seed=4), mpp=0.5, levels=1)
    slide = open_slide(path)
    made = SlideTiles(slide, Pyramid(slide))
    made.want("test", made.pyramid.tiles_in(0, 0, 0, 2100, 1900))
    qtbot.waitUntil(lambda: made.idle, timeout=20_000)
    yield made
    made.close()
    made.join()


def painted(tiles: SlideTiles, x: float, y: float, zoom: float) -> np.ndarray:
    screen = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    screen.fill(0)
    painter = QPainter(screen)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < 2)
    tiles.paint(painter, QRectF(x, y, WIDTH / zoom, HEIGHT / zoom), QRect(0, 0, WIDTH, HEIGHT), 0)
    painter.end()
    return as_array(screen)


@pytest.mark.parametrize("zoom", [0.51, 0.7, 0.93])
def test_panning_paints_what_was_painted_without_keeping(tiles, zoom, monkeypatch):
    places = [(33.25 + 17 * n / zoom, 21.5 + 5 * n / zoom) for n in range(8)]
    kept = [painted(tiles, x, y, zoom) for x, y in places]
    assert tiles._scaled.held_bytes > 0
    monkeypatch.setattr(tiles._scaled, "get", lambda *a: None)
    for (x, y), picture in zip(places, kept, strict=True):
        expected = painted(tiles, x, y, zoom)
        difference = np.abs(picture.astype(int) - expected)
        # tiles cut by the border of the view were sampled at slightly other places
        assert difference.mean() < 1.5
        assert (difference.max(axis=-1) > 40).mean() < 0.01


def test_nothing_is_kept_while_one_zooms(tiles):
    for n in range(6):
        painted(tiles, 100, 100, 0.6 + n / 50)
    assert tiles._scaled.held_bytes == 0


@pytest.mark.parametrize("zoom", [1.0, 2.5])
def test_tiles_that_are_not_made_smaller_are_not_kept(tiles, zoom):
    for n in range(4):
        painted(tiles, 100 + n, 100, zoom)
    assert tiles._scaled.held_bytes == 0


def test_some_are_scaled_for_keeping_in_each_frame(tiles, monkeypatch):
    monkeypatch.setattr(scaled_tiles, "NEW_IN_A_FRAME", 2)
    counts = []
    for n in range(4):
        painted(tiles, 200 + 2 * n, 200, 0.5)
        counts.append(len(tiles._scaled._tiles))
    assert counts == [0, 2, 4, 6]


def test_the_oldest_go_first_when_there_is_no_room(tiles):
    tiles._scaled = ScaledTiles(most_bytes=3 * 256 * 256 * 4)
    for n in range(6):
        painted(tiles, 200 + 2 * n, 200, 0.5)
        assert tiles._scaled.held_bytes <= 3 * 256 * 256 * 4
    assert len(tiles._scaled._tiles) == 3


def test_a_strip_of_small_pieces_keeps_nothing(tiles):
    screen = QImage(60, 60, QImage.Format.Format_RGB32)
    for _ in range(4):
        painter = QPainter(screen)
        tiles.paint(painter, QRectF(300, 300, 224, 224), QRect(0, 0, 56, 56), 0)
        painter.end()
    assert tiles._scaled.held_bytes == 0


def test_closing_lets_go(tiles):
    for n in range(4):
        painted(tiles, 200 + 2 * n, 200, 0.5)
    assert tiles._scaled.held_bytes > 0
    tiles.close()
    assert tiles._scaled.held_bytes == 0
