"""``e2evit cache``: what the program keeps on this machine, and clearing it away."""

import json

import click

from e2evit_model.cache_kinds import CACHE_KINDS, clear_cache, measure_cache
from e2evit_model.cli.flags import json_flag
from e2evit_model.units import written_bytes


@click.group("cache", invoke_without_command=True)
@json_flag
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Say what is kept on this machine so that work is not done twice, and how much room it takes."""
    if ctx.invoked_subcommand is not None:
        return
    found = measure_cache()
    if as_json:
        click.echo(json.dumps({kept.kind.folder: {"files": kept.files, "bytes": kept.bytes} for kept in found}))
        return
    for kept in found:
        click.echo(f"{kept.kind.folder:<12}{written_bytes(kept.bytes):>10}{kept.files:>8} files  {kept.kind.label}")
    click.echo(f"{'in all':<12}{written_bytes(sum(kept.bytes for kept in found)):>10}")


@command.command("clear")
@click.argument("kinds", nargs=-1)
@click.option(
    "--unused-days",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="Only what was not used for so many days.",
)
def clear(kinds: tuple[str, ...], *, unused_days: float) -> None:
    """Remove what is kept of some KINDS, by default of all. Nothing is lost that cannot be made again.

    A training that is going on and needs it stops, and can be resumed.
    """
    freed = clear_cache(kinds, unused_days=unused_days)
    click.echo(f"Freed {written_bytes(freed)}.")
    for kind in CACHE_KINDS:
        if freed and (not kinds or kind.folder in kinds):
            click.echo(f"{kind.label}: {kind.costs} when needed.")
