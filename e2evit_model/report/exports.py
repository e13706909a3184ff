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
from e2evit_model.report.slide_figure import FIGURE_ENDINGS, FigureSettings, SlideFigure, write_figure
from e2evit_model.report.slide_report import REPORT_ENDINGS, slide_document, slide_section, write_slide_report
from e2evit_model.slides.opening import open_slide

STEP = "Exporting"
_REPORT_DPI = 130


class ExportKind(StrEnum):
    """What is exported."""

    FIGURE = "figure"
    TILES = "tiles"
    REGIONS = "regions"
    EMBEDDING = "embedding"
    RISK = "risk"
    REPORT = "report"


ENDINGS: dict[ExportKind, tuple[str, ...]] = {
    ExportKind.FIGURE: FIGURE_ENDINGS,
    ExportKind.TILES: (".csv", ".parquet", ".geojson"),
    ExportKind.REGIONS: (".geojson", ".csv", ".parquet"),
    ExportKind.EMBEDDING: (".csv", ".parquet", ".h5ad"),
    ExportKind.RISK: (".csv", ".parquet"),
    ExportKind.REPORT: REPORT_ENDINGS,
}
"""The endings of file names by kind, the usual one first."""


@dataclass(frozen=True, kw_only=True)
class ExportedSlide:
    """A slide with what is known of it; ``path`` is only read, and never written anywhere."""

    path: Path
    mpp: float | None
    result: SlideResult
    regions: tuple[Region, ...] = ()
    title: str = ""


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

    Embeddings, risks and reports are of any number of slides; the rest is of one.

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
        ExportKind.TILES: lambda: _tiles(first.result, path),
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


def _check(kind: ExportKind, slides: Sequence[ExportedSlide], path: Path) -> None:
    if not slides:
        raise OptionError("There is no analyzed slide to export.", hint="Run the model first.")
    if len(slides) > 1 and kind in (ExportKind.FIGURE, ExportKind.TILES, ExportKind.REGIONS):
        raise OptionError(
            f"A file of {kind.value} is of one slide, not of {len(slides)}.", hint="Export one slide after the other."
        )
    if path.suffix.lower() not in ENDINGS[kind]:
        raise OptionError(
            f'{kind.value.capitalize()} cannot be written as "{path.suffix or path.name}".',
            hint=f"Choose {', '.join(ENDINGS[kind])}.",
        )
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


def _figure(one: ExportedSlide, path: Path, settings: FigureSettings, progress: Progress) -> None:
    with open_slide(one.path, mpp=one.mpp) as slide:
        figure = SlideFigure(slide, one.result, settings, regions=one.regions, progress=progress)
    write_figure(figure, path, dpi=settings.dpi)


def _tiles(result: SlideResult, path: Path) -> None:
    table = tile_table(result)
    if path.suffix.lower() == ".geojson":
        values = {
            "Attention": table["attention"].to_numpy(),
            "Attention (times uniform)": table["times_uniform"].to_numpy(),
        }
        write_tiles_geojson(path, result.grid, values | {"Tissue": result.grid.tissue})
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
        "slides": [
            dict(one.result.record) or {"slide": {"fingerprint": one.result.info.fingerprint}} for one in slides
        ],
    }
