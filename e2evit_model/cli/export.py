"""``e2evit export``: figures, tables and reports of analyzed slides."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from e2evit_model.annotations.geojson import read_regions
from e2evit_model.annotations.slide_regions import EMPTY, SlideRegions
from e2evit_model.cli.flags import SLIDE, flags_of
from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.errors import OptionError
from e2evit_model.explain.settings import OcclusionSettings
from e2evit_model.files import output_folder
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.progress import Progress
from e2evit_model.report.exports import LAYERED, ExportedSlide, ExportKind, check_request, export
from e2evit_model.report.slide_figure import FigureSettings
from e2evit_model.report.tile_layers import NEEDS_RUNS, TileLayer
from e2evit_model.slides.opening import open_slide

if TYPE_CHECKING:
    from e2evit_model.inference.models import LoadedModel

_KINDS = [kind.value for kind in ExportKind]


@click.command("export")
@click.argument("what", type=click.Choice(_KINDS))
@click.argument("slides", type=SLIDE, nargs=-1, required=True)
@click.option(
    "--model", required=True, help='A risk model folder, a weight file, or the id of a backbone, like "uni2-h".'
)
@click.option("--backbone", help="The backbone of a weight file, where the file does not say it by itself.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The file to write; its ending is its format."
)
@click.option(
    "--regions",
    type=click.Path(path_type=Path),
    help='GeoJSON with regions of the slide; those of the class "Exclude" leave their tiles out.',
)
@flags_of(FigureSettings)
@flags_of(OcclusionSettings)
@flags_of(AnalysisSettings)
def command(
    what: str,
    slides: tuple[Path, ...],
    model: str,
    backbone: str | None,
    out: Path,
    *,
    regions: Path | None,
    **chosen: Any,
) -> None:
    r"""Analyze SLIDES and write a figure, a table or a report of them, with its provenance record beside it.

    \b
    figure     .png .svg .pdf        tiles   .csv .parquet .geojson    regions  .geojson .csv .parquet
    embedding  .csv .parquet .h5ad   risk    .csv .parquet             report   .html .pdf
    heatmap    .ome.tiff (values and colors as pyramids that lie on the slide, for QuPath and napari)

    With --layer rollout, occlusion or disagreement the model runs again for it; --side and --squares are of occlusion.
    """
    kind = ExportKind(what)
    figure = FigureSettings(**{name: chosen.pop(name) for name in FigureSettings.__dataclass_fields__})
    occlusion = OcclusionSettings(**{name: chosen.pop(name) for name in OcclusionSettings.__dataclass_fields__})
    check_request(kind, len(slides), out)
    if regions is not None and len(slides) > 1:
        raise OptionError("Regions are of one slide.", hint="Export one slide after the other.")
    drawn = SlideRegions(regions=read_regions(regions).regions) if regions is not None else EMPTY
    settings = AnalysisSettings(**chosen, selection=drawn.selection())
    output_folder(out.parent)
    for slide in slides:
        open_slide(slide, mpp=settings.mpp).close()

    from e2evit_model.inference.analyze import analyze_slide
    from e2evit_model.inference.models import load_model

    with progress_bars() as progress:
        loaded = load_model(ModelChoice(source=model, backbone=backbone), progress=progress)
        done = []
        for slide in slides:
            result = analyze_slide(slide, settings, loaded, progress=progress)
            one = ExportedSlide(path=slide, mpp=settings.mpp, result=result, regions=drawn.regions)
            if kind in LAYERED:
                one = _with_layer(one, figure.layer, settings, occlusion, loaded, progress=progress)
            done.append(one)
        written = export(kind, done, out, figure=figure, progress=progress)
    for path in written:
        click.echo(f"Written: {path}")


def _with_layer(
    one: ExportedSlide,
    layer: TileLayer,
    settings: AnalysisSettings,
    occlusion: OcclusionSettings,
    loaded: "LoadedModel",
    *,
    progress: Progress,
) -> ExportedSlide:
    """Run the model again for a layer that needs it."""
    if layer not in NEEDS_RUNS:
        return one
    from e2evit_model.explain.occlusion import occlude_strip
    from e2evit_model.explain.rollout import roll_out_strip
    from e2evit_model.inference.analyze import prepare_strip

    strip = prepare_strip(one.path, settings, loaded, progress=progress)
    if layer is TileLayer.ROLLOUT:
        return replace(one, rollout=roll_out_strip(strip, progress=progress))
    return replace(one, occlusion=occlude_strip(strip, occlusion, progress=progress))
