"""What a table of benchmarks was measured on: the processor's model, cores, libraries, date. No name, no path."""

import datetime as dt
import importlib.metadata
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

REST_PERCENT = 10.0
LIBRARIES = ("numpy", "torch", "timm", "simplejpeg", "openslide-bin", "PySide6-Essentials")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """``busy`` is how many programs wanted a core when the run began: above the number of cores times do not count."""

    processor: str
    cores: int
    system: str
    python: str
    versions: dict[str, str]
    date: str
    busy: float | None

    @classmethod
    def this(cls) -> Self:
        """Describe the machine that this runs on."""
        return cls(
            processor=_processor(),
            cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
            system=platform.system(),
            python=platform.python_version(),
            versions={name: importlib.metadata.version(name) for name in LIBRARIES},
            date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
            busy=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        )

    def __str__(self) -> str:
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        busy = "" if self.busy is None else f"; load {self.busy:.1f} at the beginning"
        return (
            f"{self.processor}, {self.cores} cores, {self.system}; Python {self.python}, {versions}; {self.date}{busy}"
        )


def wait_for_rest(longest_s: float = 30.0, quiet_s: float = 2.0) -> None:
    """Wait until the processors have little to do for ``quiet_s``, at most ``longest_s``."""
    for _ in range(max(int(longest_s / quiet_s), 1)):
        if psutil.cpu_percent(interval=quiet_s) < REST_PERCENT:
            return


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
