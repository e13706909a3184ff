"""``e2evit models``: which models there are, what they are, getting, adding, removing and checking them."""

import json
import sys
from dataclasses import fields
from pathlib import Path

import click

from e2evit_model.cli.flags import json_flag
from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.convert.backbones import Backbone
from e2evit_model.model_store.entries import Entry, Status, entries, entry_called
from e2evit_model.model_store.given import Checked, Given
from e2evit_model.model_store.normalization import WELL_KNOWN, chosen_normalization
from e2evit_model.units import written_bytes

_STATUS = {
    Status.HERE: "on this machine",
    Status.OWN: "your own file, on this machine",
    Status.BEGUN: "half downloaded; `e2evit models get {id}` goes on",
    Status.FREE: "free to download with `e2evit models get {id}`",
    Status.GATED: "ask for access on its page, then `e2evit models get {id}`",
    Status.GONE: "your own file, which is not at its place any more",
}


@click.group("models")
def command() -> None:
    """List the models, say what one is, get, add, remove or check it."""


@command.command("list")
@json_flag
def list_models(*, as_json: bool) -> None:
    """List every model with its size, patch, licence, and whether its weights are here."""
    found = entries()
    if as_json:
        click.echo(json.dumps([_record(entry) for entry in found], indent=2))
        return
    width = max(14, *(len(entry.id) for entry in found)) + 1
    click.echo(f"{'id':<{width}}{'parameters':>11}{'file':>10}  {'weights':<12}{'licence':<30}what it is")
    for entry in found:
        size = _size(entry)
        parameters = f"{entry.backbone.parameters / 1e6:.0f} M" if entry.backbone else ""
        click.echo(
            f"{entry.id:<{width}}{parameters:>11}{size:>10}  {entry.status:<12}{entry.licence.name:<30}{entry.title}"
        )
    click.echo(
        '\nhere: on this machine; your file: added by you; free: "e2evit models get ID"; on request: the same, after access was '
        'granted on the hub.\nhalf here: "e2evit models get ID" goes on where it stopped.'
    )


@command.command("show")
@click.argument("name", metavar="ID")
@json_flag
def show_model(name: str, *, as_json: bool) -> None:
    """Say everything known of one model."""
    entry = entry_called(name)
    if as_json:
        click.echo(json.dumps(_record(entry), indent=2))
        return
    lines = {
        "Id": entry.id,
        "Title": entry.title,
        "Weights": _STATUS[entry.status].format(id=entry.id),
        "File": f"{_size(entry)}{f', {entry.path.name}' if entry.path else ''}",
        "Licence": f"{entry.licence.name}. {entry.licence.terms}",
        "Its text": entry.licence.url,
        "Accepted": entry.accepted.replace("T", " "),
        **(_architecture(entry.backbone) if entry.backbone else {}),
    }
    if entry.network is not None:
        lines["Resolution"], lines["Notes"] = f"{entry.network.mpp:g} um per pixel", entry.network.notes
    if entry.source is not None:
        lines["Page"] = entry.source.page
    for label, value in lines.items():
        if value:
            click.echo(f"{label:<12}{value}")


def _architecture(backbone: Backbone) -> dict[str, str]:
    return {
        "Size": f"{backbone.parameters / 1e6:.1f} M parameters, {backbone.depth} blocks of {backbone.heads} heads, "
        f"width {backbone.width}",
        "Patch": f"{backbone.patch_px} px, tiles of {backbone.tile_px} px",
        "Resolution": "any" if backbone.mpp is None else f"{backbone.mpp:g} um per pixel",
        "Mean, std": f"{backbone.mean}, {backbone.std}",
        "Notes": backbone.notes,
        "Traps": " ".join(backbone.traps),
    }


@command.command("get")
@click.argument("name", metavar="ID")
@click.option("--accept-licence", is_flag=True, help="Accept the licence without being asked.")
def get_model(name: str, *, accept_licence: bool) -> None:
    """Download the weights of a model, after its licence was accepted; goes on where an earlier download stopped.

    Weights that are given on request need a token of your own: `hf auth login`, or the environment variable HF_TOKEN.
    """
    from e2evit_model.convert.hub import fetch
    from e2evit_model.errors import BackboneError

    entry = entry_called(name)
    if entry.is_here:
        click.echo(f"{entry.title} is on this machine already. {_use(entry)}")
        return
    if entry.source is None or not entry.can_be_got:
        raise BackboneError(
            f"{entry.title} cannot be downloaded: it was added by you.",
            hint=f"Remove it with `e2evit models remove {entry.id}`, and add it again from where it is now.",
        )
    _agree(entry, accepted=accept_licence)
    with progress_bars(unit="B") as progress:
        path = fetch(entry.source, progress=progress)
    click.echo(f"{entry.title} is here ({written_bytes(path.stat().st_size)}). {_use(entry)}")


def _use(entry: Entry) -> str:
    return f"Use it with --tissue {entry.id}." if entry.network else f"Use it with --model {entry.id}."


