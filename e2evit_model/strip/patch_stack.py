"""The patch stack: what is left of the strip when patches are averaged before they are embedded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError


@dataclass(frozen=True, kw_only=True)
class PatchStack:
    """Sums of the P x P patches of every tile, exact integers.

    ``sums`` gives for each patch size P an (N, splits, P, P, 3) uint16 array (uint32 for tiles of more than 257 patches): the sum
    over the patches of one part of a tile (``splits`` 1: the whole tile; 2: upper and lower half; 4: quadrants, row by row).
    ``readable`` (N,) is false for tiles that touch damaged data; their sums are 0 and mean nothing.
    """

    sums: Mapping[int, NDArray[np.unsignedinteger[Any]]]
    readable: NDArray[np.bool_]
    tile_px: int
    splits: int

    def __len__(self) -> int:
        return len(self.readable)

    def subset(self, keep: NDArray[np.bool_] | NDArray[np.int64]) -> Self:
        """Return the stack of some tiles, chosen by a mask or by indices, in the order given."""
        sums = {patch_px: values[keep] for patch_px, values in self.sums.items()}
        return replace(self, sums=sums, readable=self.readable[keep])

    def merged(self, splits: int) -> Self:
        """Return the stack with fewer parts a tile, each the sum of some of these.

        Raises
        ------
        OptionError
            When the parts asked for are finer than those that were kept.
        """
        if splits == self.splits:
            return self
        if splits > self.splits or self.splits % splits:
            raise OptionError(
                f"The strip was read with {self.splits} parts a tile, which do not make {splits}.",
                hint="Read the slide again for this model.",
            )
        sums: dict[int, NDArray[np.unsignedinteger[Any]]] = {}
        for patch_px, values in self.sums.items():
            parts = values.reshape(len(self), splits, self.splits // splits, *values.shape[2:])
            sums[patch_px] = np.add.reduce(parts, axis=2, dtype=values.dtype)
        return replace(self, sums=sums, splits=splits)

    def of_patches(self, patch_sizes: Iterable[int]) -> Self:
        """Return the stack with the sums of some patch sizes only.

        Raises
        ------
        OptionError
            When the stack was not made for one of them.
        """
        sums = {}
        for patch_px in patch_sizes:
            if patch_px not in self.sums:
                raise OptionError(
                    f"The strip was read for patches of {', '.join(map(str, self.sums))} px, not of {patch_px} px.",
                    hint="Read the slide again for this model.",
                )
            sums[patch_px] = self.sums[patch_px]
        return replace(self, sums=sums)

    def patches_per_part(self, patch_px: int) -> int:
        """Return how many patches were added up in each part."""
        return (self.tile_px // patch_px) ** 2 // self.splits

    def means(self, patch_px: int) -> NDArray[np.float32]:
        """Return the mean patches, (N, splits, P, P, 3) in 0..1.

        Raises
        ------
        OptionError
            When the stack was not made for this patch size.
        """
        sums = self.of_patches((patch_px,)).sums[patch_px]
        scale = np.float32(1.0 / (255 * self.patches_per_part(patch_px)))
        means: NDArray[np.float32] = np.multiply(sums, scale, dtype=np.float32)
        return means
