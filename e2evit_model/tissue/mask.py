"""The tissue mask: where there is tissue, and what else was found and why it was dropped."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Finding(IntEnum):
    """What a pixel of the mask is; everything but ``TISSUE`` is left out of the strip."""

    BACKGROUND = 0
    TISSUE = 1
    PEN = 2
    DEBRIS = 3
    TOO_SMALL = 4
    EXCLUDED = 5  # by a mask file or by the user
    FOLD = 6
    BUBBLE = 7  # of air, and the edge of the cover slip
    BLUR = 8


@dataclass(frozen=True, kw_only=True)
class TissueMask:
    """Findings on a regular raster over the whole slide.

    ``findings`` is (h, w) uint8 of :class:`Finding`; a mask pixel covers ``downsample`` x ``downsample`` level-0 pixels, the first
    one beginning at (0, 0), so the last row and column may reach over the slide's border. ``mpp`` is micrometres a mask pixel
    (``None`` when the slide's resolution is unknown). ``method`` names what made it, with its settings ("otsu", "file: mask.png").
    """

    findings: NDArray[np.uint8]
    downsample: float
    mpp: float | None
    method: str

    @property
    def tissue(self) -> NDArray[np.bool_]:
        """(h, w), true where there is tissue."""
        return np.equal(self.findings, Finding.TISSUE)

    def area_mm2(self, finding: Finding = Finding.TISSUE) -> float | None:
        """Return the area of a finding in mm2, ``None`` when the resolution is unknown."""
        if self.mpp is None:
            return None
        return float(np.count_nonzero(self.findings == finding)) * (self.mpp / 1000) ** 2
