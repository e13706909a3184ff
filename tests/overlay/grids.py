"""Tile grids for the tests of overlays."""

import numpy as np

from e2evit_model.slides.scale import Scale
from e2evit_model.tiling.grid import TileGrid


def make_grid(columns, rows, *, width=448.0, left=1000, top=500, tile_px=224):
    """Lay tiles at the given columns and rows, with corners rounded as a slide with a side that is not whole rounds them."""
    column, row = np.asarray(columns, np.int32), np.asarray(rows, np.int32)
    return TileGrid(
        column=column,
        row=row,
        x=np.round(left + column * width).astype(np.int64),
        y=np.round(top + row * width).astype(np.int64),
        tissue=np.ones(len(column), np.float32),
        width=width,
        tile_px=tile_px,
        order="row",
        scale=Scale(level=0, reduce=1, resample=width / tile_px, downsample=width / tile_px, mpp=0.5),
    )
