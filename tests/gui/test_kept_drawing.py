"""A drawing that is kept: the same pixels as drawn anew, drawn once while nothing changes, and never an old one."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from e2evit_gui.viewer.kept_drawing import KeptDrawing
from e2evit_gui.viewer.layers import GridLayer
from e2evit_gui.viewer.tile_reader import as_array
from e2evit_gui.viewer.tissue_layer import TissueLayer
from e2evit_gui.viewer.viewport import Viewport
from tests.benchmarks.window import many_tiles

VIEW = Viewport.fitting(300, 200, 3_000, 2_000)


def picture(paint):
    image = QImage(VIEW.width, VIEW.height, QImage.Format.Format_RGB32)
    image.fill(QColor("#d8b0c8"))
    with QPainter(image) as painter:
        paint(painter)
    return as_array(image).astype(int)


def test_it_is_drawn_directly_then_once_for_keeping_and_then_no_more(qapp):
    kept, drawn = KeptDrawing(), []

    def draw(painter):
        drawn.append(1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(0, 90, 200, 150), 3))
        painter.drawLine(QLineF(10.3, 5.1, 280.7, 190.2))

    seen = [picture(lambda painter: kept.paint(painter, VIEW, "blue", draw)) for _ in range(4)]
    assert len(drawn) == 2
    assert (seen[0] != picture(lambda painter: None)).any()
    for other in seen[1:]:
        assert np.abs(other - seen[0]).max() <= 2, "rounded twice, which nobody sees"
    moved = replace(VIEW, x=VIEW.x + 1)
    for view, made_of in ((moved, "blue"), (VIEW, "blue"), (VIEW, "red"), (VIEW, "blue")):
        before = len(drawn)
        picture(lambda painter, view=view, made_of=made_of: kept.paint(painter, view, made_of, draw))
        assert len(drawn) == before + 1, "what is kept is of the last view and color alone"


@pytest.mark.parametrize("kind", ["outline", "grid"])
def test_lines_over_the_slide_look_the_same_when_kept(qapp, kind):
    ring = np.array([[200, 150], [2700, 300], [2500, 1800], [300, 1700], [200, 150]], float)

    def layer():
        if kind == "outline":
            made = TissueLayer([ring])
            return lambda painter, view, color: made.paint(painter, view, QPen(color, 2))
        made = GridLayer(many_tiles(100))
        return made.paint

    one = layer()
    for view in (VIEW, VIEW.zoomed(2, 150, 100), VIEW):
        for color in (QColor("#1060c0"), QColor("#c04010")):
            direct = picture(lambda painter, view=view, color=color: layer()(painter, view, color))
            for _ in range(3):
                again = picture(lambda painter, view=view, color=color: one(painter, view, color))
                assert np.abs(again - direct).max() <= 2
