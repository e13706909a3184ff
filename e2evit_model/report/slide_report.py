"""The report of one slide, or of several: risk, picture, regions, how it was made; as one HTML page or a PDF."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from e2evit_model import __version__
from e2evit_model.annotations.region import Region, Shape, written_area, written_length
from e2evit_model.errors import OptionError
from e2evit_model.files import write_whole
from e2evit_model.inference.result import SlideResult
from e2evit_model.report.export_tables import region_table
from e2evit_model.report.overlay_figure import risk_line
from e2evit_model.report.run_canvas import svg_of
from e2evit_model.report.run_document import (
    Block,
    Document,
    Headline,
    Headlines,
    Paragraph,
    Picture,
    Section,
    Table,
    Tone,
)
from e2evit_model.report.run_html import page_of
from e2evit_model.report.run_pdf import write_pdf
from e2evit_model.report.slide_figure import SlideFigure

REPORT_ENDINGS = (".html", ".pdf")
BANNER = "Research use only: not for diagnosis or treatment."
MOST_REGIONS = 40


def slide_section(
    number: int, title: str, result: SlideResult, figure: SlideFigure, regions: Sequence[Region]
) -> Section:
    """Return the part of a report that is about one slide."""
    blocks: list[Block] = []
    if result.model.demonstration:
        blocks.append(Paragraph(text=result.model.demonstration, tone=Tone.WARNING))
    blocks.append(_headlines(result))
    blocks.append(Paragraph(text=risk_line(result)))
    blocks.append(
        Picture(
            name=f"slide-{number}",
            caption="Attention is where the model looked, not why.",
            alternative="The slide with the attention of the model laid over it",
            width_in=figure.width_in,
            height_in=figure.height_in,
            draw=figure.draw,
        )
    )
    if regions:
        blocks.append(_regions(result, regions))
    blocks += [Paragraph(text=notice, tone=Tone.NOTE) for notice in result.notices]
    blocks.append(_facts(result))
    return Section(anchor=f"slide-{number}", title=title, blocks=tuple(blocks))


def slide_document(title: str, sections: Sequence[Section]) -> Document:
    """Return a report of some slides."""
    facts = (f"Slides: {len(sections)}", f"Written on {datetime.now(UTC):%Y-%m-%d} by E2E-ViT Desktop {__version__}")
    return Document(title=title, facts=facts, banner=BANNER, sections=tuple(sections))


def write_slide_report(document: Document, path: Path) -> None:
    """Write a report as HTML or PDF, by the file name's ending, whole or not at all.

    Raises
    ------
    OptionError
        When it ends with neither.
    OutputError
        When it cannot be written.
    """
    match path.suffix.lower():
        case ".pdf":
            write_pdf(document, path)
        case ".html":
            drawn = {one.name: svg_of(one.draw, one.width_in, one.height_in) for one in document.pictures}
            with write_whole(path) as temporary:
                temporary.write_text(page_of(document, drawn), encoding="utf-8")
        case other:
            raise OptionError(f'A report cannot be written as "{other or path.name}".', hint="Choose .html or .pdf.")


def _headlines(result: SlideResult) -> Headlines:
    risk = result.risk
    spread = (f"{min(risk.member_risks):.3f} to {max(risk.member_risks):.3f}",) if risk else ()
    entries = [Headline(name="Risk", value=f"{risk.risk:.3f}" if risk else "none", below=spread)]
    if risk is not None and risk.percentile is not None:
        several = len(risk.member_risks)
        how = (f"mean of {several} fold models",) if several > 1 else ()
        below = ("of the training cohort", *how)
        entries.append(Headline(name="Percentile", value=f"{risk.percentile:.0f}", below=below))
    area = result.mask.area_mm2()
    entries.append(Headline(name="Tiles", value=str(len(result.grid))))
    if area is not None:
        entries.append(Headline(name="Tissue", value=f"{area:.3g} mm²"))
    return Headlines(entries=tuple(entries))


def _regions(result: SlideResult, regions: Sequence[Region]) -> Table:
    table = region_table(regions, result, result.info.mpp)
    words = {"include": "only such tiles", "exclude": "left out", "none": ""}
    rows = []
    for region, row in zip(regions[:MOST_REGIONS], table.to_dict("records"), strict=False):
        mpp = result.info.mpp
        size = f"{len(region.points)} points"
        if region.shape is not Shape.POINTS:
            size = written_area(region.area_px, mpp) if region.is_area else written_length(region.length_px, mpp)
        share = (
            f"{row['attention']:.1%}" if row["attention"] == row["attention"] and row["attention"] is not None else ""
        )
        rows.append(
            (
                region.name or region.class_name or row["kind"],
                size,
                share,
                words[row["strip"]],
                " ".join(region.note.split()),
            )
        )
    more = f" The first {MOST_REGIONS} of {len(regions)}." if len(regions) > MOST_REGIONS else ""
    header = ("Region", "Size", "Attention", "Strip", "Note")
    return Table(header=header, rows=tuple(rows), caption=f"Regions drawn by hand.{more}", numeric=frozenset({1, 2}))


def _facts(result: SlideResult) -> Table:
    info, scale, model = result.info, result.grid.scale, result.model
    resolution = f"{info.mpp:.4g} um/px, {info.mpp_source}" if info.mpp is not None else "unknown"
    rows = (
        ("Slide", f"{info.fingerprint[:16]}, {info.width} x {info.height} px, {info.format}"),
        ("Resolution", resolution),
        ("Tissue", result.mask.method),
        (
            "Tiles",
            f"{len(result.grid)} of {result.grid.tile_px} px at {scale.mpp:.3g} um/px, order: {result.grid.order}",
        ),
        ("Model", f"{model.name}, {model.backbone}, licence {model.licence}"),
        ("Weights (SHA-256)", model.weights_sha256),
        ("Device", result.device),
    )
    return Table(header=(), rows=rows, caption="How it was made.", breakable=frozenset({1}))
