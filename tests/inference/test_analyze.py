"""From a slide file to a result: against the literal way, with damage, cancelling, fine-tuned members, and too little memory."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_seeded, named_backbone
from e2evit_model.convert.settings import Device, Precision
from e2evit_model.errors import Cancelled, DeviceError, ModelError, SlideError
from e2evit_model.inference import encoding
from e2evit_model.inference.analyze import NO_HEAD, analyze_slide
from e2evit_model.inference.models import load_model
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.strip.cache import clear_cache
from e2evit_model.survival.head import survival_of
from tests.inference.models import TINY, head_state, tiny_weights, write_tiny_risk_model
from tests.slide_files import JpegFlavour, tissue_like, write_jpeg_tiff, write_pyramid

WHOLE = AnalysisSettings(tissue="all", device=Device.CPU, precision=Precision.FP32, cache=False)


@pytest.fixture
def image() -> np.ndarray:
    return tissue_like(700, 1000, seed=3)


@pytest.fixture
def slide(tmp_path: Path, image: np.ndarray) -> Path:
    return write_pyramid(tmp_path / "patient-17.tiff", image, mpp=0.5, levels=2)


def literal_encoding(path: Path, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Convolve the real strip, merge, attend densely in float64: no shortcut of the program is used."""
    import openslide

    backbone = named_backbone(TINY)
    model = E2EViT.from_timm(build_seeded(backbone, seed=seed), backbone).double()
    with openslide.OpenSlide(path) as opened:
        tiles = [
            np.asarray(opened.read_region((x, y), 0, (224, 224)).convert("RGB"))
            for y in range(0, opened.dimensions[1] - 223, 224)
            for x in range(0, opened.dimensions[0] - 223, 224)
        ]
    strip = torch.tensor(np.concatenate(tiles, axis=1)).permute(2, 0, 1)[None].double() / 255
    mean, std = torch.tensor(backbone.mean).view(1, 3, 1, 1), torch.tensor(backbone.std).view(1, 3, 1, 1)
    with torch.no_grad():
        tokens = model.vit.patch_embed.proj((strip - mean) / std)  # (1, C, 14, 14 N)
        merged = tokens.view(1, 192, 14, len(tiles), 14).mean(dim=(2, 4)).transpose(1, 2)
        x = torch.cat([model.vit.cls_token, merged], dim=1)
        slopes = torch.tensor([2.0**-4, 2.0**-8, 2.0**-2])  # three heads: two of slopes(2), then the first of slopes(4)
        place = torch.arange(len(tiles)).double()
        bias = torch.zeros(1, 3, len(tiles) + 1, len(tiles) + 1, dtype=torch.float64)
        bias[0, :, 1:, 1:] = -slopes.view(3, 1, 1) * (place[:, None] - place).abs()
        for block in model.vit.blocks:
            q, k, v = block.attn.project(block.norm1(x))
            weights = (q @ k.transpose(-1, -2) / 8 + bias).softmax(-1)
            x = x + block.attn.proj((weights @ v).transpose(1, 2).flatten(2))
            x = x + block.mlp(block.norm2(x))
        return model.vit.norm(x)[0, 0].numpy(), weights[0, :, 0, 1:].mean(0).numpy()


def test_equals_the_literal_way(tmp_path: Path, slide: Path) -> None:
    card = write_tiny_risk_model(tmp_path / "model")
    result = analyze_slide(slide, WHOLE, ModelChoice(source=str(tmp_path / "model")))
    embedding, attention = literal_encoding(slide)
    assert len(result.grid) == 12
    np.testing.assert_allclose(result.embedding, embedding, atol=2e-5)
    np.testing.assert_allclose(result.attention, attention, atol=1e-6)
    head = head_state(0)
    survival = survival_of(torch.tensor(embedding) @ head["weight"].double().T + head["bias"])
    assert result.risk is not None
    assert result.risk.risk == pytest.approx(-float(survival.sum()), abs=1e-5)
    assert result.risk.percentile == pytest.approx(100 / 3)  # above one of the three out-of-fold risks
    assert result.model.name == card.name
    assert result.layers.shape == (12, 3, 12)
    np.testing.assert_allclose(result.layers[-1].astype(float).mean(0) / 12, attention, atol=1e-4)
    assert result.seen.shape == (12, 16, 16, 3)


