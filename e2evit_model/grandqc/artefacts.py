"""GrandQC's second stage: clean tissue and five kinds of artefacts at 1 to 2 um/px, where the first stage found tissue."""

import logging
from contextlib import closing

import numpy as np
from numpy.typing import NDArray
from torch import nn

from e2evit_model.errors import TilingError
from e2evit_model.grandqc.models import TILE_PX, Network
from e2evit_model.grandqc.networks import classes_of
from e2evit_model.progress import Progress
from e2evit_model.slides.protocol import Slide
from e2evit_model.strip.tile_batches import tile_batches
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tiling.making import make_grid
from e2evit_model.tiling.orders import Order
from e2evit_model.tissue.mask import TissueMask

log = logging.getLogger(__name__)

STEP = "Finding artefacts by GrandQC"
LEAST_TISSUE_PX = 50
"""A tile with fewer pixels of tissue is not looked at."""


def with_artefacts(
    slide: Slide, mask: TissueMask, network: Network, built: nn.Module, *, tile_px: int = TILE_PX, progress: Progress
) -> NDArray[np.uint8]:
    """Part the tissue of a mask into clean tissue and artefacts; (h, w) of ``Finding`` on the mask's raster.

    As the authors do: tiles of 512 px at the network's resolution wherever there is tissue, ImageNet's normalization, the likeliest
    class of each pixel, and background where the first stage saw background. A pixel of the mask is what most of its pixels at the
    finer resolution are. What is not looked at stays what it was: tissue on damaged data, and the last strip at the right and the
    lower border that does not fill a tile.

    Raises
    ------
    ResolutionError
        When the slide's resolution is unknown, or too coarse.
    SlideError
        When the slide cannot be read.
    Cancelled
        By ``progress``.
    """
    fraction = LEAST_TISSUE_PX / tile_px**2
    try:
        grid = make_grid(slide.info, mask, tile_px=tile_px, mpp=network.mpp, fraction=fraction, order=Order.ROW)
    except TilingError as error:
        log.info("no tile is looked at for artefacts: %s", error.message)
        return mask.findings
    votes = np.zeros((*mask.findings.shape, len(network.classes)), np.uint16)
    with closing(tile_batches(slide, grid, 1)) as batches:
        for done, batch in enumerate(batches):
            progress(STEP, done, len(grid))
            _vote(votes, classes_of(built, batch.pixels)[0], grid, int(batch.index[0]), mask.downsample)
    progress(STEP, len(grid), len(grid))
    as_finding = np.array([network.classes[number] for number in sorted(network.classes)], np.uint8)
    likeliest = as_finding[votes.argmax(axis=2)]
    seen = votes.any(axis=2)
    return np.where(mask.tissue & seen, likeliest, mask.findings).astype(np.uint8)


def _vote(votes: NDArray[np.uint16], classes: NDArray[np.uint8], grid: TileGrid, index: int, downsample: float) -> None:
    """Let every pixel of a tile vote for the class of the mask's pixel that it lies in."""
    side = classes.shape[0]
    middle = (np.arange(side) + 0.5) * grid.width / side
    rows = ((float(grid.y[index]) + middle) / downsample).astype(np.intp)
    columns = ((float(grid.x[index]) + middle) / downsample).astype(np.intp)
    inside_rows, inside_columns = rows < votes.shape[0], columns < votes.shape[1]
    rows, columns = rows[inside_rows], columns[inside_columns]
    if not len(rows) or not len(columns):
        return
    kept = classes[np.ix_(inside_rows, inside_columns)].astype(np.intp)
    height, width, kinds = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1, votes.shape[2]
    place = ((rows - rows[0])[:, None] * width + (columns - columns[0])[None]) * kinds + kept
    counts = np.bincount(place.ravel(), minlength=height * width * kinds).reshape(height, width, kinds)
    votes[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] += counts.astype(np.uint16)
