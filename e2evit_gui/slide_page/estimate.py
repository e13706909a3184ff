"""What an analysis will need: memory and time, roughly, before anything is loaded."""

from dataclasses import dataclass

from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.inference.price import price


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """``memory_bytes`` at its peak in the model's process; ``seconds`` of a first run, with loading the model."""

    memory_bytes: float
    seconds: float


def estimate(
    tiles: int, backbone: Backbone, *, tokens_per_tile: float = 1.0, merge_after: int = 0, gpu: bool = False
) -> Estimate:
    """Estimate an analysis of ``tiles`` tiles that are merged after so many blocks."""
    found = price(
        tiles, backbone, ConversionSettings(tokens_per_tile=tokens_per_tile, merge_after=merge_after), gpu=gpu
    )
    return Estimate(memory_bytes=found.memory_bytes, seconds=found.seconds)
