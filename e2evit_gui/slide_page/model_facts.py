"""What is known of a chosen model without loading it (and without torch)."""

from dataclasses import dataclass
from pathlib import Path

from e2evit_model.convert.backbones import BACKBONES, Backbone
from e2evit_model.convert.registry import known_backbone, own_backbones
from e2evit_model.errors import E2EViTError
from e2evit_model.files import is_file, is_folder
from e2evit_model.inference.settings import (
    DEFAULT_TILE_MPP,
    DEFAULT_TILE_PX,
    DEFAULT_TISSUE,
    DEFAULT_TISSUE_FRACTION,
    AnalysisSettings,
    ModelChoice,
)
from e2evit_model.runs.risk_model_card import CARD_FILE, RiskModelCard, read_card
from e2evit_model.tiling.orders import Order


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """A model as far as its table entry, its card and its file's name tell.

    ``backbone`` is None where only loading the weights will tell. ``problem`` is a sentence when the model cannot be used.
    """

    title: str
    kind: str  # "risk model", "weights", "backbone"
    backbone: Backbone | None = None
    card: RiskModelCard | None = None
    licence: str = ""
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class TilesWish:
    """The tiles that will be laid."""

    tile_px: int
    mpp: float
    tissue: str
    tissue_fraction: float
    order: Order


def facts_of(choice: ModelChoice) -> ModelFacts:
    """Say what is known of a choice; a fault becomes ``problem`` and ``hint``."""
    path = Path(choice.source)
    try:
        if choice.source in BACKBONES or choice.source in own_backbones():
            return _of_backbone(known_backbone(choice.source))
        if is_folder(path):
            return _of_folder(path)
        if is_file(path):
            return _of_weights(path, choice.backbone)
        return _of_backbone(known_backbone(choice.source))
    except E2EViTError as error:
        return ModelFacts(title=path.name, kind="", problem=error.message, hint=error.hint)


def on_this_machine(backbone: Backbone) -> bool:
    """Say whether the weights of a backbone are in the cache of the Hugging Face hub."""
    from e2evit_model.convert.hub import weights_at_hand

    return weights_at_hand(backbone) is not None


def why_missing(backbone: Backbone) -> str:
    """Say why a backbone cannot be chosen."""
    if backbone.gated:
        return f"Not on this machine: the weights are given on request by {backbone.hub_repo} on the Hugging Face hub."
    return f"Not on this machine: the weights come from {backbone.hub_repo} on the Hugging Face hub."


def tiles_for(settings: AnalysisSettings, facts: ModelFacts | None) -> TilesWish:
    """Return the tiles of an analysis: as the user said, else as the model was trained, else the defaults."""
    card = facts.card if facts is not None else None
    backbone = facts.backbone if facts is not None else None
    mpp = card.tile_mpp if card else (backbone.mpp if backbone else None) or DEFAULT_TILE_MPP
    fraction = card.tissue_fraction if card else DEFAULT_TISSUE_FRACTION
    order = Order(card.order) if card else Order.ROW
    return TilesWish(
        tile_px=card.tile_px if card else backbone.tile_px if backbone else DEFAULT_TILE_PX,
        mpp=mpp if settings.tile_mpp is None else settings.tile_mpp,
        tissue=settings.tissue or (card.tissue_method if card else DEFAULT_TISSUE),
        tissue_fraction=fraction if settings.tissue_fraction is None else settings.tissue_fraction,
        order=order if settings.order is None else settings.order,
    )


def _of_backbone(backbone: Backbone) -> ModelFacts:
    missing = "" if on_this_machine(backbone) else f"The weights of {backbone.title} are not on this machine."
    return ModelFacts(
        title=backbone.title,
        kind="backbone",
        backbone=backbone,
        licence=backbone.licence,
        problem=missing,
        hint="Get them in the window of models (Analyze, Models), or choose a weight file." if missing else "",
    )


def _of_folder(folder: Path) -> ModelFacts:
    if not (folder / CARD_FILE).is_file():
        return ModelFacts(
            title=folder.name,
            kind="risk model",
            problem=f"{folder.name} is not a risk model: model.json is missing.",
            hint="Choose the folder of a risk model: it holds model.json and heads.safetensors.",
        )
    card = read_card(folder)
    return ModelFacts(
        title=card.name,
        kind="risk model",
        card=card,
        backbone=BACKBONES.get(card.backbone),
        licence=card.licence,
    )


def _of_weights(path: Path, backbone: str | None) -> ModelFacts:
    known = BACKBONES.get(backbone.lower()) or own_backbones().get(backbone) if backbone else None
    return ModelFacts(
        title=known.title if known else path.stem,
        kind="weights",
        backbone=known,
        licence=known.licence if known else "",
    )
