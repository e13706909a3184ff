"""Every architecture end to end with weights in the layout in which they are published: key names, wrapping, kind of file."""

from dataclasses import replace

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save_file
from torch import nn

from e2evit_model.convert import loading
from e2evit_model.convert.backbones import BACKBONES, Backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import load_backbone, named_backbone
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.convert.timm_models import build, load_state
from e2evit_model.convert.weights import read_weights
from e2evit_model.errors import BackboneError, WeightsError
from tests.convert.hub_conch import pooler_state
from tests.convert.small import IDS, build_small, strip

NATIVE = ("h0-mini", "dinov2-small")  # published by the authors of DINOv2 under names of their own


def small(backbone: Backbone) -> Backbone:
    """Describe the same architecture with two narrow blocks."""
    changes = {
        "depth": 2,
        "embed_dim": backbone.heads * 16,
        "num_heads": backbone.heads,
        "img_size": backbone.patch_px * 8,
    }
    return replace(backbone, timm_arguments={**backbone.timm_arguments, **changes})


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Write a state in the published layout and load it as a user would, by the backbone's id."""

    def write_and_load(name, state):
        backbone = BACKBONES[name]
        monkeypatch.setattr(loading, "BACKBONES", {**BACKBONES, name: small(backbone)})
        path = tmp_path / backbone.weight_file
        if path.suffix == ".bin":
            torch.save(state, path)
        else:
            save_file(state, path)
        return load_backbone(path, backbone=name)

    return write_and_load


def published_state(backbone, vit):
    """Name a state as the published file does, with what stands beside the trunk there."""
    state = {backbone.key_prefix + key: value.clone() for key, value in vit.state_dict().items()}
    if backbone.key_prefix == "visual.trunk.":
        state |= pooler_state(context=vit.embed_dim)
        state |= {key: torch.ones(3) for key in ("text.positional_embedding", "logit_scale")}
    elif backbone.key_prefix:
        state |= {"attn_pool_contrast.query": torch.ones(3), "ln_contrast.weight": torch.ones(3)}
    return state


