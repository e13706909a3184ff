"""``e2evit embed``: the embeddings of a folder or a cohort, one row a slide."""

from pathlib import Path
from typing import Any

import click

from e2evit_model.cli.flags import flags_of
from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.cli.table_arguments import check_table
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.options import describe
from e2evit_model.training.config import TileSettings, TrainingConfig


@click.command("embed")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--slides", type=click.Path(path_type=Path), help="The folder with the slides, where SOURCE is a table.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The table to write: .csv or .parquet.")
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Processes that read slides at once; as many as cores by default."
)
@flags_of(TrainingConfig, only=("model", "backbone", "device", "precision"))
@flags_of(ConversionSettings)
@flags_of(TileSettings)
@click.pass_context
def command(
    ctx: click.Context, /, *, source: Path, slides: Path | None, out: Path, workers: int | None, **given: Any
) -> None:
    """Write the embedding of every slide of SOURCE, a folder or a clinical table, with mpp, model hash and number of tiles.

    A slide that cannot be used is listed beside the table with its reason, never written as a row of zeros; the exit code is then
    2. Called again after a stop, it goes on where it was.
    """
    from e2evit_model.training.embed import embed_cohort, embed_folder

    nested = {"conversion": ConversionSettings, "tiles": TileSettings}
    parts = {
        name: kind(**{info.name: given.pop(info.name) for info in describe(kind)}) for name, kind in nested.items()
    }
    config = TrainingConfig(**given, **parts)
    with progress_bars() as progress:
        if source.is_dir():
            table = embed_folder(source, config, out, workers=workers, progress=progress)
        else:
            checked = check_table(table=source, slides=slides, slide_table=None, endpoint=None, mapped=(), pattern=None)
            table = embed_cohort(checked.accept(), config, out, workers=workers, progress=progress)
    click.echo(f"{len(table.slides)} slides written to {out}.")
    for slide in table.failed:
        click.echo(f"Failed     {slide.slide_id}: {slide.reason} {slide.hint}", err=True)
    if table.failed:
        click.echo(
            f"{len(table.failed)} of {len(table.slides) + len(table.failed)} slides could not be used.", err=True
        )
        ctx.exit(2)
