"""Take a model of the user's: a weight file of a known backbone, of any ViT of timm, or a risk model folder."""

import logging
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from e2evit_model.convert.backbones import Backbone, find_backbone
from e2evit_model.convert.downloading import PIECE, hash_of
from e2evit_model.convert.recognition import recognise
from e2evit_model.convert.registry import Kind, OwnModel, own_models, refuse_second, remember, weights_folder
from e2evit_model.convert.timm_models import backbone_from_timm, published_normalization
from e2evit_model.errors import BackboneError, ModelError, OptionError, OutputError, WeightsError
from e2evit_model.files import explain_write_error, sha256_of_file, write_whole
from e2evit_model.model_store.checking import check_loads
from e2evit_model.model_store.given import Given
from e2evit_model.model_store.normalization import check_normalization
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.risk_model import read_risk_model
from e2evit_model.runs.risk_model_card import CARD_FILE
from e2evit_model.units import LARGEST_MPP, written_bytes

log = logging.getLogger(__name__)


def add_model(path: Path, given: Given, *, progress: Progress = silent) -> OwnModel:
    """Add a weight file or a risk model folder, after it was proved that it loads.

    Raises
    ------
    WeightsError
        When the file is missing, damaged, unsafe, of another architecture, or does not say what it is.
    ModelError
        When the folder is no risk model that can be used.
    BackboneError
        When the backbone is unknown, or has a file already.
    OptionError
        When mean and std are missing or cannot be, or say something else than the table.
    OutputError
        When there is no room, or our folder cannot be written.
    Cancelled
        By ``progress``.
    """
    if path.is_dir():
        return _add_folder(path, given, progress)
    backbone, is_own = _backbone_of(path, given)
    refuse_second(backbone.id, backbone.title, own_models())
    progress(f"Checking {path.name}", 0, 0)
    check_loads(path, backbone)
    sha256 = hash_of(path, f"Checking {path.name}", progress)
    place = path.resolve() if given.in_place else _take(path, backbone.id, progress)
    model = OwnModel(
        id=backbone.id,
        title=backbone.title,
        kind=Kind.WEIGHTS,
        path=place,
        kept=not given.in_place,
        sha256=sha256,
        size=place.stat().st_size,
        added=_now(),
        licence=backbone.licence,
        backbone=backbone if is_own else None,
    )
    try:
        remember(model)
    except (BackboneError, OutputError):
        if model.kept:
            place.unlink(missing_ok=True)
        raise
    log.info("Added: %s", backbone.title)
    return model


def _backbone_of(path: Path, given: Given) -> tuple[Backbone, bool]:
    """Return what the file is of, and whether that is the user's own architecture."""
    if given.backbone and given.timm:
        raise OptionError(
            "The backbone is given twice: by its id and by its name in timm.", hint="Give one of the two."
        )
    if given.timm:
        return _from_timm(given.timm, given), True
    if given.mean or given.std or given.mpp:
        raise OptionError(
            "Mean, std and resolution of this backbone are known and cannot be changed.",
            hint="They can be given for a model of timm only, with --timm NAME.",
        )
    if given.backbone:
        return find_backbone(given.backbone), False
    try:
        return recognise(path), False
    except WeightsError as error:
        if "layout" not in error.message:
            raise
        raise WeightsError(
            error.message, hint="Say what it is: --as ID for a known backbone, --timm NAME for a model of timm."
        ) from error


def _from_timm(name: str, given: Given) -> Backbone:
    known = backbone_from_timm(name.strip())
    if known is None:
        raise BackboneError(f"timm has no model called {name}.", hint="Look for its name with timm.list_models.")
    said = published_normalization(name.strip())
    if (given.mean is None) != (given.std is None):
        raise OptionError("Mean and std belong together, but only one was given.", hint="Give both.")
    if given.mean is not None and given.std is not None:
        mean, std = check_normalization(given.mean, given.std)
    elif said is not None:
        mean, std = said
    else:
        raise OptionError(
            f"Nothing says which mean and std weights of {name} were trained with.",
            hint="Give --normalization imagenet, half or clip, or --mean and --std; the card of the model says which.",
        )
    if given.mpp is not None and not 0 < given.mpp <= LARGEST_MPP:
        raise OptionError(
            f"A resolution of {given.mpp:g} um/px cannot be.", hint="Most pathology models use 0.5 um/px."
        )
    return replace(
        known,
        title=name.strip(),
        mean=mean,
        std=std,
        mpp=given.mpp,
        licence=given.licence or "not stated",
        notes="Added by you.",
    )


def _take(path: Path, identity: str, progress: Progress) -> Path:
    """Link a file into our folder; copy it where the file system cannot link."""
    target = weights_folder(identity) / path.name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        os.link(path.resolve(), target)
    except OSError as error:
        log.debug("cannot link: %s", error)
    else:
        return target
    try:
        size, free = path.stat().st_size, shutil.disk_usage(target.parent).free
    except OSError as error:
        raise explain_write_error(error, target) from error
    if size > free:
        raise OutputError(
            f"There is not enough room for {path.name}: it has {written_bytes(size)}, {written_bytes(free)} are free.",
            hint="Free some space, or use it from where it is, with --in-place.",
        )
    with write_whole(target) as temporary, path.open("rb") as source, temporary.open("wb") as copy:
        done = 0
        while piece := source.read(8 * PIECE):
            copy.write(piece)
            done += len(piece)
            progress(f"Copying {path.name}", done, size)
    return target


def _add_folder(folder: Path, given: Given, progress: Progress) -> OwnModel:
    if not (folder / CARD_FILE).is_file():
        files: Sequence[Path] = [one for kind in ("*.safetensors", "*.bin", "*.pth") for one in folder.glob(kind)]
        if len(files) == 1:
            return add_model(files[0], given, progress=progress)
        raise ModelError(
            f"{folder.name} is not a risk model: model.json is missing.",
            hint="Choose a weight file, or the folder of a risk model: it holds model.json and heads.safetensors.",
        )
    if given.backbone or given.timm:
        raise OptionError("A risk model says by itself which backbone it has.", hint="Leave --as and --timm out.")
    card = read_risk_model(folder, progress=progress).card
    identity = "-".join(card.name.lower().split()) or folder.name
    refuse_second(identity, card.name, own_models())
    model = OwnModel(
        id=identity,
        title=card.name,
        kind=Kind.RISK_MODEL,
        path=folder.resolve(),
        kept=False,
        sha256=sha256_of_file(folder / CARD_FILE),
        size=sum(one.stat().st_size for one in folder.iterdir() if one.is_file()),
        added=_now(),
        licence=card.licence,
    )
    remember(model)
    return model


def _now() -> str:
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")
