"""Lay the tile grid over the tissue of a slide."""

import logging

import numpy as np

from e2evit_model.errors import OptionError, TilingError
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.slides.scale import choose_scale
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tiling.orders import Order, order_of
from e2evit_model.tissue.coverage import tissue_fraction_of
from e2evit_model.tissue.mask import TissueMask

log = logging.getLogger(__name__)

ROUNDING = 1e-6
"""A tile is whole, and a fraction is reached, when only this little is missing: the last digits of a calculation."""


def make_grid(
    info: SlideInfo,
    mask: TissueMask,
    *,
    tile_px: int = 224,
    mpp: float = 0.5,
    fraction: float = 0.5,
    order: Order = Order.ROW,
) -> TileGrid:
    """Lay squares that do not overlap over a slide, from its upper left corner on, and keep those with enough tissue.

    Parameters
    ----------
    info
        Of the slide; its resolution must be known.
    mask
        Where there is tissue.
    tile_px
        Side of a tile in pixels of the model's resolution.
    mpp
        The model's resolution, um a pixel; a slide within 5 % of it is taken as it is.
    fraction
        A tile is kept when at least this share of it is tissue, 0..1; with 0 all tiles are kept.
    order
        The order of the strip.

    Returns
    -------
    TileGrid
        N tiles; tiles that would reach over the slide's right or lower border are left out.

    Raises
    ------
    ResolutionError
        When the slide's resolution is unknown, or too coarse.
    TilingError
        When the slide is smaller than a tile, or no tile has enough tissue.
    OptionError
        When ``tile_px`` is not positive, or ``fraction`` not in 0..1.
    """
    if tile_px < 1:
        raise OptionError(
            f"A tile of {tile_px} pixels is not possible.", hint="Use the tile size of the model, 224 px for most."
        )
    if not 0 <= fraction <= 1:
        raise OptionError(f"A tissue fraction of {fraction:g} is not possible.", hint="Give a share between 0 and 1.")
    scale = choose_scale(info, mpp)
    width = tile_px * scale.downsample
    columns, rows = (int(side / width + ROUNDING) for side in (info.width, info.height))
    if not columns or not rows:
        raise TilingError(
            f"The slide is too small for one tile: it has {info.width} x {info.height} pixels, a tile is {width:.0f} pixels wide.",
            hint=f"A tile is {tile_px * scale.mpp:.0f} um wide on the glass. Check the slide's resolution, or use a larger scan.",
        )
    column, row = (places.ravel().astype(np.int32) for places in np.meshgrid(np.arange(columns), np.arange(rows)))
    x, y = np.rint(column * width).astype(np.int64), np.rint(row * width).astype(np.int64)
    tissue = tissue_fraction_of(mask, x, y, width).astype(np.float32)
    kept = np.flatnonzero(tissue >= fraction - ROUNDING)
    if not len(kept):
        raise TilingError(
            f"No tile has enough tissue: the most is {tissue.max():.0%} of a tile, {fraction:.0%} are needed.",
            hint="Lower the share of tissue that a tile needs, or check the tissue mask.",
        )
    kept = kept[order_of(column[kept], row[kept], order)]
    log.info("%d of %d tiles have enough tissue", len(kept), len(column))
    return TileGrid(
        column=column[kept],
        row=row[kept],
        x=x[kept],
        y=y[kept],
        tissue=tissue[kept],
        width=width,
        tile_px=tile_px,
        order=str(order),
        scale=scale,
    )
