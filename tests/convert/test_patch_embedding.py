import numpy as np
import pytest
import timm
import torch
from timm.layers import PatchEmbed
from torch import nn

from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.patch_embedding import embed_mean_patches, refuse_not_linear
from e2evit_model.errors import BackboneError
from tests.convert.small import build_small

HALF = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


@pytest.mark.parametrize("name", ["dinov2-small", "conch"])
@pytest.mark.parametrize("parts", [1, 2, 4])
def test_folded_equals_the_literal_strip(name, parts, record_property):
    """Build the strip, normalize it, convolve it, merge tile by tile: the same tokens."""
    backbone = BACKBONES[name]
    vit = build_small(backbone)
    tiles = 5
    side = backbone.tile_px // backbone.patch_px
    strip = torch.rand(3, 224, 224 * tiles)
    mean, std = (torch.tensor(values)[:, None, None] for values in (backbone.mean, backbone.std))
    tokens = vit.patch_embed.proj(((strip - mean) / std)[None])[0]  # (C, side, side N)
    by_tile = tokens.unflatten(2, (tiles, side)).permute(2, 1, 3, 0)  # (N, side, side, C)
    down, along = {1: (1, 1), 2: (2, 1), 4: (2, 2)}[parts]
    cut = by_tile.unflatten(1, (down, -1)).unflatten(3, (along, -1))  # (N, a, h, b, w, C)
    literal = cut.mean((2, 4)).flatten(0, 2)
    pixels = strip.permute(1, 2, 0).unflatten(1, (tiles, 224)).transpose(0, 1)  # (N, H, H, 3)
    patches = pixels.unflatten(2, (side, backbone.patch_px)).unflatten(1, (side, backbone.patch_px))
    patches = patches.permute(0, 1, 3, 2, 4, 5).unflatten(1, (down, -1)).unflatten(3, (along, -1))
    means = patches.mean((2, 4)).flatten(0, 2)  # (N parts, P, P, 3)
    folded = embed_mean_patches(vit.patch_embed.proj, means, torch.tensor(backbone.mean), torch.tensor(backbone.std))
    difference = ((literal - folded).abs().max() / literal.std()).item()
    record_property("largest difference", difference)
    assert difference < 1e-5
    gradient, again = (
        torch.autograd.grad(x.square().sum(), vit.patch_embed.proj.weight, retain_graph=True)[0]
        for x in (literal, folded)
    )
    assert (gradient - again).abs().max() < 1e-5 * gradient.abs().max()


def test_bytes_become_the_same_tokens():
    """Sums of uint8 over 256 patches are exact integers; dividing once gives the mean patch."""
    backbone = BACKBONES["dinov2-small"]
    pixels = np.random.default_rng(0).integers(0, 256, (224, 224, 3), dtype=np.uint8)
    sums = pixels.reshape(16, 14, 16, 14, 3).astype(np.uint16).sum((0, 2), dtype=np.uint16)
    mean_patch = torch.from_numpy(sums.astype(np.float32) / (255 * 256))[None]
    convolution = build_small(backbone).patch_embed.proj
    mean, std = torch.tensor(backbone.mean), torch.tensor(backbone.std)
    literal = convolution(((torch.from_numpy(pixels).float() / 255 - mean) / std).permute(2, 0, 1)[None]).mean((2, 3))
    assert torch.allclose(embed_mean_patches(convolution, mean_patch, mean, std), literal, atol=1e-5)


def refusal(vit):
    with pytest.raises(BackboneError) as caught:
        E2EViT.from_timm(vit, HALF)
    return caught.value.message


def test_a_patch_embedding_that_normalizes_is_refused():
    vit = build_small(BACKBONES["vit-small"], embed_norm_layer="layernorm")
    assert refusal(vit) == (
        "VisionTransformer cannot be converted: its patch embedding normalizes each patch, "
        "which does not commute with the mean."
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("swin_tiny_patch4_window7_224", "it is a SwinTransformer, not a plain vision transformer"),
        ("resnet18", "it is a ResNet, not a plain vision transformer"),
        ("eva02_tiny_patch14_224", "it is a Eva, not a plain vision transformer"),
        ("vit_medium_patch16_gap_240", "it has no CLS token, so nothing would say where it looked"),
        ("vit_base_patch16_xp_224", "its blocks attend in a way of their own"),
        ("vit_small_r26_s32_224", "its patch embedding is not one convolution (a hybrid or convolutional stem)"),
    ],
)
def test_what_cannot_be_folded_is_refused_with_the_reason(name, reason):
    if not timm.is_model(name):
        pytest.skip(f"timm has no {name}")
    with torch.device("meta"):
        vit = timm.create_model(name, num_classes=0)
    assert reason in refusal(vit)


class Squaring(PatchEmbed):
    """Looks like a plain patch embedding, and is not."""

    def forward(self, x):
        return super().forward(x).square()


def test_an_embedding_that_hides_what_it_does_is_found_by_trial():
    vit = build_small(BACKBONES["vit-small"])
    vit.patch_embed.__class__ = Squaring
    assert "differs from the mean of embedded patches by" in refusal(vit)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stride": 8}, "its patches overlap or are not square"),
        ({"padding": 1}, "its patch embedding pads, dilates or groups"),
        ({"in_channels": 4}, "it wants 4 channels instead of red, green and blue"),
    ],
)
def test_odd_convolutions(change, reason):
    embed = nn.Module()
    embed.proj = nn.Conv2d(**{"in_channels": 3, "out_channels": 8, "kernel_size": 16, "stride": 16, **change})
    with pytest.raises(BackboneError) as caught:
        refuse_not_linear(embed, "This model")
    assert caught.value.message == f"This model cannot be converted: {reason}."


def test_norm_pre_is_kept():
    """CLIP normalizes tokens after positions: that is timm's own step and comes after merging."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        vit = timm.create_model(
            "vit_base_patch16_clip_quickgelu_224", num_classes=0, depth=1, embed_dim=48, num_heads=3
        )
    model = E2EViT.from_timm(vit.eval(), HALF)
    x = model.tokens(torch.rand(6, 1, 16, 16, 3), model.groups(6))
    expected = model.vit.norm_pre.bias.expand(7, -1)
    assert torch.allclose(x[0].mean(-1), expected.mean(-1), atol=1e-5)
    assert x[0].std(-1).mean().item() == pytest.approx(1, abs=0.1)
