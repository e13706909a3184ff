"""All slides of a cohort to strips on disk: in several processes, resumable, one bad slide not stopping the others."""

import logging
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from e2evit_model.cohort.cohort import CohortSlide
from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.merging import finest_parts
from e2evit_model.errors import E2EViTError, SlideError, TrainingError
from e2evit_model.files import cache_folder
from e2evit_model.grandqc.finding import find_tissue
from e2evit_model.processes import own_or_given, run_jobs, until_given_up
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.protocol import Slide, SlideInfo
from e2evit_model.slides.scale import choose_scale
from e2evit_model.strip.cache import load_or_read
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tiling.making import make_grid
from e2evit_model.training.config import DEFAULT_TILE_MPP, TrainingConfig
from e2evit_model.training.prepared_files import PreparedStrips, StripWish, prepared_path, read_strip, write_strip
from e2evit_model.training.prepared_tokens import PreparedTokens
from e2evit_model.training.strips import Strip

log = logging.getLogger(__name__)

STEP = "Preparing slides"
LOOKING = "Looking at the slides"
_GB = 1e9


def wish_for(config: TrainingConfig, backbone: Backbone) -> StripWish:
    """Return how the strips of a run are wanted: the config's tile settings, completed by the backbone's."""
    tiles = config.tiles
    return StripWish(
        tiles=tiles,
        tile_mpp=tiles.tile_mpp or backbone.mpp or DEFAULT_TILE_MPP,
        tile_px=tiles.tile_px or backbone.tile_px,
        patch_px=backbone.patch_px,
        splits=finest_parts(config.conversion.tokens_per_tile),
    )


@dataclass(frozen=True, kw_only=True)
class SlideJob:
    """One slide to prepare; goes to another process."""

    slide_id: str
    path: Path
    wish: StripWish


@dataclass(frozen=True, kw_only=True)
class PreparedSlide:
    """A slide that was prepared: ``key`` names its file; ``tiles`` it has; ``notices`` are sentences for the user."""

    slide_id: str
    key: str
    tiles: int
    mpp: float
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FailedSlide:
    """A slide that cannot be used, and why."""

    slide_id: str
    reason: str
    hint: str = ""


Heard = Callable[[PreparedSlide | FailedSlide], None]


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """What preparing a cohort gave, in the order of the slides; ``looked`` says that tokens of tiles were prepared."""

    prepared: tuple[PreparedSlide, ...]
    failed: tuple[FailedSlide, ...]
    looked: bool = False

    @property
    def strips(self) -> PreparedStrips | PreparedTokens:
        """The strips to train on."""
        keys = {slide.slide_id: slide.key for slide in self.prepared}
        return PreparedTokens(keys) if self.looked else PreparedStrips(keys)

    def accept(self, *, skip_failed: bool) -> PreparedStrips | PreparedTokens:
        """Return the strips, or stop because some slides failed and nobody said to go on without them.

        Raises
        ------
        TrainingError
            When slides failed and are not to be left out, or when all failed.
        """
        if self.failed and (not skip_failed or not self.prepared):
            first = self.failed[0]
            total = len(self.failed) + len(self.prepared)
            raise TrainingError(
                f'{len(self.failed)} of {total} slides cannot be used. The first is "{first.slide_id}": {first.reason}',
                hint="Look at the list of failed slides; mend them, or go on without them (--skip-failed)."
                if self.prepared
                else first.hint,
            )
        return self.strips


def prepare_slide(job: SlideJob, *, progress: Progress = silent) -> PreparedSlide | FailedSlide:
    """Prepare one slide, unless it is prepared already; a slide that cannot be read is told, not raised.

    Raises
    ------
    OutputError
        When the result cannot be written: the next slide could not be either.
    Cancelled
        When ``progress`` raises it.
    """
    wish = job.wish
    try:
        with open_slide(job.path, mpp=wish.tiles.mpp) as slide:
            key = wish.key(slide.info)
            known = _known(key, job.slide_id)
            if known is not None:
                return PreparedSlide(slide_id=job.slide_id, key=key, tiles=len(known), mpp=known.mpp)
            grid = lay_tiles(slide, wish, progress)
            stack, notices = load_or_read(
                slide, grid, patch_sizes=(wish.patch_px,), splits=wish.splits, use_cache=False, progress=progress
            )
            strip = Strip.of(job.slide_id, stack, grid, key)
            notices += judge_damage(len(grid) - len(strip), len(grid), wish.tiles.damaged_share)
    except E2EViTError as error:
        log.info("a slide cannot be used: %s", error.message)
        return FailedSlide(slide_id=job.slide_id, reason=error.message, hint=error.hint)
    write_strip(key, strip)
    notices = (*filter(None, (grid.scale.note,)), *notices)
    return PreparedSlide(slide_id=job.slide_id, key=key, tiles=len(strip), mpp=strip.mpp, notices=notices)


def _known(key: str, slide_id: str) -> Strip | None:
    if not prepared_path(key).is_file():
        return None
    try:
        return read_strip(key, slide_id)
    except E2EViTError as error:
        log.info("%s It is made again.", error.message)
        return None


def lay_tiles(slide: Slide, wish: StripWish, progress: Progress) -> TileGrid:
    """Find the tissue of a slide and lay the tiles that are wanted.

    Raises
    ------
    TissueError, TilingError, ResolutionError
        When there is none.
    """
    mask = find_tissue(slide, method=wish.tiles.tissue, progress=progress)
    return make_grid(
        slide.info,
        mask,
        tile_px=wish.tile_px,
        mpp=wish.tile_mpp,
        fraction=wish.tiles.tissue_fraction,
        order=wish.tiles.order,
    )


