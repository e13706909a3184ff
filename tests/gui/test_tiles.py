import os
import sys
import threading

import numpy as np
import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QColorSpace, QImage, QPainter

from e2evit_gui.jobs.giving_way import NICENESS
from e2evit_gui.viewer.pyramid import Pyramid, TileKey
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_gui.viewer.tile_cache import TileCache
from e2evit_gui.viewer.tile_reader import TileReader, as_array, as_image, display_transform
from e2evit_model.errors import SlideError
from e2evit_model.slides.opening import open_slide
from tests.slide_files import tissue_like, write_pyramid


def tile(side=10):
    return QImage(side, side, QImage.Format.Format_RGB32)


def test_the_least_recently_used_tile_goes_first_and_pinned_ones_stay():
    size = tile().sizeInBytes()
    cache = TileCache(most_bytes=3 * size)
    pinned, a, b, c = (TileKey(0, n, 0) for n in range(4))
    cache.put(pinned, tile(), pin=True)
    cache.put(a, tile())
    cache.put(b, tile())
    assert cache.get(a) is not None
    cache.put(c, tile())
    assert [key in cache for key in (pinned, a, b, c)] == [True, True, False, True]
    assert cache.held_bytes == 3 * size
    cache.limit(size)
    assert pinned in cache
    assert len(cache) == 2, "one tile stays, so that a view of huge tiles can be painted at all"
    cache.clear()
    assert (cache.held_bytes, len(cache)) == (0, 0)


def test_pixels_survive_the_way_into_an_image_and_back():
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (7, 13, 3)).astype(np.uint8)
    image = as_image(pixels)
    assert image.format() == QImage.Format.Format_RGB32
    assert image.pixelColor(5, 3) == QColor(*pixels[3, 5].tolist())
    assert np.array_equal(as_array(image), pixels)


def test_a_profile_other_than_srgb_changes_colors_for_display_and_srgb_does_not():
    assert display_transform(None) is None
    assert display_transform(b"no profile") is None
    srgb = bytes(QColorSpace(QColorSpace.NamedColorSpace.SRgb).iccProfile())
    assert display_transform(srgb) is None
    adobe = bytes(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile())
    transform = display_transform(adobe)
    image = as_image(np.full((2, 2, 3), (60, 160, 90), np.uint8))
    image.applyColorTransform(transform)
    shown = image.pixelColor(0, 0)
    assert shown.red() < 60, "a green outside of sRGB loses its red"
    assert shown.green() >= 160


class SlowPyramid:
    """A pyramid whose reads wait until they may go on, and remembers them."""

    def __init__(self, pyramid):
        self.levels, self.coarsest = pyramid.levels, pyramid.coarsest
        self._pyramid = pyramid
        self.gate, self.read_keys = threading.Event(), []

    def read(self, key, finer):
        self.read_keys.append(key)
        assert self.gate.wait(20)
        return self._pyramid.read(key, finer)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness of their own on Linux alone")
def test_reading_comes_after_the_window_where_cores_are_few(qtbot, slide_file):
    slide = open_slide(slide_file)
    reader = TileReader(Pyramid(slide), TileCache(), None, slide.close)
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    threads = [thread.native_id for thread in reader._threads]
    nice = {max(own, NICENESS)}
    qtbot.waitUntil(lambda: {os.getpriority(os.PRIO_PROCESS, thread) for thread in threads} == nice)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own
    reader.stop()
    reader.join()


def test_a_request_that_went_stale_is_never_decoded(qtbot, slide_file):
    slide = open_slide(slide_file)
    slow = SlowPyramid(Pyramid(slide))
    closed = threading.Event()
    reader = TileReader(slow, TileCache(), None, closed.set)
    stale = [TileKey(0, column, row) for row in range(3) for column in range(3)]
    reader.want("slide", stale)
    qtbot.waitUntil(lambda: bool(slow.read_keys), timeout=10_000)
    begun = set(slow.read_keys)
    reader.want("slide", [TileKey(1, 0, 0)])
    slow.gate.set()
    qtbot.waitUntil(lambda: reader.idle, timeout=10_000)
    # each thread had begun with at most one tile before the wish changed
    assert TileKey(1, 0, 0) in slow.read_keys
    assert len(set(slow.read_keys) & set(stale)) <= max(len(begun), 4)
    assert len(slow.read_keys) < len(stale)
    reader.stop()
    reader.join()
    assert closed.is_set()
    slide.close()


