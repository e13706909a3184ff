"""The outline of the tissue on the screen: the same picture as with every point, and a bounded number of points."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from e2evit_gui.viewer.layers import MOST_OUTLINE_POINTS, TissueLayer
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
