"""Change strips at random in ways that commute with the mean over patches, so that no pixel has to be read again.

Turning or mirroring a tile permutes its patches and does the same to each, so the mean patch is turned. A gain or an offset of a
channel is affine. The order of the strip stays, since the order is what positions count along.
"""

import torch
from torch import Tensor

from e2evit_model.errors import OptionError
from e2evit_model.training.config import Augmentation


def augment(
    patches: Tensor, columns: Tensor, rows: Tensor, how: Augmentation, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Change one strip.

    Parameters
    ----------
    patches
        (N, splits, P, P, 3) mean patches in 0..1; not changed in place.
    columns, rows
        (N,) places of the tiles.
    generator
        Where the random numbers come from; the same state gives the same strip.

    Returns
    -------
    tuple
        The new patches and places, of fewer tiles where some are left out; at least one stays.
    """
    keep = kept_tiles(len(patches), how, generator)
    if keep is not None:
        patches, columns, rows = patches[keep], columns[keep], rows[keep]
    if how.turn_tiles:
        kinds = torch.randint(0, 8, (len(patches),), generator=generator)
        patches = turn_tiles(patches, kinds)
    if how.gain > 0:
        gain = 1 + how.gain * (2 * torch.rand(3, generator=generator) - 1)
        patches = patches * gain
    if how.offset > 0:
        # not clipped to 0..1: clipping the mean is not the mean of the clipped
        patches = patches + how.offset * (2 * torch.rand(3, generator=generator) - 1)
    return patches, columns, rows


def kept_tiles(tiles: int, how: Augmentation, generator: torch.Generator) -> Tensor | None:
    """Return which tiles stay when some are left out, rising; ``None`` when all stay."""
    if how.drop_tiles <= 0:
        return None
    count = max(round(tiles * (1 - how.drop_tiles)), 1)
    return torch.randperm(tiles, generator=generator)[:count].sort().values


def turn_tiles(patches: Tensor, kinds: Tensor) -> Tensor:
    """Turn each tile by ``kinds`` & 3 quarters and mirror it when ``kinds`` & 4; (N, splits, P, P, 3) stays so.

    Upper and lower halves (``splits`` 2) are turned by two quarters only: ``kinds`` & 1 is ignored.
    """
    splits = patches.shape[1]
    if splits not in (1, 2, 4):
        raise OptionError(f"Tiles in {splits} parts cannot be turned.", hint="Choose 1, 2 or 4 parts a tile.")
    if splits == 2:
        kinds = kinds & 6
    turned = patches.clone()
    side = 2 if splits == 4 else 1
    whole = patches.unflatten(1, (splits // side, side))  # (N, part rows, part columns, P, P, 3)
    for kind in range(1, 8):
        chosen = (kinds == kind).nonzero().squeeze(1)
        if len(chosen) == 0:
            continue
        tiles = whole[chosen]
        if kind & 4:
            tiles = tiles.flip(2, 4)  # both the places of the parts and the pixels inside them
        quarters = kind & 3
        if quarters:
            tiles = tiles.rot90(quarters, (1, 2)).rot90(quarters, (3, 4))
        turned[chosen] = tiles.flatten(1, 2)
    return turned
