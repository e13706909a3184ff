"""The slide with the outline of its tissue, and what was left out and why."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from e2evit_model.report.low_power import low_power
from e2evit_model.report.sheet import INK, MARGIN, PALE_INK, RESEARCH_USE, SMALL_PX, TITLE_PX, Sheet, fitted, wrapped
from e2evit_model.slides.protocol import Pixels, Slide
from e2evit_model.tissue.mask import Finding, TissueMask
from e2evit_model.tissue.outline import outline

LONGEST_PX = 1600
SIDE_PX = 360
LEAST_PICTURE_PX = 560

# colors that most color blind eyes tell apart (Okabe and Ito 2008), none of them that of H&E
LOOKS: dict[Finding, tuple[tuple[int, int, int], str, str]] = {
    Finding.TISSUE: ((0, 114, 178), "tissue", "what the model is given"),
    Finding.PEN: ((213, 94, 0), "pen", "left out: ink of a pen"),
    Finding.DEBRIS: ((230, 159, 0), "debris", "left out: dust, hair, borders of glass"),
    Finding.TOO_SMALL: ((0, 158, 115), "too small", "left out: smaller than a piece of tissue"),
    Finding.EXCLUDED: ((70, 70, 70), "excluded", "left out by a mask or by hand"),
    Finding.FOLD: ((204, 121, 167), "fold", "left out: tissue lies over itself"),
    Finding.BUBBLE: ((86, 180, 233), "bubble", "left out: air bubble or edge of the cover slip"),
    Finding.BLUR: ((240, 228, 66), "out of focus", "left out: blurred by the scanner"),
    Finding.BACKGROUND: ((255, 255, 255), "background", "glass"),
}
"""Color, name and reason of each finding."""

_LEFT_OUT = (
    *(Finding.EXCLUDED, Finding.TOO_SMALL, Finding.DEBRIS, Finding.PEN),
    *(Finding.FOLD, Finding.BUBBLE, Finding.BLUR),
)
_FILL = 0.38
_OUTLINE_PX = 3
SMALLEST_AREA_MM2 = 0.001


def tissue_figure(slide: Slide, mask: TissueMask, path: Path, *, title: str = "") -> None:
    """Draw the slide with the outline of the tissue and, in colors, what was left out, as a PNG file with a legend and areas.

    Neither path nor name of the slide is in it; ``title`` is written at the top when it is given.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    OutputError
        When the file cannot be written.
    """
    picture, downsample = low_power(slide, LONGEST_PX)
    height, width = picture.shape[:2]
    left = 2 * MARGIN + max(width, LEAST_PICTURE_PX)
    top = MARGIN + (TITLE_PX + 16 if title else 0)
    sheet = Sheet(left + SIDE_PX, top + max(height, LEAST_PICTURE_PX) + MARGIN)
    if title:
        sheet.text(MARGIN, MARGIN - 4, fitted(title, left, size=TITLE_PX), size=TITLE_PX, bold=True)
    sheet.paste(MARGIN, top, draw_findings(picture, downsample, mask), frame=True)
    um_per_px = None if slide.info.mpp is None else slide.info.mpp * downsample
    sheet.scale_bar(MARGIN + 14, top + height - 14, width * 0.22, um_per_px, downsample)
    _legend(sheet, mask, left, top)
    sheet.save(path)


def findings_at(mask: TissueMask, shape: tuple[int, int], downsample: float) -> NDArray[np.uint8]:
    """Return the finding under each pixel of a low-power picture of the whole slide, (h, w)."""
    row, column = (
        np.minimum((np.arange(count) + 0.5) * downsample / mask.downsample, limit - 1).astype(np.intp)
        for count, limit in zip(shape, mask.findings.shape, strict=True)
    )
    return mask.findings[np.ix_(row, column)]


def draw_findings(picture: Pixels, downsample: float, mask: TissueMask) -> Image.Image:
    """Draw the outline of the tissue on a low-power picture (h, w, 3), and tint and outline what was left out."""
    tinted = picture.copy()
    findings = findings_at(mask, (picture.shape[0], picture.shape[1]), downsample)
    for finding in _LEFT_OUT:
        there = findings == finding
        tinted[there] = tinted[there] * (1 - _FILL) + np.array(LOOKS[finding][0]) * _FILL
    drawn = Image.fromarray(tinted)
    pen = ImageDraw.Draw(drawn)
    for finding in (*_LEFT_OUT, Finding.TISSUE):
        for ring in outline(mask, finding):
            corners = [(float(x), float(y)) for x, y in ring / downsample]
            pen.line(corners, fill=LOOKS[finding][0], width=_OUTLINE_PX, joint="curve")
    return drawn


def _legend(sheet: Sheet, mask: TissueMask, x: float, y: float) -> None:
    sheet.text(x, y - 3, "Tissue", bold=True)
    y += 40
    for finding, (color, name, reason) in LOOKS.items():
        share = float(np.mean(mask.findings == finding))
        if share == 0 and finding not in (Finding.TISSUE, Finding.BACKGROUND):
            continue
        sheet.box(x, y, 22, 22, color)
        sheet.text(x + 36, y + 11, f"{name}, {area_said(mask, finding)}", anchor="lm")
        for part in wrapped(reason, SIDE_PX - 36 - MARGIN, size=SMALL_PX):
            sheet.text(x + 36, y + 27, part, size=SMALL_PX, color=PALE_INK)
            y += 22
        y += 46
    for part in (*wrapped(f"Found by {mask.method}.", SIDE_PX - MARGIN, size=SMALL_PX), RESEARCH_USE):
        sheet.text(x, y + 8, part, size=SMALL_PX, color=INK if part != RESEARCH_USE else PALE_INK)
        y += 24


def area_said(mask: TissueMask, finding: Finding) -> str:
    """Say the area of a finding in mm², or as a share of the picture while the resolution is unknown."""
    area = mask.area_mm2(finding)
    if area is None:
        return f"{100 * float(np.mean(mask.findings == finding)):.1f} %"
    return f"{area:.3g} mm²" if area >= SMALLEST_AREA_MM2 else f"under {SMALLEST_AREA_MM2:g} mm²"
