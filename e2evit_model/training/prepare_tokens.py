"""All slides of a cohort to tokens on disk: the first blocks of the model look at each tile once, whatever is trained above them.

Slides go through this process one after the other: the arithmetic fills the machine, and decoding runs ahead of it.
"""

import hashlib
import logging
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import torch

from e2evit_model.cohort.cohort import CohortSlide
from e2evit_model.convert.devices import choose_device
from e2evit_model.convert.merging import finest_parts
from e2evit_model.convert.settings import KeptTokens, Merger, Positions
from e2evit_model.convert.token_stream import encode_tiles, tokens_key
from e2evit_model.errors import E2EViTError
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.protocol import Slide, SlideInfo
from e2evit_model.strip.token_stack import TokenStack
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.faults import out_of_memory
from e2evit_model.training.network import Pretrained, choose_dtype
from e2evit_model.training.prepare import (
    STEP,
    FailedSlide,
    Heard,
    Preparation,
    PreparedSlide,
    SlideJob,
    disk_need,
    judge_damage,
    lay_tiles,
    prepare_patches,
    slide_jobs,
    wish_for,
)
from e2evit_model.training.prepared_files import StripWish, prepared_path, read_strip
from e2evit_model.training.prepared_tokens import read_token_strip, write_token_strip
from e2evit_model.training.repeating import Repeating
from e2evit_model.training.strips import AnyStrip, TokenStrip

log = logging.getLogger(__name__)


def prepare_material(
    slides: Sequence[CohortSlide],
    config: TrainingConfig,
    pretrained: Pretrained,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    heard: Heard | None = None,
    progress: Progress = silent,
) -> Preparation:
    """Prepare slides as a run needs them: mean patches, or tokens where the model looks at every patch.

    The need of disk is logged before. What is prepared already is not done again.

    Raises
    ------
    TrainingError
        When a slide has no file, or the memory of the GPU does not suffice.
    OutputError
        When the results cannot be written.
    Cancelled
        When ``progress`` raises it; what was prepared stays.
    """
    wish = wish_for(config, pretrained.backbone)
    if not config.conversion.needs_pixels:
        return prepare_patches(slides, wish, workers=workers, executor=executor, heard=heard, progress=progress)
    jobs = slide_jobs(slides, wish)
    looker = TokenMaker(pretrained, config)
    log.info("%s", disk_need(jobs, tile_bytes=looker.tile_bytes, path_of=looker.path_of, progress=progress).sentence)
    found: list[PreparedSlide | FailedSlide] = []
    for done, job in enumerate(jobs):
        repeating = Repeating(progress)
        repeating(STEP, done, len(jobs))
        found.append(looker.prepare(job, progress=progress))
        if heard is not None:
            heard(found[-1])
    progress(STEP, len(jobs), len(jobs))
    return Preparation(
        prepared=tuple(result for result in found if isinstance(result, PreparedSlide)),
        failed=tuple(result for result in found if isinstance(result, FailedSlide)),
        looked=True,
    )


def read_prepared(config: TrainingConfig, slide: PreparedSlide) -> AnyStrip:
    """Read what :func:`prepare_material` made of a slide.

    Raises
    ------
    CacheError
        When it is gone or damaged.
    """
    read = read_token_strip if config.conversion.needs_pixels else read_strip
    return read(slide.key, slide.slide_id)


class TokenMaker:
    """Lets the first blocks of a model look at slides, and keeps what they see."""

    def __init__(self, pretrained: Pretrained, config: TrainingConfig) -> None:
        self._encoder = pretrained.encoder
        self._device = choose_device(config.device)
        dtype = choose_dtype(config.precision, self._device)
        self._precision = "bf16" if dtype is torch.bfloat16 else "fp32"
        self._every_patch = config.conversion.merger is Merger.ATTENTION  # it still learns how to merge them
        self._key = tokens_key(
            self._encoder, precision=self._precision, device=self._device, every_patch=self._every_patch
        )
        self._tile_px = wish_for(config, pretrained.backbone).tile_px

    @property
    def tile_bytes(self) -> int:
        """How much is kept of a tile."""
        model, settings = self._encoder, self._encoder.settings
        patches = (self._tile_px // model.patch_px) ** 2
        tokens = patches if self._every_patch else finest_parts(settings.tokens_per_tile)
        prefix = model.prefix if settings.merge_after else 0
        return (tokens + prefix) * int(model.vit.embed_dim) * (2 if settings.kept_tokens is KeptTokens.FP16 else 4)

    def key(self, info: SlideInfo, wish: StripWish) -> str:
        """Return what names the tokens of a slide."""
        return hashlib.sha256(f"{wish.key(info)} {self._key}".encode()).hexdigest()

    def path_of(self, info: SlideInfo, wish: StripWish) -> Path:
        """Return where the tokens of a slide are, or would be."""
        return prepared_path(self.key(info, wish))

    def prepare(self, job: SlideJob, *, progress: Progress = silent) -> PreparedSlide | FailedSlide:
        """Prepare one slide, unless that is done; a slide that cannot be read is told, not raised.

        Raises
        ------
        TrainingError
            When the memory of the GPU does not suffice for a single tile.
        OutputError, Cancelled
            As :func:`prepare_material`.
        """
        wish = job.wish
        try:
            with open_slide(job.path, mpp=wish.tiles.mpp) as slide:
                key = self.key(slide.info, wish)
                known = _known(key, job.slide_id)
                if known is not None:
                    return PreparedSlide(slide_id=job.slide_id, key=key, tiles=len(known), mpp=known.mpp)
                grid = lay_tiles(slide, wish, progress)
                look = partial(self._look, slide, progress=progress)
                tokens, tiles = look(grid), len(grid)
                notices = judge_damage(int((~tokens.readable).sum()), tiles, wish.tiles.damaged_share)
                if notices and self._encoder.settings.positions is Positions.LEARNED:
                    grid = grid.subset(tokens.readable)  # positions are stretched over the strip as it is without them
                    tokens = look(grid)
                strip = TokenStrip.of(job.slide_id, tokens, grid, key)
        except torch.OutOfMemoryError as error:
            raise out_of_memory(job.slide_id) from error
        except E2EViTError as error:
            log.info("a slide cannot be used: %s", error.message)
            return FailedSlide(slide_id=job.slide_id, reason=error.message, hint=error.hint)
        write_token_strip(key, strip)
        notices = (*filter(None, (grid.scale.note,)), *notices)
        return PreparedSlide(slide_id=job.slide_id, key=key, tiles=len(strip), mpp=strip.mpp, notices=notices)

    def _look(self, slide: Slide, grid: TileGrid, *, progress: Progress) -> TokenStack:
        return encode_tiles(
            self._encoder,
            slide,
            grid,
            device=self._device,
            precision=self._precision,
            every_patch=self._every_patch,
            progress=progress,
        )[0]


def _known(key: str, slide_id: str) -> TokenStrip | None:
    if not prepared_path(key).is_file():
        return None
    try:
        return read_token_strip(key, slide_id)
    except E2EViTError as error:
        log.info("%s It is made again.", error.message)
        return None
