"""The slide with the overlay: where the model looked, with a color bar in numbers, a scale bar and what was run."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from e2evit_model.inference.result import SlideResult
from e2evit_model.overlay.color_bar import QUANTITY_LABELS, color_bar_ticks
from e2evit_model.overlay.colors import color_table
from e2evit_model.overlay.picture import TilePicture, paint_tiles, to_rgba
from e2evit_model.overlay.values import DisplayScale, default_limits, place_in_limits, scale_quantity
from e2evit_model.report.low_power import low_power
from e2evit_model.report.sheet import (
    CAPTION,
    INK,
    MARGIN,
    PALE_INK,
    SMALL_PX,
    TEXT_PX,
    TITLE_PX,
    WARNING_INK,
    Sheet,
    fitted,
    wrapped,
)
from e2evit_model.slides.protocol import Pixels, Slide

LONGEST_PX = 1600
SIDE_PX = 300
LEAST_PICTURE_PX = 620
LINE_PX = 28


@dataclass(frozen=True, kw_only=True)
class OverlayStyle:
    """How values become colors in a figure. Times uniform has the same colors on every slide, so it is the default."""

    scale: DisplayScale = DisplayScale.TIMES_UNIFORM
    colors: str = "viridis"
    opacity: float = 0.55


def overlay_figure(
    slide: Slide, result: SlideResult, path: Path, *, style: OverlayStyle | None = None, title: str = ""
) -> None:
    """Draw the slide with its attention overlay as a PNG file.

    Neither path nor name of the slide is in it; ``title`` is written at the top when it is given.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    OutputError
        When the file cannot be written.
    """
    chosen = OverlayStyle() if style is None else style
    quantity = scale_quantity(result.attention, chosen.scale)
    limits = default_limits(quantity, chosen.scale)
    tiles = paint_tiles(place_in_limits(quantity, chosen.scale, limits), result.grid)
    table = color_table(chosen.colors)
    picture, downsample = low_power(slide, LONGEST_PX)
    height, width = picture.shape[:2]
    lines = _lines(result, max(width, LEAST_PICTURE_PX) + SIDE_PX)
    top = MARGIN + (TITLE_PX + 16 if title else 0)
    side_height = max(height, LEAST_PICTURE_PX)
    left = 2 * MARGIN + max(width, LEAST_PICTURE_PX)
    sheet = Sheet(left + SIDE_PX, top + side_height + 18 + LINE_PX * len(lines) + MARGIN - 6)
    if title:
        sheet.text(MARGIN, MARGIN - 4, fitted(title, left, size=TITLE_PX), size=TITLE_PX, bold=True)
    sheet.paste(
        MARGIN, top, lay_over(picture, tiles, to_rgba(tiles, table, opacity=chosen.opacity), downsample), frame=True
    )
    um_per_px = None if slide.info.mpp is None else slide.info.mpp * downsample
    sheet.scale_bar(MARGIN + 14, top + height - 14, width * 0.22, um_per_px, downsample)
    for number, part in enumerate(
        wrapped(f"Attention, {QUANTITY_LABELS[chosen.scale]}", SIDE_PX - MARGIN, size=SMALL_PX)
    ):
        sheet.text(left, top + 23 * number, part, size=SMALL_PX)
    bar_height = round(side_height * 0.5)
    sheet.color_bar(left, top + 70, bar_height, table, color_bar_ticks(chosen.scale, limits))
    _small_slide(sheet, picture, left, top + bar_height + 110, side_height - bar_height - 110)
    for number, (line, color) in enumerate(lines):
        sheet.text(MARGIN, top + side_height + 18 + LINE_PX * number, line, color=color)
    sheet.save(path)


def lay_over(picture: Pixels, tiles: TilePicture, rgba: NDArray[np.uint8], downsample: float) -> Image.Image:
    """Blend a picture of tiles, (rows, columns, 4), over a low-power picture (h, w, 3) of the same slide, without smoothing."""
    base = Image.fromarray(picture)
    if not rgba.size:
        return base
    step = downsample / tiles.pixel
    # Pillow asks for the way from a pixel of the result to one of the source
    matrix = (step, 0.0, -tiles.x / tiles.pixel, 0.0, step, -tiles.y / tiles.pixel)
    layer = Image.fromarray(rgba).transform(base.size, Image.Transform.AFFINE, matrix, Image.Resampling.NEAREST)
    base.paste(layer.convert("RGB"), mask=layer.getchannel("A"))
    return base


def _small_slide(sheet: Sheet, picture: Pixels, x: float, y: float, room: float) -> None:
    """Show the same slide without the overlay, for comparison."""
    width = SIDE_PX - MARGIN
    small = Image.fromarray(picture)
    small.thumbnail((width, max(40, int(room) - 26)), Image.Resampling.BOX)
    sheet.text(x, y, "the slide alone", size=SMALL_PX, color=PALE_INK)
    sheet.paste(x, y + 26, small, frame=True)


def _lines(result: SlideResult, width_px: float) -> list[tuple[str, tuple[int, int, int]]]:
    """Return what is written under the picture, with its colors."""
    model, scale = result.model, result.grid.scale
    what = f"{model.name}, {model.backbone}" if model.name != model.backbone else model.name
    facts = f"Model {what} (weights {model.weights_sha256[:12]}); {len(result.grid)} tiles of {result.grid.tile_px} px"
    facts += f" at {scale.mpp:.3g} µm/px" if result.info.mpp is not None else ""
    lines = [(part, INK) for part in wrapped(risk_line(result), width_px)]
    if model.demonstration:
        lines += [(part, WARNING_INK) for part in wrapped(model.demonstration, width_px)]
    lines.append((fitted(facts, width_px, size=TEXT_PX), PALE_INK))
    lines.append((CAPTION, PALE_INK))
    return lines


def risk_line(result: SlideResult) -> str:
    """Say the risk in one line: score, spread over the members, percentile and group where they are known; or why there is none."""
    risk = result.risk
    if risk is None:
        return f"No risk: {result.why_no_risk}"
    said = f"Risk {risk.risk:.3f}"
    if len(risk.member_risks) > 1:
        said += f" ({len(risk.member_risks)} models, {min(risk.member_risks):.3f} to {max(risk.member_risks):.3f})"
    if risk.percentile is not None:
        said += f", percentile {risk.percentile:.0f} in the training cohort"
    if risk.group is not None:
        said += f", {risk.group} risk group by the training cut"
    return said + "."
