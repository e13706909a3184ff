"""What an analysis takes, before it is begun."""

import itertools
import subprocess
import sys

import pytest

from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.settings import ConversionSettings, Device
from e2evit_model.convert.token_stream import encode_tiles
from e2evit_model.inference.models import load_model
from e2evit_model.inference.plan import make_plan, price_of
from e2evit_model.inference.price import detail_choices, kept_bytes, looking_work, price
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from tests.convert.small import IDS
from tests.convert.test_late_merging import convert, slide_of
from tests.inference.models import TINY, tiny_weights

VIT = BACKBONES["vit-small"]


@pytest.mark.parametrize("name", IDS)
def test_steps_of_detail_rise_in_depth_and_price(name):
    backbone = BACKBONES[name]
    steps = detail_choices(backbone)
    assert [step.label for step in steps] == ["fast", "medium", "fine", "finest"]
    assert steps[0].merge_after == 0
    assert steps[0].factor == 1
    for before, step in itertools.pairwise(steps):
        assert before.merge_after < step.merge_after < backbone.depth
        assert before.factor < step.factor


def test_detail_of_the_paper_s_smallest():
    assert [step.merge_after for step in detail_choices(VIT)] == [0, 4, 8, 10]


@pytest.mark.parametrize(
    "way",
    [
        {"merge_after": 1},
        {"merge_after": 2, "tokens_per_tile": 4, "kept_tokens": "fp16"},
        {"merger": "max", "tokens_per_tile": 1.5},
        {"merger": "attention"},
    ],
)
def test_the_disk_is_what_is_kept(way):
    backbone = BACKBONES["virchow2"]
    model = convert(backbone, **way)
    slide, grid = slide_of(backbone)
    stack = encode_tiles(model, slide, grid, precision="fp32", every_patch=way.get("merger") == "attention")[0]
    widths = backbone.heads * 16 / backbone.width  # the model is a narrow one
    found = kept_bytes(len(grid), backbone, model.settings, training=True, tile_px=grid.tile_px) * widths
    assert found == stack.tokens.nbytes + stack.prefix.nbytes


def test_the_arithmetic_is_that_of_the_blocks():
    """Counted by hand for one tile of ViT-S/16: 197 tokens through 4 of 12 blocks of 1.77 M weights."""
    found = looking_work(1, VIT, ConversionSettings(merge_after=4), tile_px=224)
    block = 12 * 384**2
    by_hand = 4 * (2 * 197 * block + 4 * 197**2 * 384) + 2 * 196 * 768 * 384
    assert found == pytest.approx(by_hand, rel=0.03)
    assert looking_work(10, VIT, ConversionSettings(), tile_px=224) == 0


def test_what_costs_more_is_priced_higher():
    paper = price(2000, VIT)
    assert paper.disk_bytes == 2000 * 16 * 16 * 3 * 2
    late = price(2000, VIT, ConversionSettings(merge_after=6))
    assert late.seconds > 5 * paper.seconds
    assert late.disk_bytes == paper.disk_bytes + 2000 * 2 * 384 * 2
    assert late.memory_bytes > paper.memory_bytes
    assert price(2000, VIT, ConversionSettings(merge_after=6), gpu=True).seconds < late.seconds
    largest = price(2000, VIT, ConversionSettings(merger="max"))
    assert paper.seconds < largest.seconds < late.seconds
    assert price(2000, VIT, ConversionSettings(split="bands", tokens_per_tile=2)).disk_bytes == paper.disk_bytes


def test_a_plan_has_its_price(tmp_path):
    model = load_model(ModelChoice(source=str(tiny_weights(tmp_path / "w.safetensors")), backbone=TINY))
    plan = make_plan(AnalysisSettings(merge_after=3, device=Device.CPU), model)
    assert price_of(plan, model.backbone, 500) == price(500, model.backbone, ConversionSettings(merge_after=3))


def test_prices_are_told_without_torch():
    code = "import sys, e2evit_model.inference.price; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
