"""The four-resolution check of the paper's premise: a ViT looks at the same things when it is given more than in its training.

Squares of 448, 672, 896 and 1120 px around one point, all at the same resolution, go through one pre-trained ViT patch by patch,
with three to five times as many tokens along a side as in its training. Where they overlap, in the inner 448 px, the CLS attention
of all four must agree if attention extrapolates. It is compared by rank correlation (Spearman), for each kind of position.

Two things make attention agree: what is there, and where it is. As a control, the inner square's map is also compared with the same
model's attention to another part of the largest square, upper left: what correlates there is not what is there.
"""

import itertools
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import spearmanr
from torch import Tensor

from e2evit_model.convert.cls_attention import cls_shares
from e2evit_model.convert.devices import choose_device
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.kernels import attend, prepare
from e2evit_model.convert.learned_positions import stretch
from e2evit_model.convert.loading import load_backbone
from e2evit_model.convert.patch_embedding import embed_mean_patches
from e2evit_model.convert.positions import Bias, make_bias
from e2evit_model.convert.settings import ConversionSettings, Device, Positions
from e2evit_model.convert.strip_attention import AttentionPlan, Heard, run_block
from e2evit_model.errors import BackboneError
from e2evit_model.explain.region import Region
from e2evit_model.inference.result import ModelSummary
from e2evit_model.inference.settings import ModelChoice
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Pixels

_log = logging.getLogger(__name__)

SIZES = (448, 672, 896, 1120)
"""Sides of the squares in pixels; multiples of 14 and 16, as are the distances between their borders."""

KINDS = (Positions.LEARNED, Positions.NONE, Positions.ALIBI, Positions.ALIBI_2D)
STEP = "Running the four sizes"


@dataclass(frozen=True, kw_only=True, eq=False)
class KindOfPosition:
    """What one kind of position gave.

    ``maps`` are CLS attentions, last layer, mean over heads, *times the number of patches*, one (h, w) float32 a size of ``SIZES``.
    ``with_smallest`` is the rank correlation of each larger size with the smallest in the shared area, ``every_pair`` the mean
    over all pairs of sizes, ``control`` that of the smallest with another part of the largest.
    """

    positions: Positions
    maps: tuple[NDArray[np.float32], ...]
    with_smallest: tuple[float, ...]
    every_pair: float
    control: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Extrapolation:
    """One region at four sizes through one ViT, by kind of position."""

    region: Region
    model: ModelSummary
    patch_px: int
    kinds: tuple[KindOfPosition, ...]
    record: dict[str, Any] = field(default_factory=dict)


