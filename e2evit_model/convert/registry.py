"""The models that the user gave: weight files and risk model folders, remembered in ``models.json``. No torch here.

A weight file lies in our data folder (hard-linked, so that it takes no room twice and outlives its first name, or copied where the
file system cannot link), or stays where it is when the user wants it so; risk models always stay where they are.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock

from e2evit_model.convert.backbones import BACKBONES, Backbone, find_backbone
from e2evit_model.errors import BackboneError
from e2evit_model.files import config_folder, data_folder, explain_write_error, write_whole

log = logging.getLogger(__name__)

SCHEMA_VERSION = 1


class Kind(StrEnum):
    """What was given."""

    WEIGHTS = "weights"
    RISK_MODEL = "risk model"


@dataclass(frozen=True, kw_only=True)
class OwnModel:
    """A model that the user gave.

    ``id`` is that of a backbone of the table, or the user's own; then ``backbone`` says what it is. ``kept`` says that the file is
    in our data folder and goes when the model is removed. ``sha256`` is of the weight file, of ``model.json`` for a risk model;
    ``size`` in bytes; ``added`` is a date (ISO 8601).
    """

    id: str
    title: str
    kind: Kind
    path: Path
    kept: bool
    sha256: str
    size: int
    added: str
    licence: str
    backbone: Backbone | None = None

    @property
    def is_there(self) -> bool:
        """Whether what was given is still at its place, and as large as it was."""
        try:
            return self.path.is_dir() or self.path.stat().st_size == self.size
        except OSError:
            return False


def own_models() -> tuple[OwnModel, ...]:
    """Return what the user gave, in the order in which it was given; nothing when the list cannot be read."""
    try:
        return _read()
    except BackboneError as error:
        log.warning("%s", error.message)
        return ()


def own_weights(backbone: str) -> Path | None:
    """Return the weight file that the user gave for a backbone, while it is there."""
    for model in own_models():
        if model.id == backbone and model.kind is Kind.WEIGHTS and model.is_there:
            return model.path
    return None


def own_backbones() -> Mapping[str, Backbone]:
    """Return the architectures that the user gave weights for and that the table does not have, by id."""
    return {model.id: model.backbone for model in own_models() if model.backbone is not None}


def known_backbone(name: str) -> Backbone:
    """Return a backbone of the table, or one that the user gave.

    Raises
    ------
    BackboneError
        When neither has it; the hint names the nearest one.
    """
    return own_backbones().get(name.strip()) or find_backbone(name)


def weights_folder(model: str) -> Path:
    """Return where the weight file of a model is kept."""
    return data_folder() / "weights" / model


def remember(model: OwnModel) -> None:
    """Add a model to the list.

    Raises
    ------
    BackboneError
        When there is one of this id already, or the list cannot be read: it is not written over then.
    OutputError
        When the list cannot be written.
    """
    with _locked():
        models = _read()
        refuse_second(model.id, model.title, models)
        _write((*models, model))


def refuse_second(identity: str, title: str, models: Iterable[OwnModel]) -> None:
    """Refuse a model of an id that is taken.

    Raises
    ------
    BackboneError
        When it is.
    """
    if any(one.id == identity for one in models):
        raise BackboneError(
            f"{title} was added before.",
            hint=f"Remove it first, with `e2evit models remove {identity}`, or give a new name.",
        )


def forget(identity: str) -> None:
    """Take a model off the list; its file is left alone.

    Raises
    ------
    BackboneError, OutputError
        As :func:`remember`.
    """
    with _locked():
        _write(tuple(model for model in _read() if model.id != identity))


def _file() -> Path:
    return config_folder() / "models.json"


@contextmanager
def _locked() -> Iterator[None]:
    path = _file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=10):
            yield
    except OSError as error:  # a lock that another process holds for so long is one of these
        raise explain_write_error(error, path) from error


def _read() -> tuple[OwnModel, ...]:
    try:
        record = json.loads(_file().read_text(encoding="utf-8"))
        if record["schema"] > SCHEMA_VERSION:
            raise BackboneError(
                "The list of your own models is of a newer version of this program.", hint="Update the program."
            )
        return tuple(_from_record(one) for one in record["models"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        log.debug("models.json: %s", error)
        raise BackboneError(
            "The list of your own models cannot be read: models.json is damaged.",
            hint="Mend the file or take it away, and add the models again.",
        ) from error


def _write(models: Iterable[OwnModel]) -> None:
    record = {"schema": SCHEMA_VERSION, "models": [_to_record(model) for model in models]}
    with write_whole(_file()) as temporary:
        temporary.write_text(json.dumps(record, indent=2), encoding="utf-8")


def _to_record(model: OwnModel) -> dict[str, Any]:
    record = asdict(model) | {"path": str(model.path), "kind": str(model.kind)}
    if model.backbone is not None:
        record["backbone"]["timm_arguments"] = dict(model.backbone.timm_arguments)
    return record


def _from_record(record: dict[str, Any]) -> OwnModel:
    said = record["backbone"]
    if said is not None:
        tuples = {key: tuple(said[key]) for key in ("mean", "std", "traps")}
        said = Backbone(**{**said, **tuples})
    model = OwnModel(**{**record, "path": Path(record["path"]), "kind": Kind(record["kind"]), "backbone": said})
    if said is None and model.kind is Kind.WEIGHTS and model.id not in BACKBONES:
        raise ValueError(f"no backbone is called {model.id}")
    return model
