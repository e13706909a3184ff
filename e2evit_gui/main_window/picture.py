"""A picture of the whole window as a file, once what was asked for is done."""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.main_window.window import MainWindow

LOOK_EVERY_MS = 60
STILL_FOR = 4
"""So often in a row nothing may be going on before the picture is taken."""

DONE, FAULT, UNUSABLE = 0, 1, 2


class Picture(QObject):
    """Wait until the window rests, run the model when asked, save the picture. ``finished`` carries the exit code."""

    finished = Signal(int)

    def __init__(self, window: MainWindow, path: Path, *, run: bool) -> None:
        super().__init__(window)
        self._window, self._path, self._run = window, path, run
        self._code = DONE
        self._still = 0
        window.slides.failed.connect(self._failed)
        window.models.failed.connect(self._failed)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _failed(self, failure: Failure) -> None:
        self._stop(UNUSABLE if failure.expected else FAULT, failure.message, failure.hint)

    def _stop(self, code: int, message: str, hint: str = "") -> None:
        self._code, self._run = code, False
        sys.stderr.write(f"{message}\n{hint}".rstrip() + "\n")

    def _look(self) -> None:
        window = self._window
        at_rest = not window.slides.busy and not window.models.busy and window.page.canvas.settled
        self._still = self._still + 1 if at_rest else 0
        if self._still < STILL_FOR:
            return
        if self._run:
            self._run, self._still = False, 0
            why = window.run_panel.blocked
            if why:
                self._stop(UNUSABLE, why)
            else:
                window.models.run()
            return
        self._save()

    def _save(self) -> None:
        self._timer.stop()
        if not self._window.grab().save(str(self._path)):
            self._stop(
                UNUSABLE, f"{self._path.name} could not be written.", "Give a PNG or JPEG file in a folder that exists."
            )
        self.finished.emit(self._code)
