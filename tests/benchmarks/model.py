"""M1 to M3, T1 and G1: from mean patches to the embedding."""

import copy

import numpy as np
import torch
from torch.nn import functional as F

from e2evit_model.convert.attention import dense_attention
from e2evit_model.convert.backbones import find_backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.kernels import attend
from e2evit_model.convert.loading import build_seeded, named_backbone
from e2evit_model.convert.patch_embedding import embed_mean_patches
from e2evit_model.convert.positions import make_bias
from e2evit_model.convert.precision import choose_precision
from e2evit_model.convert.settings import Positions
from e2evit_model.slides.opening import open_slide
from e2evit_model.strip.reading import mean_patches
from tests.benchmarks.measuring import PeakMemory, Row, interleaved
from tests.benchmarks.reading import whole_grid
from tests.benchmarks.slides import benchmark_slide

VIT_B = "vit_base_patch14_dinov2"


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
    ratio = timing.ratios["convolution + mean"] * len(many) / tiles
    return [
        Row(
            id="M1",
            case=f"patch embedding, forward and backward, a tile (difference {difference:.0e})",
            ours=timing.seconds["ours"] / len(many) * 1e6,
            beside=timing.seconds["convolution + mean"] / tiles * 1e6,
            beside_name="convolution + mean",
            ratio=ratio,
            target=200.0,
            unit="us",
            spread=timing.spreads["convolution + mean"],
        )
    ]


def m2(*, quick: bool, peers: bool) -> list[Row]:
    """Attention with ALiBi beside attention without a bias: how many times longer it takes."""
    rows = []
    for name, heads in (("ViT-S", 6), ("ViT-B", 12)):
        for tokens in (2_000,) if quick else (10_000, 30_000):
            dtype = choose_precision("auto", torch.device("cpu"))
            torch.manual_seed(0)
            q, k, v = (torch.randn(1, heads, tokens + 1, 64).to(dtype) for _ in range(3))
            bias = make_bias(Positions.ALIBI, heads, 1)
            with torch.no_grad(), PeakMemory() as memory:
                timing = interleaved(
                    {
                        "no bias": lambda q=q, k=k, v=v: F.scaled_dot_product_attention(q, k, v),
                        "ours": lambda q=q, k=k, v=v, bias=bias: attend(q, k, v, bias),
                    },
                    repeats=5 if tokens <= 10_000 else 3,
                )
            rows.append(
                Row(
                    id="M2",
                    case=f"ALiBi attention, {name}, {tokens} tokens, {str(dtype).removeprefix('torch.')}",
                    ours=timing.seconds["ours"],
                    beside=timing.seconds["no bias"],
                    beside_name="no bias",
                    ratio=timing.ratios["ours"],
                    target=0.6 if not quick else 1.15,
                    lower_is_better=True,
                    spread=timing.spreads["ours"],
                    peak_mb=memory.megabytes,
                )
            )
    return rows


def m3(*, quick: bool, peers: bool) -> list[Row]:
    """Slide file to embedding beside the same ViT on every tile (a sample of tiles, taken as linear)."""
    path = benchmark_slide(quick=quick)
    rows = []
    for name in ("dinov2-small",) if quick else ("dinov2-small", VIT_B):
        backbone = named_backbone(name)
        vit = build_seeded(backbone, seed=0)
        two_stage = copy.deepcopy(vit)
        model = E2EViT.from_timm(vit, backbone).eval()
        sample = torch.rand(8, 3, *two_stage.patch_embed.img_size)[..., :224, :224]
        two_stage.set_input_size((224, 224))
        dtype = choose_precision("auto", torch.device("cpu"))
        with open_slide(path) as slide:
            grid = whole_grid(slide)

            def ours(model: E2EViT = model, slide=slide, grid=grid) -> None:
                means = mean_patches(slide, grid, patch_sizes=(14,)).means(14)
                model.encode(means, grid.column, grid.row)

            def every_tile(vit=two_stage, batch: torch.Tensor = sample, dtype=dtype) -> None:
                with torch.no_grad(), torch.autocast("cpu", dtype=dtype, enabled=dtype is not torch.float32):
                    vit(batch)

            with PeakMemory() as memory:
                timing = interleaved({"ours": ours, "every tile": every_tile}, repeats=3)
        factor = len(grid) / len(sample)
        rows.append(
            Row(
                id="M3",
                case=f"slide to embedding, {backbone.title}, {len(grid)} tiles",
                ours=timing.seconds["ours"],
                beside=timing.seconds["every tile"] * factor,
                beside_name=f"the same ViT on every tile (from {len(sample)} tiles, linear; reading not counted)",
                ratio=timing.ratios["every tile"] * factor,
                target=20.0,
                spread=timing.spreads["every tile"],
                peak_mb=memory.megabytes,
            )
        )
    return rows


