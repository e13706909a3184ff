"""Pictures of the strip: the tiles in their order, and what the model sees of them, a mean patch each.

Tiles that cannot be read are drawn in an even gray.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Pixels, Slide, SlideInfo
from e2evit_model.slides.scale import Scale
from e2evit_model.strip.layout import StripLayout
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.strip.patches import parts_of_tile
from e2evit_model.strip.tiles import each_tile
from e2evit_model.tiling.grid import TileGrid

UNREADABLE_GRAY = 128
BACKGROUND = 255

_LARGEST_PICTURE_PX = 2**28  # 768 MiB


@dataclass(frozen=True, kw_only=True)
class Mosaic:
    """What the model sees, each tile at its place on the slide.

    ``pixels`` (h, w, 3), white where there is no tile, covers ``width`` x ``height`` level-0 pixels from (``x``, ``y``) on; a tile
    is ``tile_side`` pixels wide.
    """

    pixels: Pixels
    x: float
    y: float
    width: float
    height: float
    tile_side: int


def seen_parts(stack: PatchStack, patch_px: int) -> Pixels:
    """Return the mean patch of each part of each tile, (N, splits, P, P, 3), rounded to 8 bits.

    Raises
    ------
    OptionError
        When the stack was not made for this patch size.
    """
    patches = stack.patches_per_part(patch_px)
    sums = stack.of_patches((patch_px,)).sums[patch_px]
    seen: Pixels = ((sums.astype(np.uint32) + patches // 2) // patches).astype(np.uint8)
    seen[~stack.readable] = UNREADABLE_GRAY
    return seen


def tiles_of_parts(parts: Pixels) -> Pixels:
    """Put the mean patches of each tile's parts, (N, splits, P, P, 3), together as tiles (N, S, S, 3).

    A tile of one part is its mean patch (S = P). One of quadrants is four mean patches (S = 2 P). One of halves shows each half's
    mean patch twice, side by side.
    """
    count, splits, side = parts.shape[:3]
    below, beside = parts_of_tile(splits)
    cells = parts.reshape(count, below, beside, side, side, 3)
    if beside < below:
        cells = np.repeat(cells, below, axis=2)
    tiles: Pixels = cells.transpose(0, 1, 3, 2, 4, 5).reshape(count, below * side, below * side, 3)
    return tiles


def mosaic(tiles: Pixels, grid: TileGrid) -> Mosaic:
    """Put pictures of the tiles, (N, S, S, 3), at their places on the slide, side by side.

    Raises
    ------
    OptionError
        When there are pictures of another number of tiles than the grid has, or the picture would be too large.
    """
    if len(tiles) != len(grid):
        raise OptionError(
            f"The strip has {len(tiles)} tiles, but the grid has {len(grid)}.",
            hint="Read the slide again for this grid.",
        )
    side = tiles.shape[1]
    column, row = (part - part.min(initial=part[0] if len(part) else 0) for part in (grid.column, grid.row))
    columns, rows = (int(part.max(initial=-1)) + 1 for part in (column, row))
    _check_size(columns * side, rows * side)
    cells = np.full((rows, columns, side, side, 3), BACKGROUND, np.uint8)
    cells[row, column] = tiles
    pixels = cells.transpose(0, 2, 1, 3, 4).reshape(rows * side, columns * side, 3)
    x, y = (float(part.min()) * grid.width if len(part) else 0.0 for part in (grid.column, grid.row))
    return Mosaic(pixels=pixels, x=x, y=y, width=columns * grid.width, height=rows * grid.width, tile_side=side)


def draw_strip(tiles: Pixels, layout: StripLayout) -> Pixels:
    """Draw tiles of equal size, (N, s, s, 3), as a layout of that tile side says; white between them."""
    picture = _empty_picture(layout)
    side = _whole_side(layout)
    for (x, y), tile in zip(layout.corners(range(layout.count)).astype(int).tolist(), tiles, strict=True):
        picture[y : y + side, x : x + side] = tile
    return picture


def strip_picture(
    slide: Slide,
    grid: TileGrid,
    layout: StripLayout,
    *,
    threads: int | None = None,
    progress: Progress = silent,
) -> Pixels:
    """Draw the strip, or the beginning of it when the layout has fewer tiles, from the level that is just fine enough.

    Raises
    ------
    OptionError
        When a drawn tile would be larger than the tile itself, or the picture too large.
    SlideError
        When the slide cannot be read at all.
    """
    side = _whole_side(layout)
    picture = _empty_picture(layout)
    chosen = _drawn_at(slide.info, grid.subset(np.arange(min(layout.count, len(grid)), dtype=np.int64)), side)
    corners = layout.corners(range(layout.count)).astype(int).tolist()

    def draw(index: int, pixels: Pixels | None) -> None:
        x, y = corners[index]
        picture[y : y + side, x : x + side] = UNREADABLE_GRAY if pixels is None else pixels

    each_tile(slide, chosen, draw, threads=threads, progress=progress, step="Drawing the strip")
    return picture


def _drawn_at(info: SlideInfo, grid: TileGrid, side: int) -> TileGrid:
    """Return the same squares of the slide as tiles of ``side`` px, made in the cheapest way."""
    wanted = grid.width / side
    finest = grid.scale.downsample
    if wanted < finest * (1 - 1e-9):
        raise OptionError(
            f"Tiles of {grid.tile_px} px cannot be drawn {side} px wide.",
            hint=f"Choose at most {grid.tile_px} px a tile.",
        )
    levels = [n for n, level in enumerate(info.levels) if level.downsample <= wanted * (1 + 1e-9)]
    level = max(levels, key=lambda n: info.levels[n].downsample, default=0)
    downsample = info.levels[level].downsample
    reduce = max((f for f in (1, 2, 4, 8) if downsample * f <= wanted * (1 + 1e-9)), default=1)
    resample = wanted / (downsample * reduce)
    scale = Scale(
        level=level, reduce=reduce, resample=resample, downsample=wanted, mpp=grid.scale.mpp * wanted / finest
    )
    return replace(grid, tile_px=side, scale=scale)


def _whole_side(layout: StripLayout) -> int:
    sizes: NDArray[np.float64] = np.array([layout.tile_side, layout.row_gap, layout.label_width])
    if (sizes != np.floor(sizes)).any():
        raise OptionError(
            f"A picture of the strip cannot have tiles of {layout.tile_side:g} px.",
            hint="Choose a whole number of pixels.",
        )
    return int(layout.tile_side)


def _empty_picture(layout: StripLayout) -> Pixels:
    _whole_side(layout)
    _check_size(int(layout.width), int(layout.height))
    return np.full((int(layout.height), int(layout.width), 3), BACKGROUND, np.uint8)


def _check_size(width: int, height: int) -> None:
    if width * height > _LARGEST_PICTURE_PX:
        raise OptionError(
            f"A picture of {width} x {height} px is too large.",
            hint="Choose smaller tiles, or draw a part of the strip.",
        )
