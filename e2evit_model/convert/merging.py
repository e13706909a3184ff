"""From the parts of tiles to groups: which mean patches become which token, and back from tokens to tiles."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from e2evit_model.convert.settings import Split
from e2evit_model.errors import OptionError

_PARTS = (1, 2, 4)
"""Whole tile; upper and lower half; quadrants row by row."""


@dataclass(frozen=True, kw_only=True)
class Groups:
    """G groups of consecutive parts of N tiles, ``parts`` to a tile, all parts weighing the same.

    ``bounds`` (G + 1,) are the parts at which groups begin and the end. They are spread evenly, so that no stretch of the strip is
    seen more coarsely than another (``tensor_split`` by number would put all larger groups first).
    """

    tiles: int
    parts: int
    bounds: Tensor

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def sizes(self) -> Tensor:
        """How many parts each group has, (G,) int64."""
        return self.bounds.diff()

    @property
    def plain(self) -> bool:
        """Whether every group is one part."""
        return len(self) == self.tiles * self.parts

    def owner(self, device: torch.device) -> Tensor:
        """Return the group that each part belongs to, (N * parts,) int64."""
        return torch.repeat_interleave(torch.arange(len(self), device=device), self.sizes.to(device))

    def means(self, parts: Tensor) -> Tensor:
        """Return the mean of each group: (N * parts, ...) to (G, ...)."""
        if self.plain:
            return parts
        sizes = self.sizes.to(parts.device)
        owner = self.owner(parts.device)
        sums = torch.zeros(len(self), *parts.shape[1:], dtype=parts.dtype, device=parts.device)
        sums = sums.index_add(0, owner, parts)
        weights = sizes.to(parts.dtype).reciprocal().view(-1, *[1] * (parts.ndim - 1))
        means: Tensor = sums * weights
        return means

    def to_tiles(self, shares: Tensor) -> Tensor:
        """Spread the share of each group evenly over its parts and add up by tile: (..., G) to (..., N); the sum stays."""
        if self.plain and self.parts == 1:
            return shares
        sizes = self.sizes.to(shares.device)
        by_part = torch.repeat_interleave(shares / sizes, sizes, dim=-1)
        by_tile: Tensor = by_part.unflatten(-1, (self.tiles, self.parts)).sum(-1)
        return by_tile


def finest_parts(tokens_per_tile: float) -> int:
    """Return into how many parts a tile must be cut for so many tokens: 1, 2 or 4.

    Raises
    ------
    OptionError
        When more than 4 tokens a tile, or none, are asked for.
    """
    for parts in _PARTS:
        if 0 < tokens_per_tile <= parts:
            return parts
    raise OptionError(
        f"{tokens_per_tile:g} tokens a tile are not possible.", hint="Choose more than 0 and at most 4 tokens a tile."
    )


def make_groups(tiles: int, tokens_per_tile: float) -> Groups:
    """Cut a strip of ``tiles`` into round(r N) groups, at least one.

    Tokens are taken tile by tile, inside a tile row by row; at r <= 1 tiles are never cut.
    """
    parts = finest_parts(tokens_per_tile)
    length = tiles * parts
    count = min(max(math.floor(tokens_per_tile * tiles + 0.5), 1), length)
    bounds = torch.arange(count + 1, dtype=torch.int64) * length // count
    return Groups(tiles=tiles, parts=parts, bounds=bounds)


def to_parts(patches: Tensor, parts: int) -> Tensor:
    """Average the splits of each tile to ``parts``: (N, splits, P, P, 3) to (N * parts, P, P, 3).

    Raises
    ------
    OptionError
        When the strip was read with fewer parts a tile than the model needs.
    """
    splits = patches.shape[1]
    if splits % parts:
        raise OptionError(
            f"The strip was read with {splits} part{'s' if splits > 1 else ''} a tile, but the model needs {parts}.",
            hint="Read the slide again with more parts a tile, or choose fewer tokens a tile.",
        )
    if splits != parts:
        patches = patches.unflatten(1, (parts, splits // parts)).mean(2)
    return patches.flatten(0, 1)


def places_of(columns: Tensor, rows: Tensor, groups: Groups, split: Split = Split.QUADRANTS) -> Tensor:
    """Return the mean place of each group on the slide in tiles, (G, 2) float32, from tile columns and rows (N,)."""
    tiles = torch.stack([columns, rows], dim=-1).to(torch.float32)
    offsets = {
        1: [(0.0, 0.0)],
        2: [(0.0, -0.25), (0.0, 0.25)],
        4: [(-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)],
    }[groups.parts]
    if groups.parts == 4 and split is Split.BANDS:
        offsets = [(0.0, -0.375), (0.0, -0.125), (0.0, 0.125), (0.0, 0.375)]
    parts = tiles[:, None, :] + torch.tensor(offsets, device=tiles.device)
    return groups.means(parts.flatten(0, 1))
