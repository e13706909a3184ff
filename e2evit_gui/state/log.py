"""Log records for the window's LOG dock."""

import logging
from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from e2evit_gui.state.report_text import report_text

MOST_LINES = 2000


class _Emitter(logging.Handler):
    def __init__(self, book: "LogBook") -> None:
        super().__init__(logging.INFO)
        self._book = book
        self.setFormatter(logging.Formatter("%(asctime)s  %(levelname)-7s  %(message)s", "%H:%M:%S"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
            self._book.take(line)
        except RuntimeError:  # the book is gone: the window has closed
            logging.getLogger().removeHandler(self)


class LogBook(QObject):
    """Keep the last lines of the log and tell each new one; may be written to from any thread."""

    line_added = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._handler = _Emitter(self)

    @property
    def lines(self) -> list[str]:
        """The last lines, oldest first."""
        return list(self._lines)

    def listen(self) -> None:
        """Begin to hear the program's own loggers."""
        for name in ("e2evit_gui", "e2evit_model"):
            logger = logging.getLogger(name)
            logger.setLevel(min(logger.level or logging.INFO, logging.INFO))
            logger.addHandler(self._handler)

    def stop(self) -> None:
        """Hear no more."""
        for name in ("e2evit_gui", "e2evit_model"):
            logging.getLogger(name).removeHandler(self._handler)

    def report(self, names: Iterable[str] = ()) -> str:
        """Return the log as text for others, with everything taken out that could name a person, a place or a slide."""
        return report_text(self.lines, names)

    def take(self, line: str) -> None:
        """Add a line."""
        self._lines.append(line)
        self.line_added.emit(line)
