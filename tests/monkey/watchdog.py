"""Watch the window's thread for freezes, and tell them from a machine that is busy with something else.

A timer of the window's thread notes the time at every beat. What lies between two beats is a stretch in which the window heard
nothing. Such a stretch is long for one of three reasons: the thread worked, it waited (for a file, a lock, a process), or the
system let other processes go first. Only the third is not the program's fault. Linux writes down how long a thread was
ready and not let run (``/proc/self/task/*/schedstat``); that time is taken off. What the window's thread waited while
another thread of ours was kept from running counts as the system's too: the lock of the interpreter may have been in
its hands. Where the system does not say this, nothing is taken off.
"""

import faulthandler
import gc
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

BEAT_MS = 10
FROZEN_S = 0.2
LOOK_S = 0.05
_TASKS = Path("/proc/self/task")


def held_back() -> dict[int, float]:
    """Return the seconds that each thread of this process was ready to run and not let run; empty where the system does not say."""
    found = {}
    try:
        for task in _TASKS.iterdir():
            try:
                found[int(task.name)] = int((task / "schedstat").read_text().split()[1]) / 1e9
            except (OSError, IndexError):  # it has ended in between
                continue
    except OSError:
        return {}
    return found


@dataclass(frozen=True, kw_only=True)
class Freeze:
    """A stretch in which the window heard nothing: wall seconds, own processor time, what the system took, where it was seen.

    ``collected`` are the seconds in which Python's garbage collector stopped all threads.
    """

    wall: float
    worked: float
    held: float
    collected: float
    doing: str
    stacks: tuple[str, ...]

    @property
    def own(self) -> float:
        """The seconds that are the program's own."""
        return max(self.wall - self.held, self.worked)

    def __str__(self) -> str:
        """Say all of it in one line, the places below where it was most often."""
        said = (
            f"{self.own:.2f} s of its own ({self.wall:.2f} wall, {self.worked:.2f} worked, {self.held:.2f} held back, "
            f"{self.collected:.2f} garbage collected)"
        )
        seen = Counter(self.stacks).most_common(3)
        return "\n".join([f"{said} at {self.doing}", *(f"{count} times\n{stack}" for stack, count in seen)])


class Watchdog(QObject):
    """Watch the thread in which it is made. ``doing`` is what the watched does now, in words; ``freezes`` what was found."""

    def __init__(self, parent: QObject | None = None, *, frozen_s: float = FROZEN_S) -> None:
        super().__init__(parent)
        self.doing = ""
        self.freezes: list[Freeze] = []
        self.longest = 0.0
        self.excused = 0
        self._frozen_s = frozen_s
        self._thread = threading.get_ident()
        self._native = threading.get_native_id()
        self._stacks: list[str] = []
        self._collecting = 0.0
        self._note()
        self._beats = QTimer(self)
        self._beats.timeout.connect(self._beat)
        self._end = threading.Event()
        self._looker = threading.Thread(target=self._look, name="watchdog", daemon=True)

    def begin(self) -> None:
        """Watch from now on."""
        self._note()
        gc.callbacks.append(self._collects)
        self._beats.start(BEAT_MS)
        self._looker.start()

    def end(self) -> None:
        """Watch no longer."""
        if self._end.is_set():
            return
        self._beat()
        self._beats.stop()
        gc.callbacks.remove(self._collects)
        self._end.set()
        self._looker.join()

    def forgive(self) -> None:
        """Leave out what was since the last beat."""
        self._note()

    def _note(self) -> None:
        self._held = held_back()
        self._worked = time.thread_time()
        self._collected = 0.0
        self._stacks = []
        self._last = time.monotonic()

    def _beat(self) -> None:
        wall = time.monotonic() - self._last
        if wall > self._frozen_s:
            self._judge(wall, time.thread_time() - self._worked)
        self._note()

    def _collects(self, phase: str, _info: object) -> None:
        now = time.monotonic()
        if phase == "start":
            self._collecting = now
        else:
            self._collected += now - self._collecting

    def _judge(self, wall: float, worked: float) -> None:
        held = {task: said - self._held.get(task, 0.0) for task, said in held_back().items()}
        mine = held.pop(self._native, 0.0)
        waited = max(wall - worked - mine, 0.0)
        theirs = min(max(held.values(), default=0.0), waited)
        freeze = Freeze(
            wall=wall,
            worked=worked,
            held=mine + theirs,
            collected=self._collected,
            doing=self.doing,
            stacks=tuple(self._stacks),
        )
        self.longest = max(self.longest, freeze.own)
        if freeze.own > self._frozen_s:
            self.freezes.append(freeze)
        else:
            self.excused += 1

    def _look(self) -> None:
        """Note where the window's thread is while a stretch grows long.

        faulthandler reads the frames without holding them: a painter that outlived its paint event in a frame that somebody
        held would break Qt.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
            while not self._end.wait(LOOK_S):
                if time.monotonic() - self._last > self._frozen_s / 2:
                    file.seek(0)
                    file.truncate()
                    faulthandler.dump_traceback(file, all_threads=True)
                    file.seek(0)
                    self._stacks.append(_part_of(file.read(), self._thread))


def _part_of(said: str, thread: int) -> str:
    """Return the innermost lines of one thread."""
    parts = said.split("\n\n")
    mine = next((part for part in parts if f"{thread:016x} " in part), "")
    return "\n".join(mine.splitlines()[1:13])
