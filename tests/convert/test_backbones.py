import subprocess
import sys

import pytest
import torch
from torch import nn

from e2evit_model.convert.backbones import BACKBONES, find_backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.convert.timm_models import build, explain_wrong_activation
from e2evit_model.errors import BackboneError
from tests.convert.small import IDS, build_small

# id: parameters in millions as published or counted by hand (the trunk alone), patch, width, blocks, heads, registers
PUBLISHED = {
    "vit-small": (21.7, 16, 384, 12, 6, 0),
    "conch": (86.3, 16, 768, 12, 12, 0),
    "h0-mini": (85.7, 14, 768, 12, 12, 4),
    "uni": (303.4, 16, 1024, 24, 16, 0),
    "pathorchestra": (303.4, 16, 1024, 24, 16, 0),
    "gigapath": (1135.0, 16, 1536, 40, 24, 0),
    "virchow": (631.2, 14, 1280, 32, 16, 0),
    "virchow2": (631.2, 14, 1280, 32, 16, 4),
    "uni2-h": (681.4, 14, 1536, 24, 24, 8),
    "conch-v1.5": (303.4, 16, 1024, 24, 16, 0),
    "dinov2-small": (22.1, 14, 384, 12, 6, 0),
}


def test_the_table_has_the_backbones_of_the_paper_and_no_others():
    assert set(BACKBONES) == set(PUBLISHED)


@pytest.mark.parametrize("name", IDS)
def test_full_size_on_meta(name):
    """Each is built at full size without memory: counts and shapes are the table's, the state is the original's less pos_embed."""
    backbone = BACKBONES[name]
    with torch.device("meta"):
        vit = build(backbone)
    before = {key: value.shape for key, value in vit.state_dict().items()}
    count = sum(parameter.numel() for parameter in vit.parameters())
    assert count == backbone.parameters
    millions, patch, width, depth, heads, registers = PUBLISHED[name]
    assert round(count / 1e6, 1) == millions
    assert before["patch_embed.proj.weight"] == (width, 3, patch, patch)
    assert before["pos_embed"] == (1, backbone.pos_tokens, width)
    assert (len(vit.blocks), vit.blocks[0].attn.num_heads, vit.num_reg_tokens) == (depth, heads, registers)
    assert (backbone.patch_px, backbone.width, backbone.depth) == (patch, width, depth)
    assert (backbone.heads, backbone.registers) == (heads, registers)
    assert vit.no_embed_class is backbone.no_embed_class
    assert isinstance(vit.norm, nn.LayerNorm)
    assert vit.norm.eps == 1e-6
    assert isinstance(vit.norm_pre, nn.Identity)
    with torch.device("meta"):
        model = E2EViT.from_timm(vit, backbone)
    after = {key: value.shape for key, value in model.state_dict().items()}
    del before["pos_embed"]
    assert after == {f"vit.{key}": shape for key, shape in before.items()}
    assert (model.patch_px, model.prefix, model.heads) == (patch, 1 + registers, heads)
    assert model.embedding_size == width


@pytest.mark.parametrize("name", IDS)
def test_swiglu_uses_silu(name):
    backbone = BACKBONES[name]
    vit = build_small(backbone)
    gated = backbone.timm_arguments.get("mlp_layer") == "SwiGLUPacked" or name == "gigapath"
    assert isinstance(vit.blocks[0].mlp.act, nn.SiLU if gated else nn.GELU)


def test_swiglu_with_gelu_is_refused():
    """It would load the right weights strictly and compute something else."""
    backbone = BACKBONES["h0-mini"]
    with pytest.raises(BackboneError) as caught:
        build_small(backbone, act_layer="GELU")
    assert caught.value.message == "H0-mini cannot be built: its gated MLP uses GELU where SwiGLU needs SiLU."
    assert explain_wrong_activation(build_small(backbone)) == ""


def test_find_backbone():
    assert find_backbone(" UNI ").title == "UNI"
    with pytest.raises(BackboneError) as caught:
        find_backbone("virchow-2")
    assert caught.value.message == 'No backbone is called "virchow-2".'
    assert caught.value.hint == 'Did you mean "virchow2"?'
    with pytest.raises(BackboneError) as caught:
        find_backbone("zzz")
    assert caught.value.hint.startswith("Known are: conch, conch-v1.5, dinov2-small")


def test_every_backbone_says_its_terms():
    for backbone in BACKBONES.values():
        assert backbone.licence
        assert all(0 < value < 1 for value in (*backbone.mean, *backbone.std))
        assert backbone.gated == (backbone.id not in {"vit-small", "dinov2-small"})
        assert backbone.tile_px % backbone.patch_px == 0
        if "NC" in backbone.licence:
            assert "derivatives" in backbone.notes
        hash(backbone.id)


def test_the_table_and_the_settings_do_not_import_torch():
    """The window lists models before anything heavy is loaded."""
    code = (
        "import sys; import e2evit_model.convert.backbones, e2evit_model.convert.settings;"
        "assert not {'torch', 'timm'} & set(sys.modules), 'torch was imported'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_settings_go_into_a_record_and_back():
    settings = ConversionSettings(positions="alibi_2d", tokens_per_tile=2, read_out="cls+mean")
    assert ConversionSettings.from_record(settings.to_record()) == settings
