"""The token stack: what is left of the strip when a model has looked at every tile by itself."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError

LARGEST_FP16 = 60_000.0
"""Tokens with larger numbers are kept in float32: float16 ends at 65 504."""


@dataclass(frozen=True, kw_only=True)
class TokenStack:
    """Tokens of N tiles after some blocks of a model, float16 or float32.

    ``tokens`` is (N, parts, m, C): m = 1 where the patches of each part of a tile were merged already, else all m patches of the
    part. ``prefix`` (N, p, C) is each tile's own CLS and registers, p = 0 before the first block. ``log_weights`` (N, parts)
    float32 is how much each merged part weighs beside others, ``None`` where that is not learned. ``readable`` (N,) is false for
    tiles that touch damaged data; their tokens are 0 and mean nothing.
    """

    tokens: NDArray[np.floating[Any]]
    prefix: NDArray[np.floating[Any]]
    readable: NDArray[np.bool_]
    log_weights: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.readable)

    @property
    def parts(self) -> int:
        """How many parts of a tile are kept apart."""
        return int(self.tokens.shape[1])

    @property
    def every_patch(self) -> bool:
        """Whether all patches are kept, for a merger that still learns."""
        return int(self.tokens.shape[2]) > 1

    @property
    def nbytes(self) -> int:
        """How many bytes it takes."""
        weights = 0 if self.log_weights is None else self.log_weights.nbytes
        return self.tokens.nbytes + self.prefix.nbytes + self.readable.nbytes + weights

    def astype(self, dtype: type[np.floating[Any]]) -> Self:
        """Return the same tokens in other numbers."""
        return replace(self, tokens=self.tokens.astype(dtype), prefix=self.prefix.astype(dtype))

    def subset(self, keep: NDArray[np.bool_] | NDArray[np.int64]) -> Self:
        """Return the stack of some tiles, chosen by a mask or by indices, in the order given."""
        weights = None if self.log_weights is None else self.log_weights[keep]
        return replace(
            self,
            tokens=self.tokens[keep],
            prefix=self.prefix[keep],
            readable=self.readable[keep],
            log_weights=weights,
        )


def empty_tokens(
    tiles: int, *, parts: int, patches: int, width: int, prefix: int, weighted: bool, dtype: type[np.floating[Any]]
) -> TokenStack:
    """Return room for the tokens of some tiles, none of them readable yet.

    Raises
    ------
    OptionError
        When the memory does not suffice.
    """
    try:
        return TokenStack(
            tokens=np.zeros((tiles, parts, patches, width), dtype),
            prefix=np.zeros((tiles, prefix, width), dtype),
            readable=np.zeros(tiles, dtype=bool),
            log_weights=np.zeros((tiles, parts), np.float32) if weighted else None,
        )
    except MemoryError as error:
        raise OptionError(
            f"The memory does not suffice for the tokens of {tiles} tiles.",
            hint="Choose one token a tile, or exclude part of the slide.",
        ) from error
