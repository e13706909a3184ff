"""What is seen of each tile, and how much of it is color: against the naive way."""

import itertools

import numpy as np
import pytest
import torch

from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_seeded, named_backbone
from e2evit_model.convert.merging import make_groups
from e2evit_model.inference.seen import color_share, color_share_of_strip, seen_tiles
from tests.inference.models import TINY


def random_means(count, splits, seed=0, side=16):
    return np.random.default_rng(seed).random((count, splits, side, side, 3), dtype=np.float32)


def literal_share(tokens, colors):
    """Regress every channel by itself with scikit-learn's definition of R^2, weighted by variance."""
    design = np.column_stack([np.ones(len(colors)), colors.astype(np.float64)])
    residual = total = 0.0
    for channel in tokens.astype(np.float64).T:
        fit, *_ = np.linalg.lstsq(design, channel, rcond=None)
        residual += np.square(channel - design @ fit).sum()
        total += np.square(channel - channel.mean()).sum()
    return 1 - residual / total


@pytest.mark.parametrize("ratio", [0.3, 0.5, 1.0, 1.5, 2.0, 4.0])
def test_a_tile_shows_the_mean_patches_of_its_tokens(ratio):
    means = random_means(11, 4)
    groups = make_groups(11, ratio)
    seen = seen_tiles(means, groups)
    parts = means.reshape(11, groups.parts, 4 // groups.parts, 16, 16, 3).mean(2).reshape(-1, 16, 16, 3)
    side = 16 if groups.parts == 1 else 32
    assert seen.shape == (11, side, side, 3)
    bounds = groups.bounds.tolist()
    for low, high in itertools.pairwise(bounds):
        expected = parts[low:high].mean(0) * 255
        for part in range(low, high):
            tile, inside = divmod(part, groups.parts)
            row, column = (inside, 0) if groups.parts == 2 else divmod(inside, 2)
            found = seen[tile, row * 16 : row * 16 + 16, column * 16 : column * 16 + 16].astype(float)
            assert np.abs(found - expected).max() <= 0.51


@pytest.mark.parametrize(("count", "channels"), [(20, 1), (50, 7), (400, 33)])
def test_the_share_of_color_equals_the_regression_of_every_channel(count, channels):
    rng = np.random.default_rng(count)
    colors = rng.random((count, 3))
    tokens = colors @ rng.normal(size=(3, channels)) + rng.normal(size=(count, channels)) * 0.7 + 5
    assert color_share(tokens, colors) == pytest.approx(literal_share(tokens, colors), abs=1e-6)


def test_color_explains_all_none_or_cannot_be_asked():
    rng = np.random.default_rng(1)
    colors = rng.random((60, 3))
    assert color_share(colors @ rng.normal(size=(3, 5)), colors) == pytest.approx(1)
    gray = np.repeat(rng.random((60, 1)), 3, axis=1)
    tokens = rng.normal(size=(60, 5))
    assert color_share(tokens, gray) == pytest.approx(literal_share(tokens, gray), abs=1e-6)
    assert color_share(tokens, np.full((60, 3), 0.4)) == 0
    assert color_share(np.ones((60, 5)), colors) is None
    assert color_share(tokens[:19], colors[:19]) is None


@pytest.mark.parametrize("ratio", [0.5, 1.0, 4.0])
def test_the_tokens_of_a_strip_are_those_the_model_gets(ratio):
    backbone = named_backbone(TINY)
    encoder = E2EViT.from_timm(build_seeded(backbone, seed=3), backbone)
    means = random_means(48, 4, seed=5)
    groups = make_groups(48, ratio)
    with torch.no_grad():
        tokens = encoder.tokens(torch.from_numpy(means), groups)[0, encoder.prefix :].numpy()
    parts = means.reshape(48, groups.parts, -1, 16, 16, 3).mean(2).reshape(-1, 16, 16, 3)
    bounds = groups.bounds.tolist()
    colors = np.stack([parts[a:b].mean((0, 1, 2)) for a, b in itertools.pairwise(bounds)])
    found = color_share_of_strip(encoder, means, groups)
    assert found == pytest.approx(literal_share(tokens, colors), abs=1e-5)
