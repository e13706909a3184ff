"""Late merging: the first blocks see each tile's own patches; then these become the tokens of the strip.

Blocks 0 .. k-1 run on batches of tiles, each with the positions that it was pre-trained with and no bias. Where k is the number of
all blocks, the final norm belongs to them, so that the strip is the mean over separately encoded tiles.
"""

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from e2evit_model.convert.kernels import attend
from e2evit_model.convert.learned_positions import stretch
from e2evit_model.convert.mergers import Merged, cut_into_parts, merge_parts, merge_patches
from e2evit_model.convert.merging import Groups, finest_parts
from e2evit_model.convert.pacing import Pace
from e2evit_model.convert.patch_embedding import embed_mean_patches
from e2evit_model.convert.settings import Merger, Positions
from e2evit_model.convert.strip_attention import AttentionPlan, run_block
from e2evit_model.errors import OptionError
from e2evit_model.strip.patches import check_patches
from e2evit_model.strip.token_stack import TokenStack

if TYPE_CHECKING:
    from e2evit_model.convert.e2evit import E2EViT

_PATCH_BYTES = 256 * 2**20
"""So many bytes of patch tokens are merged at once where a merger learns."""


class TileEncoder:
    """What a model makes of single tiles before they are merged; ``tiles`` is the number of all tiles of the strip.

    Raises
    ------
    OptionError
        When the tiles cannot be cut into patches and parts.
    """

    def __init__(self, model: "E2EViT", *, tile_px: int, tiles: int) -> None:
        settings = model.settings
        self._model = model
        self.parts = finest_parts(settings.tokens_per_tile)
        check_patches(tile_px, (model.patch_px,), self.parts)
        self.side = tile_px // model.patch_px
        self.width = int(model.vit.embed_dim)
        self.blocks = settings.merge_after
        self.prefix = model.prefix if self.blocks else 0
        self._own: Tensor | None = None
        self._along: tuple[Tensor, Tensor] | None = None
        if self.blocks:
            self._place(tiles)

    @torch.no_grad()
    def _place(self, tiles: int) -> None:
        vit = self._model.vit
        covered = 0 if vit.no_embed_class else int(vit.num_prefix_tokens)
        high, wide = vit.patch_embed.grid_size
        learned = vit.pos_embed[0, covered:].float().unflatten(0, (high, wide))  # (h, w, C)
        before = [vit.cls_token] if vit.reg_token is None else [vit.cls_token, vit.reg_token]
        prefix = torch.cat(before, dim=1)
        self._before = prefix + vit.pos_embed[:, :covered] if covered else prefix  # (1, prefix, C)
        down = torch.einsum("ah,hwc->awc", stretch(high, self.side, learned), learned)  # (side, w, C)
        if self._model.settings.positions is Positions.LEARNED:
            # the place of a patch on the whole strip
            along = stretch(wide, tiles * self.side, learned).unflatten(0, (tiles, self.side))  # (N, side, w)
            self._along = down, along
        else:
            self._own = torch.einsum("bw,awc->abc", stretch(wide, self.side, learned), down).flatten(0, 1)[None]

    def _positions(self, index: Tensor) -> Tensor:
        if self._along is None:
            assert self._own is not None  # noqa: S101 - one of both was made
            return self._own
        down, along = self._along
        return torch.einsum("nbw,awc->nabc", along[index.to(along.device)], down).flatten(1, 2)  # (B, T, C)

    def __call__(self, pixels: Tensor, index: Tensor, pace: Pace | None = None) -> tuple[Tensor, Tensor]:
        """Encode some tiles.

        Parameters
        ----------
        pixels
            (B, tile_px, tile_px, 3) RGB, uint8 or in 0..1, on the model's device.
        index
            (B,) their places on the strip.

        Returns
        -------
        tuple
            The tokens of the patches of each part (B, parts, m, C), and of the prefix (B, p, C), p = 0 before the first block.
        """
        model, vit = self._model, self._model.vit
        batch, patch = len(pixels), model.patch_px
        scaled = pixels.to(model.mean.dtype) / 255 if pixels.dtype is torch.uint8 else pixels
        cut = scaled.unflatten(2, (self.side, patch)).unflatten(1, (self.side, patch))  # (B, side, P, side, P, 3)
        patches = cut.transpose(2, 3).flatten(0, 2)  # (B side side, P, P, 3)
        x = embed_mean_patches(vit.patch_embed.proj, patches, model.mean, model.std).unflatten(0, (batch, -1))
        if self.blocks:
            x = x + self._positions(index).to(x.dtype)
            x = vit.norm_pre(torch.cat([self._before.to(x.dtype).expand(batch, -1, -1), x], dim=1))
            plan = AttentionPlan(kernel=partial(attend, tick=pace), pace=pace)
            for block in vit.blocks[: self.blocks]:
                x = run_block(block, x, plan)  # (B, prefix + T, C)
            if self.blocks == model.depth:
                x = vit.norm(x)
        prefix, x = x[:, : self.prefix], x[:, self.prefix :]
        grid = x.unflatten(1, (self.side, self.side))
        return cut_into_parts(grid, self.parts, model.settings.split), prefix


