"""Training where the model looks at every tile: once, before the epochs; the risk model that comes out looks in the same way."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from e2evit_model.cohort.cohort import Cohort, CohortSlide
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.convert.token_stream import encode_tiles
from e2evit_model.errors import CacheError, Cancelled, OptionError
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.runs.risk_model import read_risk_model
from e2evit_model.runs.run_tables import read_predictions
from e2evit_model.slides.opening import open_slide
from e2evit_model.training import prepare_tokens
from e2evit_model.training.config import Augmentation, TileSettings, TrainingConfig
from e2evit_model.training.cross_validation import cross_validate, resume
from e2evit_model.training.embed import embed_cohort
from e2evit_model.training.network import RiskNetwork, load_pretrained, make_optimizer
from e2evit_model.training.prepare import STEP, disk_need, lay_tiles, slide_jobs, wish_for
from e2evit_model.training.prepare_tokens import TokenMaker, prepare_material, read_prepared
from e2evit_model.training.prepared_files import prepared_path
from e2evit_model.training.strips import StripsInMemory
from tests.slide_files import JpegFlavour, tissue_like, write_jpeg_tiff, write_pyramid
from tests.training.material import TINY, five_folds, tiny_config

CPU = torch.device("cpu")
TILES = TileSettings(tissue="all")


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    """Twelve patients with a slide of two or three tiles each."""
    folder = tmp_path_factory.mktemp("late")
    slides = []
    for index in range(12):
        image = tissue_like(230, 460 if index % 2 else 690, seed=index)
        path = write_pyramid(folder / f"S{index}.tif", image, mpp=0.5, levels=1)
        slides.append(CohortSlide(slide_id=f"S{index}", patient_id=f"P{index:02}", path=path))
    random = np.random.default_rng(0)
    return Cohort(
        name="late",
        endpoint="OS",
        patient_ids=tuple(slide.patient_id for slide in slides),
        time_days=random.permutation(np.arange(100.0, 1300, 100)),
        event=np.arange(12) % 3 != 0,
        slides=tuple(slides),
    )


def late_config(weights, **changes):
    conversion = {
        name: changes.pop(name)
        for name in ("merge_after", "merger", "positions", "tokens_per_tile", "split", "kept_tokens")
        if name in changes
    }
    values = {"tiles": TILES, "epochs": 2, "conversion": ConversionSettings(**conversion)}
    return tiny_config(weights, **(values | changes))


def prepared(cohort, config):
    found = prepare_material(cohort.slides, config, load_pretrained(config))
    assert not found.failed
    return found


WAYS = [
    {"merge_after": 1},
    {"merge_after": 2, "tokens_per_tile": 4, "split": "bands"},
    {"merger": "max"},
    {"merger": "max", "merge_after": 1, "positions": "learned"},
    {"merger": "attention"},
    {"merger": "attention", "merge_after": 1},
]
IDS = [" ".join(f"{name}={value}" for name, value in way.items()) for way in WAYS]


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_what_is_prepared_is_what_the_model_sees_of_the_slide(way, cohort, weights):
    config = late_config(weights, **way)
    pretrained = load_pretrained(config)
    found = prepare_material(cohort.slides[:2], config, pretrained)
    for slide, done in zip(cohort.slides, found.prepared, strict=False):
        with open_slide(slide.path) as opened:
            grid = lay_tiles(opened, wish_for(config, TINY), lambda *_: None)
            right = encode_tiles(
                pretrained.encoder, opened, grid, precision="fp32", every_patch=way.get("merger") == "attention"
            )[0]
        strip = read_prepared(config, done)
        np.testing.assert_allclose(strip.tokens.tokens, right.tokens, atol=2e-3)
        np.testing.assert_allclose(strip.tokens.prefix, right.prefix, atol=2e-3)
        assert (strip.columns.tolist(), strip.rows.tolist()) == (grid.column.tolist(), grid.row.tolist())
        assert (strip.mpp, strip.tile_px, len(strip)) == (0.5, 224, len(grid))
        assert strip.tokens.every_patch == (way.get("merger") == "attention")
        raw = prepared_path(done.key).read_bytes()
        header = raw[8 : 8 + int.from_bytes(raw[:8], "little")].decode()
        assert slide.slide_id not in header


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_the_risk_model_of_a_run_looks_as_it_was_trained(way, cohort, weights, tmp_path):
    config = late_config(weights, **way, learning_rate=1e-2)
    folds = five_folds(cohort, count=2)
    done = cross_validate(cohort, folds, config, tmp_path / "run")
    rows = [row for row in read_predictions(done.folder.predictions) if row.slide_id]
    choice = ModelChoice(source=str(done.folder.model))
    settings = AnalysisSettings(device="cpu", precision="fp32")
    paths = {slide.slide_id: slide.path for slide in cohort.slides}
    for row in rows[::5]:
        found = analyze_slide(paths[row.slide_id], settings, choice)
        assert found.risk.member_risks[row.fold] == pytest.approx(row.risk, abs=2e-3)
        assert not [notice for notice in found.notices if "trained with" in notice]
    # the frozen part is the pre-trained one to the last bit, in every member; the rest has learned
    risk = read_risk_model(done.folder.model)
    before = load_pretrained(config).encoder.backbone_state()
    states = [risk.load_backbone(member) for member in range(2)]
    blocks = way.get("merge_after", 0)
    for name, tensor in before.items():
        below = name.startswith("patch_embed.") or (
            blocks > 0
            and (
                name in ("cls_token", "pos_embed") or (name.startswith("blocks.") and int(name.split(".")[1]) < blocks)
            )
        )
        same = [torch.equal(state[name], tensor) for state in states]
        if below:
            assert all(same), name
    if blocks < 2:
        assert not torch.equal(states[0]["blocks.1.mlp.fc1.weight"], before["blocks.1.mlp.fc1.weight"])
    if way.get("merger") == "attention":
        assert all(state["merger.score.weight"].abs().max() > 0 for state in states)
        assert not torch.equal(states[0]["merger.score.weight"], states[1]["merger.score.weight"])


@pytest.mark.parametrize("method", ["linear-nll", "linear-cox"])
def test_linear_probing_runs_from_the_same_tokens(method, cohort, weights, tmp_path, monkeypatch):
    tuned = late_config(weights, merge_after=1)
    prepared(cohort, tuned)
    monkeypatch.setattr(prepare_tokens, "encode_tiles", None)  # nothing is looked at again
    config = late_config(weights, merge_after=1, method=method, inner_folds=2)
    done = cross_validate(cohort, five_folds(cohort, count=2), config, tmp_path / "run")
    row = next(row for row in read_predictions(done.folder.predictions) if row.slide_id)
    path = next(slide.path for slide in cohort.slides if slide.slide_id == row.slide_id)
    found = analyze_slide(
        path, AnalysisSettings(device="cpu", precision="fp32"), ModelChoice(source=str(done.folder.model))
    )
    assert found.risk.member_risks[row.fold] == pytest.approx(row.risk, abs=2e-3)


def test_an_epoch_never_goes_through_the_frozen_blocks(cohort, weights):
    config = late_config(weights, merge_after=1)
    assert config.freeze_blocks == 1
    strips = prepared(cohort, config).strips
    network = RiskNetwork(load_pretrained(config).encoder, config, bins=4, device=CPU)
    calls = [0, 0]
    for layer, block in enumerate(network.encoder.vit.blocks):
        block.attn.register_forward_hook(lambda *_, layer=layer: calls.__setitem__(layer, calls[layer] + 1))
    network.train()
    network(strips.load("S0")).sum().backward()
    assert calls == [0, 1]
    moving = {name for name, p in network.encoder.vit.named_parameters() if p.requires_grad}
    assert moving == {n for n, _ in network.encoder.vit.named_parameters() if n.startswith(("blocks.1.", "norm."))}


def test_with_max_before_the_first_block_only_the_patch_embedding_stays(cohort, weights):
    config = late_config(weights, merger="max")
    network = RiskNetwork(load_pretrained(config).encoder, config, bins=4, device=CPU)
    still = {name for name, p in network.encoder.vit.named_parameters() if not p.requires_grad}
    assert still == {"patch_embed.proj.weight", "patch_embed.proj.bias"}
    network(prepared(cohort, config).strips.load("S0")).sum().backward()
    assert network.encoder.vit.cls_token.grad.abs().max() > 0


def test_the_learning_merger_is_in_the_optimizer_and_each_fold_begins_anew(weights):
    config = late_config(weights, merger="attention")
    network = RiskNetwork(load_pretrained(config).encoder, config, bins=4, device=CPU)
    known = {id(p) for group in make_optimizer(network).param_groups for p in group["params"]}
    assert all(id(p) in known for p in network.encoder.scores.parameters())
    first = network.encoder.scores
    again = RiskNetwork(network.encoder, config, bins=4, device=CPU)
    assert again.encoder.scores is not first
    assert not again.encoder.scores.score.weight.any()


def test_leaving_out_tiles_is_a_strip_of_the_others(cohort, weights):
    config = late_config(weights, merge_after=1, augmentation=Augmentation(drop_tiles=0.5))
    strip = prepared(cohort, config).strips.load("S0")
    network = RiskNetwork(load_pretrained(config).encoder, config, bins=4, device=CPU).eval()
    seen = set()
    with torch.no_grad():
        for seed in range(12):
            embedding = network.embed(strip, augmentation_seed=seed)
            alone = [
                network.embed(
                    replace(
                        strip,
                        tokens=strip.tokens.subset(np.array(keep)),
                        columns=strip.columns[keep],
                        rows=strip.rows[keep],
                    )
                )
                for keep in ([0, 1], [0, 2], [1, 2])
            ]
            same = [torch.allclose(embedding, other, atol=1e-6) for other in alone]
            assert sum(same) == 1
            seen.add(same.index(True))
    assert len(seen) > 1


def test_nothing_is_looked_at_twice_and_a_stop_keeps_what_is_done(cohort, weights, monkeypatch):
    config = late_config(weights, merge_after=1)
    looks = []
    real = encode_tiles

    def counted(model, slide, grid, **more):
        looks.append(slide.info.fingerprint)
        return real(model, slide, grid, **more)

    monkeypatch.setattr(prepare_tokens, "encode_tiles", counted)

    def stop(step, done, total):
        if step == STEP and done == 2:
            raise Cancelled

    pretrained = load_pretrained(config)
    with pytest.raises(Cancelled):
        prepare_material(cohort.slides, config, pretrained, progress=stop)
    assert len(looks) == 2
    first = prepare_material(cohort.slides, config, pretrained)
    assert len(looks) == 12
    again = prepare_material(cohort.slides, config, load_pretrained(config))
    assert len(looks) == 12
    assert again.strips == first.strips
    prepare_material(cohort.slides, late_config(weights, merge_after=1, tokens_per_tile=0.5), pretrained)
    assert len(looks) == 12  # the same tokens of tiles, other groups
    other = late_config(weights, merge_after=2)
    prepare_material(cohort.slides[:1], other, load_pretrained(other))
    assert len(looks) == 13


def test_damaged_tokens_are_made_again(cohort, weights):
    config = late_config(weights, merge_after=1)
    done = prepared(cohort, config)
    path = prepared_path(done.prepared[0].key)
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    with pytest.raises(CacheError, match='What was prepared of the slide "S0" is damaged'):
        done.strips.load("S0")
    assert prepared(cohort, config).strips == done.strips
    assert path.stat().st_size == len(whole)
    path.unlink()
    with pytest.raises(CacheError, match='What was prepared of the slide "S0" is gone'):
        done.strips.load("S0")


@pytest.mark.parametrize("way", [{"merge_after": 1}, {"merger": "attention"}, {"merger": "max", "kept_tokens": "fp32"}])
def test_the_disk_that_is_needed_is_said_before_and_suffices(way, cohort, weights):
    config = late_config(weights, **way)
    jobs = slide_jobs(cohort.slides, wish_for(config, TINY))
    maker = TokenMaker(load_pretrained(config), config)
    need = disk_need(jobs, tile_bytes=maker.tile_bytes, path_of=maker.path_of)
    done = prepared(cohort, config)
    written = [done.strips.load(slide.slide_id).tokens for slide in done.prepared]
    assert need.at_most == sum(tokens.tokens.nbytes + tokens.prefix.nbytes for tokens in written)
    assert disk_need(jobs, tile_bytes=maker.tile_bytes, path_of=maker.path_of).at_most == 0


def test_a_slide_with_damage_is_judged_and_one_that_cannot_be_read_is_listed(tmp_path, cohort, weights):
    bad = write_jpeg_tiff(
        tmp_path / "bad.tif", tissue_like(460, 900, seed=1), mpp=0.5, flavour=JpegFlavour(cut=[(0, 3, 0)]), levels=1
    )
    none = tmp_path / "none.tif"
    none.write_bytes(b"this is no slide")
    slides = [replace(cohort.slides[0], slide_id=path.stem, path=path) for path in (bad, none)]
    for positions in ("alibi", "learned"):
        config = late_config(
            weights, merge_after=1, positions=positions, tiles=TileSettings(tissue="all", damaged_share=0.9)
        )
        found = prepare_material(slides, config, load_pretrained(config))
        assert [slide.slide_id for slide in found.failed] == ["none"]
        (good,) = found.prepared
        assert "tiles are damaged in the file and were left out." in good.notices[-1]
        assert 0 < good.tiles < 8
    strict = late_config(weights, merge_after=1, tiles=TileSettings(tissue="all", damaged_share=0.0))
    found = prepare_material(slides[:1], strict, load_pretrained(strict))
    assert found.failed[0].reason.endswith("the file is damaged.")


def test_a_stopped_run_goes_on(cohort, weights, tmp_path):
    config = late_config(weights, merge_after=1, epochs=3)
    folds = five_folds(cohort, count=2)
    whole = cross_validate(cohort, folds, config, tmp_path / "whole")
    told = []

    def stop(step, done, total):
        told.append(step)
        if step.startswith("Fold 1, epoch 2"):
            raise Cancelled

    with pytest.raises(Cancelled):
        cross_validate(cohort, folds, config, tmp_path / "cut", progress=stop)
    done = resume(tmp_path / "cut")
    assert done.folder.predictions.read_bytes() == whole.folder.predictions.read_bytes()


def test_embeddings_of_a_cohort(cohort, weights, tmp_path):
    config = late_config(weights, merge_after=2)
    table = embed_cohort(cohort, config, tmp_path / "e.csv", workers=1)
    slide = cohort.slides[0]
    found = analyze_slide(
        slide.path,
        AnalysisSettings(tissue="all", merge_after=2, device="cpu", precision="fp32"),
        ModelChoice(source=str(weights), backbone=TINY.id),
    )
    np.testing.assert_allclose(table.slides[0].embedding, found.embedding, atol=1e-4)
    with pytest.raises(OptionError) as told:
        embed_cohort(cohort, late_config(weights, merger="attention"), tmp_path / "e.csv")
    assert told.value.message == (
        "The attention merger is learned, and embedding trains nothing: its weights would all be equal."
    )


def test_what_cannot_work_together_is_said(weights):
    for changes, said in (
        (
            {"merger": "attention", "method": "linear-cox"},
            "The attention merger must be learned, and linear probing leaves the model as it is.",
        ),
        (
            {"merge_after": 1, "augmentation": Augmentation(turn_tiles=True)},
            (
                "Tiles cannot be turned, nor colors varied, where the model looks at every patch: each tile is looked at once, "
                "before training."
            ),
        ),
    ):
        with pytest.raises(OptionError) as told:
            late_config(weights, **changes)
        assert told.value.message == said
    for bad in (0, -1, 100):
        with pytest.raises(OptionError) as told:
            ConversionSettings(tokens_per_tile=bad)
        assert told.value.message == f"Tokens a tile is {bad}, but must be between 0.001 and 4."
    with pytest.raises(OptionError) as told:
        load_pretrained(late_config(weights, merge_after=3))
    assert told.value.message == "Tiny ViT for tests has 2 blocks, so tiles cannot be merged after block 3."


def test_what_follows_from_the_settings_is_said(weights):
    assert TrainingConfig().sentences == ()
    assert late_config(weights, merge_after=2).sentences == (
        (
            "The patch embedding and the first 2 blocks keep their pre-trained weights: what they make of each tile is computed "
            "once and kept."
        ),
    )
    assert late_config(weights, merge_after=2, method="linear-nll").sentences == ()
    first, second = late_config(weights, merger="attention").sentences
    assert first.startswith("The patch embedding keeps its pre-trained weights")
    assert "the tokens of every patch are kept on disk" in second
    config = late_config(weights, merge_after=1, freeze_blocks=2)
    assert config.freeze_blocks == 2
    assert TrainingConfig.from_record(config.to_record()) == config


def test_mean_patches_are_refused_where_tokens_are_needed(cohort_and_strips, weights):
    _, strips = cohort_and_strips
    config = late_config(weights, merge_after=1)
    network = RiskNetwork(load_pretrained(config).encoder, config, bins=4, device=CPU)
    with pytest.raises(OptionError, match="Mean patches are not enough for this model"):
        network(StripsInMemory(strips.strips).load("P000-0"))
