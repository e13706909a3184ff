"""Layers for figures and heat maps: their values beside plain formulas, scales, ranges, and what cannot be shown."""

from dataclasses import replace

import numpy as np
import pytest

from e2evit_model.errors import OptionError
from e2evit_model.explain.maps import OcclusionMap, RolloutMap, Target
from e2evit_model.explain.squares import lay_squares
from e2evit_model.overlay.colors import color_table
from e2evit_model.overlay.values import DisplayScale
from e2evit_model.report.tile_layers import LayerSettings, TileLayer, layer_values, paint_layer
from tests.report.results import open_small, result_of


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    with open_small(tmp_path_factory.mktemp("slide")) as slide:
        made = result_of(slide.info)
    layers = np.random.default_rng(1).uniform(0, 3, (3, 2, len(made.grid))).astype(np.float16)
    return replace(made, layers=layers)


def occlusion_of(result, *, members=2, target=Target.RISK):
    squares = lay_squares(result.grid, 3)
    random = np.random.default_rng(5)
    whole = np.zeros(members) if target is Target.EMBEDDING else random.normal(size=members)
    return OcclusionMap(
        info=result.info,
        grid=result.grid,
        model=result.model,
        squares=squares,
        target=target,
        whole=whole,
        without=random.uniform(0, 1, (len(squares), members)),
        seconds=1.0,
        notices=(),
    )


def shown(result, **how):
    maps = {name: how.pop(name) for name in ("rollout", "occlusion") if name in how}
    settings = LayerSettings(**how)
    return paint_layer(layer_values(settings, result, **maps), settings)


def test_attention_by_layer_and_head(result):
    np.testing.assert_allclose(shown(result).quantity, result.attention / result.attention.mean(), rtol=1e-6)
    one = shown(result, transformer_layer=2, head=1)
    layers = result.layers.astype(float)
    np.testing.assert_allclose(one.quantity, layers[1, 0] / layers[1, 0].mean())
    assert one.layer.name == "Attention of layer 2, head 1"
    assert one.label == "times uniform attention"
    mean = shown(result, transformer_layer=1)
    np.testing.assert_allclose(mean.quantity, layers[0].mean(axis=0) / layers[0].mean())
    np.testing.assert_allclose(shown(result, head=2).quantity, layers[-1, 1] / layers[-1, 1].mean())


def test_occlusion_has_its_own_scale_and_zero_in_the_middle(result):
    found = occlusion_of(result)
    one = shown(result, layer="occlusion", occlusion=found)
    expected = (found.whole - found.without).mean(axis=1)[found.squares.group]
    np.testing.assert_allclose(one.quantity, expected)
    assert (one.scale, one.colors) == (DisplayScale.CLIPPED, "vik")
    assert one.limits == (-abs(expected).max(), abs(expected).max())
    zero = np.interp(0, one.limits, (0, 1))
    np.testing.assert_allclose(one.places - zero, expected / (2 * one.limits[1]), atol=1e-6)
    assert shown(result, layer="occlusion", occlusion=found, colors="berlin").colors == "berlin"
    ranked = shown(result, layer="occlusion", occlusion=found, scale="rank")
    assert (ranked.limits, ranked.colors) == ((0, 1), "viridis")
    moved = shown(result, layer="occlusion", occlusion=occlusion_of(result, members=1, target=Target.EMBEDDING))
    assert moved.label == "distance of the embedding"
    assert not moved.layer.signed


def test_disagreement_rollout_and_tissue(result):
    found = occlusion_of(result, members=3)
    spread = np.std(found.whole - found.without, axis=1, ddof=1)[found.squares.group]
    np.testing.assert_allclose(shown(result, layer="disagreement", occlusion=found).quantity, spread)
    shares = np.random.default_rng(2).uniform(0, 1, len(result.grid)).astype(np.float32)
    rolled = RolloutMap(grid=result.grid, model=result.model, shares=shares)
    np.testing.assert_allclose(
        shown(result, layer="rollout", rollout=rolled).quantity, shares / shares.mean(), rtol=1e-6
    )
    assert shown(result, layer="tissue").limits == (0, 1)


def test_a_range_of_ones_own_and_colors_by_tile(result):
    one = shown(result, lowest=0.5, highest=1.0, colors="cividis")
    expected = np.clip((result.attention / result.attention.mean() - 0.5) / 0.5, 0, 1)
    np.testing.assert_allclose(one.places, expected, atol=1e-5)
    np.testing.assert_array_equal(one.by_tile(), color_table("cividis")[np.round(one.places * 255).astype(int)])
    gone = replace(result, attention=np.where(np.arange(len(result.grid)) == 3, np.nan, result.attention))
    assert shown(gone).by_tile()[:, 3].tolist() == [0 if number == 3 else 255 for number in range(len(gone.grid))]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"transformer_layer": 4}, "The model has 3 layers: there is no layer 4."),
        ({"head": 3}, "A layer has 2 heads: there is no head 3."),
        ({"layer": TileLayer.ROLLOUT}, "The rollout of the attention was not computed for this slide."),
        ({"layer": TileLayer.OCCLUSION}, "The occlusion map was not computed for this slide."),
        ({"layer": TileLayer.DISAGREEMENT}, "The disagreement of the folds was not computed for this slide."),
        ({"lowest": 3.0, "highest": 2.0}, "The range of the colors begins at 3, above its end at 2."),
    ],
)
def test_what_cannot_be_shown_is_a_sentence(result, how, sentence):
    with pytest.raises(OptionError) as refused:
        shown(result, **how)
    assert refused.value.message == sentence


def test_one_model_alone_does_not_disagree(result):
    with pytest.raises(OptionError) as refused:
        shown(result, layer="disagreement", occlusion=occlusion_of(result, members=1))
    assert refused.value.message == "This model has no folds that could disagree."
