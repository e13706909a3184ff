"""Learned positions stretched over a strip: for the paper's comparison with positions that need no stretching."""

import torch
from torch import Tensor
from torch.nn import functional as F

from e2evit_model.convert.backbones import TILE_PX
from e2evit_model.convert.mergers import cut_into_parts
from e2evit_model.convert.merging import Groups
from e2evit_model.convert.settings import Split
from e2evit_model.convert.timm_models import VisionTransformer


def stretch(old: int, new: int, like: Tensor) -> Tensor:
    """Return the matrix (new, old) that brings learned positions along one axis to another number of patches."""
    # bicubic interpolation is linear and separable: one axis of it is the picture of the unit vectors
    unit = torch.eye(old, device=like.device, dtype=torch.float32)[None, :, None, :]  # (1, old, 1, old)
    return F.interpolate(unit, size=(1, new), mode="bicubic", antialias=True)[0, :, 0].T  # (new, old)


def strip_positions(vit: VisionTransformer, groups: Groups, split: Split = Split.QUADRANTS) -> tuple[Tensor, Tensor]:
    """Return the positions of the groups (1, G, C) and what is added to the prefix, (1, prefix, C) or zero.

    The same as timm's ``resample_abs_pos_embed`` to the patch grid of the whole strip, H/P x N H/P, followed by the mean over each
    group, without ever building that grid. Gradients reach ``pos_embed``.
    """
    covered = 0 if vit.no_embed_class else int(vit.num_prefix_tokens)
    high, wide = vit.patch_embed.grid_size
    learned = vit.pos_embed[0, covered:].float().unflatten(0, (high, wide))  # (h, w, C)
    side = TILE_PX // int(vit.patch_embed.proj.kernel_size[0])  # patches along a tile
    down = stretch(high, side, learned)  # (side, h)
    along = stretch(wide, groups.tiles * side, learned).unflatten(0, (groups.tiles, side))  # (N, side, w)
    if groups.parts == 4 and split is Split.BANDS:
        parts = _of_bands(down, along, learned)
    else:
        halves_down, halves_along = {1: (1, 1), 2: (2, 1), 4: (2, 2)}[groups.parts]
        down = torch.stack([part.mean(0) for part in down.tensor_split(halves_down)])  # (a, h)
        along = torch.stack([part.mean(1) for part in along.tensor_split(halves_along, dim=1)], dim=1)  # (N, b, w)
        parts = torch.einsum("ah,nbw,hwc->nabc", down, along, learned).flatten(1, 2)  # row by row inside a tile
    here = groups.means(parts.flatten(0, 1))  # (G, C)
    prefix = vit.pos_embed[:, :covered] if covered else vit.pos_embed.new_zeros(1, 1, 1)
    return here[None].to(vit.pos_embed.dtype), prefix


def _of_bands(down: Tensor, along: Tensor, learned: Tensor) -> Tensor:
    """Return the mean position of each of four bands of every tile, (N, 4, C); a band may end inside a row of patches."""
    side = len(down)
    each = torch.eye(side * side, device=down.device).unflatten(0, (side, side))[None]  # (1, side, side, patches)
    share = cut_into_parts(each, 4, Split.BANDS)[0].mean(1).unflatten(1, (side, side))  # (4, side, side)
    return torch.einsum("pyx,yh,nxw,hwc->npc", share, down, along, learned)
