"""The strip, wrapped like text: every tile in its order, and under it what the model sees of it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from e2evit_model.report.low_power import tile_thumbnails
from e2evit_model.report.sheet import INK, MARGIN, PALE_INK, RESEARCH_USE, SMALL_PX, TITLE_PX, Sheet, fitted, wrapped
from e2evit_model.slides.protocol import Pixels, Slide
from e2evit_model.tiling.grid import TileGrid

ROW_PX = 1568
TALLEST_PX = 4000
"""Height of the rows together; tiles that would need more are left out, and the picture says so."""

# 224 px at the resolutions of a pyramid whose levels halve or quarter: nothing finer has to be decoded
_SIDES_PX = (56, 28)
_GAP_PX = 16
_SEAM_PX = 2
_LABEL_PX = 96

ORDER_NAMES = {
    "row": "row by row",
    "column": "column by column",
    "serpentine": "row by row, every second one backwards",
    "hilbert": "along a Hilbert curve",
}


@dataclass(frozen=True, kw_only=True)
class StripLayout:
    """How a strip of ``tiles`` is wrapped: ``columns`` tiles of ``side`` px a row, ``rows`` rows, ``shown`` tiles in all."""

    side: int
    columns: int
    rows: int
    shown: int


def lay_strip(tiles: int, *, doubled: bool) -> StripLayout:
    """Choose the largest tiles with which the whole strip fits; with the smallest, the beginning of the strip is shown.

    ``doubled`` says that every row of tiles has a second row under it.
    """
    for side in _SIDES_PX:
        columns = ROW_PX // side
        rows = -(-tiles // columns)
        high = _row_height(side, doubled=doubled)
        if rows * high <= TALLEST_PX or side == _SIDES_PX[-1]:
            break
    rows = min(rows, TALLEST_PX // high)
    return StripLayout(side=side, columns=columns, rows=rows, shown=min(tiles, rows * columns))


def _row_height(side: int, *, doubled: bool) -> int:
    return (2 * side + _SEAM_PX if doubled else side) + _GAP_PX


def strip_figure(
    slide: Slide, grid: TileGrid, path: Path, *, seen: NDArray[np.uint8] | None = None, title: str = ""
) -> None:
    """Draw the strip as a PNG file, each row with the number of its first tile.

    Parameters
    ----------
    seen
        (N, P, P, 3) uint8, the mean patch of each tile: drawn under the tiles as what the model sees.
    title
        Written at the top when it is given; neither path nor name of the slide is in the picture otherwise.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    OutputError
        When the file cannot be written.
    """
    layout = lay_strip(len(grid), doubled=seen is not None)
    text = wrapped(_said(grid, layout, seen), _LABEL_PX + ROW_PX, size=SMALL_PX)
    top = MARGIN + (TITLE_PX + 16 if title else 0)
    high = _row_height(layout.side, doubled=seen is not None)
    below = top + layout.rows * high + 8
    left = MARGIN + _LABEL_PX
    sheet = Sheet(2 * MARGIN + _LABEL_PX + ROW_PX, below + 24 * (len(text) + 1) + MARGIN)
    if title:
        sheet.text(MARGIN, MARGIN - 4, fitted(title, ROW_PX, size=TITLE_PX), size=TITLE_PX, bold=True)
    first = grid.subset(np.arange(layout.shown))
    pictures = _enlarged(tile_thumbnails(slide, first, layout.side), layout.side)
    patches = None if seen is None else _enlarged(seen[: layout.shown], layout.side)
    for row in range(layout.rows):
        part = slice(row * layout.columns, min((row + 1) * layout.columns, layout.shown))
        y = top + row * high
        sheet.text(left - 12, y + layout.side / 2, str(part.start), anchor="rm", size=SMALL_PX)
        sheet.paste(left, y, np.concatenate(list(pictures[part]), axis=1))
        if patches is not None:
            below_tiles = y + layout.side + _SEAM_PX
            sheet.text(left - 12, below_tiles + layout.side / 2, "seen", anchor="rm", size=SMALL_PX, color=PALE_INK)
            sheet.paste(left, below_tiles, np.concatenate(list(patches[part]), axis=1))
    for number, line in enumerate((*text, RESEARCH_USE)):
        sheet.text(MARGIN, below + 24 * number, line, size=SMALL_PX, color=PALE_INK if line == RESEARCH_USE else INK)
    sheet.save(path)


def _enlarged(pictures: Pixels, side: int) -> Pixels:
    """Bring small square pictures (n, s, s, 3) to (n, side, side, 3) by repeating pixels, so that what is seen stays what it is."""
    small = pictures.shape[1]
    if small == side:
        return pictures
    place = np.arange(side) * small // side
    return pictures[:, place][:, :, place]


def _said(grid: TileGrid, layout: StripLayout, seen: NDArray[np.uint8] | None) -> str:
    order = ORDER_NAMES.get(grid.order, grid.order)
    said = f"The strip: {len(grid)} tiles of {grid.tile_px} px side by side, {order}; "
    if layout.shown < len(grid):
        said += f"the first {layout.shown} are shown, "
    said += f"wrapped after {layout.columns} tiles. The number is that of the first tile of its row."
    if seen is not None:
        patch = seen.shape[1]
        said += f' "Seen" is what the model sees of the tile above: the mean of its patches of {patch} × {patch} px.'
    return said
