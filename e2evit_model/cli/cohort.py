"""``e2evit cohort``: check a clinical table, export it clean, make folds."""

import json
from pathlib import Path
from typing import Any

import click

from e2evit_model.cli.flags import flags_of, json_flag
from e2evit_model.cli.table_arguments import check_table, table_arguments
from e2evit_model.cohort.check import CohortCheck
from e2evit_model.cohort.export import export_cohort
from e2evit_model.cohort.fold_files import import_folds, write_folds
from e2evit_model.cohort.fold_making import FoldSettings, make_folds
from e2evit_model.cohort.folds import fold_counts
from e2evit_model.options import describe

_SHOWN = 30  # problems printed before "and N more"


@click.group("cohort")
def command() -> None:
    """Check a clinical table and a folder of slides, export the clean table, make folds."""


@command.command("check")
@table_arguments
@json_flag
@click.pass_context
def check(ctx: click.Context, /, *, as_json: bool, **table: Any) -> None:
    """Say what TABLE means, who can be used, and everything that stands against it, by line and column.

    Exit code 2 when a problem stops the import.
    """
    found = check_table(**table)
    if as_json:
        click.echo(json.dumps(found.to_record(), indent=2))
    else:
        _print(found)
    if not found.usable:
        ctx.exit(2)


def _print(found: CohortCheck) -> None:
    record = found.to_record()
    click.echo(f"{record['patients']} patients, {record['events']} with the event, {record['slides']} slides")
    if found.proposal.convention:
        click.echo(f"The table looks like one of {found.proposal.convention}.")
    click.echo("\nColumns")
    for role, column in found.mapping.columns().items():
        reason = found.proposal.reasons.get(role, "")
        click.echo(f"  {role:<16}{column}{'  (' + reason + ')' if reason else ''}")
    click.echo(f"\nFlow\n{found.flow}")
    for title, items in (
        ("Problems", [str(problem) for problem in found.problems]),
        ("Warnings", list(found.warnings)),
    ):
        if items:
            click.echo(f"\n{title}")
            for item in items[:_SHOWN]:
                click.echo(f"  {item}")
            if len(items) > _SHOWN:
                click.echo(f"  and {len(items) - _SHOWN} more (--json has them all)")


@command.command("export")
@table_arguments
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The clean table to write, as csv.")
def export(*, out: Path, **table: Any) -> None:
    """Write the clean table: patient_id, slide_id, time_days, event, and the clinical columns."""
    cohort = check_table(**table).accept()
    export_cohort(cohort, out)
    click.echo(f"{len(cohort)} patients with {len(cohort.slides)} slides written to {out}.")


@command.command("folds")
@table_arguments
@flags_of(FoldSettings)
@click.option(
    "--import", "imported", type=click.Path(path_type=Path), multiple=True, help="Folds from these files instead."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write, as csv.")
def folds(*, imported: tuple[Path, ...], out: Path, **given: Any) -> None:
    """Split the patients into folds, balanced by event, and write which patient is where."""
    chosen = {info.name: given.pop(info.name) for info in describe(FoldSettings)}
    cohort = check_table(**given).accept()
    made = import_folds(list(imported), cohort).accept(cohort) if imported else make_folds(cohort, **chosen)
    write_folds(made, out)
    click.echo(f"{'fold':<6}{'part':<7}{'patients':>9}{'slides':>8}{'events':>8}")
    for row in fold_counts(made, cohort):
        click.echo(f"{row['fold']:<6}{row['part']:<7}{row['patients']:>9}{row['slides']:>8}{row['events']:>8}")
    click.echo(f"Written to {out}.")
