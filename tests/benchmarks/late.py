"""L1: late merging, where every tile goes through the first blocks: what share of the time the arithmetic waits for tiles."""

import time
from collections import deque
from collections.abc import Callable, Generator
from typing import Any, ClassVar
from unittest import mock

import numpy as np
import torch

from e2evit_model.convert import token_stream
from e2evit_model.convert.backbones import find_backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_seeded
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.convert.tile_tokens import TileEncoder
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.protocol import Slide
from e2evit_model.strip.tile_batches import TileBatch, tile_batches
from e2evit_model.tiling.grid import TileGrid
from tests.benchmarks.measuring import REPEATS, Row
from tests.benchmarks.model import VIT_S
from tests.benchmarks.reading import whole_grid
from tests.benchmarks.slides import benchmark_slide

IDLE = 0.1
BLOCKS = 6
TILES, QUICK_TILES, DEVICE_TILES = 64, 32, 4_000
DEVICE_BATCH = 64
DEVICE_SLOWER = 1.25
"""The simulated device takes so much longer for a batch than the cores take to decode it; were it faster, it would have to wait."""


def l1(*, quick: bool, peers: bool) -> list[Row]:
    """Arithmetic on the cores that also decode; and on a simulated device that leaves the cores to the decoder."""
    backbone = find_backbone(VIT_S)
    settings = ConversionSettings(merge_after=BLOCKS)
    model = E2EViT.from_timm(build_seeded(backbone, seed=0), backbone, settings).eval()
    with open_slide(benchmark_slide(quick=quick)) as slide:
        grid = whole_grid(slide)
        cores = [_waiting_share(model, slide, _first(grid, QUICK_TILES if quick else TILES)) for _ in range(REPEATS)]
        many = _first(grid, DEVICE_TILES)
        device = [_idle_share_of_a_device(model, slide, many) for _ in range(REPEATS)]
    return [
        _row(
            f"late merging after {BLOCKS} blocks, ViT-S: share of time without tiles",
            cores,
            "arithmetic and decoding on the same cores",
        ),
        _row(
            "late merging: idle share of a device beside the cores",
            device,
            f"simulated: it takes {DEVICE_SLOWER:g} times as long for a batch as decoding does",
        ),
    ]


def _row(case: str, shares: list[float], why: str) -> Row:
    share = float(np.median(shares))
    return Row(
        id="L1",
        case=case,
        ours=share,
        ratio=share,
        target=IDLE,
        lower_is_better=True,
        unit="",
        spread=(max(shares) - min(shares)) / share if share else None,
        gate=False,
        why=why,
    )


def _first(grid: TileGrid, count: int) -> TileGrid:
    return grid.subset(np.arange(min(count, len(grid))))


def _waiting_share(model: E2EViT, slide: Slide, grid: TileGrid) -> float:
    waited = 0.0

    def noted(*arguments: object, **options: object) -> Generator[TileBatch]:
        nonlocal waited
        batches = tile_batches(*arguments, **options)  # type: ignore[arg-type]
        while True:
            began = time.perf_counter()
            batch = next(batches, None)
            waited += time.perf_counter() - began
            if batch is None:
                return
            yield batch

    with mock.patch.object(token_stream, "tile_batches", noted):
        whole = _seconds(lambda: token_stream.encode_tiles(model, slide, grid))
    return waited / whole


class _Device(TileEncoder):
    """A simulated device: works off what it is given one after the other, merging included, and needs no core for it."""

    seconds_a_tile = 0.0
    ends: ClassVar[deque[float]] = deque()
    """When what was given will be done, in the order in which it was given."""

    def __call__(
        self, pixels: torch.Tensor, index: torch.Tensor, pace: object = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        count, now = len(pixels), time.perf_counter()
        begins = max(now, self.ends[-1]) if self.ends else now
        self.ends.append(begins + self.seconds_a_tile * count)
        return torch.zeros(count, self.parts, 1, self.width), torch.zeros(count, self.prefix, self.width)


def _idle_share_of_a_device(model: E2EViT, slide: Slide, grid: TileGrid) -> float:
    decoding = _seconds(lambda: [None for _ in tile_batches(slide, grid, DEVICE_BATCH)])
    _Device.seconds_a_tile = DEVICE_SLOWER * decoding / len(grid)
    _Device.ends.clear()
    keep = token_stream._Work._keep

    def once_done(*arguments: Any) -> None:
        time.sleep(max(_Device.ends.popleft() - time.perf_counter(), 0.0))
        keep(*arguments)

    with (
        mock.patch.object(token_stream, "TileEncoder", _Device),
        mock.patch.object(token_stream._Work, "_keep", once_done),
    ):
        whole = _seconds(lambda: token_stream.encode_tiles(model, slide, grid, batch=DEVICE_BATCH))
    return 1 - _Device.seconds_a_tile * len(grid) / whole


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
