"""From a slide to the tokens of its tiles: decoded ahead in threads, computed in batches, never more than some tiles in memory."""

import contextlib
import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.features import memory_said
from e2evit_model.convert.mergers import Merged, PatchScores, merge_patches
from e2evit_model.convert.merging import finest_parts
from e2evit_model.convert.pacing import Pace
from e2evit_model.convert.precision import choose_precision
from e2evit_model.convert.settings import KeptTokens, Merger
from e2evit_model.convert.tile_tokens import TileEncoder
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Pixels, Slide
from e2evit_model.strip.tile_batches import TileBatch, tile_batches
from e2evit_model.strip.token_stack import LARGEST_FP16, TokenStack, empty_tokens
from e2evit_model.tiling.grid import TileGrid

log = logging.getLogger(__name__)

STEP = "Looking at every tile"

_CPU_BYTES = 128 * 2**20
"""What a batch may take on the CPU: more is no faster, since the caches are small."""
_GPU_SHARE = 0.25
_MOST = 256


def activation_bytes(model: E2EViT, tile_px: int) -> int:
    """Return about how many bytes a tile takes while it goes through a block, in float32."""
    tokens = (tile_px // model.patch_px) ** 2 + model.prefix
    mlp = model.vit.blocks[0].mlp
    hidden = sum(parameter.numel() for parameter in mlp.parameters()) // int(model.vit.embed_dim)
    # input, norm, queries, keys, values, attended; the hidden layer before and after its activation
    found: int = 4 * (tokens * (7 * int(model.vit.embed_dim) + 2 * hidden) + 3 * tile_px**2)
    return found


def tiles_at_once(model: E2EViT, tile_px: int, device: torch.device) -> int:
    """Return how many tiles go through the model together, as memory allows."""
    room = _CPU_BYTES
    if device.type == "cuda":
        room = int(torch.cuda.mem_get_info(device)[0] * _GPU_SHARE)
    return min(max(room // activation_bytes(model, tile_px), 1), _MOST)


@torch.inference_mode()
def encode_tiles(
    model: E2EViT,
    slide: Slide,
    grid: TileGrid,
    *,
    device: torch.device | str = "cpu",
    precision: str = "auto",
    every_patch: bool = False,
    scores: Sequence[PatchScores] | None = None,
    batch: int | None = None,
    threads: int | None = None,
    progress: Progress = silent,
) -> list[TokenStack]:
    """Let a model look at every tile of a grid by itself; it moves to the device and stays.

    Parameters
    ----------
    every_patch
        Keep all patches instead of merging those of each part: for a merger that is still to learn.
    scores
        Merge by each of these attention mergers; by default the model's own.
    batch
        So many tiles at once; by default as memory allows. Fewer are taken where a GPU's memory does not suffice.

    Returns
    -------
    list of TokenStack
        One a merger of ``scores``, else one. Tiles on damaged data are not ``readable``.

    Raises
    ------
    OptionError
        When tiles of this size cannot be cut into the model's patches.
    SlideError
        When the slide cannot be read.
    DeviceError
        When the main memory does not suffice.
    torch.OutOfMemoryError
        When a GPU's memory does not suffice for a single tile.
    """
    place = torch.device(device)
    was_training = model.training
    model.eval().to(place)
    work = _Work(model, grid, place, every_patch=every_patch, scores=scores)
    dtype = choose_precision(precision, place)
    size = batch or tiles_at_once(model, grid.tile_px, place)
    autocast = torch.autocast(place.type, dtype=dtype, enabled=dtype is not torch.float32)
    done = 0
    with (
        autocast,
        memory_said(len(grid)),
        contextlib.closing(tile_batches(slide, grid, size, threads=threads)) as batches,
    ):
        progress(STEP, 0, len(grid))
        for tiles in batches:
            work.take(tiles, Pace(lambda *_, done=done: progress(STEP, done, len(grid)), 1))
            done += len(tiles.index)
            progress(STEP, done, len(grid))
        work.finish()
    model.train(was_training)
    log.info("%d tiles through %d blocks on %s", done, model.settings.merge_after, place.type)
    return work.stacks


class _Work:
    """The room for the tokens of all tiles, and how a batch gets there."""

    def __init__(
        self,
        model: E2EViT,
        grid: TileGrid,
        device: torch.device,
        *,
        every_patch: bool,
        scores: Sequence[PatchScores] | None,
    ) -> None:
        settings = model.settings
        self._model, self._device, self._every_patch = model, device, every_patch
        self._encoder = TileEncoder(model, tile_px=grid.tile_px, tiles=len(grid))
        learned = settings.merger is Merger.ATTENTION and not every_patch
        self._scores: list[PatchScores | None] = [model.scores if learned else None]
        if learned and scores is not None:
            self._scores = [own.to(device) for own in scores]
        self._most: int | None = None
        self._computed: list[Callable[[], None]] = []
        encoder = self._encoder
        self.stacks = [
            empty_tokens(
                len(grid),
                parts=encoder.parts,
                patches=encoder.side**2 // encoder.parts if every_patch else 1,
                width=encoder.width,
                prefix=encoder.prefix,
                weighted=learned,
                dtype=np.float16 if settings.kept_tokens is KeptTokens.FP16 else np.float32,
            )
            for _ in self._scores
        ]

    def finish(self) -> None:
        """Keep what was computed last."""
        computed, self._computed = self._computed, []
        for keep in computed:
            keep()

    def take(self, tiles: TileBatch, pace: Pace) -> None:
        """Encode a batch, in smaller pieces where the GPU's memory does not suffice."""
        most = min(self._most or len(tiles.index), len(tiles.index))
        start = 0
        while start < len(tiles.index):
            part = slice(start, start + most)
            try:
                self._encode(tiles.index[part], tiles.pixels[part], pace)
            except torch.OutOfMemoryError:
                if most == 1:
                    raise
                most = self._most = max(most // 2, 1)
                torch.cuda.empty_cache()
                log.info("%d tiles at once from here on: the memory of the GPU does not suffice for more", most)
                continue
            start += most

    def _encode(self, index: NDArray[np.int64], pixels: Pixels, pace: Pace) -> None:
        given = torch.from_numpy(pixels)
        if self._device.type == "cuda":
            given = given.pin_memory()
        given = given.to(self._device, non_blocking=True)
        tokens, prefix = self._encoder(given, torch.from_numpy(index), pace)  # (B, parts, m, C), (B, p, C)
        fresh: list[Callable[[], None]] = []
        for number, own in enumerate(self._scores):
            if self._every_patch:
                merged = Merged(tokens=tokens)
            else:
                merged = merge_patches(tokens.flatten(0, 1), self._model.settings.merger, own)
            fresh.append(partial(self._keep, number, index, merged, prefix))
        # a GPU is asked for numbers only while it computes the next ones
        self.finish()
        self._computed = fresh

    def _keep(self, number: int, index: NDArray[np.int64], merged: Merged, prefix: Tensor) -> None:
        stack = self.stacks[number]
        largest = max(float(part.abs().amax()) for part in (merged.tokens, prefix) if part.numel())
        if largest > LARGEST_FP16 and stack.tokens.dtype == np.float16:
            log.info("the tokens are kept in fp32: their numbers are too large for fp16")
            stack = self.stacks[number] = stack.astype(np.float32)
        stack.tokens[index] = merged.tokens.float().cpu().numpy().reshape(len(index), *stack.tokens.shape[1:])
        stack.prefix[index] = prefix.float().cpu().numpy()
        if stack.log_weights is not None and merged.log_weights is not None:
            stack.log_weights[index] = merged.log_weights.float().cpu().numpy().reshape(len(index), -1)
        stack.readable[index] = True


def tokens_key(model: E2EViT, *, precision: str, device: torch.device | str, every_patch: bool = False) -> str:
    """Return the SHA-256, in hex, of what decides the tokens of a tile: the weights below the merger, and how they are used.

    Two models that share their first blocks share their tokens: fine-tuning above them changes nothing here.
    """
    settings = model.settings
    parts = finest_parts(settings.tokens_per_tile)
    said = {
        "merge_after": settings.merge_after,
        "merger": settings.merger.value if not every_patch else "every patch",
        "parts": [parts, settings.split.value if parts == 4 else ""],
        "kept": settings.kept_tokens.value,
        "positions": settings.positions.value == "learned",
        "precision": str(choose_precision(precision, torch.device(device))),
        "normal": [model.mean.tolist(), model.std.tolist()],
    }
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for name, tensor in model.backbone_state().items():
        if _below(name, model, every_patch=every_patch):
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _below(name: str, model: E2EViT, *, every_patch: bool) -> bool:
    """Say whether a weight has a part in the tokens of a tile."""
    if name.startswith("merger."):
        return not every_patch
    if name.startswith("pooler."):
        return False
    first = model.settings.merge_after
    if first == 0:
        return name.startswith("patch_embed.")
    if name.startswith("blocks."):
        return int(name.split(".")[1]) < first
    return first == model.depth or not name.startswith(("norm.", "fc_norm."))
