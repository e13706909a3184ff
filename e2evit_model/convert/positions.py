"""ALiBi: a bias on attention that falls with distance, in place of learned positions.

Press, Smith, Lewis: Train Short, Test Long: Attention with Linear Biases Enables Input Length Extrapolation (ICLR 2022); made
symmetric, and without bias to or from the prefix (CLS, registers).
"""

import math
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional as F

from e2evit_model.convert.settings import Positions
from e2evit_model.errors import BackboneError


def alibi_slopes(heads: int) -> Tensor:
    """Return the slope of every head, (heads,) float32.

    For a power of two m_k = 2^(-8k/n), k from 1; otherwise those of the largest power of two c below n, then every second of
    those of 2c.

    Raises
    ------
    ValueError
        When there is no head.
    """
    if heads < 1:
        raise ValueError(f"{heads} heads")
    power = 2 ** int(math.log2(heads))
    slopes = [2.0 ** (-8.0 * k / power) for k in range(1, power + 1)]
    between = [2.0 ** (-8.0 * k / (2 * power)) for k in range(1, 2 * power + 1, 2)]
    return torch.tensor(slopes + between[: heads - power], dtype=torch.float32)


@dataclass(frozen=True, kw_only=True)
class Bias:
    """What attention adds to its logits: minus slope times distance between patch tokens, nothing for the prefix.

    ``slopes`` (H,) float32, a unit of distance already in them. ``places`` is ``None`` for distances along the strip, which are
    |i - j|; else (n, 2) float32, the tokens' places on the slide in tiles, and distances are Euclidean. ``prefix`` tokens come
    first and take no bias, to or from.
    """

    slopes: Tensor
    prefix: int
    places: Tensor | None = None

    @property
    def one_dimensional(self) -> bool:
        """Whether distances are taken along the strip."""
        return self.places is None

    def to(self, device: torch.device) -> Self:
        """Return the same on another device."""
        places = None if self.places is None else self.places.to(device)
        return type(self)(slopes=self.slopes.to(device), prefix=self.prefix, places=places)

    def distances(self, rows: slice, count: int) -> Tensor:
        """Return the distances of some patch tokens to all ``count`` of them, (rows, count) float32."""
        if self.places is not None:
            own = self.places[rows]
            # differences, not the expansion by matrix products, which loses small distances
            return (own[:, None, :] - self.places[None, :, :]).square().sum(-1).sqrt()
        place = torch.arange(count, device=self.slopes.device, dtype=torch.float32)
        return (place[rows, None] - place[None, :]).abs()

    def rows(self, start: int, stop: int, count: int, dtype: torch.dtype) -> Tensor:
        """Return the bias of tokens ``start`` to ``stop`` (prefix counted) to all ``prefix + count``, (1, H, rows, all).

        Distances and products are float32 and cast once at the end: bf16 cannot count above 256.
        """
        first = max(start - self.prefix, 0)
        last = max(stop - self.prefix, 0)
        inner = self.distances(slice(first, last), count)[None] * -self.slopes[:, None, None]
        above = min(stop, self.prefix) - min(start, self.prefix)
        return F.pad(inner, (self.prefix, 0, above, 0)).to(dtype)[None]


def make_bias(
    kind: Positions, heads: int, prefix: int, *, unit: float = 1.0, places: Tensor | None = None
) -> Bias | None:
    """Make the bias of a forward pass; ``None`` where positions are not a bias.

    Parameters
    ----------
    unit
        How much one step along the strip counts.
    places
        (n, 2) places of the tokens in tiles, for ``alibi_2d``.

    Raises
    ------
    BackboneError
        When ``alibi_2d`` is asked for without places.
    """
    match kind:
        case Positions.ALIBI:
            return Bias(slopes=alibi_slopes(heads) * unit, prefix=prefix)
        case Positions.ALIBI_2D:
            if places is None:
                raise BackboneError(
                    "This model needs to know where each tile lies on the slide.",
                    hint="Give the columns and rows of the tiles, or use a model with positions along the strip.",
                )
            return Bias(slopes=alibi_slopes(heads), prefix=prefix, places=places.to(torch.float32))
        case _:
            return None
