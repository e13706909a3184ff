"""``e2evit ablate``: what each choice does to the risk model, on the same patients and folds."""

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from e2evit_model.cli.flags import json_flag
from e2evit_model.cli.progress_bar import stoppable_bars
from e2evit_model.cli.table_arguments import chosen_table, table_arguments
from e2evit_model.cli.training_arguments import chosen_config, chosen_folds, training_arguments

if TYPE_CHECKING:
    from e2evit_model.ablation.table import AblationRow


@click.command("ablate")
@table_arguments
@click.option(
    "--vary",
    "axes",
    multiple=True,
    required=True,
    metavar="OPTION=VALUE,...",
    help='An option and its values, like "merger=mean,max,attention" or "merge_after=0,4,8"; may be given several times.',
)
@click.option(
    "--one-at-a-time",
    is_flag=True,
    help="Change one option at a time from the first value of each, instead of all combinations.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("ablation"),
    show_default=True,
    help="The folder for all runs, the table and the figure. Given again, the ablation goes on.",
)
@training_arguments
@json_flag
@click.pass_context
def command(
    ctx: click.Context, /, *, axes: tuple[str, ...], one_at_a_time: bool, out: Path, as_json: bool, **given: Any
) -> None:
    """Train a model for every combination of some options on the patients of TABLE, and put them side by side.

    All runs share patients, folds and prepared slides. One that cannot be trained does not stop the others and says why. The
    first run is what the others are compared with: their difference to it has an interval of its own.
    """
    from e2evit_model.ablation.axes import combine, parse_axis

    variants = combine(chosen_config(ctx, given), [parse_axis(text) for text in axes], one_at_a_time=one_at_a_time)
    checked = chosen_table(given)
    cohort = checked.accept()
    folds = chosen_folds(cohort, given)

    from e2evit_model.ablation.running import run_ablation
    from e2evit_model.ablation.table import write_ablation, write_reports
    from e2evit_model.runs.ablation_folder import AblationFolder

    click.echo(f"{len(variants)} runs of {len(folds)} folds, {len(cohort)} patients. Folder: {out}", err=True)
    with stoppable_bars() as progress:
        trained = run_ablation(
            cohort,
            folds,
            variants,
            out,
            report=checked.to_record(),
            command=shlex.join(["e2evit", *sys.argv[1:]]),
            progress=progress,
        )
        write_reports(trained, progress=progress)
    rows = write_ablation(trained, out, folds=len(folds))
    if as_json:
        click.echo(json.dumps([_record(row) for row in rows]))
        return
    width = max(len(row.label) for row in rows)
    for row in rows:
        click.echo(f"{row.label:<{width}}  {_said(row)}")
    files = AblationFolder(out)
    click.echo(f"Table   {files.table}\nFigure  {files.figure}")
    click.echo("Research use only: not for diagnosis or treatment.")


def _record(row: "AblationRow") -> dict[str, Any]:
    return {
        "values": dict(row.values),
        "c_index": None if row.c is None else row.c.mean.to_record(),
        "no_signal": None if row.c is None else row.c.no_signal,
        "difference": None if row.difference is None else row.difference.to_record(),
        "epochs": row.epochs,
        "train_seconds": row.train_seconds,
        "reason": row.reason,
    }


def _said(row: "AblationRow") -> str:
    if row.c is None:
        return f"not trained: {row.reason}"
    mean = row.c.mean
    if mean.value is None:
        return f"C-index not estimable: {mean.reason}"
    said = f"C-index {mean.value:.3f}"
    if mean.low is not None and mean.high is not None:
        said += f" ({mean.low:.3f} to {mean.high:.3f})"
    if row.c.no_signal:
        low, high = row.c.no_signal
        said += f", without a signal {low:.3f} to {high:.3f}"
    more = row.difference
    if more is not None and more.value is not None:
        said += f", {more.value:+.3f} to the first"
        if more.low is not None and more.high is not None:
            said += f" ({more.low:+.3f} to {more.high:+.3f})"
    return said
