"""``e2evit strip``: what the model sees of a slide, as pictures and as a number."""

import json
from pathlib import Path

import click

from e2evit_model.cli.flags import SLIDE, flags_of, json_flag
from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.files import output_folder
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.slides.opening import open_slide


@click.command("strip")
@click.argument("slide", type=SLIDE)
@click.option(
    "--model",
    required=True,
    help='A risk model folder, a weight file, or the id of a backbone, like "uni2-h".',
)
@click.option("--backbone", help="The backbone of a weight file, where the file does not say it by itself.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder for the pictures.")
@flags_of(
    AnalysisSettings,
    only=("mpp", "tissue", "tissue_fraction", "order", "tile_mpp", "tokens_per_tile", "damaged_share", "cache"),
)
@json_flag
def command(slide: Path, model: str, backbone: str | None, out: Path, *, as_json: bool, **chosen: object) -> None:
    """Show what the model sees of SLIDE: the averaged patches that the transformer gets, beside the true pixels.

    The folder gets seen.png (the tiles in their places, true and as seen), strip.png (the same in strip order), mosaic.png (the
    very patches, without text) and strip.json. The model is not run. How much of the variance of the tiles' tokens their mean
    color explains is printed and stands in strip.json.
    """
    settings = AnalysisSettings.from_record(chosen)
    output_folder(out)
    open_slide(slide, mpp=settings.mpp).close()  # a file that is no slide is told before torch is imported

    from e2evit_model.explain.seen_strip import see_strip
    from e2evit_model.report.seen_figure import color_sentence, what_is_seen, write_seen_files

    with progress_bars() as progress:
        strip = see_strip(slide, settings, ModelChoice(source=model, backbone=backbone), progress=progress)
        with open_slide(slide, mpp=settings.mpp) as opened:
            paths = write_seen_files(opened, strip, out, progress=progress)
    if as_json:
        click.echo(json.dumps(strip.record, indent=2))
        return
    click.echo(f"{len(strip.grid)} tiles of {strip.grid.tile_px} px, in order: {strip.grid.order}.")
    click.echo(what_is_seen(strip.patch_px, strip.tokens_per_tile))
    click.echo(color_sentence(strip.color_share))
    for notice in strip.notices:
        click.echo(f"Note: {notice}")
    for path in paths:
        click.echo(f"Written to {path}.")
