"""N1: how time and memory of the model grow with the number of tiles, up to the largest slides."""

from collections.abc import Callable

import numpy as np

from e2evit_model.convert.backbones import find_backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_seeded
from tests.benchmarks.measuring import Alone, Row, run_alone
from tests.benchmarks.model import VIT_S

SIZES, QUICK_SIZES = (10_000, 20_000, 50_000, 100_000), (2_000, 4_000)
EXPONENT = 1.3
MEMORY_MB = 8_000.0


def n1(*, quick: bool, peers: bool) -> list[Row]:
    """Time of ViT-S over the number of tiles, as an exponent from the first to the last size, and the memory of the last.

    Each size is run once, in a process of its own, which tells its memory, too.
    """
    sizes = QUICK_SIZES if quick else SIZES
    runs = [run_alone(encoding, size) for size in sizes]
    exponent = float(np.log(runs[-1].seconds / runs[0].seconds) / np.log(sizes[-1] / sizes[0]))
    steps = zip(sizes, runs, strict=True)
    return [
        Row(
            id="N1",
            case=f"ViT-S, {sizes[0]:,} to {sizes[-1]:,} tiles: exponent of the time",
            ours=exponent,
            ratio=exponent,
            target=EXPONENT,
            lower_is_better=True,
            unit="",
            why=", ".join(f"{size:,}: {run.seconds:.1f} s" for size, run in steps),
            curve=tuple((size, run.seconds, run.whole_mb) for size, run in zip(sizes, runs, strict=True)),
        ),
        _memory(sizes[-1], runs[-1]),
    ]


def _memory(size: int, run: Alone) -> Row:
    return Row(
        id="N1",
        case=f"ViT-S, {size:,} tiles: memory of the whole process",
        ours=run.whole_mb,
        ratio=run.whole_mb,
        target=MEMORY_MB,
        lower_is_better=True,
        unit="MB",
        peak_mb=run.peak_mb,
        gate=False,
    )


def encoding(size: int) -> Callable[[], object]:
    """Return the work of encoding so many tiles, what is done once a process (trials of kernels) being done."""
    backbone = find_backbone(VIT_S)
    model = E2EViT.from_timm(build_seeded(backbone, seed=0), backbone).eval()
    means = np.random.default_rng(0).random((size, 1, 14, 14, 3), dtype=np.float32)
    place = np.arange(size)
    model.encode(means[:2_000], place[:2_000], place[:2_000] * 0)
    return lambda: model.encode(means, place, place * 0)
