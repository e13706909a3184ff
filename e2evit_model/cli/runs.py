"""``e2evit runs``, ``resume`` and ``report``: what runs there are, going on with one, its report."""

import json
from pathlib import Path

import click

from e2evit_model.cli.flags import json_flag
from e2evit_model.cli.progress_bar import progress_bars, stoppable_bars

RUN = click.Path(path_type=Path)


@click.command("runs")
@click.argument("folder", type=RUN, default=Path("runs"))
@json_flag
def runs(folder: Path, *, as_json: bool) -> None:
    """List the training runs in FOLDER, newest first."""
    from e2evit_model.runs.run_folder import list_runs

    found = list_runs(folder)
    if as_json:
        records = [
            {
                "run": r.folder.name,
                "state": r.state.value,
                "folds_done": r.folds_done,
                "mean_c": r.mean_c,
                "problem": r.problem or None,
            }
            for r in found
        ]
        click.echo(json.dumps(records, indent=2))
        return
    if not found:
        click.echo(f"There are no runs in {folder}.")
        return
    click.echo(f"{'state':<13}{'folds':>6}{'C-index':>9}  run")
    for run in found:
        c_index = "" if run.mean_c is None else f"{run.mean_c:.3f}"
        folds = f"{run.folds_done}/{run.record.folds}" if run.record else ""
        click.echo(
            f"{run.state.value:<13}{folds:>6}{c_index:>9}  {run.folder.name}{'  ' + run.problem if run.problem else ''}"
        )


@click.command("resume")
@click.argument("run", type=RUN)
def resume(run: Path) -> None:
    """Go on with the training RUN that was stopped, to the result that it would have had."""
    from e2evit_model.cli.train import say_run
    from e2evit_model.training.cross_validation import resume as go_on

    with stoppable_bars() as progress:
        done = go_on(run, progress=progress)
    say_run(done)


@click.command("report")
@click.argument("run", type=RUN)
def report(run: Path) -> None:
    """Write the report of the finished training RUN again: report.html, its figures and the PDF."""
    from e2evit_model.report.run_report import write_report

    with progress_bars() as progress:
        path = write_report(run, progress=progress)
    click.echo(f"Written to {path}.")
