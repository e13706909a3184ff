"""``e2evit predict``: the risks of many slides by one risk model."""

from pathlib import Path
from typing import Any

import click

from e2evit_model.cli.flags import flags_of
from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.cohort.slide_files import find_slides, stem_of
from e2evit_model.errors import CohortError, ModelError
from e2evit_model.files import output_folder
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.runs.risk_model_card import CARD_FILE


@click.command("predict")
@click.argument("slides", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--model", type=click.Path(path_type=Path), required=True, help="The folder of a risk model.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The table to write: .csv or .parquet.")
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes at once.")
@flags_of(AnalysisSettings)
@click.pass_context
def command(
    ctx: click.Context, /, *, slides: tuple[Path, ...], model: Path, out: Path, workers: int, **chosen: Any
) -> None:
    """Write the risk of each of SLIDES (files or folders): risk, percentile, group, S at the end of each time bin.

    A slide that cannot be used is listed with its reason and has no row; the exit code is then 2. Called again after a stop, it
    goes on where it was.
    """
    from e2evit_model.inference.scoring import check_table_path, risk_table, score_slides, write_table

    settings = AnalysisSettings.from_record(chosen)
    check_table_path(out)
    if not (model / CARD_FILE).is_file():
        raise ModelError(
            f"{model.name} is not a risk model: model.json is missing.",
            hint='Train one with "e2evit train", or use "e2evit embed".',
        )
    named = _named(slides)
    output_folder(out.parent)
    with progress_bars() as progress:
        rows, failures = score_slides(
            named, settings, ModelChoice(source=str(model)), workers=workers, progress=progress
        )
    if rows:
        write_table(risk_table(rows), out)
        click.echo(f"{len(rows)} slides written to {out}.")
    for failure in failures:
        click.echo(f"Failed     {failure.slide_id}: {failure.reason} {failure.hint}", err=True)
    if failures:
        click.echo(f"{len(failures)} of {len(named)} slides could not be used.", err=True)
        ctx.exit(2)


def _named(slides: tuple[Path, ...]) -> list[tuple[str, Path]]:
    """Give every slide its id: the file's name without suffix; the second of a name gets a number."""
    paths = [path for given in slides for path in ([s.path for s in find_slides(given)] if given.is_dir() else [given])]
    if not paths:
        raise CohortError("The folder holds no slide.", hint="Choose the folder that holds the slides.")
    named: dict[str, Path] = {}
    for path in paths:
        name, number = stem_of(path.name), 1
        while name in named:
            number += 1
            name = f"{stem_of(path.name)} ({number})"
        named[name] = path
    return list(named.items())
