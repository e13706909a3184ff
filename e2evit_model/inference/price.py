"""What an analysis takes before it is begun: seconds, memory, disk, for any depth and merger; does not import torch."""

import os
from dataclasses import dataclass

from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.settings import ConversionSettings, KeptTokens, Merger
from e2evit_model.strip.patches import SPLITS

RUNTIME_BYTES = 600 << 20
"""PyTorch itself in its process."""

CPU_FLOPS = 0.35e12
"""Multiply-adds count twice, a second and core; ViT-B over 10 000 tiles in bf16 took 4.1 s on 2 cores (measured), fp32 takes some
three times longer: a middle value, since the precision is chosen only when the process starts."""

GPU_FLOPS = 200e12
SHORT_SHARE = 0.3
"""Tiles go through the first blocks in short batches: 80 (fp32) and 130 (bf16) GFLOP a second and core were measured."""

START_S = 3.0
BYTES_LOADED_A_SECOND = 400e6
"""What the first run pays: importing PyTorch, and reading the weights."""

TILES_A_SECOND = 1500
"""Reading on one core: between JPEG tiles (5 000) and what only OpenSlide can read (750)."""

BATCH_BYTES = 2 * 128 << 20
"""The tiles that are on their way through the first blocks, and those that are decoded ahead."""

_REFERENCE_TILES = 2000


@dataclass(frozen=True, kw_only=True)
class Price:
    """``seconds`` of a first run, ``starting`` of them for loading the model; ``memory_bytes`` at the peak; ``disk_bytes`` kept."""

    seconds: float
    starting: float
    memory_bytes: float
    disk_bytes: float


@dataclass(frozen=True, kw_only=True)
class Detail:
    """A step of detail: its name, the block after which tiles are merged, how many times as long as the fastest a slide takes."""

    label: str
    merge_after: int
    factor: float


def detail_choices(backbone: Backbone) -> tuple[Detail, ...]:
    """Return the steps of detail for a backbone, from the paper's way to the finest, with what each costs.

    The factor is of reading and computing a slide of 2 000 tiles on a CPU, without loading the model. Where the steps lie was
    chosen by how well regions of real slides were found again after turning and another stain (page "Options").
    """
    depth = backbone.depth
    steps = (("fast", 0), ("medium", depth // 3), ("fine", 2 * depth // 3), ("finest", 5 * depth // 6))

    def seconds(merge_after: int) -> float:
        found = price(_REFERENCE_TILES, backbone, ConversionSettings(merge_after=merge_after))
        return found.seconds - found.starting

    return tuple(
        Detail(label=label, merge_after=step, factor=seconds(step) / seconds(0) if step else 1.0)
        for label, step in steps
    )


def price(
    tiles: int,
    backbone: Backbone,
    conversion: ConversionSettings | None = None,
    *,
    tile_px: int | None = None,
    gpu: bool = False,
) -> Price:
    """Estimate the analysis of so many tiles.

    Memory: weights in fp32, three activations of the widest layer (4 x width), queries, keys and values, one chunk of attention,
    what is kept of the tiles. Arithmetic: 2 x parameters x tokens, and 4 x tokens^2 x width a layer for attention, of which bands
    leave about a third; where the model looks at every patch, the same for each tile in the first blocks.
    """
    conversion = conversion or ConversionSettings()
    tokens = tiles * conversion.tokens_per_tile
    width, depth = backbone.width, backbone.depth
    upper = depth - min(conversion.merge_after, depth)
    strip = 2.0 * backbone.parameters * tokens * upper / depth + upper * 4.0 * tokens**2 * width / 3
    cores = os.cpu_count() or 1
    speed = GPU_FLOPS if gpu else CPU_FLOPS * cores
    looking = looking_work(tiles, backbone, conversion, tile_px=tile_px or backbone.tile_px) / (SHORT_SHARE * speed)
    passes = 2 if conversion.needs_pixels else 1
    reading = passes * tiles / (TILES_A_SECOND * cores)
    weights = 4.0 * backbone.parameters
    starting = START_S + weights / BYTES_LOADED_A_SECOND
    kept = kept_bytes(tiles, backbone, conversion)
    patches = 2.0 * 3 * backbone.patch_px**2 * tiles
    activations = 4.0 * tokens * width * (3 * 4 + 4) + 2.0 * upper * backbone.heads * tiles
    batches = BATCH_BYTES if conversion.needs_pixels else 0
    return Price(
        seconds=starting + strip / speed + looking + reading,
        starting=starting,
        memory_bytes=RUNTIME_BYTES + weights + max(activations, batches) + kept + patches,
        disk_bytes=patches + kept,
    )


def looking_work(tiles: int, backbone: Backbone, conversion: ConversionSettings, *, tile_px: int) -> float:
    """Return the arithmetic of looking at every patch of every tile; nothing where mean patches suffice."""
    if not conversion.needs_pixels:
        return 0.0
    patches = (tile_px // backbone.patch_px) ** 2
    tokens = patches + backbone.prefix_tokens
    blocks = min(conversion.merge_after, backbone.depth)
    embedding = 2.0 * 3 * backbone.patch_px**2 * backbone.width * patches
    each = 2.0 * backbone.parameters / backbone.depth * tokens + 4.0 * tokens**2 * backbone.width
    return tiles * (embedding + blocks * each)


def kept_bytes(
    tiles: int,
    backbone: Backbone,
    conversion: ConversionSettings,
    *,
    training: bool = False,
    tile_px: int | None = None,
) -> float:
    """Return how many bytes the tokens of tiles take on disk and in memory.

    Where a merger is still to learn (``training``) every patch is kept.
    """
    if not conversion.needs_pixels:
        return 0.0
    parts = next(parts for parts in SPLITS if conversion.tokens_per_tile <= parts)
    if training and conversion.merger is Merger.ATTENTION:
        parts = ((tile_px or backbone.tile_px) // backbone.patch_px) ** 2
    prefix = backbone.prefix_tokens if conversion.merge_after else 0
    return float(tiles * (parts + prefix) * backbone.width * (2 if conversion.kept_tokens is KeptTokens.FP16 else 4))