def test_what_the_model_sees_is_the_mean_of_the_tiles_patches(tmp_path: Path, slide: Path) -> None:
    result = analyze_slide(
        slide, WHOLE, ModelChoice(source=str(tiny_weights(tmp_path / "w.safetensors")), backbone=TINY)
    )
    import openslide

    with openslide.OpenSlide(slide) as opened:
        tile = np.asarray(opened.read_region((224, 0), 0, (224, 224)).convert("RGB")).astype(float)
    expected = tile.reshape(14, 16, 14, 16, 3).mean(axis=(0, 2))
    assert np.abs(result.seen[1] - expected).max() <= 0.5 + 1e-6


def test_a_bare_backbone_gives_no_risk_and_says_why(tmp_path: Path, slide: Path) -> None:
    result = analyze_slide(
        slide, WHOLE, ModelChoice(source=str(tiny_weights(tmp_path / "w.safetensors")), backbone=TINY)
    )
    assert result.risk is None
    assert result.why_no_risk == NO_HEAD
    assert result.record["result"] == {"risk": None, "why_no_risk": NO_HEAD}


def test_fine_tuned_members_run_each_with_its_own_backbone(tmp_path: Path, slide: Path) -> None:
    write_tiny_risk_model(tmp_path / "model", members=2, fine_tuned=True)
    result = analyze_slide(slide, WHOLE, ModelChoice(source=str(tmp_path / "model")))
    assert result.risk is not None
    for member, risk in enumerate(result.risk.member_risks):
        head = head_state(member)
        embedding = torch.tensor(literal_encoding(slide, seed=member)[0])
        expected = -survival_of(embedding @ head["weight"].double().T + head["bias"]).sum()
        assert risk == pytest.approx(float(expected), abs=1e-5)


def test_a_loaded_model_serves_many_slides(tmp_path: Path, slide: Path) -> None:
    write_tiny_risk_model(tmp_path / "model", members=2, fine_tuned=True)
    model = load_model(ModelChoice(source=str(tmp_path / "model")))
    first = analyze_slide(slide, WHOLE, model)
    finer = analyze_slide(slide, AnalysisSettings(tissue="all", tokens_per_tile=0.5, cache=False), model)
    again = analyze_slide(slide, WHOLE, model)
    assert first.risk is not None
    assert again.risk is not None
    assert finer.risk is not None
    assert first.risk.member_risks == again.risk.member_risks
    assert finer.risk.member_risks != first.risk.member_risks
    assert "The number of tokens a tile is 0.5, but the model was trained with 1.0." in finer.notices


def test_damaged_tiles_are_left_out_and_counted(tmp_path: Path, image: np.ndarray) -> None:
    write_tiny_risk_model(tmp_path / "model")
    path = write_jpeg_tiff(tmp_path / "bad.tiff", image, mpp=0.5, flavour=JpegFlavour(cut=[(0, 1, 1)]), levels=2)
    result = analyze_slide(
        path,
        AnalysisSettings(tissue="all", damaged_share=0.5, cache=False),
        ModelChoice(source=str(tmp_path / "model")),
    )
    # the native tile (1, 1) covers pixels 256..511 each way: tiles 1 and 2 of rows 1 and 2
    assert len(result.grid) == 8
    assert "4 of 12 tiles are damaged in the file and were left out." in result.notices


def test_too_many_damaged_tiles_stop(tmp_path: Path, image: np.ndarray) -> None:
    write_tiny_risk_model(tmp_path / "model")
    path = write_jpeg_tiff(tmp_path / "bad.tiff", image, mpp=0.5, flavour=JpegFlavour(cut=[(0, 1, 1)]), levels=2)
    with pytest.raises(SlideError) as caught:
        analyze_slide(path, WHOLE, ModelChoice(source=str(tmp_path / "model")))
    assert caught.value.message == "4 of 12 tiles cannot be read (33%): the file is damaged."


