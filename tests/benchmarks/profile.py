"""Where the time of the main job goes, from the slide file to the embedding, and what of it is the floor: one figure.

Reading is taken apart by what it costs alone (the bytes, the decoding, the sums), the model by torch's own profiler.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import simplejpeg
import torch
from torch.profiler import ProfilerActivity

from e2evit_model.slides.opening import open_slide
from e2evit_model.strip.reading import mean_patches
from e2evit_model.tissue.finding import find_tissue
from tests.benchmarks.machine import Machine
from tests.benchmarks.measuring import in_plain_threads
from tests.benchmarks.model import VIT_S, both_models
from tests.benchmarks.reading import jpeg_tiles_of, whole_grid
from tests.benchmarks.slides import TILE, benchmark_slide

KINDS = {
    "matrix products": ("mm", "linear", "bmm", "matmul"),
    "attention": ("attention", "flash"),
    "normalization, GELU, sums": ("norm", "gelu", "add", "mul", "softmax", "sum"),
}
OTHER = "copies and the rest"


def _seconds(work: Callable[[], object], repeats: int = 3) -> float:
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return float(np.median(took))


def _model_parts(work: Callable[[], object]) -> dict[str, float]:
    """Return seconds on the cores by kind of operation."""
    with torch.profiler.profile(activities=[ProfilerActivity.CPU]) as profiler:
        work()
    parts = dict.fromkeys((*KINDS, OTHER), 0.0)
    for event in profiler.key_averages():
        name = event.key.lower()
        kind = next((kind for kind, words in KINDS.items() if any(word in name for word in words)), OTHER)
        kind = "attention" if "attention" in name or "flash" in name else kind
        parts[kind] += event.self_cpu_time_total / 1e6
    return parts


def write_profile(machine: Machine, folder: Path, *, quick: bool = False) -> None:
    """Measure the main job on the benchmark's slide with ViT-S and write ``profile.svg``."""
    path = benchmark_slide(quick=quick)
    pixels = np.empty((2, TILE, TILE, 3), np.uint8)
    tiles = [(number % 2, tile) for number, tile in enumerate(jpeg_tiles_of(path))]
    decoding = _seconds(
        lambda: in_plain_threads(lambda one: simplejpeg.decode_jpeg(one[1], "RGB", buffer=pixels[one[0]]), tiles, 2)
    )
    opening = _seconds(lambda: open_slide(path).close())
    with open_slide(path) as slide:
        tissue = _seconds(lambda: find_tissue(slide, method="all"))
        grid = whole_grid(slide)
        reading = _seconds(lambda: mean_patches(slide, grid, patch_sizes=(14,), threads=2))
        means = mean_patches(slide, grid, patch_sizes=(14,)).means(14)
    model, _ = both_models(VIT_S)
    encode = lambda: model.encode(means, grid.column, grid.row)  # noqa: E731 - one line that is run twice
    whole = _seconds(encode)
    parts = _model_parts(encode)
    scale = whole / max(sum(parts.values()), 1e-9)  # the profiler's own cost taken out
    bars = {
        "open, find tiles": {"": opening + tissue},
        "read": {"decoding alone (the floor)": decoding, "sums, bytes, Python": max(reading - decoding, 0.0)},
        "model": {kind: seconds * scale for kind, seconds in parts.items()},
    }
    _draw(bars, f"{len(grid)} tiles of 224 px to the embedding, ViT-S/14", machine, folder / "profile.svg")


def _draw(bars: dict[str, dict[str, float]], title: str, machine: Machine, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "profile"
    figure, axes = plt.subplots(figsize=(10, 2.9), layout="constrained")
    colors = ("#2f6f4f", "#c78a2c", "#4a6fa5", "#b8b8b8")
    longest = max(sum(parts.values()) for parts in bars.values())
    for line, (name, parts) in enumerate(bars.items()):
        left = 0.0
        for (part, seconds), color in zip(parts.items(), colors, strict=False):
            axes.barh(line, seconds, left=left, color=color, height=0.55)
            if part and seconds > 0.12 * longest:
                axes.text(left + seconds / 2, line - 0.42, part, ha="center", va="bottom", fontsize=7)
            left += seconds
        small = [f"{part} {seconds:.2f} s" for part, seconds in parts.items() if part and seconds <= 0.12 * longest]
        said = f"  {name}: {left:.2f} s" + (f" ({', '.join(small)})" if small else "")
        axes.text(left, line, said, va="center", fontsize=8)
    axes.set_yticks([])
    axes.set_ylim(len(bars) - 0.5, -0.7)
    axes.set_xlim(0, longest * 1.45)
    axes.set_xlabel("seconds", fontsize=9)
    axes.tick_params(axis="x", labelsize=8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_title(title, fontsize=10, loc="left")
    figure.supxlabel(str(machine), fontsize=6, color="#555555")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