def check_tokens(model: "E2EViT", stack: TokenStack) -> None:
    """Refuse tokens that were not made for a model.

    Raises
    ------
    OptionError
        When there is no tile, or they are of another width, depth or number of parts.
    """
    settings = model.settings
    wanted = (finest_parts(settings.tokens_per_tile), int(model.vit.embed_dim))
    found = (stack.tokens.shape[1], stack.tokens.shape[3])
    prefix = model.prefix if settings.merge_after else 0
    unmerged = settings.merger is Merger.ATTENTION and stack.log_weights is None and not stack.every_patch
    if len(stack) == 0 or found != wanted or stack.prefix.shape[1] != prefix or unmerged:
        raise OptionError(
            "The tokens of the tiles were made for another model, or with other settings.",
            hint="Read the slide again for this model.",
        )


def merge_tokens(model: "E2EViT", stack: TokenStack, groups: Groups) -> tuple[Tensor, Tensor | None]:
    """Merge the tokens of tiles to (G, C); the prefix of the strip (1, p, C) is the mean of the tiles', ``None`` before block 0.

    Where every patch is there, the merger is the model's own and gradients reach its weights; patches go through it some at a time.
    """
    merged = _merged_parts(model, stack)
    tokens = merge_parts(merged, groups, model.settings.merger)
    if not model.settings.merge_after:
        return tokens, None
    prefix = torch.from_numpy(stack.prefix).to(tokens.device, tokens.dtype)
    return tokens, prefix.mean(0, keepdim=True)


def _merged_parts(model: "E2EViT", stack: TokenStack) -> Merged:
    device, dtype = model.mean.device, model.vit.cls_token.dtype

    def load(start: int, stop: int) -> Tensor:
        return torch.from_numpy(stack.tokens[start:stop]).to(device, dtype).flatten(0, 1)  # (n, m, C)

    if not stack.every_patch:
        weights = stack.log_weights
        given = None if weights is None else torch.from_numpy(weights).to(device).flatten()
        return Merged(tokens=load(0, len(stack)).squeeze(1), log_weights=given)

    def merge(start: int) -> tuple[Tensor, Tensor | None]:
        found = merge_patches(load(start, start + rows), model.settings.merger, model.scores)
        return found.tokens, found.log_weights

    rows = max(_PATCH_BYTES // (4 * stack.tokens[0].size), 1)
    again = torch.is_grad_enabled() and model.scores is not None
    pieces = [
        checkpoint(merge, start, use_reentrant=False) if again else merge(start) for start in range(0, len(stack), rows)
    ]
    learned = [given for _, given in pieces if given is not None]
    return Merged(
        tokens=torch.cat([tokens for tokens, _ in pieces]), log_weights=torch.cat(learned) if learned else None
    )