def judge_damage(damaged: int, tiles: int, allowed: float) -> tuple[str, ...]:
    """Say how many tiles were left out because they lie on damaged data.

    Raises
    ------
    SlideError
        When these are more than allowed.
    """
    if damaged == 0:
        return ()
    if damaged > allowed * tiles or damaged == tiles:
        raise SlideError(
            f"{damaged} of {tiles} tiles cannot be read ({damaged / tiles:.0%}): the file is damaged.",
            hint=f"Up to {allowed:.0%} may be damaged (--damaged-share). Copy or scan the slide again.",
        )
    return (f"{damaged} of {tiles} tiles are damaged in the file and were left out.",)


def slide_jobs(slides: Sequence[CohortSlide], wish: StripWish) -> list[SlideJob]:
    """Make the job of each slide.

    Raises
    ------
    TrainingError
        When a slide has no file.
    """
    for slide in slides:
        if slide.path is None:
            raise TrainingError(
                f'The slide "{slide.slide_id}" has no file.', hint="Choose the folder that holds the slides."
            )
    return [SlideJob(slide_id=s.slide_id, path=s.path, wish=wish) for s in slides if s.path is not None]


def prepare_slides(
    jobs: Sequence[SlideJob],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    heard: Heard | None = None,
    progress: Progress = silent,
) -> Preparation:
    """Prepare slides, each in one process at a time; what is prepared already is not done again.

    Parameters
    ----------
    workers
        How many processes of our own, when no ``executor`` is given; ``None``: one for every two cores, since reading one slide
        uses several threads. 1 works in this process and tells progress over tiles, too.
    heard
        Told of each slide as soon as it is done, while others are still being read.

    Raises
    ------
    OutputError
        When the results cannot be written.
    Cancelled
        When ``progress`` raises it; what was prepared stays.
    """
    found: dict[str, PreparedSlide | FailedSlide] = {}
    count = workers or max((os.cpu_count() or 2) // 2, 1)

    def take(job: SlideJob, result: PreparedSlide | FailedSlide) -> None:
        found[job.slide_id] = result
        if heard is not None:
            heard(result)

    if executor is None and (count == 1 or len(jobs) <= 1):
        for done, job in enumerate(jobs):
            progress(STEP, done, len(jobs))
            take(job, prepare_slide(job, progress=progress))
        progress(STEP, len(jobs), len(jobs))
    else:
        with own_or_given(executor, min(count, len(jobs))) as pool:
            work = partial(prepare_slide, progress=until_given_up)
            run_jobs(pool, work, jobs, heard=take, tick=partial(progress, STEP, total=len(jobs)))
    results = [found[job.slide_id] for job in jobs]
    return Preparation(
        prepared=tuple(result for result in results if isinstance(result, PreparedSlide)),
        failed=tuple(result for result in results if isinstance(result, FailedSlide)),
    )


def prepare_patches(
    slides: Sequence[CohortSlide],
    wish: StripWish,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    heard: Heard | None = None,
    progress: Progress = silent,
) -> Preparation:
    """Prepare the mean patches of slides, the need of disk logged before; see :func:`prepare_slides`.

    Raises
    ------
    TrainingError
        When a slide has no file.
    OutputError, Cancelled
        As :func:`prepare_slides`.
    """
    jobs = slide_jobs(slides, wish)
    log.info("%s", disk_need(jobs, progress=progress).sentence)
    return prepare_slides(jobs, workers=workers, executor=executor, heard=heard, progress=progress)


@dataclass(frozen=True, kw_only=True)
class DiskNeed:
    """How much disk preparing takes at most (as if all of every slide were tissue), and how much is free."""

    at_most: int
    free: int

    @property
    def sentence(self) -> str:
        """What to tell the user before it begins."""
        short = " That may not suffice." if self.at_most > self.free else ""
        return (
            f"Preparing the slides takes at most {self.at_most / _GB:.2f} GB of disk; "
            f"{self.free / _GB:.1f} GB are free where it goes.{short}"
        )


def disk_need(
    jobs: Sequence[SlideJob],
    *,
    tile_bytes: int | None = None,
    path_of: Callable[[SlideInfo, StripWish], Path] | None = None,
    progress: Progress = silent,
) -> DiskNeed:
    """Look at every slide's size, some milliseconds each, and say how much disk is needed; unreadable slides count nothing.

    Parameters
    ----------
    tile_bytes
        What is kept of each tile; by default its mean patches.
    path_of
        Where that would be; slides whose file is there need nothing.
    """
    total = 0
    for done, job in enumerate(jobs):
        progress(LOOKING, done, len(jobs))
        try:
            with open_slide(job.path, mpp=job.wish.tiles.mpp) as slide:
                info = slide.info
                path = path_of(info, job.wish) if path_of else prepared_path(job.wish.key(info))
                if not path.is_file():
                    total += _most_tiles(info, job.wish) * (tile_bytes or _bytes_of_patches(job.wish))
        except E2EViTError as error:
            log.debug("the size of a slide is not known: %s", error.message)
    place = cache_folder()
    while not place.exists():
        place = place.parent
    return DiskNeed(at_most=total, free=shutil.disk_usage(place).free)


def _most_tiles(info: SlideInfo, wish: StripWish) -> int:
    side = choose_scale(info, wish.tile_mpp).downsample * wish.tile_px
    return int(info.width / side) * int(info.height / side)


def _bytes_of_patches(wish: StripWish) -> int:
    number = 2 if (wish.tile_px // wish.patch_px) ** 2 // wish.splits <= 257 else 4
    return wish.splits * wish.patch_px**2 * 3 * number
