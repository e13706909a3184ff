"""What an analysis will need: memory and time, roughly, before anything is loaded."""

from e2evit_gui.slide_page.model_facts import ModelFacts
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.inference.price import Price, price
from e2evit_model.inference.settings import AnalysisSettings

_CHOSEN = ("tokens_per_tile", "merge_after", "merger", "split", "positions", "read_out")


def conversion_of(facts: ModelFacts | None, settings: AnalysisSettings) -> ConversionSettings:
    """Return how the model will read the strip: as its card says, and where it has none as the user chose."""
    if facts is not None and facts.card is not None:
        return ConversionSettings.from_record(dict(facts.card.conversion))
    chosen = {name: value for name in _CHOSEN if (value := getattr(settings, name)) is not None}
    return ConversionSettings(**chosen)


def estimate(tiles: int, facts: ModelFacts, settings: AnalysisSettings, *, gpu: bool = False) -> Price:
    """Estimate an analysis of ``tiles`` tiles by a model whose backbone is known."""
    if facts.backbone is None:
        raise ValueError("an analysis is estimated for a known backbone")
    return price(tiles, facts.backbone, conversion_of(facts, settings), gpu=gpu)
