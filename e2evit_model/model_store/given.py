"""What a user says about a file of their own, and what a check of models found. No torch here."""

from dataclasses import dataclass

from e2evit_model.convert.backbones import Rgb


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the user says about a file.

    ``backbone`` is an id of the table; ``timm`` the name of a model in timm, with a tag of the user's own if wanted
    ("vit_base_patch16_224.our_lab"), which becomes the model's id. ``mean`` and ``std`` of RGB in 0..1 and ``mpp`` in micrometres a
    pixel are for ``timm`` alone: the table knows them. ``in_place`` leaves the file where it is.
    """

    backbone: str | None = None
    timm: str | None = None
    mean: Rgb | None = None
    std: Rgb | None = None
    mpp: float | None = None
    licence: str = ""
    in_place: bool = False


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was found: ``fault`` is a sentence, empty when all is well, ``hint`` what to do; ``said`` what was checked."""

    id: str
    title: str
    said: str = ""
    fault: str = ""
    hint: str = ""
