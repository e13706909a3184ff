"""What an analysis will do: the user's settings, completed by the model's and by the defaults."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from e2evit_model.annotations.selection import NOTHING, TileSelection
from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.merging import finest_parts
from e2evit_model.convert.settings import ConversionSettings, Device, Merger, Precision
from e2evit_model.errors import OptionError
from e2evit_model.inference.models import LoadedModel
from e2evit_model.inference.price import Price, price
from e2evit_model.inference.settings import DEFAULT_TILE_MPP, DEFAULT_TISSUE, DEFAULT_TISSUE_FRACTION, AnalysisSettings
from e2evit_model.tiling.orders import Order
from e2evit_model.tissue.methods import METHODS

_LABELS = {
    "tissue": "way of finding tissue",
    "tissue_fraction": "share of tissue in a tile",
    "order": "order of the strip",
    "tile_mpp": "resolution of the tiles in um per pixel",
    "tokens_per_tile": "number of tokens a tile",
}
_TRAINED_WITH = set(_LABELS)


@dataclass(frozen=True, kw_only=True)
class AnalysisPlan:
    """Every choice made; ``notices`` say where the user's choice departs from how the risk model was trained."""

    tissue: str
    tissue_fraction: float
    order: Order
    tile_mpp: float
    tile_px: int
    conversion: ConversionSettings
    damaged_share: float
    device: Device
    precision: Precision
    cache: bool
    selection: TileSelection = NOTHING
    notices: tuple[str, ...] = ()

    @property
    def splits(self) -> int:
        """How many parts of a tile are kept apart while reading."""
        return finest_parts(self.conversion.tokens_per_tile)

    @property
    def recorded_tissue(self) -> str:
        """The tissue method for the record: a mask file is not named, its name may be a patient's."""
        return self.tissue if self.tissue in METHODS else f"file ({Path(self.tissue).suffix.lstrip('.').lower()})"


def price_of(plan: AnalysisPlan, backbone: Backbone, tiles: int, *, gpu: bool = False) -> Price:
    """Estimate what a plan takes for so many tiles: seconds, memory, disk."""
    return price(tiles, backbone, plan.conversion, tile_px=plan.tile_px, gpu=gpu)


def recorded_tissue(tissue: str) -> str:
    """Name a tissue method without naming a file."""
    return tissue if tissue in METHODS else f"a mask file ({Path(tissue).suffix.lstrip('.').lower()})"


_OF_THE_MODEL = {
    "merge_after": "merges tiles after block",
    "merger": "merges patches by",
    "split": "cuts tiles into",
    "positions": "knows positions by",
    "read_out": "is read out by",
}


def _look(settings: AnalysisSettings, model: LoadedModel) -> ConversionSettings:
    """Return how the model looks at the strip; a risk model in its own way alone, since its head knows no other."""
    asked = {name: getattr(settings, name) for name in _OF_THE_MODEL if getattr(settings, name) is not None}
    if model.risk is not None:
        for name, value in asked.items():
            own = getattr(model.conversion, name)
            if value != own:
                raise OptionError(
                    f"This risk model {_OF_THE_MODEL[name]} {own}, so {value} cannot be chosen.",
                    hint="Leave it out, or train a risk model with it.",
                )
        return model.conversion
    conversion = replace(model.conversion, **asked)
    if conversion.merger is Merger.ATTENTION:
        raise OptionError(
            "The attention merger is learned, and this model was not trained with it.",
            hint="Choose mean or max, or train a risk model with it (e2evit train --merger attention).",
        )
    return conversion


def make_plan(settings: AnalysisSettings, model: LoadedModel) -> AnalysisPlan:
    """Complete the user's settings by what the model was trained with, then by the defaults.

    Raises
    ------
    OptionError
        When the model cannot look at the strip in the way that was asked for.
    """
    card = model.risk.card if model.risk else None
    backbone = model.backbone
    trained: dict[str, Any] = {
        "tissue": card.tissue_method if card else DEFAULT_TISSUE,
        "tissue_fraction": card.tissue_fraction if card else DEFAULT_TISSUE_FRACTION,
        "order": Order(card.order) if card else Order.ROW,
        "tile_mpp": card.tile_mpp if card else backbone.mpp or DEFAULT_TILE_MPP,
        "tokens_per_tile": model.conversion.tokens_per_tile,
    }
    asked = {name: getattr(settings, name) for name in trained}
    chosen = {name: trained[name] if asked[name] is None else asked[name] for name in trained}
    told = _TRAINED_WITH if card else {"tile_mpp"} if backbone.mpp else set()
    shown = chosen | {"tissue": recorded_tissue(chosen["tissue"])}
    notices = [
        f"The {label} is {shown[name]}, but the model was trained with {trained[name]}."
        for name, label in _LABELS.items()
        if name in told and chosen[name] != trained[name]
    ]
    conversion = replace(_look(settings, model), tokens_per_tile=chosen.pop("tokens_per_tile"))
    return AnalysisPlan(
        **chosen,
        tile_px=card.tile_px if card else backbone.tile_px,
        conversion=conversion,
        damaged_share=settings.damaged_share,
        device=settings.device,
        precision=settings.precision,
        cache=settings.cache,
        selection=settings.selection,
        notices=tuple(notices),
    )
