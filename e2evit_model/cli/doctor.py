"""``e2evit doctor``: what works on this machine, and what to do about what does not."""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import click
import psutil

from e2evit_model import __version__
from e2evit_model.cli.flags import json_flag
from e2evit_model.errors import OutputError
from e2evit_model.files import cache_folder, output_folder

_MEMORY_WANTED_GB = 8
_DISK_WANTED_GB = 10
_QT_PROBE = "from PySide6.QtWidgets import QApplication; print(QApplication([]).platformName())"
_QT_LIBRARIES = (
    "libegl1 libgl1 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1"
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``state`` is "ok", "note" (works without) or "problem"; ``advice`` says what to do."""

    subject: str
    state: str
    found: str
    advice: str = ""


def _system() -> Finding:
    return Finding(
        "Program",
        "ok",
        f"e2evit {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
    )


def _window() -> Finding:
    if getattr(sys, "frozen", False):
        return Finding("Window (Qt)", "ok", "part of the application")
    # in a process of its own: a missing platform plugin ends the process that asks
    probe = subprocess.run([sys.executable, "-c", _QT_PROBE], capture_output=True, text=True, timeout=60, check=False)
    if probe.returncode == 0:
        return Finding("Window (Qt)", "ok", f"works, platform {probe.stdout.strip()}")
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Finding(
            "Window (Qt)", "note", "no screen here", "The command line works all the same. The window needs a desktop."
        )
    return Finding("Window (Qt)", "problem", "Qt cannot start", f"On Debian or Ubuntu: apt-get install {_QT_LIBRARIES}")


def _openslide() -> Finding:
    try:
        import openslide
    except (ImportError, OSError) as error:
        return Finding(
            "OpenSlide", "problem", f"cannot be loaded ({error})", "pip install --force-reinstall openslide-bin"
        )
    return Finding("OpenSlide", "ok", f"{openslide.__library_version__}")


def _gpu() -> Finding:
    import torch

    if torch.cuda.is_available():
        free, total = torch.cuda.mem_get_info()
        name = torch.cuda.get_device_name()
        return Finding("GPU (CUDA)", "ok", f"{name}, {free / 2**30:.1f} of {total / 2**30:.1f} GB free")
    if torch.version.cuda is None:
        return Finding(
            "GPU (CUDA)",
            "note",
            "this torch is made without CUDA",
            "Without a GPU the CPU is used. For a GPU: reinstall torch.",
        )
    return Finding(
        "GPU (CUDA)",
        "note",
        "none found",
        "The CPU is used. If there is an NVIDIA GPU, its driver is missing or too old.",
    )


def _torch() -> Finding:
    import torch

    advice = "Reinstall both from one place: pip install --force-reinstall torch torchvision"
    try:
        import torchvision
    except (ImportError, OSError, RuntimeError) as error:
        return Finding("torch", "problem", f"{torch.__version__}; torchvision cannot be loaded ({error})", advice)
    try:
        boxes = torch.zeros(1, 4)
        torchvision.ops.nms(boxes, torch.zeros(1), 0.5)  # its compiled part, which fits one torch only
    except (RuntimeError, AttributeError) as error:
        found = (
            f"{torch.__version__} and torchvision {torchvision.__version__} do not fit ({str(error).splitlines()[0]})"
        )
        return Finding("torch", "problem", found, advice)
    return Finding("torch", "ok", f"{torch.__version__}, torchvision {torchvision.__version__}")


def _triton() -> Finding:
    try:
        import triton
    except ImportError:
        return Finding(
            "Triton", "note", "not installed", "Only CUDA on Linux uses it; without it attention runs in chunks."
        )
    return Finding("Triton", "ok", str(triton.__version__))


def _processor() -> Finding:
    import torch

    return Finding(
        "Processor",
        "ok",
        f"{psutil.cpu_count(logical=False) or os.cpu_count()} cores, {torch.get_num_threads()} threads used",
    )


def _memory() -> Finding:
    memory = psutil.virtual_memory()
    found = f"{memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GB free"
    if memory.available < _MEMORY_WANTED_GB * 2**30:
        return Finding("Memory", "note", found, f"Large slides want {_MEMORY_WANTED_GB} GB: close other programs.")
    return Finding("Memory", "ok", found)


def _cache() -> Finding:
    folder = cache_folder()
    try:
        output_folder(folder)
    except OutputError as error:
        return Finding("Cache folder", "problem", error.message, "Set E2EVIT_CACHE to a folder that you may write to.")
    free = shutil.disk_usage(folder).free
    found = f"{folder}, {free / 2**30:.0f} GB free on its disk"
    if free < _DISK_WANTED_GB * 2**30:
        return Finding("Cache folder", "note", found, "Set E2EVIT_CACHE to a folder on a larger disk.")
    return Finding("Cache folder", "ok", found)


def _hub() -> Finding:
    from huggingface_hub import get_token

    if get_token():
        return Finding("Hub token", "ok", "there is one (gated backbones also need their access to be granted)")
    return Finding(
        "Hub token",
        "note",
        "none",
        'Only gated backbones need one: "hf auth login", after asking for access on the hub.',
    )


_CHECKS: tuple[Callable[[], Finding], ...] = (
    _system, _window, _openslide, _torch, _gpu, _triton, _processor, _memory, _cache, _hub,
)  # fmt: skip


def examine() -> Iterator[Finding]:
    """Look at everything, one finding after the other."""
    for check in _CHECKS:
        yield check()


@click.command("doctor")
@json_flag
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Say what works on this machine, and what to do about what does not."""
    marks = {"ok": "ok  ", "note": "note", "problem": "PROBLEM"}
    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            click.echo(f"{marks[finding.state]:<8}{finding.subject:<14}{finding.found}")
            if finding.advice:
                click.echo(f"{'':<22}-> {finding.advice}")
    if as_json:
        click.echo(json.dumps([asdict(f) for f in findings], indent=2))
    if any(f.state == "problem" for f in findings):
        ctx.exit(2)