def test_the_slide_is_closed_by_the_last_read(qtbot, slide_file):
    slide = open_slide(slide_file)
    tiles = SlideTiles(slide, Pyramid(slide))
    qtbot.waitUntil(lambda: tiles.idle, timeout=10_000)
    tiles.close()
    tiles.join()
    with pytest.raises(SlideError, match="closed"):
        slide.read_region(0, 0, 0, 10, 10)


@pytest.mark.parametrize("zoom", [0.37, 0.5, 0.71, 0.99, 1.0, 1.31, 2.7])
def test_no_seam_shows_between_tiles_at_any_zoom(qtbot, tmp_path, zoom):
    from tests.slide_files import write_pyramid

    even = np.full((1100, 1300, 3), (180, 120, 160), np.uint8)
    slide = open_slide(write_pyramid(tmp_path / "even.tiff", even, mpp=0.5, levels=1))
    tiles = SlideTiles(slide, Pyramid(slide))
    screen = QImage(500, 400, QImage.Format.Format_RGB32)
    screen.fill(QColor("black"))
    source = QRectF(33.3, 21.7, 500 / zoom if zoom > 0.6 else 700, 400 / zoom if zoom > 0.6 else 560)
    keys = tiles.pyramid.tiles_in(0, source.left(), source.top(), source.right(), source.bottom())
    tiles.want("test", keys)
    qtbot.waitUntil(lambda: tiles.idle, timeout=10_000)
    painter = QPainter(screen)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    assert tiles.paint(painter, source, QRect(0, 0, 500, 400), 0) == []
    painter.end()
    shown = as_array(screen).astype(int)
    assert np.abs(shown - shown[200, 250]).max() <= 2
    tiles.close()
    tiles.join()


def test_what_is_missing_is_named_and_a_coarser_tile_stands_in(qtbot, slide_file):
    slide = open_slide(slide_file)
    tiles = SlideTiles(slide, Pyramid(slide))
    qtbot.waitUntil(lambda: tiles.idle, timeout=10_000)
    screen = QImage(300, 300, QImage.Format.Format_RGB32)
    screen.fill(QColor("black"))
    painter = QPainter(screen)
    missing = tiles.paint(painter, QRectF(400, 400, 300, 300), QRect(0, 0, 300, 300), 0)
    painter.end()
    assert missing == tiles.pyramid.tiles_in(0, 400, 400, 700, 700)
    expected = slide.read_region(400, 400, 0, 300, 300).mean()
    assert abs(as_array(screen).mean() - expected) < 12, "the coarsest level was painted"
    tiles.close()
    tiles.join()


@pytest.mark.parametrize("seed", range(4))
def test_every_pixel_is_of_the_finest_tile_that_is_there(qtbot, tmp_path, seed):
    """Beside painting all levels over each other, from the coarsest to the one that is wanted."""
    random = np.random.default_rng(seed)
    path = write_pyramid(tmp_path / "slide.tiff", tissue_like(1800, 2300, seed=seed), mpp=0.5, levels=4)
    slide = open_slide(path)
    tiles = SlideTiles(slide, Pyramid(slide))
    qtbot.waitUntil(lambda: tiles.idle, timeout=20_000)
    every = [
        key for level in range(len(tiles.pyramid.levels)) for key in tiles.pyramid.tiles_in(level, 0, 0, 2300, 1800)
    ]
    tiles.want("test", every)
    qtbot.waitUntil(lambda: tiles.idle, timeout=20_000)
    there = {key: tiles.cache.get(key) for key in every if key.level == tiles.pyramid.coarsest or random.random() < 0.5}
    tiles.cache.clear()
    for key, image in there.items():
        tiles.cache.put(key, image)
    scale = float(random.uniform(1.8, 2.9))
    source, target = QRectF(170, 90, 620 * scale, 440 * scale), QRect(0, 0, 620, 440)

    def painted(paint):
        screen = QImage(620, 440, QImage.Format.Format_RGB32)
        screen.fill(QColor("black"))
        with QPainter(screen) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            paint(painter)
        return as_array(screen).astype(int)

    box = (source.left(), source.top(), source.right(), source.bottom())

    def over_each_other(painter):
        for level in range(tiles.pyramid.coarsest, -1, -1):
            for key in tiles.pyramid.tiles_in(level, *box):
                if key in there:
                    tiles._paint_tile(painter, key, there[key], source, target, keep=False)

    missing = tiles.missing(source, 0)
    assert 0 < len(missing) < len(tiles.pyramid.tiles_in(0, *box))
    seen = painted(lambda painter: tiles.paint(painter, source, target, 0))
    apart = np.abs(seen - painted(over_each_other)).max(axis=2)
    assert (apart > 2).mean() < 0.005, "Qt rounds the rows of a clipped picture in another way, and nothing else"
    tiles.close()
    tiles.join()
