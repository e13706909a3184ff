"""``e2evit models``: which backbones there are, what they are, and getting their weights."""

import json
from dataclasses import fields

import click

from e2evit_model.cli.flags import json_flag
from e2evit_model.convert.backbones import BACKBONES, Backbone, find_backbone


def _state(backbone: Backbone) -> str:
    from e2evit_model.convert.hub import weights_at_hand

    if weights_at_hand(backbone):
        return "here"
    return "gated" if backbone.gated else "free"


@click.group("models")
def command() -> None:
    """List the backbones, say what one is, or download its weights."""


@command.command("list")
@json_flag
def list_models(*, as_json: bool) -> None:
    """List every backbone with its size, patch, licence, and whether its weights are here."""
    if as_json:
        click.echo(json.dumps([_record(backbone) for backbone in BACKBONES.values()], indent=2))
        return
    click.echo(f"{'id':<15}{'parameters':>11}{'patch':>7}  {'weights':<8}{'licence':<30}what it is")
    for backbone in BACKBONES.values():
        size = f"{backbone.parameters / 1e6:.0f} M"
        click.echo(
            f"{backbone.id:<15}{size:>11}{backbone.patch_px:>7}  {_state(backbone):<8}{backbone.licence:<30}{backbone.title}"
        )
    click.echo(
        '\nhere: on this machine; free: "e2evit models get ID"; gated: the same, after asking for access on the hub.'
    )


@command.command("show")
@click.argument("name", metavar="ID")
@json_flag
def show_model(name: str, *, as_json: bool) -> None:
    """Say everything known of one backbone."""
    backbone = find_backbone(name)
    if as_json:
        click.echo(json.dumps(_record(backbone), indent=2))
        return
    resolution = "any" if backbone.mpp is None else f"{backbone.mpp:g} um per pixel"
    lines = {
        "Id": backbone.id,
        "Title": backbone.title,
        "Source": f"{backbone.hub_repo} ({backbone.weight_file})",
        "Weights": {"here": "on this machine", "free": "free to download", "gated": "ask for access on the hub first"}[
            _state(backbone)
        ],
        "Licence": backbone.licence,
        "Size": f"{backbone.parameters / 1e6:.1f} M parameters, {backbone.depth} blocks of {backbone.heads} heads, "
        f"width {backbone.width}",
        "Patch": f"{backbone.patch_px} px, tiles of {backbone.tile_px} px",
        "Resolution": resolution,
        "Mean, std": f"{backbone.mean}, {backbone.std}",
        "Notes": backbone.notes,
        "Traps": " ".join(backbone.traps),
    }
    for label, value in lines.items():
        if value:
            click.echo(f"{label:<12}{value}")


@command.command("get")
@click.argument("name", metavar="ID")
@click.option("--yes", is_flag=True, help="Accept the licence without being asked.")
def get_model(name: str, *, yes: bool) -> None:
    """Download the weights of one backbone, after its licence was accepted."""
    from e2evit_model.convert.hub import download_weights, page_of

    backbone = find_backbone(name)
    click.echo(f"{backbone.title}: {backbone.licence}. Terms: {page_of(backbone)}")
    if backbone.notes:
        click.echo(backbone.notes)
    if not yes:
        click.confirm("Do you accept this licence?", abort=True)
    path = download_weights(backbone)
    click.echo(f"Written to {path}. Use it with --model {backbone.id}.")


def _record(backbone: Backbone) -> dict[str, object]:
    known = {field.name: getattr(backbone, field.name) for field in fields(backbone)}
    return known | {"timm_arguments": dict(backbone.timm_arguments), "weights": _state(backbone)}