def test_can_be_cancelled_in_every_step(tmp_path: Path, slide: Path, own_cache: Path) -> None:
    write_tiny_risk_model(tmp_path / "model")
    model = load_model(ModelChoice(source=str(tmp_path / "model")))
    keeping = replace(WHOLE, cache=True, tissue="otsu")
    steps: dict[str, None] = {}
    analyze_slide(slide, keeping, model, progress=lambda step, done, total: steps.setdefault(step))
    assert set(steps) >= {"Finding tissue", "Reading tiles", "Running the model"}
    for stop in steps:

        def cancel(step: str, done: int, total: int, stop: str = stop) -> None:
            if step == stop:
                raise Cancelled

        clear_cache()
        with pytest.raises(Cancelled):
            analyze_slide(slide, keeping, model, progress=cancel)
        assert not [path for path in own_cache.rglob(".*") if path.is_file() and path.suffix != ".lock"]


def test_little_memory_on_the_gpu_goes_on_in_smaller_pieces_then_on_the_cpu(tmp_path, slide, monkeypatch) -> None:
    write_tiny_risk_model(tmp_path / "model")
    tried: list[tuple[str, int | None]] = []
    real = E2EViT.encode

    def short_of_memory(self, *arguments, device, chunk, **others):
        tried.append((device.type, chunk))
        if device.type == "cuda":
            raise torch.OutOfMemoryError
        return real(self, *arguments, device=device, chunk=chunk, **others)

    monkeypatch.setattr(E2EViT, "encode", short_of_memory)
    monkeypatch.setattr(encoding, "choose_device", lambda wanted: torch.device("cuda"))
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    result = analyze_slide(slide, WHOLE, ModelChoice(source=str(tmp_path / "model")))
    assert tried == [*(("cuda", chunk) for chunk in encoding.SMALLER_CHUNKS), ("cpu", None)]
    assert "The memory of the GPU did not suffice for 12 tiles; the CPU was used." in result.notices
    assert result.device == "CPU"


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_cuda_asked_for_where_there_is_none(tmp_path: Path, slide: Path) -> None:
    write_tiny_risk_model(tmp_path / "model")
    with pytest.raises(DeviceError) as caught:
        analyze_slide(
            slide, AnalysisSettings(device=Device.CUDA, tissue="all"), ModelChoice(source=str(tmp_path / "model"))
        )
    assert caught.value.message == "A CUDA GPU was asked for, but none was found."


def test_the_record_is_json_without_a_path(tmp_path: Path, slide: Path) -> None:
    write_tiny_risk_model(tmp_path / "model")
    mask = tmp_path / "secret-patient.png"
    from PIL import Image

    Image.fromarray(np.full((70, 100), 255, np.uint8)).save(mask)
    settings = AnalysisSettings(tissue=str(mask), cache=False)
    text = json.dumps(
        analyze_slide(slide, settings, ModelChoice(source=str(tmp_path / "model"))).record, allow_nan=False
    )
    assert "secret" not in text
    assert str(tmp_path) not in text
    assert slide.stem not in text


def test_a_folder_that_is_no_model(tmp_path: Path, slide: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError) as caught:
        analyze_slide(slide, WHOLE, ModelChoice(source=str(tmp_path / "empty")))
    assert caught.value.message == "empty is not a risk model: model.json is missing."


def test_a_risk_model_that_names_another_backbone(tmp_path: Path) -> None:
    write_tiny_risk_model(tmp_path / "model", backbone="vit_small_patch16_224")
    with pytest.raises(ModelError) as caught:
        load_model(ModelChoice(source=str(tmp_path / "model")))
    assert "The weights of the risk model are not those of" in caught.value.message
