"""``e2evit desktop``: the menu entry, icon and file types of the window on a Linux desktop."""

import click

from e2evit_model.desktop_entry import install_desktop_entry, remove_desktop_entry


@click.group("desktop")
def command() -> None:
    """Put the window into the menus of a Linux desktop, and let it open slides from the file manager."""


@command.command("install")
def install() -> None:
    """Write menu entry, icon and file types for this user."""
    for path in install_desktop_entry():
        click.echo(f"Written  {path}")


@command.command("remove")
def remove() -> None:
    """Remove them again."""
    gone = remove_desktop_entry()
    for path in gone:
        click.echo(f"Removed  {path}")
    if not gone:
        click.echo("There was nothing to remove.")
