"""Which numbers to calculate with: measured on this machine once, and remembered."""

import functools
import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch.nn import functional as F

from e2evit_model.errors import OptionError, OutputError, did_you_mean
from e2evit_model.files import cache_folder, write_whole

log = logging.getLogger(__name__)

_CHOICES = ("auto", "fp32", "bf16")
_WORTH = 1.2
"""bf16 has fewer digits: it must be this much faster to be chosen by itself."""


@dataclass(frozen=True)
class CpuSpeed:
    """How many times faster bf16 is than fp32 on this CPU, in matrix products and in attention."""

    linear: float
    attention: float


def _seconds(work: Callable[[], object]) -> float:
    work()
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


@torch.no_grad()
def measure_cpu() -> CpuSpeed:
    """Measure both on shapes of a small ViT; takes about half a second."""
    seconds: dict[tuple[str, torch.dtype], float] = {}
    for dtype in (torch.float32, torch.bfloat16):
        x, weight = torch.randn(2048, 384).to(dtype), torch.randn(1536, 384).to(dtype)
        q = torch.randn(1, 4, 1200, 64).to(dtype)
        seconds["linear", dtype] = _seconds(functools.partial(F.linear, x, weight))
        seconds["attention", dtype] = _seconds(functools.partial(F.scaled_dot_product_attention, q, q, q))
    ratios = {what: seconds[what, torch.float32] / seconds[what, torch.bfloat16] for what in ("linear", "attention")}
    return CpuSpeed(**ratios)


@functools.cache
def cpu_speed() -> CpuSpeed:
    """Return what was measured on this machine with this torch, measuring at the first time."""
    machine = f"{torch.__version__} {torch.backends.cpu.get_cpu_capability()} {torch.get_num_threads()}"
    machine += f" {sorted(torch.cpu.get_capabilities().items())}" if hasattr(torch.cpu, "get_capabilities") else ""
    note = cache_folder() / "speed" / f"{hashlib.sha256(machine.encode()).hexdigest()[:16]}.json"
    try:
        return CpuSpeed(**json.loads(note.read_text()))
    except (OSError, ValueError, TypeError):
        log.debug("measuring bf16 against fp32")
    speed = measure_cpu()
    log.info("bf16 on this CPU: %.1f x in matrix products, %.1f x in attention", speed.linear, speed.attention)
    try:
        with write_whole(note) as temporary:
            temporary.write_text(json.dumps(asdict(speed)))
    except OutputError as error:
        log.debug("the measurement is not remembered: %s", error)
    return speed


def attends_faster_in_bf16(device: torch.device) -> bool:
    """Whether attention in bf16 is worth its fewer digits."""
    return device.type != "cpu" or cpu_speed().attention > _WORTH


def choose_precision(wanted: str, device: torch.device) -> torch.dtype:
    """Return the type of the matrix products for "fp32", "bf16", or "auto": bf16 where it is faster.

    Raises
    ------
    OptionError
        When the precision is unknown.
    """
    if wanted not in _CHOICES:
        raise OptionError(f'Precision cannot be "{wanted}".', hint=did_you_mean(wanted, _CHOICES))
    if wanted == "auto":
        faster = torch.cuda.is_bf16_supported() if device.type == "cuda" else cpu_speed().linear > _WORTH
        return torch.bfloat16 if faster else torch.float32
    return torch.bfloat16 if wanted == "bf16" else torch.float32
