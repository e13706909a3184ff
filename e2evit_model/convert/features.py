"""What a model makes of a strip: as tensors, and as arrays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from e2evit_model.errors import DeviceError


@dataclass(frozen=True, kw_only=True)
class StripFeatures:
    """What the model makes of one strip of N tiles, as tensors.

    ``embedding`` is (C,), (2 C,) for CLS and mean, or as wide as the pooler. ``attention`` (N,) float32 is the share of CLS
    attention of each tile, last layer, mean over heads, raw: with the prefix's share it sums to 1; it carries no gradient. Where
    tiles are merged after the last block it is 1 / N: their mean weighs all the same. ``layers``, where asked for, is
    (L - k, heads, N) float16, the same by layer and head *times N*, so that 1 means uniform; k blocks see tiles, not the strip.
    ``tokens``, where asked for, is (G, C) after the final norm.
    """

    embedding: Tensor
    attention: Tensor
    layers: Tensor | None = None
    tokens: Tensor | None = None


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """The same as arrays: ``embedding`` (C,) float32, ``attention`` (N,) float32, ``layers`` (L - k, heads, N) float16.

    ``layers`` has no layer (0, heads, N) where they were not asked for. ``precision`` is "fp32" or "bf16", as computed.
    """

    embedding: NDArray[np.float32]
    attention: NDArray[np.float32]
    layers: NDArray[np.float16]
    precision: str


def as_arrays(found: StripFeatures, precision: str, *, heads: int) -> Encoding:
    """Bring features to main memory."""
    layers = torch.empty(0, heads, len(found.attention)) if found.layers is None else found.layers
    return Encoding(
        embedding=found.embedding.float().cpu().numpy(),
        attention=found.attention.float().cpu().numpy(),
        layers=layers.to(torch.float16).cpu().numpy(),
        precision=precision,
    )


@contextmanager
def memory_said(tiles: int) -> Iterator[None]:
    """Turn torch's complaint about main memory into a sentence; that about a GPU's passes as it is."""
    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:
        if "allocate memory" not in str(error) and "not enough memory" not in str(error):
            raise
        raise DeviceError(
            f"The memory of this computer does not suffice for {tiles} tiles.",
            hint="Close other programs, choose a smaller backbone or fewer tokens a tile, or exclude part of the slide.",
        ) from error
