"""Everything that can be exported of analyzed slides, each file with its provenance record beside it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd

from e2evit_model import __version__
from e2evit_model.annotations.geojson import write_regions
from e2evit_model.annotations.region import Region
from e2evit_model.errors import OptionError
from e2evit_model.explain.maps import OcclusionMap, RolloutMap
from e2evit_model.files import write_whole
from e2evit_model.inference.result import SlideResult
from e2evit_model.overlay.geojson import write_tiles_geojson
from e2evit_model.progress import Progress, silent
from e2evit_model.report.export_tables import (
    embedding_table,
    region_table,
    table_of_risks,
    tile_table,
    write_anndata,
    write_frame,
)
from e2evit_model.report.heat_map import HEAT_MAP_ENDINGS, heat_map_record, write_layer
from e2evit_model.report.slide_figure import (
    FIGURE_ENDINGS,
    LARGEST_PICTURE_PX,
    FigureSettings,
    SlideFigure,
    write_figure,
)
from e2evit_model.report.slide_report import REPORT_ENDINGS, slide_document, slide_section, write_slide_report
from e2evit_model.report.tile_layers import LayerSettings, PaintedLayer, layer_values, paint_layer
from e2evit_model.slides.opening import open_slide

STEP = "Exporting"
_REPORT_DPI = 130
_MEASUREMENTS = {
    "attention": "Attention",
    "times_uniform": "Attention (times uniform)",
    "rollout": "Rollout",
    "occlusion": "Occlusion",
    "disagreement": "Disagreement of the folds",
    "tissue": "Tissue",
}
"""Names of measurements in QuPath by column."""


class ExportKind(StrEnum):
    """What is exported."""

    FIGURE = "figure"
    HEATMAP = "heatmap"
    TILES = "tiles"
    REGIONS = "regions"
    EMBEDDING = "embedding"
    RISK = "risk"
    REPORT = "report"


ENDINGS: dict[ExportKind, tuple[str, ...]] = {
    ExportKind.FIGURE: FIGURE_ENDINGS,
    ExportKind.HEATMAP: HEAT_MAP_ENDINGS,
    ExportKind.TILES: (".csv", ".parquet", ".geojson"),
    ExportKind.REGIONS: (".geojson", ".csv", ".parquet"),
    ExportKind.EMBEDDING: (".csv", ".parquet", ".h5ad"),
    ExportKind.RISK: (".csv", ".parquet"),
    ExportKind.REPORT: REPORT_ENDINGS,
}
"""The endings of file names by kind, the usual one first."""

OF_ONE_SLIDE = {
    ExportKind.FIGURE: "A figure",
    ExportKind.HEATMAP: "A heat map",
    ExportKind.TILES: "A file of tiles",
    ExportKind.REGIONS: "A file of regions",
}
"""What is of one slide only, in words."""

LAYERED = (ExportKind.FIGURE, ExportKind.HEATMAP, ExportKind.TILES)
"""What shows a layer of values of tiles, or has a column for it."""


@dataclass(frozen=True, kw_only=True)
class ExportedSlide:
    """A slide with what is known of it; ``path`` is only read, and never written anywhere.

    ``rollout`` and ``occlusion`` are the layers that were computed on request.
    """

    path: Path
    mpp: float | None
    result: SlideResult
    regions: tuple[Region, ...] = ()
    title: str = ""
    rollout: RolloutMap | None = None
    occlusion: OcclusionMap | None = None


def export(
    kind: ExportKind,
    slides: Sequence[ExportedSlide],
    path: Path,
    *,
    figure: FigureSettings | None = None,
    title: str = "Slides",
    progress: Progress = silent,
) -> tuple[Path, Path]:
    """Write one file, by the ending of its name, and its provenance record beside it (the name with ".provenance.json").

    ``figure`` says how a figure looks; a heat map takes layer, scale, range and colors from it. Embeddings, risks and reports are
    of any number of slides; the rest is of one.

    Returns
    -------
    tuple of Path
        The file and its record.

    Raises
    ------
    OptionError
        When the ending does not fit, or there is no slide, or several where there can be only one.
    SlideError, OutputError
        When the slide cannot be read, or the file cannot be written.
    """
    _check(kind, slides, path)
    chosen = figure or FigureSettings()
    progress(STEP, 0, len(slides))
    first = slides[0]
    writers: dict[ExportKind, Callable[[], None]] = {
        ExportKind.FIGURE: lambda: _figure(first, path, chosen, progress),
        ExportKind.HEATMAP: lambda: write_layer(path, _painted(first, chosen), first.result),
        ExportKind.TILES: lambda: _tiles(first, path),
        ExportKind.REGIONS: lambda: _regions(first, path),
        ExportKind.EMBEDDING: lambda: _embeddings([one.result for one in slides], path),
        ExportKind.RISK: lambda: write_frame(table_of_risks([one.result for one in slides]), path),
        ExportKind.REPORT: lambda: _report(slides, path, title, progress),
    }
    writers[kind]()
    record = record_path(path)
    with write_whole(record) as temporary:
        temporary.write_text(
            json.dumps(_record(kind, slides, chosen), indent=2, allow_nan=False) + "\n", encoding="utf-8"
        )
    progress(STEP, len(slides), len(slides))
    return path, record


def record_path(path: Path) -> Path:
    """Return where the provenance record of an exported file lies."""
    return path.with_name(f"{path.name}.provenance.json")


def check_request(kind: ExportKind, slides: int, path: Path) -> None:
    """Refuse what can be refused before any slide is analyzed: no slide or too many, a file name with another ending.

    Raises
    ------
    OptionError
        With the reason.
    """
    if not slides:
        raise OptionError("There is no analyzed slide to export.", hint="Run the model first.")
    if slides > 1 and kind in OF_ONE_SLIDE:
        raise OptionError(
            f"{OF_ONE_SLIDE[kind]} is of one slide, not of {slides}.", hint="Export one slide after the other."
        )
    name = path.name.lower()
    if not any(name.endswith(ending) and name != ending for ending in ENDINGS[kind]):
        raise OptionError(
            f'{_in_words(kind).capitalize()} cannot be written as "{path.suffix or path.name}".',
            hint=f"Choose {', '.join(ENDINGS[kind])}.",
        )


def _in_words(kind: ExportKind) -> str:
    return "heat map" if kind is ExportKind.HEATMAP else kind.value


def _check(kind: ExportKind, slides: Sequence[ExportedSlide], path: Path) -> None:
    check_request(kind, len(slides), path)
    if kind is ExportKind.REGIONS and not slides[0].regions:
        raise OptionError("No region is drawn on this slide.", hint="Draw regions first, or export something else.")
    if (
        kind is ExportKind.EMBEDDING
        and len({(one.result.model.weights_sha256, len(one.result.embedding)) for one in slides}) > 1
    ):
        raise OptionError(
            "The slides were analyzed by different models: their embeddings do not belong in one table.",
            hint="Choose slides of one model.",
        )


def figure_of(
    one: ExportedSlide,
    settings: FigureSettings,
    *,
    most_px: int = LARGEST_PICTURE_PX,
    progress: Progress = silent,
) -> SlideFigure:
    """Read what a figure of a slide needs; its picture has at most ``most_px`` along its longer side.

    Raises
    ------
    SlideError
        When the slide cannot be read.
    OptionError
        When the layer cannot be shown.
    """
    with open_slide(one.path, mpp=one.mpp) as slide:
        return SlideFigure(
            slide,
            one.result,
            settings,
            regions=one.regions,
            rollout=one.rollout,
            occlusion=one.occlusion,
            most_px=most_px,
            progress=progress,
        )


def _figure(one: ExportedSlide, path: Path, settings: FigureSettings, progress: Progress) -> None:
    write_figure(figure_of(one, settings, progress=progress), path, dpi=settings.dpi)


def _painted(one: ExportedSlide, settings: LayerSettings) -> PaintedLayer:
    return paint_layer(layer_values(settings, one.result, rollout=one.rollout, occlusion=one.occlusion), settings)


def _tiles(one: ExportedSlide, path: Path) -> None:
    table = tile_table(one.result, rollout=one.rollout, occlusion=one.occlusion)
    if path.suffix.lower() == ".geojson":
        named = {name: table[column].to_numpy() for column, name in _MEASUREMENTS.items() if column in table}
        write_tiles_geojson(path, one.result.grid, named)
    else:
        write_frame(table, path)


def _regions(one: ExportedSlide, path: Path) -> None:
    mpp = one.result.info.mpp
    table = region_table(one.regions, one.result, mpp)
    if path.suffix.lower() == ".geojson":
        measured = {
            row["region"]: {
                f"E2E-ViT: {name}": float(row[name]) for name in ("tiles", "attention") if pd.notna(row[name])
            }
            for row in table.to_dict("records")
        }
        write_regions(one.regions, path, mpp=mpp, measured=measured)
    else:
        write_frame(table, path)


def _embeddings(results: Sequence[SlideResult], path: Path) -> None:
    if path.suffix.lower() == ".h5ad":
        write_anndata(results, path)
    else:
        write_frame(embedding_table(results), path)


def _report(slides: Sequence[ExportedSlide], path: Path, title: str, progress: Progress) -> None:
    sections = []
    settings = FigureSettings(dpi=_REPORT_DPI, caption=False)
    for number, one in enumerate(slides, start=1):
        progress(STEP, number - 1, len(slides))
        with open_slide(one.path, mpp=one.mpp) as slide:
            figure = SlideFigure(slide, one.result, settings, regions=one.regions)
        sections.append(slide_section(number, one.title or f"Slide {number}", one.result, figure, one.regions))
    write_slide_report(slide_document(title, sections), path)


def _record(kind: ExportKind, slides: Sequence[ExportedSlide], figure: FigureSettings) -> dict[str, Any]:
    return {
        "schema": 1,
        "export": kind.value,
        "research_use_only": True,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "e2evit": __version__,
        "figure": figure.to_record() if kind is ExportKind.FIGURE else None,
        "heat_map": heat_map_record(_painted(slides[0], figure), slides[0].result)
        if kind is ExportKind.HEATMAP
        else None,
        "slides": [
            dict(one.result.record) or {"slide": {"fingerprint": one.result.info.fingerprint}} for one in slides
        ],
    }