def t1(*, quick: bool, peers: bool) -> list[Row]:
    """One step of fine-tuning beside the same step with a dense bias, ViT-S."""
    tokens = 1_000 if quick else 10_000
    dense_tokens = min(
        tokens, 2_000
    )  # a dense bias of 10 000 tokens needs 2.4 GB a layer: a smaller one, grown by its square
    backbone = find_backbone("dinov2-small")
    model = E2EViT.from_timm(build_seeded(backbone, seed=0), backbone).train()
    patches = torch.rand(tokens, 1, 14, 14, 3)

    def step(count: int = tokens) -> None:
        model.zero_grad(set_to_none=True)
        model(patches[:count]).embedding.sum().backward()

    def dense() -> None:
        from e2evit_model.convert import e2evit

        real = e2evit.choose_kernel
        e2evit.choose_kernel = lambda *a, **b: dense_attention  # type: ignore[assignment]
        try:
            step(dense_tokens)
        finally:
            e2evit.choose_kernel = real

    with PeakMemory() as memory:
        timing = interleaved({"ours": lambda: step(dense_tokens), "dense bias": dense}, repeats=3)
        whole = interleaved({"ours": step}, repeats=1, warm=False)
    return [
        Row(
            id="T1",
            case=f"fine-tuning step, ViT-S, {dense_tokens} tokens",
            ours=timing.seconds["ours"],
            beside=timing.seconds["dense bias"],
            beside_name="dense bias",
            ratio=timing.ratios["dense bias"],
            target=2.0,
            spread=timing.spreads["dense bias"],
            why=f"{tokens} tokens: {whole.seconds['ours']:.1f} s",
        ),
        Row(
            id="T1",
            case=f"fine-tuning step, ViT-S, {tokens} tokens: peak memory",
            ours=memory.megabytes,
            ratio=memory.megabytes,
            target=2_000.0,
            lower_is_better=True,
            unit="MB",
            peak_mb=memory.megabytes,
        ),
    ]


def g1(*, quick: bool, peers: bool) -> list[Row]:
    """CUDA: tokens to embedding, H0-mini shape."""
    if not torch.cuda.is_available():
        return [Row(id="G1", case="CUDA, H0-mini shape, 10 000 and 100 000 tokens", why="this machine has no CUDA GPU")]
    backbone = find_backbone("h0-mini")
    model = E2EViT.from_timm(build_seeded(backbone, seed=0), backbone).eval()
    rows = []
    for tokens, target in ((10_000, 0.025), (100_000, 1.2)):
        means = np.random.default_rng(0).random((tokens, 1, 14, 14, 3), dtype=np.float32)
        place = np.arange(tokens)

        def run(means=means, place=place) -> None:
            model.encode(means, place, place * 0, device="cuda", all_layers=False)
            torch.cuda.synchronize()

        timing = interleaved({"ours": run})
        rows.append(
            Row(
                id="G1",
                case=f"CUDA, H0-mini shape, {tokens} tokens, upload included",
                ours=timing.seconds["ours"],
                ratio=timing.seconds["ours"],
                target=target,
                lower_is_better=True,
                peak_mb=torch.cuda.max_memory_allocated() / 2**20,
            )
        )
    return rows


def scaling(sizes: tuple[int, ...] = (10_000, 20_000, 50_000, 100_000)) -> list[Row]:
    """Measure how time grows with the number of tiles, ViT-S: the exponent between the first and the last size."""
    backbone = find_backbone("dinov2-small")
    model = E2EViT.from_timm(build_seeded(backbone, seed=0), backbone).eval()
    seconds = []
    with PeakMemory() as memory:
        for size in sizes:
            means = np.random.default_rng(0).random((size, 1, 14, 14, 3), dtype=np.float32)
            place = np.arange(size)
            timing = interleaved({"ours": lambda m=means, p=place: model.encode(m, p, p * 0)}, repeats=1, warm=False)
            seconds.append(timing.seconds["ours"])
    exponent = float(np.log(seconds[-1] / seconds[0]) / np.log(sizes[-1] / sizes[0]))
    said = ", ".join(f"{n}: {s:.1f} s" for n, s in zip(sizes, seconds, strict=True))
    return [
        Row(
            id="N1",
            case="time by number of tiles, ViT-S: exponent",
            ours=exponent,
            ratio=exponent,
            target=1.3,
            lower_is_better=True,
            unit="",
            peak_mb=memory.megabytes,
            why=said,
        )
    ]


def n1(*, quick: bool, peers: bool) -> list[Row]:
    """Growth with the number of tiles."""
    return scaling((1_000, 2_000)) if quick else scaling()