def extrapolate(
    region: Region,
    choice: ModelChoice,
    *,
    device: Device = Device.AUTO,
    kinds: Sequence[Positions] = KINDS,
    progress: Progress = silent,
) -> Extrapolation:
    """Run a region of the largest of ``SIZES`` through a pre-trained ViT at all sizes and with all kinds of position; fp32.

    Raises
    ------
    BackboneError
        When the model is not known or not here, has no learned positions, or patches of a size that does not fit.
    WeightsError, DeviceError
        As when a model is run.
    """
    vit, backbone, sha256 = load_backbone(choice.source, backbone=choice.backbone)
    if any(size % backbone.patch_px for size in SIZES) or any((b - a) // 2 % backbone.patch_px for a, b in _steps()):
        raise BackboneError(
            f"Patches of {backbone.patch_px} px do not fit squares of {', '.join(map(str, SIZES))} px.",
            hint="Choose a backbone with patches of 14 or 16 px.",
        )
    encoder = E2EViT.from_timm(vit, backbone, ConversionSettings(positions=Positions.LEARNED))
    encoder.eval().to(choose_device(device))
    found = []
    for number, kind in enumerate(kinds):
        maps: list[NDArray[np.float32]] = []
        for size in SIZES:
            progress(STEP, number * len(SIZES) + len(maps), len(kinds) * len(SIZES))
            maps.append(region_attention(encoder, _middle(region.pixels, size), kind))
        found.append(_compared(kind, tuple(maps), backbone.patch_px))
        _log.info("%s: %s", kind, found[-1].with_smallest)
    progress(STEP, 1, 1)
    summary = ModelSummary(
        name=backbone.title,
        backbone=backbone.id,
        weights_sha256=sha256,
        licence=backbone.licence,
        patch_px=backbone.patch_px,
        conversion={},
    )
    return Extrapolation(
        region=region,
        model=summary,
        patch_px=backbone.patch_px,
        kinds=tuple(found),
        record=_record(region, summary, found),
    )


@torch.no_grad()
def region_attention(encoder: E2EViT, pixels: Pixels, kind: Positions) -> NDArray[np.float32]:
    """Return the CLS attention of a picture (H, W, 3) by patch, (h, w): last layer, mean over heads, times the number of patches.

    ``encoder`` keeps its learned positions (``Positions.LEARNED``). These are resampled to the picture's patches for that kind, as
    timm does; for the others only what they add to CLS and registers is kept. For ``ALIBI`` patches are numbered row by row.
    """
    vit, side = encoder.vit, encoder.patch_px
    rows, columns = pixels.shape[0] // side, pixels.shape[1] // side
    patches = pixels.reshape(rows, side, columns, side, 3).transpose(0, 2, 1, 3, 4).reshape(-1, side, side, 3)
    device = encoder.mean.device
    fed = torch.from_numpy(np.ascontiguousarray(patches)).to(device).float() / 255
    x = embed_mean_patches(vit.patch_embed.proj, fed, encoder.mean, encoder.std)[None]  # (1, n, C)
    here, at_prefix = _learned(encoder, rows, columns)
    if kind is Positions.LEARNED:
        x = x + here
    before = [vit.cls_token] if vit.reg_token is None else [vit.cls_token, vit.reg_token]
    x = vit.norm_pre(torch.cat([torch.cat(before, dim=1) + at_prefix, x], dim=1))
    shares: list[Tensor] = []
    last = len(vit.blocks) - 1

    def listen(heard: Heard) -> None:
        if heard.module.layer == last:
            shares.append(cls_shares(heard.q, heard.k, encoder.prefix))

    bias = _bias(encoder, kind, rows, columns)
    prepare(x, bias, vit.blocks[0].attn.head_dim)
    plan = AttentionPlan(kernel=partial(attend, chunk=None), bias=bias, listener=listen)
    for block in vit.blocks:
        x = run_block(block, x, plan)
    by_patch: NDArray[np.float32] = (shares[0].mean(0) * rows * columns).float().cpu().numpy()
    return by_patch.reshape(rows, columns)


def _bias(encoder: E2EViT, kind: Positions, rows: int, columns: int) -> Bias | None:
    places = None
    if kind is Positions.ALIBI_2D:
        row, column = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        places = torch.stack([column.flatten(), row.flatten()], dim=-1).float()
    bias = None if kind is Positions.LEARNED else make_bias(kind, encoder.heads, encoder.prefix, places=places)
    return None if bias is None else bias.to(encoder.mean.device)


def _learned(encoder: E2EViT, rows: int, columns: int) -> tuple[Tensor, Tensor]:
    """Return the learned positions of a picture's patches, (1, n, C), and what is added to the prefix."""
    vit = encoder.vit
    covered = 0 if vit.no_embed_class else int(vit.num_prefix_tokens)
    high, wide = vit.patch_embed.grid_size
    learned = vit.pos_embed[0, covered:].float().unflatten(0, (high, wide))
    here = torch.einsum("ah,bw,hwc->abc", stretch(high, rows, learned), stretch(wide, columns, learned), learned)
    at_prefix = vit.pos_embed[:, :covered] if covered else vit.pos_embed.new_zeros(1, 1, 1)
    return here.flatten(0, 1)[None], at_prefix


def _steps() -> list[tuple[int, int]]:
    return list(itertools.pairwise(SIZES))


def _middle(pixels: NDArray[Any], size: int) -> NDArray[Any]:
    begin = (len(pixels) - size) // 2
    return pixels[begin : begin + size, begin : begin + size]


def _compared(kind: Positions, maps: tuple[NDArray[np.float32], ...], patch_px: int) -> KindOfPosition:
    inner = SIZES[0] // patch_px
    shared = [_middle(one, inner).ravel() for one in maps]
    pairs = [_rank_correlation(one, other) for one, other in itertools.combinations(shared, 2)]
    elsewhere = maps[-1][:inner, :inner]
    return KindOfPosition(
        positions=kind,
        maps=maps,
        with_smallest=tuple(pairs[: len(maps) - 1]),
        every_pair=float(np.mean(pairs)),
        control=_rank_correlation(shared[0], elsewhere.ravel()),
    )


def _rank_correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return Spearman's rank correlation; 0 where one of both is the same everywhere, and so says nothing."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(spearmanr(one, other).statistic)


def _record(region: Region, model: ModelSummary, kinds: Sequence[KindOfPosition]) -> dict[str, Any]:
    return {
        "schema": 1,
        "research_use_only": True,
        "region": {"x": region.x, "y": region.y, "mpp": region.mpp, "side_px": len(region.pixels)},
        "model": {"name": model.name, "weights_sha256": model.weights_sha256, "licence": model.licence},
        "sizes_px": list(SIZES),
        "rank_correlation": {
            str(kind.positions): {
                "with_smallest": dict(zip(map(str, SIZES[1:]), kind.with_smallest, strict=True)),
                "mean_of_all_pairs": kind.every_pair,
                "control_elsewhere": kind.control,
            }
            for kind in kinds
        },
    }
