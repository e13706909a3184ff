"""N1: how time and memory of the model grow with the number of tiles, up to the largest slides."""

from collections.abc import Callable

import numpy as np

from e2evit_model.convert.backbones import find_backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_seeded
from tests.benchmarks.measuring import Alone, Row, run_alone
from tests.benchmarks.model import VIT_S

SIZES, QUICK_SIZES = (10_000, 20_000, 50_000, 100_000), (2_000, 4_000)
REPEATS, OFTEN = 3, 20_000
EXPONENT = 1.3
MEMORY_MB = 8_000.0


def n1(*, quick: bool, peers: bool) -> list[Row]:
    """Time of ViT-S over the number of tiles, as an exponent from the first to the last size, and the memory of the last.

    Each run has a process of its own, which tells its memory, too. Small sizes are run several times: a disturbed first size would
    make the exponent too good. Under 1 it cannot be, since most of the arithmetic is linear; such a run is said to be disturbed.
    """
    sizes = QUICK_SIZES if quick else SIZES
    runs = [_median([run_alone(encoding, size) for _ in range(REPEATS if size <= OFTEN else 1)]) for size in sizes]
    exponent, by_cpu = (
        float(np.log(last / first) / np.log(sizes[-1] / sizes[0]))
        for first, last in ((runs[0].seconds, runs[-1].seconds), (runs[0].cpu_seconds, runs[-1].cpu_seconds))
    )
    said = ", ".join(f"{size:,}: {run.seconds:.1f} s" for size, run in zip(sizes, runs, strict=True))
    if exponent < 1:
        said += "; disturbed by other programs: run it again"
    return [
        Row(
            id="N1",
            case=f"ViT-S, {sizes[0]:,} to {sizes[-1]:,} tiles: exponent of the time",
            ours=exponent,
            ratio=None if exponent < 1 and not quick else exponent,
            cpu_ratio=by_cpu,
            target=EXPONENT,
            lower_is_better=True,
            unit="",
            why=said,
            curve=tuple((size, run.seconds, run.whole_mb) for size, run in zip(sizes, runs, strict=True)),
        ),
        _memory(sizes[-1], runs[-1]),
    ]


def _median(runs: list[Alone]) -> Alone:
    return sorted(runs)[len(runs) // 2]


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
