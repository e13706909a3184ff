"""What the model sees beside the true pixels, tile by tile in the same places, and how much of it is color."""

from pathlib import Path

import numpy as np
from PIL import Image

from e2evit_model.explain.seen_strip import SeenStrip
from e2evit_model.files import output_folder, write_whole
from e2evit_model.progress import Progress, silent
from e2evit_model.report.low_power import tile_thumbnails
from e2evit_model.report.sheet import INK, MARGIN, PALE_INK, RESEARCH_USE, SMALL_PX, TEXT_PX, Sheet, wrapped
from e2evit_model.report.strip_figure import strip_figure
from e2evit_model.runs.records import write_json
from e2evit_model.slides.protocol import Pixels, Slide
from e2evit_model.strip.preview import mosaic

FILES = ("seen.png", "strip.png", "mosaic.png", "strip.json")

_WIDEST_PX = 900
_TALLEST_PX = 1200
_LEAST_PX = 420
_LARGEST_TILE_PX = 112
_GAP_PX = 24
_LINE_PX = 26


def color_sentence(share: float | None) -> str:
    """Say in words how much of the tokens' variance the mean color explains."""
    if share is None:
        return "There are too few tiles to say how much of the tokens the mean color explains."
    digits = 1 if share > 0.99 else 0
    return f"On this slide the mean color alone explains {share:.{digits}%} of the variance of the tiles' tokens."


def what_is_seen(patch_px: int, tokens_per_tile: float) -> str:
    """Say what becomes of a tile before the transformer."""
    if tokens_per_tile == 1:
        return f"Each tile reaches the transformer as one patch of {patch_px} × {patch_px} px, the mean of all its patches."
    if tokens_per_tile > 1:
        return (
            f"Each tile reaches the transformer as about {tokens_per_tile:g} patches of {patch_px} × {patch_px} px, "
            "each the mean of the patches of a part of the tile."
        )
    return (
        f"About {1 / tokens_per_tile:.3g} tiles reach the transformer as one patch of {patch_px} × {patch_px} px, "
        "the mean of all their patches."
    )


def seen_figure(slide: Slide, strip: SeenStrip, path: Path, *, progress: Progress = silent) -> None:
    """Draw the tiles at their places, left their true pixels, right what the model sees of them, as a PNG file.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    OutputError
        When the file cannot be written.
    """
    grid = strip.grid
    columns, rows = (int(np.ptp(places)) + 1 if len(grid) else 1 for places in (grid.column, grid.row))
    side = int(min(max(min(_WIDEST_PX // columns, _TALLEST_PX // rows), 1), _LARGEST_TILE_PX))
    true = mosaic(_resized(tile_thumbnails(slide, grid, side, progress=progress), side), grid)
    seen = mosaic(_resized(strip.seen, side), grid)
    width, height = max(columns * side, _LEAST_PX), rows * side
    lines = _lines(strip, 2 * width + _GAP_PX)
    top = MARGIN + 30
    sheet = Sheet(2 * MARGIN + 2 * width + _GAP_PX, top + height + 18 + _LINE_PX * len(lines) + MARGIN)
    for number, (name, picture) in enumerate((("The tiles", true), ("What the model sees of them", seen))):
        x = MARGIN + number * (width + _GAP_PX)
        sheet.text(x, MARGIN - 6, name, size=TEXT_PX, bold=True)
        sheet.paste(x, top, picture.pixels, frame=True)
    um_per_px = None if strip.info.mpp is None else strip.info.mpp * grid.width / side
    sheet.scale_bar(MARGIN + 10, top + height - 10, columns * side * 0.25, um_per_px, grid.width / side)
    for number, (line, color) in enumerate(lines):
        sheet.text(MARGIN, top + height + 18 + _LINE_PX * number, line, size=SMALL_PX, color=color)
    sheet.save(path)


def write_seen_files(slide: Slide, strip: SeenStrip, folder: Path, *, progress: Progress = silent) -> tuple[Path, ...]:
    """Write pictures and record of what the model sees into a folder; return the paths in the order of :data:`FILES`.

    ``mosaic.png`` holds the very patches, without text: tile by tile in their places, its corner and its scale are in
    ``strip.json``.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    OutputError
        When the folder cannot be written, or the disk is full.
    """
    output_folder(folder)
    paths = tuple(folder / name for name in FILES)
    seen_figure(slide, strip, paths[0], progress=progress)
    strip_figure(slide, strip.grid, paths[1], seen=strip.seen)
    pure = mosaic(strip.seen, strip.grid)
    with write_whole(paths[2]) as temporary:
        Image.fromarray(pure.pixels).save(temporary, format="PNG", compress_level=3)
    place = {"x": pure.x, "y": pure.y, "width": pure.width, "height": pure.height, "tile_px": pure.tile_side}
    write_json(paths[3], dict(strip.record) | {"mosaic_in_level0_px": place})
    return paths


def _resized(tiles: Pixels, side: int) -> Pixels:
    """Bring tiles (N, s, s, 3) to (N, side, side, 3): enlarged by repeating pixels, made smaller by averaging."""
    small = tiles.shape[1]
    if small == side:
        return tiles
    if small < side:
        place = np.arange(side) * small // side
        return tiles[:, place][:, :, place]
    size = (side, side)
    averaged = [np.asarray(Image.fromarray(one).resize(size, Image.Resampling.BOX)) for one in tiles]
    return np.stack(averaged) if averaged else np.empty((0, side, side, 3), np.uint8)


def _lines(strip: SeenStrip, width_px: float) -> list[tuple[str, tuple[int, int, int]]]:
    text = f"{what_is_seen(strip.patch_px, strip.tokens_per_tile)} {color_sentence(strip.color_share)}"
    model = f"Model {strip.model.name} (weights {strip.model.weights_sha256[:12]}); {len(strip.grid)} tiles of "
    model += f"{strip.grid.tile_px} px. {RESEARCH_USE}"
    said = [(line, INK) for line in wrapped(text, width_px, size=SMALL_PX)]
    return said + [(line, PALE_INK) for line in wrapped(model, width_px, size=SMALL_PX)]
