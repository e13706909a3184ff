"""When the slide is painted again: for what arrived not between two frames of a move, and sharp when a zoom has ended."""

import math
import time

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

PAUSE_S = 0.010
"""After a frame: one that moves at 60 Hz and takes 7 ms to paint is painted once in a frame, not twice."""

GOING_ON_S = 0.050
"""Frames of a touchpad or a wheel that is spun follow each other faster; single steps of a wheel do not."""

ZOOMING_COARSER = 2.0
"""Half as fine: what is seen for a sixtieth of a second only (choice; 1.4 left one frame of a zoom in twenty over 16.7 ms)."""


class Repainting(QObject):
    """Asks a widget to paint itself; the widget tells each frame by :meth:`begin` and :meth:`painted`."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._ended = -math.inf
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(widget.update)
        self._widget = widget
        self._scale: float | None = None
        self._zooming = False

    @property
    def pending(self) -> bool:
        """Whether a frame is to come."""
        return self._later.isActive()

    def begin(self, scale: float) -> float:
        """Take note of a frame, and return the scale to which its tiles should be fine enough: its own, or a coarser one.

        While a zoom goes on, tiles are enlarged instead of made smaller: a quarter of them is decoded, and a frame takes half as
        long. When it has ended, another frame is asked for.
        """
        self._zooming = self._scale not in (None, scale) and time.monotonic() - self._ended < GOING_ON_S
        self._scale = scale
        return scale * ZOOMING_COARSER if self._zooming else scale

    def painted(self) -> None:
        """Take note that a frame has ended."""
        self._later.stop()
        self._ended = time.monotonic()
        if self._zooming:
            self._later.start(math.ceil(GOING_ON_S * 1000))

    def ask(self) -> None:
        """Have it painted: now, or ``PAUSE_S`` after the last frame, or when the zoom has ended."""
        left = self._ended + PAUSE_S - time.monotonic()
        if left <= 0:
            self._widget.update()
        elif not self.pending:
            self._later.start(math.ceil(left * 1000))
