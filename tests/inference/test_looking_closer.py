"""Analysis that sees more than mean patches: against timm's own way on tiles that OpenSlide reads."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import openslide
import pytest
import torch

from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_seeded, named_backbone
from e2evit_model.convert.settings import ConversionSettings, Device, Precision
from e2evit_model.convert.tile_tokens import TileEncoder
from e2evit_model.convert.token_stream import STEP
from e2evit_model.errors import BackboneError, Cancelled, ModelError, OptionError
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.models import load_model
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.runs.records import write_json
from e2evit_model.runs.risk_model import write_risk_model
from e2evit_model.runs.risk_model_card import read_card
from e2evit_model.strip.cache import cache_size, clear_cache, trim_cache
from e2evit_model.strip.token_stack import TokenStack
from tests.inference.models import TINY, head_state, tiny_weights, write_tiny_risk_model
from tests.slide_files import JpegFlavour, tissue_like, write_jpeg_tiff, write_pyramid

WHOLE = AnalysisSettings(tissue="all", device=Device.CPU, precision=Precision.FP32)


@pytest.fixture(scope="module")
def image():
    return tissue_like(500, 800, seed=3)


@pytest.fixture
def slide(tmp_path, image):
    return write_pyramid(tmp_path / "patient-17.tiff", image, mpp=0.5, levels=2)


@pytest.fixture
def bare(tmp_path):
    return ModelChoice(source=str(tiny_weights(tmp_path / "w.safetensors")), backbone=TINY)


def tiles_of(path: Path) -> torch.Tensor:
    """Read all tiles row by row, normalized for the tiny ViT, (N, 3, 224, 224)."""
    with openslide.OpenSlide(path) as opened:
        read = [
            np.asarray(opened.read_region((x, y), 0, (224, 224)).convert("RGB"))
            for y in range(0, opened.dimensions[1] - 223, 224)
            for x in range(0, opened.dimensions[0] - 223, 224)
        ]
    return (torch.from_numpy(np.stack(read)).permute(0, 3, 1, 2) / 255 - 0.5) / 0.5


def test_after_all_blocks_it_is_the_mean_of_timm_s_embeddings(slide, bare):
    vit = build_seeded(named_backbone(TINY), seed=0)
    with torch.no_grad():
        features = vit.forward_features(tiles_of(slide))
    for read_out, right in (("cls", features[:, 0].mean(0)), ("mean", features[:, 1:].mean((0, 1)))):
        found = analyze_slide(slide, replace(WHOLE, merge_after=12, read_out=read_out), bare)
        np.testing.assert_allclose(found.embedding, right, atol=2e-3)  # kept as fp16
        np.testing.assert_allclose(found.attention, 1 / 6)
        assert found.layers.shape == (0, 3, 6)


def test_the_second_analysis_does_not_look_again_and_gives_the_same(slide, bare):
    settings = replace(WHOLE, merge_after=3)
    steps = []

    def progress(step, done, total):
        steps.append(step)

    first = analyze_slide(slide, settings, bare, progress=progress)
    assert STEP in steps
    assert first.layers.shape == (9, 3, 6)
    assert "look at every tile" in first.seconds
    steps.clear()
    again = analyze_slide(slide, replace(settings, tokens_per_tile=0.5, positions="none"), bare, progress=progress)
    assert STEP not in steps  # other groups, the same tokens
    assert not np.allclose(again.embedding, first.embedding)
    again = analyze_slide(slide, settings, bare, progress=progress)
    assert STEP not in steps
    assert np.array_equal(again.embedding, first.embedding)
    assert again.notices == first.notices
    for other in ({"merge_after": 4}, {"merger": "max"}, {"tokens_per_tile": 4.0}, {"precision": "bf16"}):
        steps.clear()
        analyze_slide(slide, replace(settings, **other), bare, progress=progress)
        assert STEP in steps, other


def test_kept_tokens_count_as_cache_and_go_with_it(slide, bare, own_cache):
    analyze_slide(slide, replace(WHOLE, merge_after=1), bare)
    kept = {path.name: path.stat().st_size for path in (own_cache / "strips").glob("*.safetensors")}
    tokens = [name for name in kept if name.endswith("-tokens.safetensors")]
    assert len(tokens) == 1
    assert len(kept) == 2
    assert 6 * 2 * 192 * 2 < kept[tokens[0]] < 6 * 2 * 192 * 2 + 2000  # tokens and CLS of six tiles in fp16
    assert cache_size() == sum(kept.values())
    assert trim_cache(0) == sum(kept.values())
    analyze_slide(slide, replace(WHOLE, merge_after=1), bare)
    assert clear_cache() == sum(kept.values())
    assert b"patient-17" not in tokens[0].encode()


def test_damaged_kept_tokens_are_made_again_with_a_notice(slide, bare, own_cache):
    settings = replace(WHOLE, merge_after=1)
    first = analyze_slide(slide, settings, bare)
    (path,) = (own_cache / "strips").glob("*-tokens.safetensors")
    whole = path.read_bytes()
    for broken in (whole[:-10], whole[:-10] + bytes(10), b"", b"no such file"):
        path.write_bytes(broken)
        again = analyze_slide(slide, settings, bare)
        assert "What was kept of this slide is damaged. The slide is read again." in again.notices
        assert np.array_equal(again.embedding, first.embedding)
        assert path.stat().st_size == len(whole)


def test_a_cache_that_cannot_be_written_is_said_and_no_reason_to_stop(slide, bare, own_cache):
    (own_cache / "strips").write_text("in the way")
    found = analyze_slide(slide, replace(WHOLE, merge_after=1), bare)
    assert (
        "What the model saw of the tiles could not be kept for the next time: "
        "a file is in the way where the cache folder should be."
    ) in found.notices


def test_damaged_tiles_are_left_out_here_too(tmp_path, image, bare):
    path = write_jpeg_tiff(tmp_path / "bad.tiff", image, mpp=0.5, flavour=JpegFlavour(cut=[(0, 2, 0)]), levels=2)
    settings = replace(WHOLE, merge_after=2, damaged_share=0.9)
    found = analyze_slide(path, settings, bare)
    assert len(found.grid) == len(found.attention) < 6
    whole = write_pyramid(tmp_path / "whole.tiff", image, mpp=0.5, levels=2)
    assert len(analyze_slide(whole, settings, bare).grid) == 6


def test_can_be_cancelled_while_it_looks(slide, bare):
    def progress(step, done, total):
        if step == STEP:
            raise Cancelled

    with pytest.raises(Cancelled):
        analyze_slide(slide, replace(WHOLE, merge_after=2), bare, progress=progress)


def write_late_risk_model(folder, *, members=2, **conversion):
    """Fine-tuned members that share their first blocks, with mergers of their own where these learn."""
    settings = ConversionSettings(**conversion)
    backbone = named_backbone(TINY)
    card = write_tiny_risk_model(folder, members=members)
    states = []
    for member in range(members):
        model = E2EViT.from_timm(build_seeded(backbone, seed=0), backbone, settings)
        torch.manual_seed(member)
        with torch.no_grad():
            for block in model.vit.blocks[settings.merge_after :]:
                block.mlp.fc2.weight.add_(torch.randn_like(block.mlp.fc2.weight) * 0.02)
            if model.scores is not None:
                torch.nn.init.normal_(model.scores.score.weight)
        states.append({key: value.clone() for key, value in model.backbone_state().items()})
    card = replace(read_card(folder), conversion=settings.to_record(), files={})
    write_risk_model(folder, card, [head_state(seed) for seed in range(members)], states)
    return states


@pytest.mark.parametrize(
    "conversion",
    [{"merge_after": 2}, {"merger": "max"}, {"merger": "attention"}, {"merger": "attention", "merge_after": 1}],
)
def test_fine_tuned_members_look_once_and_each_has_its_own_merger(conversion, tmp_path, slide):
    states = write_late_risk_model(tmp_path / "model", **conversion)
    looks = []

    def progress(step, done, total):
        looks.append((step, done, total))

    found = analyze_slide(slide, WHOLE, ModelChoice(source=str(tmp_path / "model")), progress=progress)
    assert looks.count((STEP, 6, 6)) == 1
    backbone = named_backbone(TINY)
    settings = ConversionSettings(**conversion, kept_tokens="fp32")
    pixels = ((tiles_of(slide) * 0.5 + 0.5).permute(0, 2, 3, 1) * 255).round().to(torch.uint8)
    for member, state in enumerate(states):
        model = E2EViT.from_timm(build_seeded(backbone, seed=9), backbone, settings).eval()
        model.load_backbone_state(state)
        with torch.no_grad():
            tokens, prefix = TileEncoder(model, tile_px=224, tiles=6)(pixels, torch.arange(6))
            stack = TokenStack(tokens=tokens.numpy(), prefix=prefix.numpy(), readable=np.ones(6, bool))
            embedding = model(stack).embedding  # every patch, merged at once
        head = head_state(member)
        hazards = torch.sigmoid(embedding @ head["weight"].T + head["bias"])
        assert found.risk.member_risks[member] == pytest.approx(-float((1 - hazards).cumprod(0).sum()), abs=3e-3)
    assert found.risk.member_risks[0] != found.risk.member_risks[1]
    again = analyze_slide(slide, WHOLE, ModelChoice(source=str(tmp_path / "model")))
    assert again.risk.member_risks == found.risk.member_risks


def test_a_risk_model_looks_in_its_own_way_alone(tmp_path, slide):
    write_late_risk_model(tmp_path / "model", merge_after=2)
    choice = ModelChoice(source=str(tmp_path / "model"))
    analyze_slide(slide, replace(WHOLE, merge_after=2), choice)
    for change, said in (
        ({"merge_after": 0}, "This risk model merges tiles after block 2, so 0 cannot be chosen."),
        ({"merger": "max"}, "This risk model merges patches by mean, so max cannot be chosen."),
        ({"positions": "none"}, "This risk model knows positions by alibi, so none cannot be chosen."),
    ):
        with pytest.raises(OptionError) as told:
            analyze_slide(slide, replace(WHOLE, **change), choice)
        assert told.value.message == said


def test_what_a_bare_backbone_cannot(slide, bare):
    for change, kind, said in (
        (
            {"merger": "attention"},
            OptionError,
            "The attention merger is learned, and this model was not trained with it.",
        ),
        (
            {"merge_after": 13},
            OptionError,
            "vit_tiny_patch16_224 has 12 blocks, so tiles cannot be merged after block 13.",
        ),
        ({"read_out": "pooler"}, BackboneError, "vit_tiny_patch16_224 has no attention pooler to read out by."),
    ):
        with pytest.raises(kind) as told:
            analyze_slide(slide, replace(WHOLE, **change), bare)
        assert told.value.message == said


def test_a_loaded_backbone_changes_its_depth_from_slide_to_slide(slide, bare):
    model = load_model(bare)
    paper = analyze_slide(slide, WHOLE, model)
    late = analyze_slide(slide, replace(WHOLE, merge_after=4), model)
    again = analyze_slide(slide, WHOLE, model)
    assert np.array_equal(paper.embedding, again.embedding)
    assert np.array_equal(late.embedding, analyze_slide(slide, replace(WHOLE, merge_after=4), bare).embedding)
    assert not np.allclose(paper.embedding, late.embedding)


def test_weights_of_a_merger_that_are_not_there(tmp_path):
    write_late_risk_model(tmp_path / "model", merge_after=1)
    card = read_card(tmp_path / "model")
    wrong = replace(card, conversion=dict(card.conversion) | {"merger": "attention"})
    write_json(tmp_path / "model" / "model.json", wrong)
    with pytest.raises(ModelError) as told:
        load_model(ModelChoice(source=str(tmp_path / "model")))
    assert told.value.message == "The weights of the risk model are not those of vit_tiny_patch16_224."


def test_the_share_of_color_is_of_the_tokens_that_the_strip_is_made_of(tmp_path, bare):
    """Tiles that differ in texture alone: color explains all that the paper's way sees, little of what late merging sees."""
    random = np.random.default_rng(0)
    image = np.empty((224 * 4, 224 * 8, 3), np.uint8)
    for row in range(4):
        for column in range(8):
            color = random.integers(80, 180, 3)
            grain = random.normal(0, 40, (224, 224, 1)) if (row + column) % 2 else np.zeros((224, 224, 1))
            image[224 * row : 224 * row + 224, 224 * column : 224 * column + 224] = np.clip(color + grain, 0, 255)
    slide = write_pyramid(tmp_path / "grain.tiff", image, mpp=0.5, levels=1)
    paper = analyze_slide(slide, WHOLE, bare)
    late = analyze_slide(slide, replace(WHOLE, merge_after=6), bare)
    assert paper.color_share > 0.9
    assert late.color_share < paper.color_share - 0.05
    assert late.model.conversion["merge_after"] == 6


def test_without_blocks_over_the_strip_attention_is_said_to_mean_nothing(slide, bare):
    said = "Tiles were merged after the last block: their mean weighs all the same, so attention tells none apart."
    assert said in analyze_slide(slide, replace(WHOLE, merge_after=12), bare).notices
    assert said not in analyze_slide(slide, replace(WHOLE, merge_after=11), bare).notices
