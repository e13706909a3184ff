"""A run that is read out by CONCH's pooler, from the hub's file to the analysis of a slide."""

import pytest

from e2evit_model.convert import loading
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.runs.risk_model import read_risk_model
from e2evit_model.training.cross_validation import cross_validate
from tests.convert.hub_conch import TINY_CONCH, WIDTH, write_hub_file
from tests.slide_files import tissue_like, write_pyramid
from tests.training.material import five_folds, planted, tiny_config


@pytest.mark.parametrize("method", ["fine-tune", "linear-nll"])
def test_a_run_read_out_by_the_pooler(method, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "BACKBONES", {**BACKBONES, TINY_CONCH.id: TINY_CONCH})
    weights = write_hub_file(tmp_path / "pytorch_model.bin")
    cohort, strips = planted(14, seed=5, tiles=4)
    config = tiny_config(
        weights, backbone=TINY_CONCH.id, method=method, epochs=2, conversion=ConversionSettings(read_out="pooler")
    )
    done = cross_validate(cohort, five_folds(cohort, count=2), config, tmp_path / "run", strips=strips)
    risk = read_risk_model(done.folder.model)
    assert risk.card.embedding_width == WIDTH
    assert risk.card.read_out == "pooler"
    first, before = (
        risk.load_backbone(0)["pooler.query"],
        loading.load_encoder(weights, backbone=TINY_CONCH.id)[0].pooler,
    )
    assert (first == before.query).all() == (method != "fine-tune")  # the pooler is fine-tuned with the rest
    slide = write_pyramid(tmp_path / "slide.tif", tissue_like(460, 460, seed=1), mpp=0.5, levels=1)
    settings = AnalysisSettings(tissue="all", device="cpu", precision="fp32")
    found = analyze_slide(slide, settings, ModelChoice(source=str(done.folder.model)))
    assert found.embedding.shape == (WIDTH,)
    assert len(found.risk.member_risks) == 2
