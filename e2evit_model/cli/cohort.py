"""``e2evit cohort``: check a clinical table, export it clean, make folds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from e2evit_model.cli.flags import flags_of, json_flag
from e2evit_model.cohort.check import CohortCheck, check_cohort
from e2evit_model.cohort.export import export_cohort
from e2evit_model.cohort.fold_files import import_folds, write_folds
from e2evit_model.cohort.fold_making import FoldSettings, make_folds
from e2evit_model.cohort.folds import fold_counts
from e2evit_model.options import describe

_SHOWN = 30  # problems printed before "and N more"

Function = TypeVar("Function", bound=Callable[..., Any])


@click.group("cohort")
def command() -> None:
    """Check a clinical table and a folder of slides, export the clean table, make folds."""


def _table_arguments(function: Function) -> Function:
    for add in (
        click.argument("table", type=click.Path(path_type=Path)),
        click.option(
            "--slides", type=click.Path(path_type=Path), help="The folder with the slides, nested folders included."
        ),
        click.option(
            "--slide-table", type=click.Path(path_type=Path), help="A second table: which slide is of which patient."
        ),
        click.option("--endpoint", help='Which endpoint, where the table has several, like "DSS".'),
        click.option(
            "--map",
            "mapped",
            multiple=True,
            metavar="ROLE=COLUMN",
            help='What a column means, like "time=OS_days" or "event=status"; may be given several times.',
        ),
        click.option("--pattern", help='How slide files are named, like "{patient}-*".'),
    ):
        function = add(function)
    return function


def _check(
    *,
    table: Path,
    slides: Path | None,
    slide_table: Path | None,
    endpoint: str | None,
    mapped: tuple[str, ...],
    pattern: str | None,
) -> CohortCheck:
    mapping: dict[str, Any] = {}
    for pair in mapped:
        role, separator, column = pair.partition("=")
        if not separator:
            raise click.UsageError(f'"{pair}" is not of the form ROLE=COLUMN.')
        listed = role in ("event_values", "censored_values", "covariates", "excluded")
        mapping[role] = column.split(",") if listed else column
    if pattern:
        mapping["slide_pattern"] = pattern
    return check_cohort(table, slides, mapping, endpoint=endpoint, slide_table=slide_table)


@command.command("check")
@_table_arguments
@json_flag
@click.pass_context
def check(ctx: click.Context, /, *, as_json: bool, **table: Any) -> None:
    """Say what TABLE means, who can be used, and everything that stands against it, by line and column.

    Exit code 2 when a problem stops the import.
    """
    found = _check(**table)
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
@_table_arguments
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The clean table to write, as csv.")
def export(*, out: Path, **table: Any) -> None:
    """Write the clean table: patient_id, slide_id, time_days, event, and the clinical columns."""
    cohort = _check(**table).accept()
    export_cohort(cohort, out)
    click.echo(f"{len(cohort)} patients with {len(cohort.slides)} slides written to {out}.")


@command.command("folds")
@_table_arguments
@flags_of(FoldSettings)
@click.option(
    "--import", "imported", type=click.Path(path_type=Path), multiple=True, help="Folds from these files instead."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write, as csv.")
def folds(*, imported: tuple[Path, ...], out: Path, **given: Any) -> None:
    """Split the patients into folds, balanced by event, and write which patient is where."""
    chosen = {info.name: given.pop(info.name) for info in describe(FoldSettings)}
    cohort = _check(**given).accept()
    made = import_folds(list(imported), cohort).accept(cohort) if imported else make_folds(cohort, **chosen)
    write_folds(made, out)
    click.echo(f"{'fold':<6}{'part':<7}{'patients':>9}{'slides':>8}{'events':>8}")
    for row in fold_counts(made, cohort):
        click.echo(f"{row['fold']:<6}{row['part']:<7}{row['patients']:>9}{row['slides']:>8}{row['events']:>8}")
    click.echo(f"Written to {out}.")