def _agree(entry: Entry, *, accepted: bool) -> None:
    """Show the licence and have it accepted, unless it was before."""
    from e2evit_model.convert.licences import accept, require_accepted

    page = entry.source.page if entry.source else ""
    if entry.accepted:
        click.echo(f"{entry.title}: {entry.licence.name}, accepted on {entry.accepted[:10]}.")
        return
    click.echo(f"{entry.title}: {entry.licence.name}")
    for line in (entry.licence.terms, entry.backbone.notes if entry.backbone else "", entry.licence.url, page):
        if line:
            click.echo(f"  {line}")
    if not accepted and sys.stdin.isatty():
        click.confirm("Do you accept this licence?", abort=True)
        accepted = True
    if accepted:
        accept(entry.id, entry.licence.name, url=entry.licence.url or page)
    require_accepted(entry.id, entry.title, entry.licence.name)


@command.command("add")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--as", "backbone", metavar="ID", help='The known backbone that the weights are of, like "uni".')
@click.option(
    "--timm",
    metavar="NAME",
    help='The model of timm that they are of; a tag of your own tells them apart: "NAME.our-lab".',
)
@click.option(
    "--normalization",
    type=click.Choice(list(WELL_KNOWN)),
    help="Mean and std of the pictures a --timm model was trained on, by name: imagenet, half (0.5), clip.",
)
@click.option("--mean", help="The same in numbers, for colors from 0 to 1: 0.485,0.456,0.406")
@click.option("--std", help="The same in numbers: 0.229,0.224,0.225")
@click.option("--mpp", type=float, help="Micrometres a pixel at which a --timm model was trained, where that matters.")
@click.option("--licence", default="", help="The licence of a --timm model, to be shown with its results.")
@click.option(
    "--in-place", is_flag=True, help="Leave the file where it is. Else it is linked, or copied where it cannot be."
)
def add_model(
    path: Path,
    *,
    backbone: str | None,
    timm: str | None,
    normalization: str | None,
    mean: str | None,
    std: str | None,
    mpp: float | None,
    licence: str,
    in_place: bool,
) -> None:
    """Add weights of your own, a file or a folder with one, or a risk model folder.

    What it is of is told by its layout; where several backbones share one, say it with --as.
    """
    from e2evit_model.convert.registry import Kind
    from e2evit_model.model_store.adding import add_model as add

    said = chosen_normalization(normalization, mean, std)
    given = Given(
        backbone=backbone,
        timm=timm,
        mean=said[0] if said else None,
        std=said[1] if said else None,
        mpp=mpp,
        licence=licence,
        in_place=in_place,
    )
    with progress_bars(unit="B") as progress:
        model = add(path, given, progress=progress)
    use = str(path) if model.kind is Kind.RISK_MODEL else model.id
    click.echo(f"Added: {model.title} ({model.kind}, {written_bytes(model.size)}). Use it with --model {use}.")


@command.command("remove")
@click.argument("name", metavar="ID")
def remove_model(name: str) -> None:
    """Take a model off this machine, and say how much room that gave back."""
    from e2evit_model.model_store.removing import remove_model as remove

    entry = entry_called(name)
    done = remove(entry)
    click.echo(
        " ".join(filter(None, (f"{entry.title} was removed: {written_bytes(done.freed)} freed.", done.why_not_all)))
    )


@command.command("check")
@click.argument("names", metavar="[ID]...", nargs=-1)
@click.pass_context
def check_models(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Check the hashes of models that are here, and that they load. The exit code is 2 when one is not as it was."""
    from e2evit_model.model_store.checking import check_models as check
    from e2evit_model.model_store.checking import to_be_checked

    found = entries()
    wanted = tuple(entry_called(name, found) for name in names) or to_be_checked(found)
    if not wanted:
        click.echo("There is no model on this machine.")
        return

    def say(one: Checked) -> None:
        click.echo(f"{one.title}: {one.fault or one.said}" + (f"\n  {one.hint}" if one.fault else ""))

    with progress_bars(unit="B") as progress:
        checked = check(wanted, heard=say, progress=progress)
    if any(one.fault for one in checked):
        ctx.exit(2)


def _size(entry: Entry) -> str:
    return ("~" if entry.is_estimated else "") + written_bytes(entry.size)


def _record(entry: Entry) -> dict[str, object]:
    backbone = entry.backbone
    known = {field.name: getattr(backbone, field.name) for field in fields(Backbone)} if backbone else {}
    if backbone:
        known["timm_arguments"] = dict(backbone.timm_arguments)
    return {
        **known,
        "id": entry.id,
        "title": entry.title,
        "kind": entry.kind,
        "weights": entry.status,
        "bytes": entry.size,
        "bytes_estimated": entry.is_estimated,
        "licence": entry.licence.name,
        "licence_terms": entry.licence.terms,
        "licence_url": entry.licence.url,
        "licence_accepted": entry.accepted,
    }
