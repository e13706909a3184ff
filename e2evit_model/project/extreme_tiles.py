"""The tiles of a whole project that got most attention, and those that got least."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import E2EViTError, ProjectError
from e2evit_model.overlay.values import times_uniform
from e2evit_model.progress import Progress, silent
from e2evit_model.project.entries import ResultEntry, SlideEntry
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.project.results import read_attention
from e2evit_model.report.low_power import tile_thumbnails
from e2evit_model.slides.opening import open_slide

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class GalleryTile:
    """A tile of a slide: its number in the strip, and its attention as times uniform, so that slides can be compared."""

    slide: str
    result: str
    tile: int
    times_uniform: float


def extreme_tiles(
    folder: ProjectFolder,
    results: Sequence[ResultEntry],
    *,
    count: int,
    most_of_a_slide: int,
    progress: Progress = silent,
) -> tuple[list[GalleryTile], list[GalleryTile]]:
    """Find the tiles with the highest and the lowest attention across slides.

    Attention is compared as times uniform: a tile's share as a multiple of the mean over its slide. Results that cannot be read are
    passed over.

    Parameters
    ----------
    count
        How many tiles of each kind.
    most_of_a_slide
        How many of them may come from one slide.

    Returns
    -------
    tuple of two lists
        The highest, falling; the lowest, rising.
    """
    found: list[GalleryTile] = []
    for done, entry in enumerate(results):
        progress("Looking through the tiles", done, len(results))
        try:
            _, attention = read_attention(folder, entry.id)
        except ProjectError as error:
            log.debug("passed over: %s", error.message)
            continue
        times = times_uniform(attention)
        order = np.argsort(times, kind="stable")
        ends = np.unique(np.concatenate([order[:most_of_a_slide], order[-most_of_a_slide:]]))
        found += [
            GalleryTile(slide=entry.slide, result=entry.id, tile=int(tile), times_uniform=float(times[tile]))
            for tile in ends
        ]
    falling = sorted(found, key=lambda one: (-one.times_uniform, one.slide, one.tile))
    return _from_each(falling, count, most_of_a_slide), _from_each(falling[::-1], count, most_of_a_slide)


def tile_pictures(
    folder: ProjectFolder,
    slides: Sequence[SlideEntry],
    tiles: Sequence[GalleryTile],
    side_px: int,
    *,
    progress: Progress = silent,
) -> dict[GalleryTile, NDArray[np.uint8]]:
    """Read tiles small, (side, side, 3) each; those of slides that cannot be read are left out."""
    by_result: dict[tuple[str, str], list[GalleryTile]] = defaultdict(list)
    for tile in tiles:
        by_result[tile.slide, tile.result].append(tile)
    entries = {slide.id: slide for slide in slides}
    pictures: dict[GalleryTile, NDArray[np.uint8]] = {}
    for done, ((slide_id, result_id), wanted) in enumerate(by_result.items()):
        progress("Reading the tiles", done, len(by_result))
        entry = entries.get(slide_id)
        if entry is None:
            continue
        try:
            grid, _ = read_attention(folder, result_id)
            with open_slide(folder.resolve(entry.path)) as slide:
                if slide.info.fingerprint != entry.fingerprint:
                    continue
                chosen = np.array([tile.tile for tile in wanted])
                small = tile_thumbnails(slide, grid.subset(chosen), side_px)
        except E2EViTError as error:
            log.debug("no pictures of a slide: %s", error.message)
            continue
        pictures.update(zip(wanted, small, strict=True))
    return pictures


def _from_each(ordered: Sequence[GalleryTile], count: int, most_of_a_slide: int) -> list[GalleryTile]:
    taken: dict[str, int] = defaultdict(int)
    chosen: list[GalleryTile] = []
    for tile in ordered:
        if len(chosen) == count:
            break
        if taken[tile.slide] < most_of_a_slide:
            taken[tile.slide] += 1
            chosen.append(tile)
    return chosen
