"""The map of the results: frames that are seen, slides that are found, numbers beside the colors."""

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPixmap

from e2evit_gui.results_page.apart import moved_apart
from e2evit_gui.results_page.map_view import MapView
from e2evit_gui.theme import style
from e2evit_gui.theme.palette import ThemeChoice, contrast
from tests.gui_project.conftest import show


class Pictures(QObject):
    """White pictures, all there."""

    arrived = Signal(object)

    def get(self, _slide_id):
        picture = QPixmap(56, 40)
        picture.fill(Qt.GlobalColor.white)
        return picture


@pytest.fixture
def view(qtbot):
    made = MapView(Pictures())
    qtbot.addWidget(made)
    made.resize(400, 300)
    yield made
    style.keeper().choose(ThemeChoice.LIGHT)


def colors_to_the_left(view, index):
    """The colors that a line from a slide's middle to the left meets, one a pixel."""
    image, at = view.grab().toImage(), view.place(index).toPoint()
    return [image.pixelColor(x, at.y()).name() for x in range(at.x() - 20, at.x() - 45, -1)]


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_the_darkest_and_the_brightest_frame_are_seen_on_both_grounds(view, choice):
    style.keeper().choose(choice)
    colors = {"a": QColor("#440154"), "b": QColor("#fde725")}
    view.show_points(("a", "b"), np.array([[0.0, 0.0], [1.0, 0.0]]), {}, colors)
    for index, slide in enumerate("ab"):
        met = colors_to_the_left(view, index)
        assert colors[slide].name() in met
        ground = style.colors().base
        assert max(contrast(one, ground) for one in met[met.index(colors[slide].name()) + 3 :]) >= 3


def test_the_open_slide_keeps_the_color_of_its_risk_inside_its_ring(view):
    view.show_points(("a", "b"), np.array([[0.0, 0.0], [1.0, 0.0]]), {}, {"b": QColor("#fde725")})
    view.show_open("b")
    met = colors_to_the_left(view, 1)
    assert met.index("#fde725") < met.index(style.colors().accent)


def test_a_slide_under_another_is_found_with_the_cursor(view, qtbot):
    points = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.001]])
    view.show_points(("a", "b", "c"), points, {"b": "below", "c": "above"}, {})
    with qtbot.waitExposed(view):
        view.show()
    pointed = []
    view.pointed.connect(pointed.append)
    for index in (1, 2):
        qtbot.mouseMove(view, view.place(index).toPoint())
    assert pointed == ["b", "c"]
    away = view.place(2) - view.place(1)
    assert (away.x() ** 2 + away.y() ** 2) ** 0.5 >= 15.9


def test_keys_on_the_map_leave_it_in_sight(view, qtbot):
    view.show_points(("a", "b"), np.array([[0.0, 0.0], [1.0, 0.0]]), {}, {"b": QColor("#fde725")})
    with qtbot.waitActive(view):
        view.show()
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.hasFocus()
    assert "#fde725" in colors_to_the_left(view, 1)


def test_points_that_are_not_near_each_other_stay():
    points = np.random.default_rng(3).uniform(0, 100, (60, 2))
    moved = moved_apart(points, 5.0)
    apart = np.hypot(*(moved[:, None] - moved[None]).transpose(2, 0, 1))
    assert apart[~np.eye(60, dtype=bool)].min() >= 5.0 - 1e-9
    before = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) + 1e3 * np.eye(60)
    lonely = before.min(axis=1) > 25.0
    assert np.array_equal(moved[lonely], points[lonely])
    crowd = moved_apart(np.zeros((300, 2)), 5.0)
    assert np.isfinite(crowd).all()


def test_the_key_has_the_numbers_of_the_colors(qtbot, analyzed):
    page = show(qtbot, analyzed, "map")
    assert page.map.key.numbers == ("0.000", "1.000", "2.000")
    assert page.map.key.isVisible()
