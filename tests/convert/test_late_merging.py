"""Late merging and mergers against timm's own way, tile by tile, in float64."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from e2evit_model.convert import tile_tokens
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.tile_tokens import TileEncoder
from e2evit_model.strip.reading import mean_patches
from tests.convert.late_merging import MERGE, SIDE, convert, encode, naive_groups, pictures, slide_of, timm_tokens
from tests.convert.small import IDS, build_small


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("blocks", [1, 3])
def test_tiles_go_through_the_first_blocks_as_timm_sends_them(name, blocks):
    backbone = BACKBONES[name]
    model = convert(backbone, merge_after=blocks)
    slide, grid = slide_of(backbone)
    right = timm_tokens(backbone, blocks, slide, grid)
    stack = encode(model, slide, grid)
    assert stack.readable.all()
    assert np.abs(stack.tokens[:, 0, 0] - right[:, model.prefix :].mean(1).numpy()).max() < 1e-5
    assert np.abs(stack.prefix - right[:, : model.prefix].numpy()).max() < 1e-5
    assert set(model.vit.state_dict()) == set(
        build_small(backbone, depth=3).state_dict()
    )  # no new parameter, none lost


@pytest.mark.parametrize("blocks", [0, 1, 3])
def test_a_norm_before_the_first_block_is_followed(blocks):
    """As CLIP has it: patches are normed with the prefix, before the first block and after their positions."""
    backbone = replace(BACKBONES["vit-small"], timm_arguments={"pre_norm": True})
    model = convert(backbone, merge_after=blocks, read_out="cls+mean")
    slide, grid = slide_of(backbone, side=16)
    stack = encode(model, slide, grid)
    if blocks:
        right = timm_tokens(backbone, blocks, slide, grid)
        assert np.abs(stack.tokens[:, 0, 0] - right[:, 1:].mean(1).numpy()).max() < 1e-5
        assert np.abs(stack.prefix - right[:, :1].numpy()).max() < 1e-5
    else:
        means = mean_patches(slide, grid, patch_sizes=(16,)).means(16)
        paper = model(torch.from_numpy(means).double()).embedding
        torch.testing.assert_close(model(stack).embedding, paper, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", ["vit-small", "h0-mini", "virchow2"])
def test_after_all_blocks_it_is_the_mean_over_separately_encoded_tiles(name):
    backbone = BACKBONES[name]
    slide, grid = slide_of(backbone)
    apart = timm_tokens(backbone, 3, slide, grid)
    for read_out, right in (
        ("cls", apart[:, 0].mean(0)),
        ("mean", apart[:, backbone.prefix_tokens :].mean((0, 1))),
    ):
        model = convert(backbone, merge_after=3, read_out=read_out)
        found = model(encode(model, slide, grid), all_layers=True)
        torch.testing.assert_close(found.embedding, right, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(found.attention, torch.full((len(grid),), 1 / len(grid)))
        assert found.layers.shape == (0, backbone.heads, len(grid))
        torch.testing.assert_close(model.rollout(encode(model, slide, grid)), found.attention)


@pytest.mark.parametrize("positions", ["alibi", "alibi_2d", "none", "learned"])
@pytest.mark.parametrize("ratio", [0.5, 1, 1.5, 4])
def test_before_the_first_block_it_is_the_paper(positions, ratio):
    """k = 0 through every patch of every tile equals the mean patches of one pass."""
    backbone = BACKBONES["virchow2"]
    model = convert(backbone, positions=positions, tokens_per_tile=ratio)
    slide, grid = slide_of(backbone, side=16)
    stack = mean_patches(slide, grid, patch_sizes=(14,), splits=4)
    where = torch.from_numpy(grid.column), torch.from_numpy(grid.row)
    paper = model(torch.from_numpy(stack.means(14)).double(), *where)
    late = model(encode(model, slide, grid), *where)
    torch.testing.assert_close(late.embedding, paper.embedding, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(late.attention, paper.attention, atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize("merger", ["mean", "max"])
@pytest.mark.parametrize(
    ("ratio", "split"),
    [(0.4, "quadrants"), (1, "quadrants"), (2, "bands"), (4, "bands"), (4, "quadrants"), (2.7, "bands")],
)
@pytest.mark.parametrize("blocks", [0, 2])
def test_streamed_equals_whole(merger, ratio, split, blocks):
    backbone = BACKBONES["h0-mini"]
    model = convert(backbone, merger=merger, tokens_per_tile=ratio, split=split, merge_after=blocks)
    slide, grid = slide_of(backbone)
    if blocks:
        patches = timm_tokens(backbone, blocks, slide, grid)[:, model.prefix :]
    else:
        mean, std = (torch.tensor(x).double().view(1, 3, 1, 1) for x in (backbone.mean, backbone.std))
        patches = model.vit.patch_embed.proj((pictures(slide, grid) - mean) / std).flatten(2).transpose(1, 2)
    whole = torch.stack([MERGE[merger](group) for group in naive_groups(patches, model.settings, SIDE)])
    stack = encode(model, slide, grid, batch=2)
    found = model.tokens(stack, model.groups(len(grid)))[0, model.prefix :]
    torch.testing.assert_close(found, whole, atol=2e-6, rtol=1e-5)


@pytest.mark.parametrize(("ratio", "split"), [(0.4, "quadrants"), (1, "quadrants"), (4, "bands"), (2.7, "quadrants")])
@pytest.mark.parametrize("blocks", [0, 1])
def test_attention_streamed_equals_whole_and_every_patch(ratio, split, blocks):
    backbone = BACKBONES["vit-small"]
    model = convert(backbone, merger="attention", tokens_per_tile=ratio, split=split, merge_after=blocks)
    torch.nn.init.normal_(model.scores.score.weight)
    slide, grid = slide_of(backbone)
    groups = model.groups(len(grid))
    every = encode(model, slide, grid, every_patch=True)
    assert every.tokens.shape[1:3] == (model.groups(1).parts, SIDE * SIDE // model.groups(1).parts)
    raster = convert(
        backbone, merge_after=blocks, merger="max"
    )  # any model with these lower blocks: patches in raster order
    pixels = torch.from_numpy(
        np.stack([np.asarray(p) for p in (pictures(slide, grid) * 255).permute(0, 2, 3, 1).numpy()])
    )
    patches, _ = TileEncoder(raster, tile_px=grid.tile_px, tiles=len(grid))(pixels / 255, torch.arange(len(grid)))
    merged = []
    for group in naive_groups(patches[:, 0], model.settings, SIDE):
        weights = model.scores(group).softmax(0)
        merged.append(weights @ group)
    whole = torch.stack(merged)
    for stack in (every, encode(model, slide, grid)):
        found = model.tokens(stack, groups)[0, model.prefix :]
        torch.testing.assert_close(found, whole, atol=1e-5, rtol=1e-5)
    plain = convert(backbone, tokens_per_tile=ratio, split=split, merge_after=blocks)
    means = plain.tokens(encode(plain, slide, grid), groups)[0, plain.prefix :]
    assert (whole - means).abs().max() > 1e-3


def test_attention_begins_as_the_mean_and_learns_from_every_patch(monkeypatch):
    backbone = BACKBONES["vit-small"]
    model = convert(backbone, merger="attention")
    assert {key for key in model.state_dict() if not key.startswith("vit.")} == {
        "scores.hidden.weight",
        "scores.hidden.bias",
        "scores.score.weight",
    }
    slide, grid = slide_of(backbone)
    stack = encode(model, slide, grid, every_patch=True)
    plain = convert(backbone)
    torch.testing.assert_close(
        model(stack).embedding, plain(encode(plain, slide, grid)).embedding, atol=1e-5, rtol=1e-5
    )
    torch.nn.init.normal_(model.scores.score.weight)
    gradients = []
    for at_once in (10**9, 1):  # in one piece, and tile by tile computed again
        monkeypatch.setattr(tile_tokens, "_PATCH_BYTES", at_once)
        model.zero_grad()
        model(stack).embedding.square().sum().backward()
        gradients.append([parameter.grad.clone() for parameter in model.scores.parameters()])
    for one, other in zip(*gradients, strict=True):
        assert one.abs().max() > 0
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("blocks", [0, 2, 3])
def test_the_size_of_a_batch_changes_nothing(blocks):
    backbone = BACKBONES["vit-small"]
    model = convert(backbone, double=False, merge_after=blocks, merger="max")
    slide, grid = slide_of(backbone)
    one, many = (encode(model, slide, grid, batch=size) for size in (1, 100))
    np.testing.assert_allclose(one.tokens, many.tokens, atol=1e-5)
    np.testing.assert_allclose(one.prefix, many.prefix, atol=1e-5)


def test_learned_positions_are_those_of_the_whole_strip():
    """Patches of late merging get the positions whose mean the merged tokens of the paper get."""
    backbone = BACKBONES["virchow2"]
    slide, grid = slide_of(backbone, side=16)
    model = convert(backbone, positions="learned", merge_after=1)
    for block in model.vit.blocks[:1]:  # an empty first block: what is left is the way in
        for name in ("ls1", "ls2"):
            torch.nn.init.zeros_(getattr(block, name).gamma)
    late = model.tokens(encode(model, slide, grid), model.groups(len(grid)))
    paper = convert(backbone, positions="learned")
    means = torch.from_numpy(mean_patches(slide, grid, patch_sizes=(14,)).means(14)).double()
    torch.testing.assert_close(late, paper.tokens(means, paper.groups(len(grid))), atol=1e-5, rtol=1e-5)


def test_bands_take_the_learned_positions_of_their_patches():
    backbone = BACKBONES["vit-small"]  # 14 x 14 patches: a band is three rows and a half
    slide, grid = slide_of(backbone, side=14, columns=2, rows=2)
    model = convert(backbone, positions="learned", merge_after=1, tokens_per_tile=4, split="bands")
    for norm in (model.vit.blocks[0].attn.proj, model.vit.blocks[0].mlp.fc2):
        torch.nn.init.zeros_(norm.weight)
        torch.nn.init.zeros_(norm.bias)
    late = model.tokens(encode(model, slide, grid), model.groups(len(grid)))
    paper = convert(backbone, positions="learned", tokens_per_tile=4, split="bands")
    found = paper.tokens(encode(paper, slide, grid), paper.groups(len(grid)))
    torch.testing.assert_close(late, found, atol=1e-5, rtol=1e-5)


def test_attention_and_rollout_are_those_of_the_upper_blocks():
    backbone = BACKBONES["virchow2"]
    model = convert(backbone, merge_after=1)
    slide, grid = slide_of(backbone)
    stack = encode(model, slide, grid)
    maps = []
    for block in model.vit.blocks[1:]:
        block.attn.register_forward_hook(lambda module, args, _: maps.append(whole_attention(module, args[0])))
    found = model(stack, all_layers=True)
    assert found.layers.shape == (2, 16, len(grid))
    literal = torch.stack([attention[:, 0, model.prefix :] for attention in maps])
    torch.testing.assert_close(found.layers.double() / len(grid), literal, rtol=2e-3, atol=1e-6)
    torch.testing.assert_close(found.attention.double(), literal[-1].mean(0), rtol=1e-5, atol=1e-7)
    product = torch.eye(len(grid) + model.prefix, dtype=torch.float64)
    for attention in maps[:2]:
        product = (attention.mean(0) + torch.eye(len(product), dtype=torch.float64)) / 2 @ product
    rollout = model.rollout(stack)
    assert (rollout.double() - product[0, model.prefix :]).abs().max() < 1e-6


def whole_attention(module, x):
    q, k, _ = module.project(x)
    bias = module.plan.bias.rows(0, q.shape[2], q.shape[2] - module.plan.bias.prefix, torch.float64)
    return (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5 + bias).softmax(-1)[0].detach()
