"""A view that moves is painted once a frame, however many tiles arrive meanwhile."""

import pytest
from PySide6.QtWidgets import QWidget

from e2evit_gui.viewer import repainting
from e2evit_gui.viewer.repainting import GOING_ON_S, PAUSE_S, Repainting


class Counted(QWidget):
    """Counts its frames as the canvas does."""

    def __init__(self):
        super().__init__()
        self.repainting = Repainting(self)
        self.frames = 0

    def paintEvent(self, _event):  # noqa: N802 - Qt's name
        self.frames += 1
        self.repainting.painted()


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still."""

    class Clock:
        now = 100.0

        def monotonic(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(repainting, "time", made)
    return made


@pytest.fixture
def widget(qtbot):
    made = Counted()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.frames > 0)
    made.frames = 0
    return made


def test_what_arrives_between_frames_of_a_move_is_shown_by_the_next(widget, clock, qapp):
    for _ in range(5):
        widget.repaint()
        for _ in range(3):
            clock.now += PAUSE_S / 10
            widget.repainting.ask()
            assert widget.repainting.pending
        clock.now += PAUSE_S
    assert widget.frames == 5


def test_what_arrives_after_the_last_frame_is_shown_after_the_pause(widget, clock, qtbot):
    widget.repaint()
    clock.now += PAUSE_S / 2
    widget.repainting.ask()
    assert widget.frames == 1
    qtbot.waitUntil(lambda: widget.frames == 2)
    assert not widget.repainting.pending


def test_what_arrives_at_rest_is_shown_at_once(widget, clock, qapp):
    widget.repaint()
    clock.now += PAUSE_S
    widget.repainting.ask()
    assert not widget.repainting.pending
    qapp.processEvents()
    assert widget.frames == 2


def test_a_zoom_that_goes_on_is_coarser_and_sharp_when_it_has_ended(widget, clock, qtbot):
    fine_enough = []

    def frame(scale):
        fine_enough.append(widget.repainting.begin(scale) / scale)
        widget.repaint()

    frame(4.0)
    assert not widget.repainting.pending
    for scale in (3.8, 3.6, 3.4):
        clock.now += GOING_ON_S / 3
        frame(scale)
        assert widget.repainting.pending
    assert fine_enough == [1, 2, 2, 2]
    widget.frames = 0
    qtbot.waitUntil(lambda: widget.frames == 1)
    frame(3.4)
    assert fine_enough[-1] == 1
    assert not widget.repainting.pending


def test_single_steps_of_a_wheel_and_a_pan_are_sharp_at_once(widget, clock):
    for scale in (4.0, 3.2, 2.56):
        clock.now += 2 * GOING_ON_S
        assert widget.repainting.begin(scale) == scale
        widget.repaint()
    for _ in range(3):
        clock.now += GOING_ON_S / 10
        assert widget.repainting.begin(2.56) == 2.56
        widget.repaint()
    assert not widget.repainting.pending
