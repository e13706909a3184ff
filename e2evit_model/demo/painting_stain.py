"""From densities of hematoxylin and eosin to color, by optical density (Beer and Lambert).

Densities are kept as whole numbers in 0..255, two planes a picture, so that one table of 65 536 colors turns them into RGB.
"""

import numpy as np
from numpy.typing import NDArray

HEMATOXYLIN_UNIT = 200.0
"""Plane value of a hematoxylin concentration of 1."""

EOSIN_UNIT = 400.0
"""Plane value of an eosin concentration of 1; values from ``RED_CELLS`` on are red blood cells."""

RED_CELLS = 200
"""From this value of the eosin plane on the color turns from eosin's pink to the red of blood."""

# Optical density of each stain in R, G, B. Hematoxylin and eosin are the means, of length 1, of two published pairs: Ruifrok and
# Johnston, Anal Quant Cytol Histol 23 (2001) 291-299, as ImageJ's colour deconvolution has it ("H&E"), which alone is too
# blue and too magenta for most laboratories, and the reference of stain normalization after Macenko et al., ISBI 2009,
# which is greyer and more orange. Red cells are hemoglobin with eosin: still more orange (by eye).
HEMATOXYLIN = np.array([0.605, 0.721, 0.338])
EOSIN = np.array([0.157, 0.890, 0.427])
BLOOD = np.array([0.114, 0.800, 0.589])

GLASS = np.array([244.0, 242.0, 245.0])
"""Light through glass and mounting medium: not quite white, with a slight tint."""


def stain_table(hematoxylin: float = 1.0, eosin: float = 1.0) -> NDArray[np.uint8]:
    """Return the color of every pair of plane values, (65536, 3) uint8 RGB, row ``256 * hematoxylin + eosin``.

    ``hematoxylin`` and ``eosin`` are the strengths of the two stains, 1 for a usual slide.
    """
    steps = np.arange(256)
    h = steps / HEMATOXYLIN_UNIT * hematoxylin
    e = np.minimum(steps, RED_CELLS) / EOSIN_UNIT * eosin
    blood = np.clip((steps - RED_CELLS) / (255.0 - RED_CELLS), 0, 1)
    eosin_density = (e * (1 - blood))[:, None] * EOSIN + (0.53 * eosin * blood)[:, None] * BLOOD
    density = h[:, None, None] * HEMATOXYLIN + eosin_density[None]
    # room of 4 at both ends for the noise of the camera, which is added without a check
    color = np.clip(GLASS * 10.0**-density, 4, 251)
    table: NDArray[np.uint8] = np.round(color).astype(np.uint8).reshape(65536, 3)
    return table


def stain(hematoxylin: NDArray[np.uint8], eosin: NDArray[np.uint8], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Color two planes (h, w) by a table of :func:`stain_table`: (h, w, 3) uint8."""
    place = hematoxylin.astype(np.uint16)
    place <<= 8
    place |= eosin
    colored: NDArray[np.uint8] = table.take(place, axis=0)
    return colored
