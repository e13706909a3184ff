"""Color tables for overlays: only maps whose lightness changes evenly, so that a step in color is a step in value.

Values with a sign have tables of their own, whose lightness changes evenly from the middle to both ends.
"""

from functools import cache

import cmap
import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError, did_you_mean

_SOURCES = {
    "viridis": "bids:viridis",
    "magma": "bids:magma",
    "inferno": "bids:inferno",
    "plasma": "bids:plasma",
    "cividis": "cividis:cividis",  # made for color blind eyes
    "batlow": "crameri:batlow",
}
COLOR_TABLES = tuple(_SOURCES)
"""Names for menus, the default first."""

_SIGNED_SOURCES = {
    "vik": "crameri:vik",
    "bam": "crameri:bam",
    "berlin": "crameri:berlin",  # dark in the middle, for dark pictures
}
SIGNED_TABLES = tuple(_SIGNED_SOURCES)
"""Names of tables for values with a sign: both ends alike far from the middle, which stands for 0."""


@cache
def color_table(name: str) -> NDArray[np.uint8]:
    """Return 256 colors from the lowest to the highest value, (256, 4) uint8 RGBA, read-only; darkest first, where unsigned.

    The maps are those of van der Walt and Smith (viridis and its kin), Nunez et al. 2018 (cividis) and Crameri et al. 2020
    (batlow), from the library ``cmap``. Rainbow maps are left out: their lightness goes up and down and paints edges where
    there are none.

    Raises
    ------
    OptionError
        When the name is not one of ``COLOR_TABLES`` or ``SIGNED_TABLES``.
    """
    sources = _SOURCES | _SIGNED_SOURCES
    if name not in sources:
        raise OptionError(f'The color table "{name}" is not known.', hint=did_you_mean(name, sources))
    table = np.round(np.asarray(cmap.Colormap(sources[name]).lut(256)) * 255).astype(np.uint8)
    table.setflags(write=False)
    return table
