"""The arguments that name a clinical table and what its columns mean, shared by all commands on cohorts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from e2evit_model.cohort.check import CohortCheck, check_cohort

Function = TypeVar("Function", bound=Callable[..., Any])

_LISTS = ("event_values", "censored_values", "covariates", "excluded")


def table_arguments(function: Function) -> Function:
    """Add the arguments that :func:`check_table` takes."""
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


def chosen_table(given: dict[str, Any]) -> CohortCheck:
    """Read and check the table that the arguments of a command name, as :func:`check_table`."""
    return check_table(
        **{name: given[name] for name in ("table", "slides", "slide_table", "endpoint", "mapped", "pattern")}
    )


def check_table(
    *,
    table: Path,
    slides: Path | None,
    slide_table: Path | None,
    endpoint: str | None,
    mapped: tuple[str, ...],
    pattern: str | None,
) -> CohortCheck:
    """Read and check a table as the arguments say.

    Raises
    ------
    CohortError
        As :func:`~e2evit_model.cohort.check.check_cohort`.
    click.UsageError
        When a mapping is not of the form ROLE=COLUMN.
    """
    mapping: dict[str, Any] = {}
    for pair in mapped:
        role, separator, column = pair.partition("=")
        if not separator:
            raise click.UsageError(f'"{pair}" is not of the form ROLE=COLUMN.')
        mapping[role] = column.split(",") if role in _LISTS else column
    if pattern:
        mapping["slide_pattern"] = pattern
    return check_cohort(table, slides, mapping, endpoint=endpoint, slide_table=slide_table)
