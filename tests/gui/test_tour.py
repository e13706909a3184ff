"""The tour: driven with the mouse, from the first card to the last."""

import shutil

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt

from e2evit_gui.tour.card import place_of
from e2evit_gui.tour.steps import tour_steps
from e2evit_model.demo.model import SLIDE_FILE, slide_to_try
from e2evit_model.slides.opening import open_slide


@pytest.fixture
def painted_before(own_cache, slide_file):
    """A slide from an earlier tour: what is there is not painted again."""
    (own_cache / "tour").mkdir()
    shutil.copy(slide_file, own_cache / "tour" / SLIDE_FILE)


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def begin(qtbot, window):
    window.commands.tour.trigger()
    click(qtbot, window.tour.card.next)
    qtbot.waitUntil(lambda: window.tour.card._title.text() == "The slide", timeout=60_000)


def around(window, target):
    return QRect(target.mapTo(window, QPoint(0, 0)), target.size())


def test_it_begins_by_itself_once(window):
    window.tour.begin_once()
    assert window.tour.card.isVisible()
    window.tour.leave()
    window.tour.begin_once()
    assert window.tour.card is None


def test_the_whole_tour_with_a_run(qtbot, window, painted_before):
    window.resize(1200, 800)
    begin(qtbot, window)
    tour, titles = window.tour, [step.title for step in tour_steps()]
    qtbot.waitUntil(lambda: window.session.grid is not None and not window.models.recognising, timeout=60_000)
    targets = [None, window.page, window.docks.image, window.docks.strip, window.docks.analyze, window.run_button]
    targets += [window.docks.overlay, window.docks.risk, window.menuBar()]
    for number in range(1, len(titles)):
        assert tour.card._title.text() == titles[number]
        assert tour.card._count.text() == f"{number + 1} of {len(titles)}"
        assert targets[number].isVisible()
        assert around(window, targets[number]).adjusted(-4, -4, 4, 4).contains(tour._light.geometry())
        assert window.rect().contains(tour.card.geometry())
        if targets[number] is not window.page:
            assert not tour.card.geometry().intersects(around(window, targets[number]))
        if targets[number] is window.run_button:
            qtbot.waitUntil(lambda: not window.run_panel.blocked, timeout=60_000)
            click(qtbot, window.run_button)
            qtbot.waitUntil(lambda: window.session.result is not None, timeout=60_000)
        else:
            click(qtbot, tour.card.next)
    assert tour.card is None
    assert window.session.result is not None


def test_hidden_panels_are_shown_and_back_goes_back(qtbot, window, painted_before):
    window.docks.image.hide()
    begin(qtbot, window)
    click(qtbot, window.tour.card.next)
    assert window.docks.image.isVisible()
    click(qtbot, window.tour.card.back)
    assert window.tour.card._title.text() == "The slide"
    assert not window.tour.card.back.isVisible()


def test_it_follows_the_window_and_esc_leaves_it(qtbot, window, painted_before):
    begin(qtbot, window)
    window.resize(1000, 650)
    qtbot.waitUntil(lambda: window.rect().contains(window.tour.card.geometry()))
    qtbot.waitUntil(lambda: window.session.open is not None, timeout=60_000)
    window.tour.card.next.setFocus()
    qtbot.keyClick(window.tour.card.next, Qt.Key.Key_Escape)
    assert window.tour.card is None
    assert window.session.open is not None, "the slide stays"


def test_it_can_be_left_while_the_slide_is_painted(qtbot, window):
    window.commands.tour.trigger()
    click(qtbot, window.tour.card.next)
    assert not window.tour.card.next.isEnabled()
    click(qtbot, window.tour.card.skip)
    assert window.tour.card is None
    assert window.session.open is None


def test_a_folder_that_cannot_be_written_is_said(qtbot, window, own_cache):
    (own_cache / "tour").write_text("a file where the folder should be")
    said = []
    window.session.noticed.connect(lambda notice: said.append((notice.message, notice.hint)))
    window.commands.tour.trigger()
    click(qtbot, window.tour.card.next)
    qtbot.waitUntil(lambda: bool(said), timeout=60_000)
    way_out = "Choose another folder."
    assert said == [("tour could not be written: a file is in the way where a folder is needed.", way_out)]
    assert window.tour.card is None


@pytest.mark.slow
def test_the_slide_is_painted_once(tmp_path):
    slide, weights, backbone = slide_to_try(str(tmp_path / "tour"))
    with open_slide(slide) as opened:
        assert (opened.info.width, opened.info.height) == (8000, 6000)
    painted = (tmp_path / "tour" / SLIDE_FILE).stat().st_mtime_ns
    assert slide_to_try(str(tmp_path / "tour")) == (slide, weights, backbone)
    assert (tmp_path / "tour" / SLIDE_FILE).stat().st_mtime_ns == painted


@pytest.mark.parametrize(
    "target", [QRect(0, 30, 300, 700), QRect(900, 30, 300, 300), QRect(0, 600, 1200, 200), QRect(1100, 4, 60, 24)]
)
def test_a_card_stands_beside_its_target(target):
    room, card = QRect(0, 0, 1200, 800), QSize(340, 190)
    stands = QRect(place_of(card, target, room), card)
    assert room.contains(stands)
    assert not stands.intersects(target)


def test_a_card_stands_in_a_target_that_leaves_no_room():
    room, card = QRect(0, 0, 1200, 800), QSize(340, 190)
    assert room.contains(QRect(place_of(card, room, room), card))
