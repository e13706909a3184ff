"""What reaches the transformer of each tile, as pixels, and how much of it is the tile's mean color."""

import numpy as np
import torch
from numpy.typing import NDArray

from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.merging import Groups, to_parts
from e2evit_model.convert.patch_embedding import embed_mean_patches
from e2evit_model.convert.tile_tokens import merge_tokens
from e2evit_model.strip.preview import tiles_of_parts
from e2evit_model.strip.token_stack import TokenStack

FEWEST_TOKENS = 20
"""Three colors and a constant explain a handful of tokens by chance alone."""

_NO_COLOR = 1e-6  # differences of color, in 0..1, below which there are none


def seen_tiles(means: NDArray[np.float32], groups: Groups) -> NDArray[np.uint8]:
    """Return what the model sees of each tile, (N, S, S, 3) uint8: the mean patch of every token the tile has a part in.

    ``means`` is (N, splits, P, P, 3) in 0..1. With up to one token a tile S is P; with more, a tile shows the mean patches of its
    parts side by side and S is 2 P. Tiles that share a token show the same patch.
    """
    owner = _owner(groups)
    by_token = _mean_patches(means, groups)[owner]  # (N parts, P, P, 3)
    pixels = np.rint(by_token * 255).clip(0, 255).astype(np.uint8)
    return tiles_of_parts(pixels.reshape(groups.tiles, groups.parts, *pixels.shape[1:]))


@torch.no_grad()
def color_share_of_strip(
    encoder: E2EViT, means: NDArray[np.float32], groups: Groups, tokens: TokenStack | None = None
) -> float | None:
    """Say how much of the variance of a strip's tokens the mean color explains, as they enter the blocks over the strip.

    ``means`` is (N, splits, P, P, 3) in 0..1. Without ``tokens`` they are those that leave the patch embedding, positions left out:
    these are not of the tile. With the tokens of tiles that were looked at, they are these, merged.
    """
    device = encoder.mean.device
    patches = torch.from_numpy(_mean_patches(means, groups)).to(device)
    if tokens is None:
        x = embed_mean_patches(encoder.vit.patch_embed.proj, patches, encoder.mean, encoder.std)  # (G, C)
    else:
        x, _ = merge_tokens(encoder, tokens, groups)
    return color_share(x.float().cpu().numpy(), patches.mean(dim=(1, 2)).cpu().numpy())


def color_share(tokens: NDArray[np.floating], colors: NDArray[np.floating]) -> float | None:
    """Return the share of the variance of tokens (G, C) that a linear function of colors (G, 3) explains: R^2 over all channels.

    The coefficient of determination of the multivariate linear regression, 1 - residual / total sum of squares, both summed over
    channels. ``None`` for fewer than ``FEWEST_TOKENS`` tokens, or when all tokens are equal.
    """
    if len(tokens) < FEWEST_TOKENS:
        return None
    centered = tokens.astype(np.float32) - tokens.mean(axis=0, dtype=np.float64).astype(np.float32)
    total = float(np.einsum("gc,gc->", centered, centered, dtype=np.float64))
    if total <= 0:
        return None
    spread = colors.astype(np.float64) - colors.mean(axis=0, dtype=np.float64)
    directions, sizes, _ = np.linalg.svd(spread, full_matrices=False)  # gray slides have fewer than three
    basis = directions[:, sizes > _NO_COLOR * max(float(sizes[0]), len(colors) ** 0.5)]
    along = basis.T @ centered
    return float(min(max(np.square(along).sum() / total, 0.0), 1.0))


def _owner(groups: Groups) -> NDArray[np.int64]:
    """Return the token of each part, (N parts,)."""
    return np.repeat(np.arange(len(groups)), groups.sizes.numpy())


def _mean_patches(means: NDArray[np.float32], groups: Groups) -> NDArray[np.float32]:
    patches = torch.from_numpy(np.ascontiguousarray(means))
    mean: NDArray[np.float32] = groups.means(to_parts(patches, groups.parts)).numpy()  # (G, P, P, 3)
    return mean
