"""Is a model what it was: hashes, and whether it loads (on the meta device, so that no memory is needed)."""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.downloading import hash_of
from e2evit_model.convert.hub import published_sha256, weights_at_hand
from e2evit_model.convert.loading import named_backbone
from e2evit_model.convert.registry import Kind
from e2evit_model.convert.timm_models import build, load_state
from e2evit_model.convert.weights import of_the_trunk, read_layout
from e2evit_model.errors import E2EViTError, ModelError, WeightsError
from e2evit_model.model_store.entries import Entry, Status
from e2evit_model.model_store.given import Checked
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.risk_model import read_risk_model

_AGAIN = "Remove it, and get or add it again."


def check_loads(path: Path, backbone: Backbone) -> None:
    """Load the layout of a weight file into a backbone without memory.

    Raises
    ------
    WeightsError
        Naming the first tensor that is missing, left over or of another shape, or when the file cannot be read.
    """
    layout = of_the_trunk(read_layout(path))
    with torch.device("meta"):
        vit = build(backbone)
        state = {name: torch.empty(shape) for name, shape in layout.items()}
    load_state(vit, state, backbone.title)


def check_model(entry: Entry, *, progress: Progress = silent) -> Checked:
    """Check one model that is here, or should be.

    Raises
    ------
    Cancelled
        By ``progress``.
    """
    try:
        said = _check(entry, progress)
    except E2EViTError as error:
        return Checked(id=entry.id, title=entry.title, fault=error.message, hint=error.hint or _AGAIN)
    return Checked(id=entry.id, title=entry.title, said=said)


def check_models(
    wanted: Sequence[Entry], *, heard: Callable[[Checked], None], progress: Progress = silent
) -> tuple[Checked, ...]:
    """Check models one after the other; ``heard`` is told of each as it is done.

    Raises
    ------
    Cancelled
        By ``progress``.
    """
    found = []
    for entry in wanted:
        found.append(check_model(entry, progress=progress))
        heard(found[-1])
    return tuple(found)


def to_be_checked(among: Sequence[Entry]) -> tuple[Entry, ...]:
    """Select what is here, or should be."""
    return tuple(entry for entry in among if entry.is_here or entry.status is Status.GONE)


def _check(entry: Entry, progress: Progress) -> str:
    if entry.path is None:
        name = entry.own.path.name if entry.own else entry.title
        raise WeightsError(f"{name} is not at its place any more, or has another size.", hint=_AGAIN)
    if entry.kind is Kind.RISK_MODEL:
        return _check_risk_model(entry.path, progress)
    wanted = entry.own.sha256 if entry.own else published_sha256(entry.path)
    if wanted and hash_of(entry.path, f"Checking {entry.title}", progress) != wanted:
        since = "since it was added" if entry.own else "since it was downloaded"
        raise WeightsError(f"{entry.path.name} has changed {since}: its hash is another one.", hint=_AGAIN)
    if entry.backbone is not None:
        check_loads(entry.path, entry.backbone)
    return "hash right, loads" if wanted else "loads; the hub gave no hash to compare"


def _check_risk_model(folder: Path, progress: Progress) -> str:
    risk = read_risk_model(folder, progress=progress)
    backbone = named_backbone(risk.card.backbone)
    if risk.backbone_file(0) is None and weights_at_hand(backbone) is None:
        raise ModelError(
            f"{risk.card.name} needs the weights of {backbone.title}, which are not on this machine.",
            hint=f"Get them with `e2evit models get {backbone.id}`.",
        )
    return "hashes right, loads"
