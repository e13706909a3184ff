"""``environment.json``: what a run was made with; no name of a user, machine or folder is in it."""

import importlib.metadata
import os
import platform
import re
from pathlib import Path
from typing import Any

import psutil
import torch

import e2evit_model

_PACKAGES = (
    "torch",
    "timm",
    "numpy",
    "pandas",
    "scipy",
    "scikit-survival",
    "safetensors",
    "openslide-python",
    "tifffile",
)
_DRIVER = Path("/proc/driver/nvidia/version")


def environment_record() -> dict[str, Any]:
    """Return versions, device, driver and commit as plain JSON values."""
    cuda = torch.cuda.is_available()
    return {
        "program": _version("e2evit-desktop"),
        "commit": _commit(),
        "python": platform.python_version(),
        "system": platform.system(),
        "system_release": platform.release(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "gpus": [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())] if cuda else [],
        "cuda": torch.version.cuda if cuda else None,
        "driver": _driver(),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _driver() -> str | None:
    try:
        match = re.search(r"Kernel Module[^\d]*([\d.]+)", _DRIVER.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return match[1] if match else None


def _commit() -> str | None:
    """Return the commit of a checkout; ``None`` for an installed package."""
    git = Path(e2evit_model.__file__).resolve().parents[1] / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        loose = git / name
        if loose.is_file():
            return loose.read_text(encoding="utf-8").strip()
        packed = (git / "packed-refs").read_text(encoding="utf-8")
        return next((line.split()[0] for line in packed.splitlines() if line.endswith(f" {name}")), None)
    except OSError:
        return None
