"""Mergers: how the tokens of the patches of a group become one token, part by part and then group by group.

Mean and maximum have no parameter. Attention weighs patches by what a small network says of each (Ilse, Tomczak, Welling:
Attention-based Deep Multiple Instance Learning, ICML 2018); its weights begin equal, so that it begins as the mean.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from e2evit_model.convert.merging import Groups
from e2evit_model.convert.settings import Merger, Split
from e2evit_model.errors import OptionError

_HIDDEN = 128


class PatchScores(nn.Module):
    """Say how much each patch counts: tokens (..., C) to the logarithms of unnormalized weights (...,) float32.

    These are the only parameters that a merger adds; they belong to no backbone and are stored beside it.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, _HIDDEN)
        self.score = nn.Linear(_HIDDEN, 1, bias=False)
        nn.init.zeros_(self.score.weight)  # all patches count the same: the paper's mean

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the scores (...,) of tokens (..., C)."""
        with torch.autocast(tokens.device.type, enabled=False):
            scores: Tensor = self.score(self.hidden(tokens.to(self.hidden.weight.dtype)).tanh())[..., 0]
        return scores


@dataclass(frozen=True, kw_only=True)
class Merged:
    """Tokens of parts or groups (n, C); ``log_weights`` (n,) is how much each weighs beside others, where that is learned."""

    tokens: Tensor
    log_weights: Tensor | None = None


def cut_into_parts(tokens: Tensor, parts: int, split: Split) -> Tensor:
    """Sort the patches of tiles by part: (B, side, side, C), rows first, to (B, parts, m, C).

    Raises
    ------
    OptionError
        When the patches of a tile cannot be dealt evenly.
    """
    batch, side, _, width = tokens.shape
    quadrants = parts == 4 and split is Split.QUADRANTS
    if (quadrants and side % 2) or (side * side) % parts:
        raise OptionError(
            f"A tile of {side} x {side} patches cannot be cut into {parts} equal parts.",
            hint="Choose a tile size that is a multiple of twice the patch size, or one token a tile.",
        )
    if quadrants:
        halved = tokens.reshape(batch, 2, side // 2, 2, side // 2, width)
        return halved.transpose(2, 3).reshape(batch, 4, -1, width)
    return tokens.reshape(batch, parts, -1, width)


def merge_patches(patches: Tensor, merger: Merger, scores: PatchScores | None) -> Merged:
    """Merge the patches of each part: (n, m, C) to (n, C)."""
    if merger is Merger.MEAN:
        return Merged(tokens=patches.mean(1))
    if merger is Merger.MAX:
        return Merged(tokens=patches.amax(1))
    assert scores is not None  # noqa: S101 - a model with this merger has them
    given = scores(patches)  # (n, m)
    tokens = torch.einsum("nm,nmc->nc", given.softmax(1).to(patches.dtype), patches)
    return Merged(tokens=tokens, log_weights=given.logsumexp(1))


def merge_parts(parts: Merged, groups: Groups, merger: Merger) -> Tensor:
    """Merge the parts of each group, (N parts, C) to (G, C): the same as if all patches of the group were merged at once."""
    if groups.plain:
        return parts.tokens
    if merger is Merger.MEAN:
        return groups.means(parts.tokens)
    owner = groups.owner(parts.tokens.device)
    count, width = len(groups), parts.tokens.shape[-1]
    if merger is Merger.MAX:
        index = owner[:, None].expand(-1, width)
        lowest = parts.tokens.new_full((count, width), -torch.inf)
        return lowest.scatter_reduce(0, index, parts.tokens, "amax")
    given = parts.log_weights
    assert given is not None  # noqa: S101 - made by the same merger
    largest = given.new_full((count,), -torch.inf).scatter_reduce(0, owner, given.detach(), "amax")
    weights = (given - largest[owner]).exp()  # (N parts,)
    total = torch.zeros_like(largest).index_add(0, owner, weights)
    share = (weights / total[owner]).to(parts.tokens.dtype)[:, None]
    return parts.tokens.new_zeros(count, width).index_add(0, owner, parts.tokens * share)
