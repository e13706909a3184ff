"""CONCH's attention pooler: read strictly from the hub's own layout, and equal to the formula written out."""

from dataclasses import replace

import pytest
import torch

from e2evit_model.convert import loading
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_empty, load_backbone, load_encoder
from e2evit_model.convert.pooler import ContrastPooler
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.errors import BackboneError, WeightsError
from tests.convert.hub_conch import TINY_CONCH, WIDTH, pooler_state, write_hub_file
from tests.convert.small import strip

POOLER = ConversionSettings(read_out="pooler")


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(loading, "BACKBONES", {**BACKBONES, TINY_CONCH.id: TINY_CONCH})


def norm(x, weight, bias):
    return (x - x.mean(-1, keepdim=True)) / (x.var(-1, unbiased=False, keepdim=True) + 1e-5).sqrt() * weight + bias


def by_hand(tokens, state):
    """One query, eight heads, written out: (n, C) to (width,)."""
    s = {
        name.removeprefix("visual.").removeprefix("attn_pool_contrast."): value.double()
        for name, value in state.items()
    }
    x = norm(tokens.double(), s["ln_k.weight"], s["ln_k.bias"])
    query = norm(s["query"][0], s["ln_q.weight"], s["ln_q.bias"])
    bias = s["attn.in_proj_bias"].chunk(3)
    q = s["attn.q_proj_weight"] @ query + bias[0]
    k, v = x @ s["attn.k_proj_weight"].T + bias[1], x @ s["attn.v_proj_weight"].T + bias[2]
    size = len(q) // 8
    heads = []
    for head in range(8):
        own = slice(head * size, (head + 1) * size)
        weights = (k[:, own] @ q[own] / size**0.5).softmax(0)
        heads.append(weights @ v[:, own])
    out = s["attn.out_proj.weight"] @ torch.cat(heads) + s["attn.out_proj.bias"]
    return norm(out, s["ln_contrast.weight"], s["ln_contrast.bias"])


def test_read_from_the_hub_s_layout_and_equal_to_the_formula(tmp_path):
    path = write_hub_file(tmp_path / "pytorch_model.bin")
    model, backbone, _ = load_encoder(path, backbone=TINY_CONCH.id, settings=POOLER)
    assert backbone is TINY_CONCH
    assert model.embedding_size == WIDTH
    with torch.no_grad():
        found = model(strip(9, 16), keep_tokens=True)
        cls = E2EViT.from_timm(model.vit, TINY_CONCH)(strip(9, 16)).embedding
    right = by_hand(torch.cat([cls[None], found.tokens]), pooler_state())  # CLS is among the tokens
    torch.testing.assert_close(found.embedding.double(), right, atol=1e-5, rtol=1e-5)
    vit, _, _ = load_backbone(path, backbone=TINY_CONCH.id)
    assert set(vit.state_dict()) == set(
        build_empty(TINY_CONCH).state_dict()
    )  # nothing of it among the backbone's weights


def test_the_size_of_the_embedding_follows_the_read_out(tmp_path):
    path = write_hub_file(tmp_path / "pytorch_model.bin")
    model, _, _ = load_encoder(path, backbone=TINY_CONCH.id)
    assert model.embedding_size == 48
    model.configure(POOLER)
    assert model.embedding_size == WIDTH
    model.configure(replace(POOLER, read_out="cls+mean"))
    assert model.embedding_size == 96


def test_weights_with_a_pooler_go_into_another_model(tmp_path):
    path = write_hub_file(tmp_path / "pytorch_model.bin")
    first, _, _ = load_encoder(path, backbone=TINY_CONCH.id, settings=POOLER)
    with torch.no_grad():
        first.pooler.query.add_(1)
    state = {name: value.clone() for name, value in first.backbone_state().items()}
    assert {name for name in state if name.startswith("pooler.")} == {
        f"pooler.{name}" for name in ContrastPooler(WIDTH, 48).state_dict()
    }
    second, _, _ = load_encoder(path, backbone=TINY_CONCH.id, settings=POOLER)
    second.load_backbone_state(state)
    with torch.no_grad():
        assert torch.equal(first(strip(4, 16)).embedding, second(strip(4, 16)).embedding)
    with pytest.raises(WeightsError) as told:
        second.load_backbone_state({name: value for name, value in state.items() if name != "pooler.query"})
    assert told.value.message == "The weights lack the tensor pooler.query, which this model needs."


@pytest.mark.parametrize(
    "lost", ["visual.attn_pool_contrast.ln_k.bias", "visual.ln_contrast.weight", "visual.attn_pool_contrast.query"]
)
def test_a_pooler_that_is_not_whole_is_refused(lost, tmp_path):
    path = write_hub_file(tmp_path / "pytorch_model.bin", without=(lost,))
    with pytest.raises(WeightsError) as told:
        load_encoder(path, backbone=TINY_CONCH.id, settings=POOLER)
    assert told.value.message == "The attention pooler of the weights is not the one of CONCH."


def test_a_file_without_pooler_serves_all_other_read_outs(tmp_path):
    path = write_hub_file(tmp_path / "pytorch_model.bin", without=tuple(pooler_state()))
    model, _, _ = load_encoder(path, backbone=TINY_CONCH.id)
    with torch.no_grad():
        assert model(strip(3, 16)).embedding.isfinite().all()
    with pytest.raises(BackboneError) as told:
        load_encoder(path, backbone=TINY_CONCH.id, settings=POOLER)
    assert told.value.message == "Tiny CONCH has no attention pooler to read out by."
    assert told.value.hint == (
        "Choose cls, mean or cls+mean; of the known backbones, CONCH's own weight file brings a pooler."
    )


def test_full_size_as_published():
    """One query of 512, eight heads, over tokens of 768."""
    pooler = ContrastPooler.from_file(pooler_state(width=512, context=768))
    assert pooler is not None
    assert (
        sum(parameter.numel() for parameter in pooler.parameters())
        == 512 + 512**2 + 2 * 512 * 768 + 1536 + 512**2 + 512 + 1024 + 1536 + 1024
    )
    assert pooler(torch.randn(1, 20, 768)).shape == (1, 512)
