"""What can be varied, how it is written, and what its combinations are."""

import itertools

import pytest

from e2evit_model.ablation.axes import combine, parse_axis
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.errors import OptionError
from e2evit_model.training.config import TrainingConfig

BASE = TrainingConfig(model="weights/own.safetensors", backbone="vit-small")


def refused(call):
    with pytest.raises(OptionError) as raised:
        call()
    return raised.value


def test_every_combination_is_a_configuration_of_its_own():
    texts = ("merger=mean,max", "positions=none,alibi-2d", "ratio=0.5,2", "epochs=3")
    variants = combine(BASE, [parse_axis(text) for text in texts])
    found = [
        (
            v.config.conversion.merger,
            v.config.conversion.positions,
            v.config.conversion.tokens_per_tile,
            v.config.epochs,
        )
        for v in variants
    ]
    assert found == list(itertools.product(["mean", "max"], ["none", "alibi_2d"], [0.5, 2.0], [3]))
    assert variants[1].label == "merger mean, positions none, ratio 2, epochs 3"
    assert variants[1].folder == "merger-mean_positions-none_ratio-2_epochs-3"
    assert len({v.folder for v in variants}) == len(variants)
    assert variants[0].config.augmentation == BASE.augmentation
    assert variants[0].config.backbone == "vit-small"


def test_one_at_a_time_changes_the_first_values_one_by_one():
    axes = [parse_axis("merger=mean,max,attention"), parse_axis("positions=alibi,none")]
    labels = [variant.label for variant in combine(BASE, axes, one_at_a_time=True)]
    assert labels == [
        "merger mean, positions alibi",
        "merger mean, positions none",
        "merger max, positions alibi",
        "merger attention, positions alibi",
    ]


def test_another_backbone_does_not_keep_the_architecture_of_the_first():
    own, other = combine(BASE, [parse_axis("backbone=weights/own.safetensors,uni")])
    assert (own.config.model, own.config.backbone) == ("weights/own.safetensors", "vit-small")
    assert (other.config.model, other.config.backbone) == ("uni", None)
    assert own.label == "backbone own.safetensors"


def test_values_are_read_by_their_kind():
    assert parse_axis("checkpointing=yes,off").values == (True, False)
    assert parse_axis("clip_norm=none,0.5").values == (None, 0.5)
    assert parse_axis(" turn-tiles = on ").values == (True,)


def test_a_combination_that_cannot_be_stays_with_its_reason():
    (variant,) = combine(BASE, [parse_axis("ratio=100")])
    assert variant.config is None
    assert variant.reason == "Tokens a tile is 100, but must be between 0.001 and 4."
    (variant,) = combine(BASE, [parse_axis("loss=cox")])
    assert variant.reason.startswith("The Cox loss needs several patients a step")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("merger", '"merger" does not say what to vary.'),
        ("merger=", '"merger=" does not say what to vary.'),
        ("mergr=mean", 'There is no option "mergr" to vary.'),
        ("seed=1,2", 'There is no option "seed" to vary.'),
        ("merger=meen", 'Merger cannot be "meen".'),
        ("epochs=few", 'Epochs cannot be "few".'),
        ("checkpointing=1", 'Save memory cannot be "1".'),
        ("merger=mean,MEAN", '"merger=mean,MEAN" names a value twice.'),
    ],
)
def test_what_cannot_be_varied_is_a_sentence(text, message):
    fault = refused(lambda: parse_axis(text))
    assert fault.message == message
    assert fault.hint


def test_too_many_runs_and_an_option_twice_are_sentences():
    many = [parse_axis("epochs=" + ",".join(map(str, range(1, 22)))), parse_axis("bins=2,3,4,5,6,7,8,9,10,11")]
    assert refused(lambda: combine(BASE, many)).message == "These are 210 runs."
    twice = [parse_axis("ratio=1"), parse_axis("tokens_per_tile=2")]
    assert refused(lambda: combine(BASE, twice)).message == "An option is varied twice."


def test_blocks_are_frozen_for_late_merging_and_not_left_so_for_another_run():
    late = TrainingConfig(conversion=ConversionSettings(merge_after=8))
    assert late.freeze_blocks == 8
    variants = combine(late, [parse_axis("merge_after=0,4,10")])
    assert [v.config.freeze_blocks for v in variants] == [0, 4, 10]
    wished = TrainingConfig(freeze_blocks=6)  # asked for, so it stays
    assert [v.config.freeze_blocks for v in combine(wished, [parse_axis("merge_after=0,8")])] == [6, 8]
    both = combine(late, [parse_axis("merge_after=0,4"), parse_axis("freeze_blocks=2")])
    assert [v.config.freeze_blocks for v in both] == [2, 4]
