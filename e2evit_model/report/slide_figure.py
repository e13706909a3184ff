"""A figure of a slide for a paper: picture, overlay, regions, scale bar, color bar, caption, panel letter; as PNG, SVG or PDF."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from e2evit_model.annotations.region import Region, Shape
from e2evit_model.errors import OptionError
from e2evit_model.explain.maps import OcclusionMap, RolloutMap
from e2evit_model.files import write_whole
from e2evit_model.inference.result import SlideResult
from e2evit_model.options import option
from e2evit_model.overlay.color_bar import color_bar_ticks
from e2evit_model.overlay.contours import even_contours
from e2evit_model.overlay.picture import paint_tiles, to_rgba
from e2evit_model.progress import Progress, silent
from e2evit_model.report.low_power import low_power
from e2evit_model.report.overlay_figure import risk_line
from e2evit_model.report.run_canvas import PAPER, SOFT, Area, drawing
from e2evit_model.report.sheet import RESEARCH_USE, scale_bar
from e2evit_model.report.tile_layers import LayerSettings, PaintedLayer, layer_values, paint_layer
from e2evit_model.slides.protocol import Pixels, Slide
from e2evit_model.tissue.outline import outline

FIGURE_ENDINGS = (".png", ".svg", ".pdf")
LARGEST_PICTURE_PX = 8000
_BAR_IN, _LETTER_IN, _LINE_IN = 0.85, 0.34, 0.155
_LETTERS_PER_IN = 16.5  # of 8 point text


@dataclass(frozen=True, kw_only=True)
class FigureSettings(LayerSettings):
    """What a figure shows, and how it looks."""

    width_mm: float = option(
        174.0,
        label="Width",
        unit="mm",
        minimum=40,
        maximum=600,
        help="Of the whole figure; journals ask for 85 or 174 mm.",
    )
    dpi: int = option(
        300, label="Resolution", unit="dpi", minimum=72, maximum=1200, help="Pixels an inch of the slide's picture."
    )
    overlay: bool = option(True, label="Overlay", help="Lay the layer over the slide.")
    opacity: float = option(0.55, label="Opacity", minimum=0, maximum=1, help="Of the overlay.")
    hide_below: bool = option(
        False,
        label="Hide tiles below the range",
        help="Leave out the tiles whose value is under that of the first color.",
    )
    contours: int = option(
        0,
        label="Contour lines",
        minimum=0,
        maximum=20,
        help="Lines of equal value, evenly over the range, smoothed over neighboring tiles.",
    )
    tissue_outline: bool = option(False, label="Outline of the tissue", help="Draw where tissue was found.")
    draw_regions: bool = option(True, label="Regions", help="Draw the regions with the colors of their classes.")
    scale_bar: bool = option(True, label="Scale bar", help="In um or mm; in pixels where the resolution is unknown.")
    color_bar: bool = option(True, label="Color bar", help="What the colors stand for, in numbers.")
    caption: bool = option(True, label="Caption", help="Risk, model and what attention is not, under the picture.")
    letter: str = option("", label="Panel letter", help="Written at the upper left: A, B ...")
    title: str = option(
        "", label="Title", help="Written at the top. Neither path nor name of the slide is in the figure otherwise."
    )


class SlideFigure:
    """A figure, ready to be drawn into an area of its size, any number of times."""

    def __init__(
        self,
        slide: Slide,
        result: SlideResult,
        settings: FigureSettings,
        *,
        regions: Sequence[Region] = (),
        rollout: RolloutMap | None = None,
        occlusion: OcclusionMap | None = None,
        most_px: int = LARGEST_PICTURE_PX,
        progress: Progress = silent,
    ) -> None:
        """Read the slide at the figure's resolution.

        Raises
        ------
        OptionError
            When the layer was not computed, or its range cannot be.
        SlideError
            When the slide cannot be read.
        """
        self._result, self._settings = result, settings
        self._painted = (
            paint_layer(layer_values(settings, result, rollout=rollout, occlusion=occlusion), settings)
            if settings.overlay
            else None
        )
        self._regions = regions if settings.draw_regions else ()
        self.width_in = settings.width_mm / 25.4
        longest = min(max(round(self.picture_width_in * settings.dpi), 64), most_px)
        info = slide.info
        longest = round(longest * max(1.0, info.height / info.width))
        self._picture: Pixels
        self._picture, self._downsample = low_power(slide, min(longest, most_px), progress=progress)

    @property
    def picture_width_in(self) -> float:
        """How wide the slide's picture is."""
        return self.width_in - (_BAR_IN if self._has_bar else 0.0)

    @property
    def _has_bar(self) -> bool:
        return self._settings.color_bar and self._painted is not None

    @property
    def _picture_height_in(self) -> float:
        height, width = self._picture.shape[:2]
        return float(self.picture_width_in * height / width)

    @cached_property
    def _lines(self) -> list[str]:
        if not self._settings.caption:
            return []
        result = self._result
        facts = f"Model {result.model.name} (weights {result.model.weights_sha256[:12]}); {len(result.grid)} tiles"
        said = [
            risk_line(result),
            result.model.demonstration,
            facts + ".",
            " ".join(part for part in (self._painted.layer.caption if self._painted else "", RESEARCH_USE) if part),
        ]
        width = max(20, round(self.width_in * _LETTERS_PER_IN))
        return [line for part in said if part for line in textwrap.wrap(part, width)]

    @property
    def _top_in(self) -> float:
        return _LETTER_IN if self._settings.letter or self._settings.title else 0.0

    @property
    def height_in(self) -> float:
        """Of the whole figure."""
        return self._top_in + self._picture_height_in + _LINE_IN * len(self._lines) + (0.08 if self._lines else 0.0)

    def draw(self, area: Area) -> None:
        """Draw everything; ``area`` is ``width_in`` x ``height_in``."""
        settings = self._settings
        bottom = area.height_in - self._top_in - self._picture_height_in
        if settings.letter:
            area.text(0.0, area.height_in - 0.05, settings.letter, fontsize=14, fontweight="bold", va="top")
        if settings.title:
            left = 0.35 if settings.letter else 0.0
            area.text(left, area.height_in - 0.09, settings.title, fontsize=10, va="top")
        axes = area.axes(0.0, bottom, self.picture_width_in, self._picture_height_in)
        self._draw_picture(axes)
        if self._painted is not None and self._has_bar:
            self._draw_bar(area, bottom, self._painted)
        for number, line in enumerate(self._lines):
            area.text(0.0, bottom - 0.16 - _LINE_IN * number, line, fontsize=8, color=SOFT)

    def _draw_picture(self, axes: Any) -> None:
        from matplotlib.patches import Rectangle

        height, width = self._picture.shape[:2]
        step = self._downsample
        axes.imshow(self._picture, extent=(0, width * step, height * step, 0), interpolation="antialiased")
        if self._painted is not None:
            self._draw_layer(axes, self._painted)
        if self._settings.tissue_outline:
            for ring in outline(self._result.mask):
                axes.plot(*ring.T, color="#00a651", linewidth=0.8)
        for region in self._regions:
            _draw_region(axes, region)
        if self._settings.scale_bar:
            mpp = self._result.info.mpp
            length, label = scale_bar(width * 0.22, None if mpp is None else mpp * step, step)
            inch = width * step / self.picture_width_in
            across = max(length * step, (0.075 * len(label)) * inch)
            left, low = 0.1 * inch, height * step - 0.1 * inch
            plate = Rectangle((left, low - 0.3 * inch), across + 0.12 * inch, 0.3 * inch)
            plate.set(facecolor="white", edgecolor="none", alpha=0.85)
            axes.add_patch(plate)
            middle, y = left + across / 2 + 0.06 * inch, low - 0.07 * inch
            axes.plot(
                [middle - length * step / 2, middle + length * step / 2],
                [y, y],
                color="black",
                linewidth=2.2,
                solid_capstyle="butt",
            )
            axes.text(middle, y - 0.05 * inch, label, ha="center", va="bottom", fontsize=8, color="black")
        axes.set(xlim=(0, width * step), ylim=(height * step, 0))
        axes.set_axis_off()

    def _draw_layer(self, axes: Any, painted: PaintedLayer) -> None:
        places = painted.places
        if self._settings.hide_below:
            places = np.where(painted.quantity < painted.limits[0], np.float32(np.nan), places)
        tiles = paint_tiles(places, self._result.grid)
        left, top, wide, high = tiles.rectangle
        rgba = to_rgba(tiles, painted.table, opacity=self._settings.opacity)
        axes.imshow(rgba, extent=(left, left + wide, top + high, top), interpolation="nearest")
        for line in even_contours(painted.places, tiles, self._settings.contours):
            # dark under bright shows on any color of the table and on any stain
            axes.plot(*line.T, color=(0, 0, 0, 0.67), linewidth=1.4, solid_capstyle="round")
            axes.plot(*line.T, color=(1, 1, 1, 0.92), linewidth=0.6, solid_capstyle="round")

    def _draw_bar(self, area: Area, bottom: float, painted: PaintedLayer) -> None:
        high = min(self._picture_height_in * 0.7, 2.6)
        # a little lower than the picture: half of the uppermost number stands above the bar
        axes = area.axes(self.picture_width_in + 0.12, bottom + self._picture_height_in - high - 0.07, 0.14, high)
        axes.imshow(painted.table[::-1, None, :3], aspect="auto", extent=(0, 1, 0, 1))
        ticks = color_bar_ticks(painted.scale, painted.limits)
        axes.yaxis.tick_right()
        axes.set_yticks([place for place, _ in ticks], [label for _, label in ticks], fontsize=8)
        axes.set_xticks([])
        for number, part in enumerate(textwrap.wrap(painted.label, 13)):
            area.text(
                self.picture_width_in + 0.1,
                bottom + self._picture_height_in - high - 0.23 - 0.13 * number,
                part,
                fontsize=7,
            )


