"""What every part of a slide adds to the risk: the occlusion map over the slide, and its files."""

import csv
from pathlib import Path

import numpy as np

from e2evit_model.explain.maps import OcclusionMap, Target
from e2evit_model.files import output_folder, write_whole
from e2evit_model.overlay.color_bar import color_bar_ticks
from e2evit_model.overlay.colors import COLOR_TABLES, SIGNED_TABLES, color_table
from e2evit_model.overlay.geojson import write_tiles_geojson
from e2evit_model.overlay.picture import paint_tiles, to_rgba
from e2evit_model.overlay.values import DisplayScale, Limits, limits_around_zero, place_in_limits
from e2evit_model.progress import Progress, silent
from e2evit_model.report.low_power import low_power
from e2evit_model.report.overlay_figure import lay_over
from e2evit_model.report.sheet import INK, MARGIN, PALE_INK, SMALL_PX, WARNING_INK, Sheet, wrapped
from e2evit_model.runs.records import write_json
from e2evit_model.slides.protocol import Slide

FILES = ("occlusion.png", "occlusion.csv", "occlusion.geojson", "occlusion.json")
CAPTION = (
    "Each square was left out and the model was run again without it. That shows what this model's output depends on; "
    "it does not show what causes the disease. Research use only."
)

_LONGEST_PX = 1500
_SIDE_PX = 330
_LEAST_PX = 620
_LINE_PX = 26
_OPACITY = 0.6


def target_in_words(target: Target) -> str:
    """Say what the numbers of a map are."""
    if target is Target.RISK:
        return "What the square adds to the risk (risk of all tiles less risk without the square)"
    return (
        "How far the embedding moves without the square (cosine distance; this model has no trained head, so no risk)"
    )


def limits_of(found: OcclusionMap) -> Limits:
    """Return the range of the colors: around 0 for changes of the risk, from 0 for distances."""
    if found.target is Target.RISK:
        return limits_around_zero(found.change)
    most = float(found.change.max(initial=0.0))
    return 0.0, most if most > 0 else 1.0


def occlusion_figure(slide: Slide, found: OcclusionMap, path: Path, *, progress: Progress = silent) -> None:
    """Draw the slide with the occlusion map, a color bar in numbers and a scale bar, as a PNG file without a name in it.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    OutputError
        When the file cannot be written.
    """
    limits = limits_of(found)
    table = color_table(SIGNED_TABLES[0] if found.target is Target.RISK else COLOR_TABLES[0])
    scale = DisplayScale.CLIPPED
    tiles = paint_tiles(place_in_limits(found.by_tile(found.change), scale, limits), found.grid)
    picture, downsample = low_power(slide, _LONGEST_PX, progress=progress)
    height, width = picture.shape[:2]
    lines = _lines(found, max(width, _LEAST_PX) + _SIDE_PX)
    side_height = max(height, _LEAST_PX)
    left = 2 * MARGIN + max(width, _LEAST_PX)
    sheet = Sheet(left + _SIDE_PX, MARGIN + side_height + 18 + _LINE_PX * len(lines) + MARGIN)
    sheet.paste(
        MARGIN, MARGIN, lay_over(picture, tiles, to_rgba(tiles, table, opacity=_OPACITY), downsample), frame=True
    )
    um_per_px = None if slide.info.mpp is None else slide.info.mpp * downsample
    sheet.scale_bar(MARGIN + 14, MARGIN + height - 14, width * 0.22, um_per_px, downsample)
    title = wrapped(target_in_words(found.target), _SIDE_PX - MARGIN, size=SMALL_PX)
    for number, line in enumerate(title):
        sheet.text(left, MARGIN + 23 * number, line, size=SMALL_PX)
    top = MARGIN + 23 * len(title) + 18
    sheet.color_bar(left, top, min(360, side_height - top), table, color_bar_ticks(scale, limits))
    for number, (line, color) in enumerate(lines):
        sheet.text(MARGIN, MARGIN + side_height + 18 + _LINE_PX * number, line, size=SMALL_PX, color=color)
    sheet.save(path)


def write_occlusion_files(
    slide: Slide, found: OcclusionMap, folder: Path, *, progress: Progress = silent
) -> tuple[Path, ...]:
    """Write figure, table, GeoJSON for QuPath and record of an occlusion map; return their paths in the order of :data:`FILES`.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    OutputError
        When the folder cannot be written, or the disk is full.
    """
    output_folder(folder)
    figure, table, geojson, record = (folder / name for name in FILES)
    columns = values_by_tile(found)
    occlusion_figure(slide, found, figure, progress=progress)
    _write_table(found, columns, table)
    write_tiles_geojson(geojson, found.grid, columns)
    write_json(record, dict(found.record))
    return figure, table, geojson, record


def values_by_tile(found: OcclusionMap) -> dict[str, np.ndarray]:
    """Return what the map says of every tile, (N,) each, by the name of the column."""
    name = "risk_added" if found.target is Target.RISK else "embedding_distance"
    columns = {name: found.by_tile(found.change)}
    if found.disagreement is not None:
        columns["spread_of_fold_models"] = found.by_tile(found.disagreement)
    return columns


def _write_table(found: OcclusionMap, columns: dict[str, np.ndarray], path: Path) -> None:
    grid = found.grid
    with write_whole(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["tile", "x", "y", "width", "square", *columns])
        for tile in range(len(grid)):
            place = [tile, int(grid.x[tile]), int(grid.y[tile]), f"{grid.width:.10g}", int(found.squares.group[tile])]
            writer.writerow([*place, *(f"{values[tile]:.8g}" for values in columns.values())])


def _lines(found: OcclusionMap, width_px: float) -> list[tuple[str, tuple[int, int, int]]]:
    model = found.model
    said = f"{len(found.squares)} squares of {found.squares.side} × {found.squares.side} tiles"
    if found.target is Target.RISK:
        said += f"; risk of all {len(found.grid)} tiles {found.whole.mean():.3f}"
    said += f". Model {model.name} (weights {model.weights_sha256[:12]})."
    lines = [(part, INK) for part in wrapped(said, width_px, size=SMALL_PX)]
    if model.demonstration:
        lines += [(part, WARNING_INK) for part in wrapped(model.demonstration, width_px, size=SMALL_PX)]
    return lines + [(part, PALE_INK) for part in wrapped(CAPTION, width_px, size=SMALL_PX)]
