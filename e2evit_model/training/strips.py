"""Strips to train on: the patch stack of each slide with the places of its tiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from e2evit_model.errors import TrainingError
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.strip.token_stack import TokenStack
from e2evit_model.tiling.grid import TileGrid


@dataclass(frozen=True, kw_only=True)
class Strip:
    """A slide as the model is fed it: N readable tiles in strip order.

    ``columns`` and ``rows`` (N,) are the places of the tiles; ``mpp`` is micrometres a pixel of the tiles. ``fingerprint`` is equal
    for equal pixels of equal tiles in equal order.
    """

    slide_id: str
    stack: PatchStack
    columns: NDArray[np.int32]
    rows: NDArray[np.int32]
    mpp: float
    fingerprint: str

    @property
    def tile_px(self) -> int:
        """The side of a tile in pixels."""
        return self.stack.tile_px

    def __len__(self) -> int:
        return len(self.columns)

    @classmethod
    def of(cls, slide_id: str, stack: PatchStack, grid: TileGrid, fingerprint: str) -> Self:
        """Build from what reading a slide gives; tiles on damaged data are left out."""
        readable = stack.readable
        if not readable.all():
            stack, grid = stack.subset(readable), grid.subset(readable)
        return cls(
            slide_id=slide_id,
            stack=stack,
            columns=grid.column,
            rows=grid.row,
            mpp=grid.scale.mpp,
            fingerprint=fingerprint,
        )

    def tensors(self, patch_px: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return mean patches (N, splits, P, P, 3) float32 in 0..1, and tile columns and rows (N,).

        Raises
        ------
        OptionError
            When the strip was not read for this patch size.
        """
        means = torch.from_numpy(self.stack.means(patch_px))
        return means, torch.from_numpy(self.columns), torch.from_numpy(self.rows)


@dataclass(frozen=True, kw_only=True)
class TokenStrip:
    """A slide that the first blocks of a model have looked at already: N readable tiles in strip order.

    The fields are those of :class:`Strip`, with tokens in place of mean patches; ``fingerprint`` also stands for the weights that
    looked.
    """

    slide_id: str
    tokens: TokenStack
    columns: NDArray[np.int32]
    rows: NDArray[np.int32]
    mpp: float
    tile_px: int
    fingerprint: str

    def __len__(self) -> int:
        return len(self.columns)

    @classmethod
    def of(cls, slide_id: str, tokens: TokenStack, grid: TileGrid, fingerprint: str) -> Self:
        """Build from what looking at a slide gives; tiles on damaged data are left out."""
        readable = tokens.readable
        if not readable.all():
            tokens, grid = tokens.subset(readable), grid.subset(readable)
        return cls(
            slide_id=slide_id,
            tokens=tokens,
            columns=grid.column,
            rows=grid.row,
            mpp=grid.scale.mpp,
            tile_px=grid.tile_px,
            fingerprint=fingerprint,
        )


AnyStrip = Strip | TokenStrip


class Strips(Protocol):
    """Where the strips of a cohort are; picklable, since folds may be trained in processes of their own."""

    def load(self, slide_id: str) -> AnyStrip:
        """Load one strip.

        Raises
        ------
        TrainingError
            When there is none of that slide.
        CacheError
            When its file is damaged.
        """
        ...


@dataclass(frozen=True)
class StripsInMemory:
    """Strips that are in memory already: of small cohorts."""

    strips: Mapping[str, AnyStrip]

    def load(self, slide_id: str) -> AnyStrip:
        """Return one strip."""
        if slide_id not in self.strips:
            raise TrainingError(
                f'The slide "{slide_id}" was not prepared.', hint="Prepare the slides of the cohort first."
            )
        return self.strips[slide_id]
