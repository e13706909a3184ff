"""A small model that merges late, a slide of random pixels, and the same computed by timm tile by tile, in float64."""

import itertools

import numpy as np
import torch
from timm.layers import resample_abs_pos_embed

from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.convert.token_stream import encode_tiles
from tests.convert.small import build_small
from tests.strip.memory_slide import MemorySlide, random_grid, random_picture

SIDE = 4  # patches of a tile each way
EXACT = {"kept_tokens": "fp32"}


def convert(backbone, *, seed=0, depth=3, double=True, **settings):
    vit = build_small(backbone, seed=seed, depth=depth)
    model = E2EViT.from_timm(vit, backbone, ConversionSettings(**EXACT | settings)).eval()
    if double:
        model = model.double()
        model.mean, model.std = (torch.tensor(x, dtype=torch.float64) for x in (backbone.mean, backbone.std))
    return model


def slide_of(backbone, *, seed=0, columns=4, rows=3, side=SIDE):
    tile = backbone.patch_px * side
    rng = np.random.default_rng(seed)
    slide = MemorySlide(random_picture(rng, columns * tile, rows * tile), block=(48, 40))
    return slide, random_grid(rng, slide, tile, keep=0.8)


def pictures(slide, grid):
    """Cut the tiles of a grid from the picture, (N, 3, t, t) in 0..1."""
    t = grid.tile_px
    cut = [slide.picture[r * t : (r + 1) * t, c * t : (c + 1) * t] for r, c in zip(grid.row, grid.column, strict=True)]
    return torch.from_numpy(np.stack(cut)).permute(0, 3, 1, 2).double() / 255


def timm_tokens(backbone, blocks, slide, grid, *, seed=0, depth=3):
    """Let timm's own model look at each tile, stop after some blocks; its own positions, resampled by timm: (N, prefix + T, C)."""
    vit = build_small(backbone, seed=seed, depth=depth).double()
    covered = 0 if backbone.no_embed_class else backbone.prefix_tokens
    side = grid.tile_px // backbone.patch_px
    old = list(vit.patch_embed.grid_size)
    positions = resample_abs_pos_embed(vit.pos_embed, new_size=[side, side], old_size=old, num_prefix_tokens=covered)
    mean, std = (torch.tensor(x).double().view(1, 3, 1, 1) for x in (backbone.mean, backbone.std))
    with torch.no_grad():
        x = vit.patch_embed.proj((pictures(slide, grid) - mean) / std).flatten(2).transpose(1, 2)
        prefix = [vit.cls_token] + ([] if vit.reg_token is None else [vit.reg_token])
        prefix = [token.expand(len(x), -1, -1) for token in prefix]
        x = (
            torch.cat([*prefix, x + positions], 1)
            if backbone.no_embed_class
            else torch.cat([*prefix, x], 1) + positions
        )
        x = vit.norm_pre(x)
        for block in vit.blocks[:blocks]:
            x = block(x)
        return vit.norm(x) if blocks == depth else x


def naive_groups(patches, settings, side):
    """Merge by loops: (N, T, C) to (G, C); the parts of tiles in order, then evenly spread bounds."""
    ratio, parts = settings.tokens_per_tile, 1
    while parts < ratio:
        parts *= 2
    sequences = []
    for tile in patches:
        grid = tile.unflatten(0, (side, side))
        if parts == 4 and settings.split == "quadrants":
            h = side // 2
            sequences += [grid[a : a + h, b : b + h].flatten(0, 1) for a in (0, h) for b in (0, h)]
        else:
            sequences += list(tile.tensor_split(parts))
    count = max(int(ratio * len(patches) + 0.5), 1)
    bounds = [n * len(sequences) // count for n in range(count + 1)]
    return [torch.cat(sequences[a:b]) for a, b in itertools.pairwise(bounds)]


MERGE = {"mean": lambda group: group.mean(0), "max": lambda group: group.max(0).values}


def encode(model, slide, grid, **more):
    return encode_tiles(model, slide, grid, precision="fp32", **more)[0]
