"""Drawn tiles of a strip: kept once whole, the same pixels as put together anew, limited in bytes."""

import numpy as np
import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from e2evit_gui.viewer.pyramid import Pyramid
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_gui.viewer.strip_cells import StripCells
from e2evit_gui.viewer.tile_reader import as_array
from e2evit_model.slides.opening import open_slide
from tests.slide_files import tissue_like, write_pyramid

SIDE, WAITING, BETWEEN = 56, QColor("#888888"), QColor("#ff0000")


@pytest.fixture
def tiles(qtbot, tmp_path):
    slide = open_slide(write_pyramid(tmp_path / "slide.tiff", tissue_like(1500, 1700, seed=4), mpp=0.5, levels=2))
    made = SlideTiles(slide, Pyramid(slide))
    qtbot.waitUntil(lambda: made.idle, timeout=20_000)
    yield made
    made.close()
    made.join()


def read(qtbot, tiles, level=0):
    tiles.want("test", tiles.pyramid.tiles_in(level, 0, 0, 1700, 1500))
    qtbot.waitUntil(lambda: tiles.idle, timeout=20_000)


def paint(cells, tiles, tile, side=SIDE):
    screen = QImage(300, 100, QImage.Format.Format_RGB32)
    screen.fill(0)
    painter = QPainter(screen)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    source, target = QRectF(tile % 7 * 224, tile // 7 * 224, 224, 224), QRect(37, 11, side, side)
    missing = cells.paint(painter, tiles, tile, source, target, level=0, waiting=WAITING)
    cells.end_frame(painter, tiles, waiting=WAITING, between=BETWEEN)
    painter.end()
    return as_array(screen).copy(), missing


def test_a_tile_is_kept_once_it_is_whole_and_looks_the_same(qtbot, tiles):
    cells = StripCells()
    rough, missing = paint(cells, tiles, 9)
    assert missing == tiles.pyramid.tiles_in(0, 448, 224, 672, 448)
    assert len(cells) == 0
    assert np.abs(rough[11 : 11 + SIDE, 37 : 37 + SIDE].mean() - rough[20, 50].mean()) < 60, (
        "the coarsest level stands in"
    )
    read(qtbot, tiles)
    first, missing = paint(cells, tiles, 9)
    assert missing == []
    assert len(cells) == 1
    tiles.cache.clear()  # the drawn tile needs them no more
    again, missing = paint(cells, tiles, 9)
    assert missing == []
    np.testing.assert_array_equal(again, first)
    assert not again[:11].any()
    assert not again[11 + SIDE :].any()


def test_a_frame_puts_together_what_it_has_time_for_and_at_least_one_tile(qtbot, tiles, monkeypatch):
    read(qtbot, tiles)
    monkeypatch.setattr("e2evit_gui.viewer.strip_cells.FRAME_S", 1e-9)
    cells = StripCells()
    for frame in range(3):
        cells.begin_frame()
        pictures = [paint(cells, tiles, tile)[0] for tile in (9, 10, 11)]
        assert (len(cells), cells.late) == (frame + 1, 2 - frame), "one more in every frame"
        if frame == 0:
            hasty = pictures
    inside = np.s_[11 : 11 + SIDE, 37 : 37 + SIDE]
    for early, whole in zip(hasty, pictures, strict=True):
        assert np.abs(early[inside].mean(axis=(0, 1)) - whole[inside].mean(axis=(0, 1))).max() < 30
    np.testing.assert_array_equal(hasty[0], pictures[0])
    assert (hasty[2] != pictures[2]).any()


@pytest.mark.parametrize("hair", [0, 1])
def test_neighbors_that_wait_are_painted_as_one_and_look_as_one_by_one(tiles, hair, monkeypatch):
    painted = []
    original = tiles.paint_roughly
    monkeypatch.setattr(tiles, "paint_roughly", lambda *given: painted.append(given[1:]) or original(*given))

    def row(*, each):
        screen = QImage(300, 200, QImage.Format.Format_RGB32)
        screen.fill(BETWEEN)
        cells = StripCells()
        with QPainter(screen) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            cells.begin_frame()
            # the second row of the slide's tiles, then one that is no neighbor, then one of the next row
            for place, tile in enumerate((7, 8, 9, 11, 14)):
                source = QRectF(tile % 7 * 224, tile // 7 * 224, 224, 224)
                target = QRect(place * SIDE, 11, SIDE - hair, SIDE - hair)
                assert cells.paint(painter, tiles, tile, source, target, level=0, waiting=WAITING)
                if each:
                    cells.end_frame(painter, tiles, waiting=WAITING, between=BETWEEN)
            cells.end_frame(painter, tiles, waiting=WAITING, between=BETWEEN)
        return as_array(screen).astype(float)

    one_by_one = row(each=True)
    assert len(painted) == 5
    painted.clear()
    together = row(each=False)
    assert painted == [
        (QRectF(0, 224, 3 * 224, 224), QRect(0, 11, 3 * SIDE - hair, SIDE - hair)),
        (QRectF(4 * 224, 224, 224, 224), QRect(3 * SIDE, 11, SIDE - hair, SIDE - hair)),
        (QRectF(0, 448, 224, 224), QRect(4 * SIDE, 11, SIDE - hair, SIDE - hair)),
    ]
    # a piece painted alone is not blurred into its neighbors at its edges
    assert np.abs(together - one_by_one).mean() < 2
    np.testing.assert_array_equal(*[(screen == (255, 0, 0)).all(axis=2) for screen in (together, one_by_one)])
    assert (together[11, SIDE - 1] == (255, 0, 0)).all() == bool(hair)


def test_a_cell_whose_tile_left_the_cache_meanwhile_is_not_kept(qtbot, tiles, monkeypatch):
    monkeypatch.setattr(tiles, "missing", lambda _source, _level: [])
    cells = StripCells()
    _, missing = paint(cells, tiles, 9)
    assert missing == tiles.pyramid.tiles_in(0, 448, 224, 672, 448)
    assert len(cells) == 0


def test_another_size_is_another_drawing_and_another_strip_begins_anew(qtbot, tiles):
    cells = StripCells()
    read(qtbot, tiles)
    small, _ = paint(cells, tiles, 3)
    large, _ = paint(cells, tiles, 3, side=80)
    assert len(cells) == 2
    assert (large != small).any()
    cells.clear()
    assert (len(cells), cells.held_bytes) == (0, 0)


def test_the_oldest_go_first_when_there_is_no_room(qtbot, tiles):
    read(qtbot, tiles)
    cells = StripCells(most_bytes=3 * 4 * SIDE * SIDE)
    for tile in (0, 1, 2, 0, 3):
        paint(cells, tiles, tile)
    assert len(cells) == 3
    tiles.cache.clear()
    assert [bool(paint(cells, tiles, tile)[1]) for tile in (0, 1, 2, 3)] == [False, True, False, False]