@pytest.mark.parametrize("name", IDS)
def test_from_the_published_file_to_an_embedding(name, load):
    """What is loaded gives what the original gives, to the last bit, and sees colors by the table's mean and std."""
    original = build_small(BACKBONES[name], seed=3)
    vit, backbone, _ = load(name, published_state(BACKBONES[name], original))
    for key, value in original.state_dict().items():
        assert torch.equal(vit.state_dict()[key], value), key
    wanted = {f"vit.{key}" for key in original.state_dict()} - {"vit.pos_embed"}
    loaded, direct = (E2EViT.from_timm(one, backbone) for one in (vit, original))
    assert set(loaded.state_dict()) == wanted
    tiles, place = strip(9, backbone.patch_px).numpy(), np.arange(9)
    found, expected = (model.encode(tiles, place % 3, place // 3, precision="fp32") for model in (loaded, direct))
    assert np.isfinite(found.embedding).all()
    assert np.array_equal(found.embedding, expected.embedding)
    assert np.array_equal(found.attention, expected.attention)


@pytest.mark.parametrize("name", IDS)
def test_mean_and_std_are_the_tables_whatever_timm_and_the_file_say(name, load):
    original = build_small(BACKBONES[name], seed=3)
    original.default_cfg = {**original.default_cfg, "mean": (0.1, 0.2, 0.3), "std": (0.9, 0.8, 0.7)}
    vit, backbone, _ = load(name, published_state(BACKBONES[name], original))
    vit.default_cfg = original.default_cfg
    model = E2EViT.from_timm(vit, backbone)
    assert model.mean.tolist() == pytest.approx(BACKBONES[name].mean)
    assert model.std.tolist() == pytest.approx(BACKBONES[name].std)
    with pytest.raises(WeightsError) as caught:
        load(name, published_state(BACKBONES[name], original) | {BACKBONES[name].key_prefix + "mean": torch.zeros(3)})
    assert caught.value.message == f"The weights have a tensor mean, which {backbone.title} does not know."


def test_colors_are_normalized_by_the_table(load):
    """By hand: (x - mean) / std, then the convolution; H0-mini's values are its own."""
    original = build_small(BACKBONES["h0-mini"], seed=3)
    vit, backbone, _ = load("h0-mini", published_state(BACKBONES["h0-mini"], original))
    model = E2EViT.from_timm(vit, backbone)
    tiles = strip(4, 14)
    mean, std = torch.tensor((0.707223, 0.578729, 0.703617)), torch.tensor((0.211883, 0.230117, 0.177517))
    patches = ((tiles[:, 0] - mean) / std).permute(0, 3, 1, 2)
    expected = original.patch_embed.proj(patches).flatten(1)
    found = model.tokens(tiles, model.groups(4))[0, -4:]
    assert torch.allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("name", NATIVE)
def test_the_layout_of_dinov2_itself(name, load):
    """``mask_token``; registers under another name, with a position for CLS that timm adds to CLS."""
    backbone = BACKBONES[name]
    original = build_small(backbone, seed=4)
    native = {key: value.clone() for key, value in original.state_dict().items()}
    native["mask_token"] = torch.zeros(1, original.embed_dim)
    if backbone.registers:
        native["register_tokens"] = native.pop("reg_token")
        of_cls = torch.rand(1, 1, original.embed_dim)
        native["pos_embed"] = torch.cat([of_cls, native["pos_embed"]], dim=1)
        with torch.no_grad():
            original.cls_token += of_cls
    vit, _, _ = load(name, native)
    tiles, place = strip(5, backbone.patch_px).numpy(), np.arange(5)
    loaded, direct = (E2EViT.from_timm(one, backbone) for one in (vit, original))
    found, expected = (model.encode(tiles, place, place, precision="fp32").embedding for model in (loaded, direct))
    assert np.allclose(found, expected, atol=1e-5)


def test_the_table_says_what_kind_of_file_is_published():
    kinds = {name: BACKBONES[name].weight_file.rsplit(".")[-1] for name in IDS}
    assert {name for name, kind in kinds.items() if kind == "bin"} == {
        "conch",
        "uni",
        "pathorchestra",
        "gigapath",
        "uni2-h",
        "conch-v1.5",
    }
    assert set(kinds.values()) == {"bin", "safetensors"}


def test_swiglu_with_the_wrong_activation_loads_and_lies(tmp_path):
    """The reason for the check: another activation takes the same weights strictly, and computes something else."""
    backbone = BACKBONES["virchow"]
    right = build_small(backbone, seed=5)
    arguments = {**small(backbone).timm_arguments, "mlp_layer": timm.layers.SwiGLUPacked, "act_layer": nn.GELU}
    wrong = timm.create_model(backbone.timm_name, num_classes=0, **arguments).eval()
    wrong.load_state_dict(right.state_dict(), strict=True)
    picture = torch.rand(1, 3, 112, 112)
    with torch.no_grad():
        assert (wrong(picture) - right(picture)).abs().max() > 0.01
    with pytest.raises(BackboneError) as caught:
        build(replace(small(backbone), timm_arguments={**small(backbone).timm_arguments, "act_layer": "GELU"}))
    assert caught.value.message == "Virchow cannot be built: its gated MLP uses GELU where SwiGLU needs SiLU."


def test_weights_of_a_plain_mlp_are_refused_by_a_gated_one(tmp_path):
    backbone = small(BACKBONES["virchow"])
    plain = timm.create_model(
        backbone.timm_name,
        num_classes=0,
        **{**backbone.timm_arguments, "mlp_layer": timm.layers.Mlp, "act_layer": nn.GELU},
    )
    save_file(plain.state_dict(), tmp_path / "plain.safetensors")
    with pytest.raises(WeightsError) as caught:
        load_state(build(backbone), read_weights(tmp_path / "plain.safetensors"), backbone.title)
    assert caught.value.message.startswith("The tensor blocks.0.mlp.fc2.weight has the shape")


@pytest.mark.parametrize(
    ("mean", "std"),
    [((123.7, 116.3, 103.5), (58.4, 57.1, 57.4)), ((0.5, 0.5, 0.5), (0.5, 0.0, 0.5)), ((0.5, 0.5), (0.5,))],
)
def test_an_entry_with_impossible_mean_and_std_cannot_be_written(mean, std):
    with pytest.raises(ValueError, match="mean and std of RGB"):
        replace(BACKBONES["uni"], mean=mean, std=std)


@pytest.mark.parametrize("name", ["vit_base_patch16_clip_quickgelu_224", "vit_base_patch16_clip_224"])
def test_clip_is_converted_with_its_norm_before_the_blocks(name, tmp_path):
    """OpenAI's CLIP normalizes tokens before the blocks: without positions the strip of one picture's patches is that picture."""
    with torch.random.fork_rng():
        torch.manual_seed(6)
        vit = timm.create_model(name, num_classes=0).eval()
        for parameter in vit.parameters():
            nn.init.normal_(parameter, std=0.05)
    with torch.no_grad():
        vit.pos_embed[:, 1:] = 0
    path = tmp_path / "clip.safetensors"
    save_file({**vit.state_dict(), "head.weight": torch.zeros(512, 768), "head.bias": torch.zeros(512)}, path)
    loaded, backbone, _ = load_backbone(path, backbone=f"{name}.openai")
    assert backbone.mean == pytest.approx((0.48145466, 0.4578275, 0.40821073))
    assert isinstance(loaded.norm_pre, nn.LayerNorm)
    model = E2EViT.from_timm(loaded, backbone, ConversionSettings(positions="none"))
    picture = torch.rand(1, 3, 224, 224)
    mean, std = (torch.tensor(value).view(3, 1, 1) for value in (backbone.mean, backbone.std))
    with torch.no_grad():
        expected = vit.forward_features((picture - mean) / std)[0, 0].numpy()
    tiles = picture[0].unfold(1, 16, 16).unfold(2, 16, 16).permute(1, 2, 3, 4, 0).reshape(196, 1, 16, 16, 3)
    place = np.arange(196)
    found = model.encode(tiles.numpy(), place % 14, place // 14, precision="fp32")
    assert np.abs(found.embedding - expected).max() < 1e-4 * np.abs(expected).max()


def test_weights_of_timm_have_the_normalization_of_their_own_tag():
    """One architecture, three trainings: timm's default for a name is right for one of them."""
    said = {tag: named_backbone(f"vit_base_patch16_224.{tag}").mean for tag in ("augreg2_in21k_ft_in1k", "dino", "mae")}
    assert said == {
        "augreg2_in21k_ft_in1k": (0.5, 0.5, 0.5),
        "dino": (0.485, 0.456, 0.406),
        "mae": (0.485, 0.456, 0.406),
    }
