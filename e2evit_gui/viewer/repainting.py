"""Paint again for what arrived, but not between two frames of a view that moves: the next one shows it anyway."""

import math
import time

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

PAUSE_S = 0.010
"""After a frame: one that moves at 60 Hz and takes 7 ms to paint is painted once in a frame, not twice."""


class Repainting(QObject):
    """Asks a widget to paint itself, at the latest ``PAUSE_S`` after the last frame."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._ended = -math.inf
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(widget.update)
        self._widget = widget

    @property
    def pending(self) -> bool:
        """Whether a frame is to come."""
        return self._later.isActive()

    def painted(self) -> None:
        """Take note that a frame has ended."""
        self._later.stop()
        self._ended = time.monotonic()

    def ask(self) -> None:
        """Have it painted, now or after the pause."""
        left = self._ended + PAUSE_S - time.monotonic()
        if left <= 0:
            self._widget.update()
        elif not self.pending:
            self._later.start(math.ceil(left * 1000))
