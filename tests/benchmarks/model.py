"""M1 to M3, T1 and G1: from mean patches to the embedding."""

import copy
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from torch.nn import functional as F

from e2evit_model.convert import kernels
from e2evit_model.convert.attention import dense_attention
from e2evit_model.convert.backbones import find_backbone
from e2evit_model.convert.banded_attention import FEWEST_FOR_BANDS, banded_attention
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_seeded, named_backbone
from e2evit_model.convert.patch_embedding import embed_mean_patches
from e2evit_model.convert.positions import make_bias
from e2evit_model.convert.precision import choose_precision
from e2evit_model.convert.settings import Positions
from e2evit_model.slides.opening import open_slide
from e2evit_model.strip.reading import mean_patches
from tests.benchmarks.measuring import Row, interleaved, peak_memory_mb, run_alone
from tests.benchmarks.reading import whole_grid
from tests.benchmarks.slides import benchmark_slide

VIT_S, VIT_B = "dinov2-small", "vit_base_patch14_dinov2"
CPU = torch.device("cpu")
NEVER = 10**9  # so many tokens no strip has


def m1(*, quick: bool, peers: bool) -> list[Row]:
    """The folded patch embedding beside convolution and mean, forward and backward, on a sample of whole tiles."""
    tiles = 16 if quick else 64
    convolution = torch.nn.Conv2d(3, 384, 14, 14)
    mean, std = torch.full((3,), 0.5), torch.full((3,), 0.25)
    pixels = torch.rand(tiles, 3, 224, 224)
    patches = pixels.reshape(tiles, 3, 16, 14, 16, 14).mean(dim=(2, 4)).permute(0, 2, 3, 1).contiguous()
    # the fast path needs many more tiles for a time that can be measured
    many = patches.repeat(-(-4096 // tiles), 1, 1, 1)

    def slow() -> torch.Tensor:
        out = convolution((pixels - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1)).mean(dim=(2, 3))
        out.sum().backward()
        return out

    def fast(batch: torch.Tensor = many) -> torch.Tensor:
        out = embed_mean_patches(convolution, batch, mean, std)
        out.sum().backward()
        return out

    difference = float((slow() - fast(patches)).abs().max().detach())
    timing = interleaved({"ours": fast, "convolution + mean": slow})
    share = len(many) / tiles
    return [
        Row(
            id="M1",
            case=f"patch embedding, forward and backward, a tile (difference {difference:.0e})",
            ours=timing.seconds["ours"] / len(many) * 1e6,
            beside=timing.seconds["convolution + mean"] / tiles * 1e6,
            beside_name="convolution + mean",
            ratio=timing.ratios["convolution + mean"] * share,
            target=200.0,
            unit="us",
            spread=timing.spreads["convolution + mean"],
            cpu_ratio=timing.cpu_ratios["convolution + mean"] * share,
        )
    ]


def m2(*, quick: bool, peers: bool) -> list[Row]:
    """Attention with ALiBi beside attention without a bias: how many times as long it takes, with bands and without.

    30 000 tokens take long without AMX: they are tried with bands and ViT-S alone. More heads leave out more.
    """
    rows = []
    dtype = choose_precision("auto", CPU)
    for name, heads, sizes in (
        (("ViT-S", 6, (2_000,)),) if quick else (("ViT-S", 6, (10_000, 30_000)), ("ViT-B", 12, (10_000,)))
    ):
        for tokens in sizes:
            torch.manual_seed(0)
            q, k, v = (torch.randn(1, heads, tokens + 1, 64).to(dtype) for _ in range(3))
            bias = make_bias(Positions.ALIBI, heads, 1)
            contestants = {
                "no bias": partial(F.scaled_dot_product_attention, q, k, v),
                "bands": partial(banded_attention, q, k, v, bias),
                "Hankel view": partial(banded_attention, q, k, v, bias, fewest_for_bands=NEVER),
            }
            if tokens > 10_000:
                del contestants["Hankel view"]
            with torch.no_grad():
                # one round of 30 000 tokens takes seconds: it needs no round to warm up
                timing = interleaved(contestants, warm=tokens <= 10_000)
            for kind, target in {"bands": 0.6, "Hankel view": 1.15}.items():
                if kind not in contestants:
                    continue
                rows.append(
                    Row(
                        id="M2",
                        case=f"ALiBi attention, {kind}, {name}, {tokens} tokens, {str(dtype).removeprefix('torch.')}",
                        ours=timing.seconds[kind],
                        beside=timing.seconds["no bias"],
                        beside_name="no bias",
                        ratio=timing.ratios[kind],
                        target=target,
                        lower_is_better=True,
                        spread=timing.spreads[kind],
                        cpu_ratio=timing.cpu_ratios[kind],
                        peak_mb=None
                        if quick
                        else peak_memory_mb(
                            _one_attention, heads, tokens, FEWEST_FOR_BANDS if kind == "bands" else NEVER
                        ),
                    )
                )
    return rows


def _one_attention(heads: int, tokens: int, fewest_for_bands: int) -> Callable[[], object]:
    dtype = choose_precision("auto", CPU)
    q, k, v = (torch.randn(1, heads, tokens + 1, 64).to(dtype) for _ in range(3))
    bias = make_bias(Positions.ALIBI, heads, 1)
    run = torch.no_grad()(partial(banded_attention, bias=bias, fewest_for_bands=fewest_for_bands))
    run(*(x[:, :, :2_000] for x in (q, k, v)))  # memory that threads keep
    return lambda: run(q, k, v)


def m3(*, quick: bool, peers: bool) -> list[Row]:
    """Slide file to embedding beside the same ViT on every tile (a sample of tiles, taken as linear)."""
    path = benchmark_slide(quick=quick)
    rows = []
    for name in (VIT_S,) if quick else (VIT_S, VIT_B):
        model, two_stage = both_models(name)
        sample = torch.rand(4 if quick else 8, 3, 224, 224)
        two_stage.set_input_size((224, 224))
        dtype = choose_precision("auto", CPU)
        with open_slide(path) as slide:
            grid = whole_grid(slide)

            def ours(model: E2EViT = model, slide=slide, grid=grid) -> None:
                means = mean_patches(slide, grid, patch_sizes=(14,)).means(14)
                model.encode(means, grid.column, grid.row)

            def every_tile(vit=two_stage, batch: torch.Tensor = sample, dtype=dtype) -> None:
                with torch.no_grad(), torch.autocast("cpu", dtype=dtype, enabled=dtype is not torch.float32):
                    vit(batch)

            timing = interleaved({"ours": ours, "every tile": every_tile})
        factor = len(grid) / len(sample)
        rows.append(
            Row(
                id="M3",
                case=f"slide to embedding, {named_backbone(name).title}, {len(grid)} tiles",
                ours=timing.seconds["ours"],
                beside=timing.seconds["every tile"] * factor,
                beside_name=f"the same ViT on every tile (from {len(sample)}, linear; reading not counted)",
                ratio=timing.ratios["every tile"] * factor,
                target=20.0,
                spread=timing.spreads["every tile"],
                cpu_ratio=timing.cpu_ratios["every tile"] * factor,
                peak_mb=None if quick else peak_memory_mb(_slide_to_embedding, path, name),
            )
        )
    return rows


def both_models(name: str) -> tuple[E2EViT, torch.nn.Module]:
    """Return a converted model, and the ViT that it was made of."""
    backbone = named_backbone(name)
    vit = build_seeded(backbone, seed=0)
    two_stage = copy.deepcopy(vit)
    return E2EViT.from_timm(vit, backbone).eval(), two_stage


def _slide_to_embedding(path: Path, name: str) -> Callable[[], object]:
    model, _ = both_models(name)
    slide = open_slide(path)
    grid = whole_grid(slide)
    return lambda: model.encode(mean_patches(slide, grid, patch_sizes=(14,)).means(14), grid.column, grid.row)


def t1(*, quick: bool, peers: bool) -> list[Row]:
    """One step of fine-tuning beside the same step with a dense bias, ViT-S."""
    tokens = 1_000 if quick else 10_000
    # a dense bias of 10 000 tokens needs 2.4 GB a layer
    dense_tokens = min(tokens, 2_000)
    step = _step(dense_tokens)

    def dense() -> None:
        with mock.patch.object(kernels, "choose_kernel", return_value=dense_attention):
            step()

    timing = interleaved({"ours": step, "dense bias": dense})
    rows = [
        Row(
            id="T1",
            case=f"fine-tuning step, ViT-S, {dense_tokens} tokens",
            ours=timing.seconds["ours"],
            beside=timing.seconds["dense bias"],
            ratio=timing.ratios["dense bias"],
            target=2.0,
            **timing.beside("dense bias"),
        )
    ]
    if not quick:
        alone = run_alone(_step, tokens)
        rows.append(
            Row(
                id="T1",
                case=f"fine-tuning step, ViT-S, {tokens} tokens: peak memory",
                ours=alone.peak_mb,
                ratio=alone.peak_mb,
                target=2_000.0,
                lower_is_better=True,
                unit="MB",
                peak_mb=alone.peak_mb,
                gate=False,
                why=f"above the program with its model; one step {alone.seconds:.1f} s",
            )
        )
    return rows


def _step(tokens: int) -> Callable[[], object]:
    backbone = find_backbone(VIT_S)
    model = E2EViT.from_timm(build_seeded(backbone, seed=0), backbone).train()
    patches = torch.rand(tokens, 1, 14, 14, 3)

    def step() -> None:
        model.zero_grad(set_to_none=True)
        model(patches).embedding.sum().backward()

    return step


def g1(*, quick: bool, peers: bool) -> list[Row]:
    """CUDA: tokens to embedding, H0-mini shape, upload included."""
    if not torch.cuda.is_available():
        return [Row(id="G1", case="CUDA, H0-mini shape, 10 000 and 100 000 tokens", why="this machine has no CUDA GPU")]
    backbone = find_backbone("h0-mini")
    model = E2EViT.from_timm(build_seeded(backbone, seed=0), backbone).eval()
    rows = []
    for tokens, target in ((10_000, 0.025), (100_000, 1.2)):
        means = np.random.default_rng(0).random((tokens, 1, 14, 14, 3), dtype=np.float32)
        place = np.arange(tokens)
        torch.cuda.reset_peak_memory_stats()

        def run(means=means, place=place, *, chunk: int | None = None) -> None:
            model.encode(means, place, place * 0, device="cuda", chunk=chunk, all_layers=False)
            torch.cuda.synchronize()

        chunks = partial(run, chunk=2_048)
        timing = interleaved({"ours": run} | ({"chunks": chunks} if tokens <= 10_000 else {}))
        beside = "chunks" if "chunks" in timing.seconds else None
        rows.append(
            Row(
                id="G1",
                case=f"CUDA ({torch.cuda.get_device_name()}), H0-mini shape, {tokens} tokens, upload included",
                ours=timing.seconds["ours"],
                beside=None if beside is None else timing.seconds[beside],
                beside_name=beside or "",
                ratio=timing.seconds["ours"],
                target=target,
                lower_is_better=True,
                gate=False,
                peak_mb=torch.cuda.max_memory_allocated() / 2**20,
            )
        )
    return rows
