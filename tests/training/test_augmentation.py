import numpy as np
import pytest
import torch

from e2evit_model.training.augmentation import augment, turn_tiles
from e2evit_model.training.config import Augmentation


def parts_of(tiles, splits, patch):
    """The naive way: mean patches (N, splits, P, P, 3) of whole tiles (N, H, H, 3)."""
    n, side = tiles.shape[:2]
    cells = side // patch
    patches = tiles.reshape(n, cells, patch, cells, patch, 3).permute(0, 1, 3, 2, 4, 5)  # (N, cells, cells, P, P, 3)
    half = cells // 2
    if splits == 1:
        pieces = [patches]
    elif splits == 2:
        pieces = [patches[:, :half], patches[:, half:]]
    else:
        pieces = [p for rows in (patches[:, :half], patches[:, half:]) for p in (rows[:, :, :half], rows[:, :, half:])]
    return torch.stack([piece.mean((1, 2)) for piece in pieces], dim=1)


def turned_pixels(tile, kind):
    """The naive way: mirror a whole tile (H, H, 3), then turn it."""
    if kind & 4:
        tile = tile.flip(1)
    return tile.rot90(kind & 3, (0, 1))


@pytest.mark.parametrize("splits", [1, 2, 4])
def test_turning_mean_patches_equals_turning_the_tiles(splits):
    torch.manual_seed(0)
    tiles = torch.rand(16, 12, 12, 3)
    kinds = torch.arange(16) % 8
    done = turn_tiles(parts_of(tiles, splits, 3), kinds)
    allowed = [int(k) & 6 if splits == 2 else int(k) for k in kinds]
    wanted = parts_of(torch.stack([turned_pixels(t, k) for t, k in zip(tiles, allowed, strict=True)]), splits, 3)
    torch.testing.assert_close(done, wanted)


def test_gain_and_offset_commute_with_the_mean():
    generator = torch.Generator().manual_seed(5)
    patches = torch.rand(7, 2, 4, 4, 3)
    places = torch.arange(7)
    how = Augmentation(gain=0.2, offset=0.1)
    changed, _, _ = augment(patches, places, places, how, generator)
    again = torch.Generator().manual_seed(5)
    alone, _, _ = augment(patches.mean((0, 1), keepdim=True), places[:1], places[:1], how, again)
    torch.testing.assert_close(changed.mean((0, 1), keepdim=True), alone)
    slope = (changed[1] - changed[0]) / (patches[1] - patches[0])
    assert torch.all((slope > 0.75) & (slope < 1.25))


def test_dropping_keeps_the_order_and_takes_the_places_along():
    patches = torch.arange(40, dtype=torch.float32).view(40, 1, 1, 1, 1).expand(40, 1, 2, 2, 3)
    columns, rows = torch.arange(40), torch.arange(40) * 10
    kept, kept_columns, kept_rows = augment(
        patches, columns, rows, Augmentation(drop_tiles=0.3), torch.Generator().manual_seed(1)
    )
    assert len(kept) == 28
    assert torch.all(kept_columns.diff() > 0)
    assert torch.equal(kept[:, 0, 0, 0, 0].long(), kept_columns)
    assert torch.equal(kept_rows, kept_columns * 10)


def test_one_tile_always_stays():
    one = torch.rand(1, 1, 2, 2, 3)
    kept, _, _ = augment(one, torch.zeros(1), torch.zeros(1), Augmentation(drop_tiles=0.9), torch.Generator())
    assert len(kept) == 1


def test_nothing_is_changed_by_default_nor_in_place():
    patches = torch.rand(5, 1, 4, 4, 3)
    before = patches.clone()
    places = torch.arange(5)
    same, _, _ = augment(patches, places, places, Augmentation(), torch.Generator())
    assert torch.equal(same, before)
    augment(patches, places, places, Augmentation(turn_tiles=True, gain=0.3, offset=0.3), torch.Generator())
    assert torch.equal(patches, before)


def test_the_same_seed_gives_the_same_strip():
    patches, places = torch.rand(9, 4, 4, 4, 3), torch.arange(9)
    how = Augmentation(turn_tiles=True, gain=0.1, offset=0.1, drop_tiles=0.5)
    first, second, other = (
        augment(patches, places, places, how, torch.Generator().manual_seed(seed))[0].numpy() for seed in (1, 1, 2)
    )
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)
