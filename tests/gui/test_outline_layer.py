"""The outline of the tissue on the screen: the same picture as with every point, and a bounded number of points."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from e2evit_gui.viewer import tissue_layer as module
from e2evit_gui.viewer.tissue_layer import KEPT_CUTS, MOST_OUTLINE_POINTS, PIECE, TissueLayer
from e2evit_gui.viewer.viewport import Viewport


def ragged(points=20_000, seed=0):
    """A ring whose edge is rough at every scale."""
    angle = np.linspace(0, 2 * np.pi, points)
    random = np.random.default_rng(seed)
    radius = 8000 + sum(random.normal(0, 900 / k) * np.sin(k * angle + random.uniform(0, 6)) for k in range(1, 400))
    ring = np.c_[10_000 + radius * np.cos(angle), 10_000 + radius * np.sin(angle)]
    ring[-1] = ring[0]
    return ring


def picture(paint):
    image = QImage(600, 600, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    return image


def dark(image):
    """Say which pixels are of the line."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(600, 600, 4)
    return rows[..., 1] < 128


def naive(rings, view):
    def paint(painter):
        for ring in rings:
            path = QPainterPath()
            path.addPolygon(QPolygonF([QPointF(*view.to_screen(x, y)) for x, y in ring.tolist()]))
            painter.setPen(QPen(QColor("black"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPath(path)

    return picture(paint)


@pytest.mark.parametrize("zoom", [1, 3, 20])
def test_the_outline_lies_where_every_point_of_it_would_be_drawn(qapp, zoom):
    rings = [ragged(), ragged(300, seed=1) * 0.2]
    view = Viewport.fitting(600, 600, 20_000, 20_000).zoomed(zoom, 560, 300)
    layer = TissueLayer(rings)
    drawn = dark(picture(lambda painter: layer.paint(painter, view, QPen(QColor("black"), 2))))
    wanted = dark(naive(rings, view))
    assert wanted.sum() > 100
    near = np.zeros_like(wanted)
    for down, right in np.ndindex(5, 5):
        near |= np.roll(wanted, (down - 2, right - 2), (0, 1))
    assert (drawn & ~near).sum() == 0
    assert (drawn & wanted).sum() > 0.8 * wanted.sum()


def test_however_ragged_few_points_are_drawn(qapp):
    random = np.random.default_rng(0)
    corners = random.uniform(0, 20_000, (9000, 1, 2))
    rings = list(corners + np.array([[0, 0], [90, 0], [90, 90], [0, 90], [0, 0]]))
    layer = TissueLayer(rings)
    for zoom in (1, 4, 30):
        view = Viewport.fitting(600, 600, 20_000, 20_000).zoomed(zoom, 300, 300)
        assert 0 < sum(piece.size() for piece in layer._polygons(view)) <= MOST_OUTLINE_POINTS
    view = Viewport.fitting(600, 600, 20_000, 20_000).zoomed(60, 300, 300)
    left, right = view.x, view.x + view.width * view.scale
    top, bottom = view.y, view.y + view.height * view.scale
    seen = sum((left < x < right - 90) and (top < y < bottom - 90) for (x, y), *_ in (ring.tolist() for ring in rings))
    assert 0 < seen <= len(layer._polygons(view)) <= seen + 40


def test_no_outline_is_drawn_of_nothing(qapp):
    view = Viewport.fitting(600, 600, 100, 100)
    for rings in ([], [np.zeros((1, 2))]):
        assert TissueLayer(rings)._polygons(view) == []


def cut_one_by_one(rings, step):
    """The same in plain words: drop a point in the square of the one before it, keep both ends, and cut at every PIECE-th."""
    pieces = []
    for ring in rings:
        kept = [ring[0]]
        for before, point in pairwise(ring):
            if (np.floor(before / step) != np.floor(point / step)).any():
                kept.append(point)
        if len(kept) > 1:
            if (kept[-1] != ring[-1]).any():
                kept.append(ring[-1])
            pieces += [kept[at : at + PIECE + 1] for at in range(0, max(len(kept) - 1, 1), PIECE)]
    return pieces


@pytest.mark.parametrize("seed", range(6))
def test_pieces_and_their_boxes_are_those_of_the_slow_way(seed):
    random = np.random.default_rng(seed)
    rings = [
        np.cumsum(random.normal(0, 3, (int(random.integers(2, 900)), 2)), axis=0) + random.uniform(0, 500, 2)
        for _ in range(int(random.integers(1, 40)))
    ]
    rings += [np.array([[5.0, 5.0], [5.1, 5.1], [5.0, 5.0]])]
    layer = TissueLayer(rings)
    for step in (0.5, 2.0, 8.0, 64.0):
        cut = layer._cut_at(step)
        wanted = cut_one_by_one(rings, step)
        assert len(cut.begins) == len(wanted)
        for begin, end, box, piece in zip(cut.begins, cut.ends, cut.boxes, wanted, strict=True):
            np.testing.assert_array_equal(cut.points[begin:end], piece)
            np.testing.assert_array_equal(box, [*np.min(piece, axis=0), *np.max(piece, axis=0)])


def test_an_outline_of_noise_is_cut_once_for_a_magnification(qapp, monkeypatch):
    """Every frame cut it anew, which held the window for a third of a second: found by random events."""
    made = []
    monkeypatch.setattr(module, "_cut", lambda *given, cut=module._cut: made.append(given[2]) or cut(*given))
    layer = TissueLayer(list(np.random.default_rng(0).uniform(0, 20_000, (9000, 6, 2))))
    view = Viewport.fitting(600, 600, 20_000, 20_000)
    for n in range(5):
        layer._polygons(view.moved(n, n))
    assert sorted(made) == sorted(set(made))
    assert 2 <= len(made) <= KEPT_CUTS
