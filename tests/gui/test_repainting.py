"""A view that moves is painted once a frame, however many tiles arrive meanwhile."""

import pytest
from PySide6.QtWidgets import QWidget

from e2evit_gui.viewer import repainting
from e2evit_gui.viewer.repainting import PAUSE_S, Repainting


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
