"""Know at the next start that the program ended without saying goodbye, and what its last words were."""

import contextlib
import faulthandler
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import platformdirs
import psutil

_log = logging.getLogger(__name__)

MOST_BYTES = 200_000
"""So much of a log is read back."""


def crash_folder() -> Path:
    """Return where the program writes down that it runs."""
    return Path(platformdirs.user_state_dir("e2evit", appauthor=False)) / "running"


@dataclass(frozen=True, kw_only=True)
class Crash:
    """A start that had no end: the lines of its log, and the trace of a fault in native code where there is one."""

    lines: tuple[str, ...]
    fault: str


class CrashWatch:
    """Write down that this process runs, and look for those that ran and are gone.

    A folder that cannot be written is no reason to stop.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder if folder is not None else crash_folder()
        self._log: IO[str] | None = None
        self._fault: IO[str] | None = None

    def begin(self) -> list[Crash]:
        """Begin to watch; return what is left of programs that ended without saying so, each once."""
        crashes = self._collect()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            process = psutil.Process()
            own = {"pid": process.pid, "started": process.create_time()}
            self._path("json").write_text(json.dumps(own), encoding="utf-8")
            # closed in end(): they are written to as long as the program runs
            self._log = self._path("log").open("w", encoding="utf-8", buffering=1)
            self._fault = self._path("fault").open("w", encoding="utf-8")
            faulthandler.enable(self._fault)
        except OSError as error:
            _log.debug("no watch for crashes: %s", error.strerror)
        return crashes

    def take(self, line: str) -> None:
        """Write a line of the log."""
        if self._log is not None:
            with contextlib.suppress(OSError, ValueError):  # the disk is full, or the program ends
                self._log.write(line + "\n")

    def end(self) -> None:
        """Say goodbye."""
        if self._fault is not None:
            faulthandler.disable()
        for file in (self._log, self._fault):
            if file is not None:
                file.close()
        self._log = self._fault = None
        _remove(self._folder, str(os.getpid()))

    def _path(self, ending: str) -> Path:
        return self._folder / f"{os.getpid()}.{ending}"

    def _collect(self) -> list[Crash]:
        crashes = []
        for marker in sorted(self._folder.glob("*.json")):
            if _still_runs(marker):
                continue
            lines = _read(marker.with_suffix(".log")).splitlines()
            crashes.append(Crash(lines=tuple(lines), fault=_read(marker.with_suffix(".fault")).strip()))
            _remove(self._folder, marker.stem)
        return crashes


def _still_runs(marker: Path) -> bool:
    try:
        said = json.loads(marker.read_text(encoding="utf-8"))
        return abs(psutil.Process(int(said["pid"])).create_time() - float(said["started"])) < 1.0
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return False


def _read(path: Path) -> str:
    try:
        return path.read_bytes()[-MOST_BYTES:].decode("utf-8", errors="replace")
    except OSError:
        return ""


def _remove(folder: Path, stem: str) -> None:
    for ending in ("json", "log", "fault"):
        with contextlib.suppress(OSError):
            (folder / f"{stem}.{ending}").unlink()
