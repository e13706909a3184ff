"""``e2evit occlude``: what every part of a slide adds to the risk."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from e2evit_model.cli.flags import SLIDE, flags_of, json_flag
from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.explain.maps import OcclusionCost, OcclusionMap, Target
from e2evit_model.explain.settings import OcclusionSettings
from e2evit_model.files import output_folder
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.options import describe
from e2evit_model.slides.opening import open_slide

if TYPE_CHECKING:
    from e2evit_model.explain.squares import Squares

_SHOWN = 5


@click.command("occlude")
@click.argument("slide", type=SLIDE)
@click.option(
    "--model",
    required=True,
    help='A risk model folder, a weight file, or the id of a backbone, like "uni2-h".',
)
@click.option("--backbone", help="The backbone of a weight file, where the file does not say it by itself.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder for the map.")
@flags_of(OcclusionSettings)
@flags_of(AnalysisSettings)
@json_flag
def command(slide: Path, model: str, backbone: str | None, out: Path, *, as_json: bool, **chosen: object) -> None:
    """Leave out one square of tiles after the other, run the model on the others, and map how the risk changes.

    The folder gets occlusion.png, occlusion.csv, occlusion.geojson (for QuPath) and occlusion.json. Without a trained head the map
    shows how far the embedding moves. The model runs once for each square; how long that takes is said after the first run.
    """
    names = {info.name for info in describe(OcclusionSettings)}
    occlusion = OcclusionSettings.from_record({name: chosen.pop(name) for name in names})
    settings = AnalysisSettings.from_record(chosen)
    output_folder(out)
    open_slide(slide, mpp=settings.mpp).close()  # a file that is no slide is told before torch is imported

    from e2evit_model.explain.occlusion import occlude_slide
    from e2evit_model.report.occlusion_figure import write_occlusion_files

    choice = ModelChoice(source=model, backbone=backbone)
    with progress_bars() as progress:
        found = occlude_slide(slide, settings, occlusion, choice, announce=_announce, progress=progress)
        with open_slide(slide, mpp=settings.mpp) as opened:
            paths = write_occlusion_files(opened, found, out, progress=progress)
    if as_json:
        click.echo(json.dumps(found.record, indent=2))
        return
    _say(found)
    for path in paths:
        click.echo(f"Written to {path}.")


def _announce(squares: "Squares", cost: OcclusionCost) -> None:
    time = f"{cost.seconds:.0f} s" if cost.seconds < 90 else f"{cost.seconds / 60:.0f} min"
    click.echo(
        f"{len(squares)} squares of {squares.side} x {squares.side} tiles: {cost.runs} runs, about {time} in all.",
        err=True,
    )


def _say(found: OcclusionMap) -> None:
    change = found.change
    if found.target is Target.RISK:
        click.echo(f"Risk of all {len(found.grid)} tiles: {found.whole.mean():.4f}.")
        click.echo("Squares that change it most (what they add):")
    else:
        click.echo("This model has no trained head, so there is no risk: distances of the embedding are given.")
        click.echo("Squares without which the embedding moves farthest:")
    for square in abs(change).argsort()[::-1][:_SHOWN].tolist():
        tiles = (found.squares.group == square).nonzero()[0]
        x, y = int(found.grid.x[tiles].min()), int(found.grid.y[tiles].min())
        click.echo(f"  {change[square]:+.4g}  {len(tiles)} tiles at x {x}, y {y}")
    for notice in found.notices:
        click.echo(f"Note: {notice}")
