import pytest
import torch

from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.cls_attention import cls_shares
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.settings import ConversionSettings
from tests.convert.small import build_small, strip


def whole_attention(module, x, bias):
    """Return the n x n attention of every head, the naive way in float64."""
    q, k, _ = (part.double() for part in module.project(x))
    logits = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    if bias is not None:
        logits = logits + bias.rows(0, q.shape[2], q.shape[2] - bias.prefix, torch.float64)
    return logits.softmax(-1)[0]


@pytest.fixture(params=["alibi", "alibi_2d", "none", "learned"])
def case(request):
    backbone = BACKBONES["virchow2"]
    model = E2EViT.from_timm(
        build_small(backbone, depth=3), backbone, ConversionSettings(positions=request.param, tokens_per_tile=1)
    ).eval()
    patches = strip(60, 14)
    where = torch.arange(60) % 8, torch.arange(60) // 8
    maps = []
    handles = [
        block.attn.register_forward_hook(
            lambda module, args, _: maps.append(whole_attention(module, args[0], module.plan.bias))
        )
        for block in model.vit.blocks
    ]
    with torch.no_grad():
        features = model(patches, *where, all_layers=True)
    for handle in handles:
        handle.remove()
    return model, patches, where, maps, features


def test_every_layer_and_head_against_the_whole_matrix(case, record_property):
    model, _, _, maps, features = case
    assert len(maps) == 3
    literal = torch.stack([attention[:, 0, model.prefix :] for attention in maps])  # (L, H, N)
    assert features.layers.dtype is torch.float16
    assert features.layers.shape == (3, 16, 60)
    assert torch.allclose(features.layers.double() / 60, literal, rtol=2e-3, atol=1e-6)
    difference = (features.attention.double() - literal[-1].mean(0)).abs().max().item()
    record_property("largest difference", difference)
    assert difference < 1e-6
    assert 0 < features.attention.sum() < 1  # the rest is the prefix's


@pytest.mark.parametrize("chunk", [None, 7])
def test_rollout_against_the_full_product(case, chunk, record_property):
    model, patches, where, maps, _ = case
    product = torch.eye(65, dtype=torch.float64)
    for attention in maps:
        product = (attention.mean(0) + torch.eye(65, dtype=torch.float64)) / 2 @ product
    rollout = model.rollout(patches, *where, chunk=chunk)
    difference = (rollout.double() - product[0, model.prefix :]).abs().max().item()
    record_property("largest difference", difference)
    assert difference < 1e-6


def test_shares_sum_to_one_with_the_prefix():
    q, k = torch.randn(2, 1, 6, 20, 16)
    assert torch.allclose(cls_shares(q, k, 0).sum(-1), torch.ones(6))
    assert torch.equal(cls_shares(q, k, 4), cls_shares(q, k, 0)[:, 4:])


def test_attention_is_by_tile_for_any_number_of_tokens():
    """Many tokens of a tile add up; a token of many tiles is shared between them."""
    backbone = BACKBONES["vit-small"]
    for ratio, splits in [(4, 4), (2, 4), (0.5, 1), (0.3, 1), (1.5, 2)]:
        model = E2EViT.from_timm(build_small(backbone), backbone, ConversionSettings(tokens_per_tile=ratio)).eval()
        features = model(strip(20, 16, splits=splits), all_layers=True, keep_tokens=True)
        assert features.attention.shape == (20,)
        assert features.layers.shape == (2, 6, 20)
        assert len(features.tokens) == int(ratio * 20 + 0.5)
        assert features.attention.sum().item() == pytest.approx(
            features.layers[-1].float().mean(0).sum().item() / 20, rel=2e-3
        )
        if ratio == 0.5:
            assert torch.allclose(features.attention[0::2], features.attention[1::2])


def test_shares_keep_their_digits_under_autocast():
    """bf16 has eight bits: shares near 1/N would fall into a handful of values."""
    torch.manual_seed(3)
    q, k = (torch.randn(1, 3, 601, 16).bfloat16() * 0.1 for _ in range(2))
    exact = (k[0].double() @ q[0, :, 0].double()[..., None])[..., 0].div(4).softmax(-1)[:, 1:]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        shares = cls_shares(q, k, 1)
    assert shares.dtype is torch.float32
    torch.testing.assert_close(shares.double(), exact, atol=1e-9, rtol=1e-5)
