"""Every model that is here or could be: the table of backbones, GrandQC's networks, what the user gave. No torch here."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from e2evit_model.convert.backbones import BACKBONES, Backbone
from e2evit_model.convert.hub import Published, begun_bytes, in_cache, published
from e2evit_model.convert.licences import Licence, accepted_on, licence_called
from e2evit_model.convert.registry import Kind, OwnModel, own_models
from e2evit_model.errors import BackboneError, did_you_mean
from e2evit_model.grandqc.models import NETWORKS, Network

BYTES_A_PARAMETER = 4  # published weights are in single precision


class Status(StrEnum):
    """Where the weights are."""

    HERE = "here"
    OWN = "your file"
    BEGUN = "half here"
    FREE = "free"
    GATED = "on request"
    GONE = "file gone"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One model.

    ``size`` is of the weight file in bytes, estimated from the number of parameters (``is_estimated``) while it is not here.
    ``begun`` is how many bytes of it came before its download was stopped. ``accepted`` is the date on which the user accepted the
    licence (ISO 8601), empty when that was never done. ``network`` is set where it finds tissue.
    ``source`` is where it can be downloaded from, ``own`` what the user gave;
    ``path`` the file or folder while it is here.
    """

    id: str
    title: str
    kind: Kind
    status: Status
    size: int
    is_estimated: bool
    licence: Licence
    accepted: str
    begun: int = 0
    backbone: Backbone | None = None
    network: Network | None = None
    source: Published | None = None
    own: OwnModel | None = None
    path: Path | None = None

    @property
    def is_here(self) -> bool:
        """Whether it can be used now."""
        return self.status in (Status.HERE, Status.OWN)

    @property
    def can_be_got(self) -> bool:
        """Whether it can be downloaded."""
        return self.source is not None and bool(self.source.repo) and self.own is None and not self.is_here


def entries() -> tuple[Entry, ...]:
    """Return the backbones of the table, GrandQC's networks, then what the user gave beside them."""
    given = {model.id: model for model in own_models()}
    table = [_of_the_table(backbone, given.pop(backbone.id, None)) for backbone in BACKBONES.values()]
    return (*table, *map(_of_grandqc, NETWORKS.values()), *map(_of_the_user, given.values()))


def entry_called(name: str, among: Iterable[Entry] | None = None) -> Entry:
    """Return the model of an id.

    Raises
    ------
    BackboneError
        When there is none; the hint names the nearest one.
    """
    known = {entry.id: entry for entry in (entries() if among is None else among)}
    found = known.get(name.strip()) or known.get(name.strip().lower())
    if found is None:
        raise BackboneError(f'No model is called "{name}".', hint=did_you_mean(name, known))
    return found


def _of_the_table(backbone: Backbone, own: OwnModel | None) -> Entry:
    source = published(backbone)
    path = own.path if own is not None and own.is_there else None if own is not None else in_cache(source)
    begun = 0 if path else begun_bytes(source)
    return Entry(
        id=backbone.id,
        title=backbone.title,
        kind=Kind.WEIGHTS,
        status=_status(own, path, begun=begun, gated=backbone.gated),
        size=path.stat().st_size if path else backbone.parameters * BYTES_A_PARAMETER,
        is_estimated=path is None,
        licence=licence_called(backbone.licence),
        accepted=accepted_on(backbone.id, backbone.licence),
        begun=begun,
        backbone=backbone,
        source=source,
        own=own,
        path=path,
    )


def _of_grandqc(network: Network) -> Entry:
    source = network.published
    path = in_cache(source)
    return Entry(
        id=network.id,
        title=network.title,
        kind=Kind.WEIGHTS,
        status=_status(None, path, begun=0, gated=source.gated),
        size=path.stat().st_size if path else network.bytes,
        is_estimated=path is None,
        licence=licence_called(source.licence),
        accepted=accepted_on(network.id, source.licence),
        network=network,
        source=source,
        path=path,
    )


def _of_the_user(own: OwnModel) -> Entry:
    path = own.path if own.is_there else None
    return Entry(
        id=own.id,
        title=own.title,
        kind=own.kind,
        status=_status(own, path, begun=0, gated=False),
        size=own.size,
        is_estimated=False,
        licence=licence_called(own.licence),
        accepted="",
        backbone=own.backbone,
        own=own,
        path=path,
    )


def _status(own: OwnModel | None, path: Path | None, *, begun: int, gated: bool) -> Status:
    if own is not None:
        return Status.OWN if path else Status.GONE
    if path is not None:
        return Status.HERE
    if begun:
        return Status.BEGUN
    return Status.GATED if gated else Status.FREE
