"""``e2evit train``: from a table and a folder of slides to a risk model with honest numbers."""

import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from e2evit_model.cli.progress_bar import stoppable_bars
from e2evit_model.cli.table_arguments import chosen_table, table_arguments
from e2evit_model.cli.training_arguments import chosen_config, chosen_folds, training_arguments
from e2evit_model.errors import OutputError
from e2evit_model.files import output_folder

if TYPE_CHECKING:
    from e2evit_model.training.cross_validation import FinishedRun


@click.command("train")
@table_arguments
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("runs"), show_default=True, help="The folder of runs."
)
@click.option(
    "--run", "run_folder", type=click.Path(path_type=Path), help="The folder of this run, instead of one made in --out."
)
@training_arguments
@click.pass_context
def command(ctx: click.Context, /, *, out: Path, run_folder: Path | None, **given: Any) -> None:
    """Train on the patients of TABLE by five-fold cross-validation, test each fold once, and make a risk model of it.

    The run folder gets predictions, figures with intervals, the report, and model/: the risk model that "e2evit analyze" and
    the window open. A run that was stopped goes on with "e2evit resume".
    """
    config = chosen_config(ctx, given)
    checked = chosen_table(given)
    cohort = checked.accept()
    folds = chosen_folds(cohort, given)

    from e2evit_model.runs.run_folder import run_folder_name
    from e2evit_model.training.cross_validation import cross_validate

    if run_folder is None:
        name = run_folder_name(
            given["table"].stem, Path(config.model).stem, config.to_record(), now=datetime.now().astimezone()
        )
        run_folder = output_folder(out) / name
    click.echo(
        f"{len(cohort)} patients, {cohort.events} with the event, {len(cohort.slides)} slides. Run: {run_folder}",
        err=True,
    )
    for sentence in config.sentences:
        click.echo(sentence, err=True)
    with stoppable_bars() as progress:
        done = cross_validate(
            cohort,
            folds,
            config,
            run_folder,
            report=checked.to_record(),
            command=shlex.join(["e2evit", *sys.argv[1:]]),
            progress=progress,
        )
    say_run(done)


def say_run(done: "FinishedRun") -> None:
    """Print the figures of a finished run, write its report, and say where everything is."""
    from e2evit_model.report.run_report import write_report

    click.echo(c_index_line(done.metrics))
    for slide in done.left_out:
        click.echo(f"Left out   {slide.slide_id}: {slide.reason}")
    try:
        click.echo(f"Report     {write_report(done.folder.path)}")
    except OutputError as error:
        click.echo(f"Report     not written: {error.message}", err=True)
    click.echo(f"Model      {done.folder.model}")
    click.echo("Research use only: not for diagnosis or treatment.")


def c_index_line(metrics: Any) -> str:
    """Say the C-index of a run in a few words, with its interval and its no-signal range, or why there is none."""
    harrell = metrics["harrell_c"]
    mean = harrell["mean"]
    if mean["value"] is None:
        return f"C-index not estimable: {mean['reason']}"
    said = f"C-index {mean['value']:.2f}"
    if mean.get("low") is not None:
        said += f", 95 % interval {mean['low']:.2f} to {mean['high']:.2f}"
    if harrell.get("no_signal"):
        low, high = harrell["no_signal"]
        said += f"; without a signal {low:.2f} to {high:.2f}"
    return said