def _draw_region(axes: Any, region: Region) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    color = tuple(part / 255 for part in region.shown_color)
    if region.shape is Shape.POINTS:
        axes.plot(*region.points.T, "o", color=color, markersize=4, markeredgecolor="white", markeredgewidth=0.6)
    elif region.shape is Shape.LINE:
        axes.plot(*region.points.T, color=color, linewidth=1.2)
    else:
        whole = Outline.make_compound_path(
            *(Outline(np.vstack([ring, ring[:1]]), closed=True) for ring in region.rings)
        )
        axes.add_patch(PathPatch(whole, facecolor="none", edgecolor=color, linewidth=1.2))


def write_figure(figure: SlideFigure, path: Path, *, dpi: int = 300) -> None:
    """Write a figure as PNG, SVG or PDF, by the file name's ending, whole or not at all; text stays text in SVG and PDF.

    Raises
    ------
    OptionError
        When the name ends with none of them.
    OutputError
        When the file cannot be written.
    """
    ending = path.suffix.lower()
    about: dict[str, dict[str, str | None]] = {
        ".png": {"Software": "E2E-ViT Desktop"},
        ".svg": {"Date": None, "Creator": "E2E-ViT Desktop"},
        ".pdf": {"CreationDate": None, "Creator": "E2E-ViT Desktop"},
    }
    if ending not in about:
        raise OptionError(
            f'A figure cannot be written as "{ending or path.name}".', hint=f"Choose {', '.join(FIGURE_ENDINGS)}."
        )
    from matplotlib.figure import Figure

    with write_whole(path) as temporary, drawing():
        page = Figure(figsize=(figure.width_in, figure.height_in), facecolor=PAPER)
        figure.draw(Area(page, 0, 0, figure.width_in, figure.height_in))
        page.savefig(temporary, format=ending[1:], dpi=dpi, metadata=about[ending])
