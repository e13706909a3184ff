import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from e2evit_model.convert.merging import make_groups, places_of, to_parts
from e2evit_model.errors import OptionError


def test_one_token_a_tile():
    groups = make_groups(7, 1)
    parts = torch.rand(7, 5)
    assert len(groups) == 7
    assert groups.means(parts) is parts
    assert groups.to_tiles(parts.T) is not None


def test_halves_are_means_of_quadrants():
    patches = torch.rand(3, 4, 2, 2, 3)
    halves = to_parts(patches, 2).unflatten(0, (3, 2))
    assert torch.allclose(halves[:, 0], patches[:, :2].mean(1))  # upper: the first row of quadrants
    assert torch.allclose(halves[:, 1], patches[:, 2:].mean(1))
    assert torch.allclose(to_parts(patches, 1), patches.mean(1))


def test_k_tiles_a_token():
    groups = make_groups(10, 0.5)
    assert groups.bounds.tolist() == [0, 2, 4, 6, 8, 10]
    parts = torch.rand(10, 4)
    assert torch.allclose(groups.means(parts), parts.unflatten(0, (5, 2)).mean(1))


@settings(deadline=None)
@given(tiles=st.integers(1, 60), ratio=st.floats(0.02, 4))
def test_groups_against_the_naive_way(tiles, ratio):
    groups = make_groups(tiles, ratio)
    length = tiles * groups.parts
    assert len(groups) == min(max(int(ratio * tiles + 0.5), 1), length)
    sizes = groups.sizes.tolist()
    assert sum(sizes) == length
    assert max(sizes) - min(sizes) <= 1  # all groups alike
    parts = torch.rand(length, 3, dtype=torch.float64)
    naive = torch.stack([part.mean(0) for part in torch.tensor_split(parts, groups.bounds[1:-1])])
    assert torch.allclose(groups.means(parts), naive, atol=1e-12)
    shares = torch.rand(2, len(groups), dtype=torch.float64)
    by_tile = groups.to_tiles(shares)
    assert by_tile.shape == (2, tiles)
    assert torch.allclose(by_tile.sum(-1), shares.sum(-1))  # no share is lost
    owner = [group for group, size in enumerate(sizes) for _ in range(size)]
    for tile in range(tiles):
        mine = owner[tile * groups.parts : (tile + 1) * groups.parts]
        assert by_tile[0, tile].item() == pytest.approx(sum(shares[0, g].item() / sizes[g] for g in mine))


def test_larger_groups_are_spread_over_the_strip():
    sizes = make_groups(100, 0.75).sizes
    assert sizes[:37].sum() == pytest.approx(sizes[-37:].sum(), abs=1)


@pytest.mark.parametrize("ratio", [0, -1, 4.5, 100])
def test_impossible_ratios(ratio):
    with pytest.raises(OptionError) as caught:
        make_groups(10, ratio)
    assert caught.value.message == f"{ratio:g} tokens a tile are not possible."


def test_too_few_parts():
    with pytest.raises(OptionError) as caught:
        to_parts(torch.rand(3, 1, 14, 14, 3), 4)
    assert caught.value.message == "The strip was read with 1 part a tile, but the model needs 4."


def test_places():
    columns, rows = torch.tensor([4, 9]), torch.tensor([2, 2])
    assert places_of(columns, rows, make_groups(2, 1)).tolist() == [[4, 2], [9, 2]]
    assert places_of(columns, rows, make_groups(2, 0.5)).tolist() == [[6.5, 2]]
    assert places_of(columns, rows, make_groups(2, 2)).tolist() == [[4, 1.75], [4, 2.25], [9, 1.75], [9, 2.25]]
    quadrants = places_of(columns, rows, make_groups(2, 4))
    assert quadrants[:4].tolist() == [[3.75, 1.75], [4.25, 1.75], [3.75, 2.25], [4.25, 2.25]]
