"""``e2evit analyze``: risk, embedding and attention of one slide, as files."""

import json
from pathlib import Path
from typing import Any

import click

from e2evit_model.annotations.geojson import read_selection
from e2evit_model.annotations.selection import NOTHING
from e2evit_model.cli.flags import SLIDE, flags_of, json_flag, regions_flag
from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.cli.say import say_result
from e2evit_model.files import output_folder
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.slides.opening import open_slide


@click.command("analyze")
@click.argument("slide", type=SLIDE)
@click.option(
    "--model",
    required=True,
    help='A risk model folder, a weight file, or the id of a backbone, like "uni2-h".',
)
@click.option("--backbone", help="The backbone of a weight file, where the file does not say it by itself.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The folder for the results; made when missing."
)
@regions_flag
@flags_of(AnalysisSettings)
@json_flag
def command(
    slide: Path, model: str, backbone: str | None, out: Path, *, regions: Path | None, as_json: bool, **chosen: Any
) -> None:
    """Find the tissue of SLIDE, run the model, and write risk, embedding, attention and pictures.

    The folder gets result.json (the risk and how it came about), embedding.csv, attention.csv, overlay.png, tissue.png and
    strip.png. Without a trained risk model there is no risk, and result.json says why.
    """
    settings = AnalysisSettings(**chosen, selection=read_selection(regions) if regions else NOTHING)
    # before the work, not after it: minutes are lost when the folder cannot be written
    output_folder(out)

    # a file that is no slide is told at once, not after the seconds that importing torch takes
    open_slide(slide, mpp=settings.mpp).close()

    from e2evit_model.inference.analyze import analyze_slide
    from e2evit_model.report.slide_files import write_slide_files

    with progress_bars() as progress:
        result = analyze_slide(slide, settings, ModelChoice(source=model, backbone=backbone), progress=progress)
        with open_slide(slide, mpp=settings.mpp) as opened:
            paths = write_slide_files(opened, result, out, progress=progress)
    if as_json:
        click.echo(json.dumps(result.record, indent=2))
        return
    say_result(result)
    click.echo("\nWritten:")
    for path in paths:
        click.echo(f"  {path}")
