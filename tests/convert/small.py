"""Every architecture of the table built small: the same flags, few blocks, narrow."""

import torch

from e2evit_model.convert.backbones import BACKBONES, Backbone
from e2evit_model.convert.timm_models import VisionTransformer, build

IDS = tuple(BACKBONES)


def build_small(backbone: Backbone, *, seed: int = 0, **changes) -> VisionTransformer:
    """Build with 2 blocks and 16 numbers a head, on an image of 8 x 8 patches, everything drawn at random."""
    arguments = {
        "depth": 2,
        "embed_dim": backbone.heads * 16,
        "num_heads": backbone.heads,
        "img_size": backbone.patch_px * 8,
        **changes,
    }
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        vit = build(backbone, **arguments)
        for parameter in vit.parameters():  # timm begins with zeros and ones that would hide faults
            torch.nn.init.normal_(parameter, std=0.2)
    return vit


def strip(tiles: int, patch_px: int, *, splits: int = 1, seed: int = 1) -> torch.Tensor:
    """Draw mean patches (N, splits, P, P, 3) in 0..1."""
    return torch.rand(tiles, splits, patch_px, patch_px, 3, generator=torch.Generator().manual_seed(seed))
