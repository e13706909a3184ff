"""A small backbone of CONCH's kind, and its weight file in the hub's own layout: trunk, poolers, projections, text model."""

from dataclasses import replace

import torch

from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.loading import build_seeded

TINY_CONCH = replace(
    BACKBONES["conch"],
    id="tiny-conch",
    title="Tiny CONCH",
    timm_arguments={"img_size": 64, "dynamic_img_size": True, "depth": 2, "embed_dim": 48, "num_heads": 3},
    width=48,
    depth=2,
    heads=3,
    pos_tokens=17,
    parameters=0,
)
WIDTH = 32


def pooler_state(*, width=WIDTH, context=48, seed=0):
    """Draw the tensors of the contrastive pooler as the published file names them."""
    generator = torch.Generator().manual_seed(seed)
    shapes = {
        "attn_pool_contrast.query": (1, width),
        "attn_pool_contrast.attn.q_proj_weight": (width, width),
        "attn_pool_contrast.attn.k_proj_weight": (width, context),
        "attn_pool_contrast.attn.v_proj_weight": (width, context),
        "attn_pool_contrast.attn.in_proj_bias": (3 * width,),
        "attn_pool_contrast.attn.out_proj.weight": (width, width),
        "attn_pool_contrast.attn.out_proj.bias": (width,),
        "attn_pool_contrast.ln_q.weight": (width,),
        "attn_pool_contrast.ln_q.bias": (width,),
        "attn_pool_contrast.ln_k.weight": (context,),
        "attn_pool_contrast.ln_k.bias": (context,),
        "ln_contrast.weight": (width,),
        "ln_contrast.bias": (width,),
    }
    return {f"visual.{name}": torch.randn(shape, generator=generator) * 0.5 for name, shape in shapes.items()}


def write_hub_file(path, *, without=()):
    """Write ``pytorch_model.bin`` as published."""
    trunk = build_seeded(TINY_CONCH, seed=3).state_dict()
    keys = {f"visual.trunk.{name}": value for name, value in trunk.items()} | pooler_state()
    keys |= {
        "visual.proj_contrast": torch.zeros(WIDTH, WIDTH),
        "visual.attn_pool_caption.query": torch.zeros(4, 64),
        "visual.ln_caption.weight": torch.zeros(64),
        "text.token_embedding.weight": torch.zeros(5, 8),
        "logit_scale": torch.ones(()),
    }
    torch.save({name: value for name, value in keys.items() if name not in without}, path)
    return path
