"""The whole model by the fast kernel against chunks in fp32: embedding, attention, and the gradient of every weight."""

import pytest
import torch

from e2evit_model.convert import kernels
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.banded_attention import banded_attention
from e2evit_model.convert.e2evit import E2EViT
from tests.convert.small import build_small, strip

EMBEDDING, GRADIENT = 5e-6, 1e-4
"""Bounds in fp32: the largest difference by the largest number."""
EMBEDDING_BF16, GRADIENT_BF16 = 0.03, 0.1


@pytest.fixture
def fast(monkeypatch):
    """Let the fast kernel attend also where a strip is so short that the model would take another; return what it did."""
    for dtype in (torch.float32, torch.bfloat16):
        assert kernels.banded_attention.works(dtype)  # the trial, once a process, is no part of what is noted
    attended = []

    def noted(q, *arguments, **options):
        attended.append(q.shape[2])
        return banded_attention(q, *arguments, **options)

    monkeypatch.setattr(kernels, "FEWEST", 0)
    monkeypatch.setattr(kernels.banded_attention, "banded_attention", noted)
    return attended


def small_model(name="vit-small", **changes):
    """Weights are drawn large, so that attention is far from even."""
    backbone = BACKBONES[name]
    model = E2EViT.from_timm(build_small(backbone, **changes), backbone).train()
    model.checkpointing = False
    return model, backbone


def run(model, patches, chunk, dtype=torch.float32):
    """Return embedding, attention and gradients."""
    model.zero_grad(set_to_none=True)
    with torch.autocast("cpu", dtype=dtype, enabled=dtype is not torch.float32):
        found = model(patches, chunk=chunk)
    weights = torch.linspace(-1, 1, found.embedding.numel())
    (found.embedding.float() * weights).sum().backward()
    gradients = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    return found.embedding.detach().float(), found.attention.detach().float(), gradients


def apart(found, right):
    """Return the largest difference by the largest number."""
    return float((found - right).abs().max() / right.abs().max())


def compare(fast, model, patches, record_property):
    embedding, attention, gradients = run(model, patches, chunk=256)
    assert not fast
    found, found_attention, found_gradients = run(model, patches, chunk=None)
    assert fast == [len(patches) + model.prefix] * model.depth
    record_property("embedding", apart(found, embedding))
    assert apart(found, embedding) < EMBEDDING
    assert apart(found_attention, attention) < EMBEDDING
    assert found_gradients.keys() == gradients.keys()
    largest = max(float(gradient.abs().max()) for gradient in gradients.values())
    for weight, right in gradients.items():
        difference = float((found_gradients[weight] - right).abs().max())
        assert difference < GRADIENT * max(float(right.abs().max()), 1e-3 * largest), weight


@pytest.mark.parametrize("name", ["vit-small", "h0-mini"])
@pytest.mark.parametrize("tokens", [1, 2, 17, 1_000])
def test_the_fast_model_is_the_chunked_one_in_fp32(fast, tokens, name, record_property):
    model, backbone = small_model(name)
    compare(fast, model, strip(tokens, backbone.patch_px), record_property)


@pytest.mark.slow
def test_the_fast_model_is_the_chunked_one_at_ten_thousand(fast, record_property):
    """One block of two heads: chunks of all pairs take their time."""
    model, backbone = small_model(depth=1, embed_dim=32, num_heads=2)
    compare(fast, model, strip(10_000, backbone.patch_px), record_property)


@pytest.mark.parametrize("tokens", [1, 17, 1_000, 2_000])
def test_the_fast_model_in_bf16_is_near_the_chunked_one_in_fp32(fast, monkeypatch, tokens):
    monkeypatch.setattr(kernels.precision, "attends_faster_in_bf16", lambda device: True)
    model, backbone = small_model()
    patches = strip(tokens, backbone.patch_px)
    embedding, _, gradients = run(model, patches, chunk=256)
    found, _, found_gradients = run(model, patches, chunk=None, dtype=torch.bfloat16)
    assert fast == [tokens + backbone.prefix_tokens] * 2
    assert apart(found, embedding) < EMBEDDING_BF16
    for weight in ("blocks.0.attn.qkv.weight", "blocks.1.mlp.fc1.weight", "patch_embed.proj.weight"):
        right, own = gradients[f"vit.{weight}"], found_gradients[f"vit.{weight}"].float()
        assert float((own - right).norm() / right.norm()) < GRADIENT_BF16, weight
