"""The tile grid: which squares of the slide are fed to the model, in strip order."""

import hashlib
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from e2evit_model.slides.scale import Scale


@dataclass(frozen=True, kw_only=True)
class TileGrid:
    """N tiles in strip order.

    ``column`` and ``row`` (N,) int32 count tiles; ``x`` and ``y`` (N,) int64 are the level-0 coordinates of a tile's upper left
    corner, ``width`` its side in level-0 pixels (not always whole). ``tissue`` (N,) float32 is each tile's tissue fraction.
    ``tile_px`` is the side in pixels of the model's resolution, ``scale`` how those pixels are made.
    """

    column: NDArray[np.int32]
    row: NDArray[np.int32]
    x: NDArray[np.int64]
    y: NDArray[np.int64]
    tissue: NDArray[np.float32]
    width: float
    tile_px: int
    order: str
    scale: Scale

    def __len__(self) -> int:
        return len(self.column)

    def subset(self, keep: NDArray[np.bool_] | NDArray[np.int64]) -> Self:
        """Return the grid of some tiles, chosen by a mask or by indices, in the order given."""
        chosen = {name: getattr(self, name)[keep] for name in ("column", "row", "x", "y", "tissue")}
        return replace(self, **chosen)

    def fingerprint(self) -> str:
        """Return the SHA-256 of everything that decides which pixels are read, in which order, in hex."""
        digest = hashlib.sha256()
        scale = self.scale
        digest.update(f"{self.tile_px} {self.width!r} {scale.level} {scale.reduce} {scale.resample!r}".encode())
        for part in (self.x, self.y):
            digest.update(np.ascontiguousarray(part, dtype="<i8").tobytes())
        return digest.hexdigest()
