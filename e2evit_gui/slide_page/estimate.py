"""What an analysis will need: memory and time, roughly, before anything is loaded."""

import os
from dataclasses import dataclass

from e2evit_model.convert.backbones import Backbone

RUNTIME_BYTES = 600 << 20
"""PyTorch itself in its process."""

CPU_FLOPS = 0.35e12
"""Multiply-adds count twice, a second and core; ViT-B over 10 000 tiles in bf16 took 4.1 s on 2 cores (measured), fp32 takes some
three times longer: a middle value, since the precision is chosen only when the process starts."""

GPU_FLOPS = 200e12
START_S = 3.0
BYTES_LOADED_A_SECOND = 400e6
"""What the first run pays: importing PyTorch, and reading the weights."""

TILES_A_SECOND = 1500
"""Reading on one core: between JPEG tiles (5 000) and what only OpenSlide can read (750)."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """``memory_bytes`` at its peak in the model's process; ``seconds`` of a first run, with loading the model."""

    memory_bytes: float
    seconds: float


def estimate(tiles: int, backbone: Backbone, *, tokens_per_tile: float = 1.0, gpu: bool = False) -> Estimate:
    """Estimate an analysis of ``tiles`` tiles.

    Memory: weights in fp32, three activations of the widest layer (4 x width), queries, keys and values, one chunk of attention,
    the mean patches. Arithmetic: 2 x parameters x tokens, and 4 x tokens^2 x width a layer for attention, of which bands leave
    about a third.
    """
    tokens = tiles * tokens_per_tile
    width, depth = backbone.width, backbone.depth
    weights = 4.0 * backbone.parameters
    activations = 4.0 * tokens * width * (3 * 4 + 4)
    kept = 2.0 * depth * backbone.heads * tiles
    stack = 2.0 * 3 * backbone.patch_px**2 * tiles
    work = 2.0 * backbone.parameters * tokens + depth * 4.0 * tokens**2 * width / 3
    speed = GPU_FLOPS if gpu else CPU_FLOPS * (os.cpu_count() or 1)
    starting = START_S + weights / BYTES_LOADED_A_SECOND
    reading = tiles / (TILES_A_SECOND * (os.cpu_count() or 1))
    return Estimate(
        memory_bytes=RUNTIME_BYTES + weights + activations + kept + stack, seconds=starting + work / speed + reading
    )
