"""From what the user names - a file, a folder, a backbone - to a vision transformer with its weights."""

import logging
from pathlib import Path

import torch

from e2evit_model.convert.backbones import BACKBONES, Backbone, find_backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.hub import weights_at_hand
from e2evit_model.convert.pooler import ContrastPooler
from e2evit_model.convert.recognition import recognise
from e2evit_model.convert.registry import own_backbones
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.convert.timm_models import VisionTransformer, backbone_from_timm, build, load_state
from e2evit_model.convert.weights import of_the_trunk, read_weights, weights_sha256
from e2evit_model.errors import BackboneError, WeightsError

__all__ = ["build_seeded", "load_backbone", "load_encoder", "load_state", "named_backbone", "weights_at_hand"]

log = logging.getLogger(__name__)


def named_backbone(name: str) -> Backbone:
    """Return a backbone of the table, one that the user gave, or any plain ViT of timm by its name there.

    Raises
    ------
    BackboneError
        When neither knows it.
    """
    own = own_backbones().get(name.strip())
    return BACKBONES.get(name.strip().lower()) or own or backbone_from_timm(name.strip()) or find_backbone(name)


def build_seeded(backbone: Backbone, *, seed: int) -> VisionTransformer:
    """Build a backbone with random weights that are the same for the same seed; the global random state is left alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build(backbone)


def _weight_file(source: Path, backbone: Backbone | None) -> Path:
    if not source.is_dir():
        return source
    wanted = [backbone.weight_file] if backbone else []
    for name in (*wanted, "model.safetensors", "pytorch_model.bin"):
        if (source / name).is_file():
            return source / name
    found = sorted([*source.glob("*.safetensors"), *source.glob("*.bin"), *source.glob("*.pth")])
    if len(found) == 1:
        return found[0]
    said = "more than one weight file" if found else "no weight file"
    raise WeightsError(f"The folder {source.name} holds {said}.", hint="Choose the file itself.")


def _downloaded(backbone: Backbone) -> Path:
    path = weights_at_hand(backbone)
    if path is None:
        gate = ", after its licence was accepted there" if backbone.gated else ""
        raise BackboneError(
            f"The weights of {backbone.title} are not on this machine.",
            hint=f"Get them with `e2evit models get {backbone.id}`{gate}, or give a weight file with --backbone {backbone.id}.",
        )
    return path


def load_backbone(source: Path | str, *, backbone: str | None = None) -> tuple[VisionTransformer, Backbone, str]:
    """Load a pre-trained vision transformer.

    Parameters
    ----------
    source
        A weight file, a folder with one, or the id of a backbone whose weights are in the hub's cache. Nothing is downloaded.
    backbone
        What a weight file is of: an id, or a name in timm. ``None``: told by the file's layout.

    Returns
    -------
    tuple
        The model in evaluation mode, float32, on the CPU; what it is; the SHA-256 of the weight file.

    Raises
    ------
    WeightsError
        When the file is missing, damaged, unsafe, of another architecture, or does not say what it is.
    BackboneError
        When the backbone is unknown, or its weights are not on this machine.
    """
    path, known = _found(source, backbone)
    vit, _ = _read(path, known)
    return vit, known, weights_sha256(path)


def load_encoder(
    source: Path | str, *, backbone: str | None = None, settings: ConversionSettings | None = None
) -> tuple[E2EViT, Backbone, str]:
    """Load a pre-trained vision transformer and convert it, with the pooler that stands beside it in its file.

    Parameters
    ----------
    source, backbone
        As for :func:`load_backbone`.
    settings
        How it is converted.

    Returns
    -------
    tuple
        The converted model, what it is, the SHA-256 of the weight file.

    Raises
    ------
    WeightsError, BackboneError
        As :func:`load_backbone`, and when it cannot be converted.
    OptionError
        When the settings do not fit it.
    """
    path, known = _found(source, backbone)
    vit, pooler = _read(path, known)
    return E2EViT.from_timm(vit, known, settings, pooler=pooler), known, weights_sha256(path)


def _found(source: Path | str, backbone: str | None) -> tuple[Path, Backbone]:
    """Return the weight file that is meant, and what it is of."""
    known = named_backbone(backbone) if backbone else None
    path = Path(source)
    if not path.exists() and known is None and path.suffix not in (".safetensors", ".bin", ".pth", ".pt"):
        known = named_backbone(str(source))
        path = _downloaded(known)
    path = _weight_file(path, known)
    return path, known or recognise(path)


def _read(path: Path, known: Backbone) -> tuple[VisionTransformer, ContrastPooler | None]:
    log.info("loading %s", known.title)
    keys = read_weights(path)
    vit = build_empty(known)
    load_state(vit, of_the_trunk(keys), known.title)
    return vit, ContrastPooler.from_file(keys)


def build_empty(backbone: Backbone) -> VisionTransformer:
    """Build a backbone whose weights are still to come: nothing is drawn at random, memory is taken once."""
    with torch.device("meta"):
        vit = build(backbone)
    return vit.to_empty(device="cpu")
