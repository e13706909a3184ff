"""The slide that the benchmarks read: tissue texture in JPEG tiles, made once and kept in the system's temporary folder."""

import tempfile
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from scipy import ndimage

SIDE, QUICK_SIDE, TILE = 20_480, 4_096, 256
QUALITY = 80


def tissue_texture(random: np.random.Generator) -> np.ndarray:
    """Make one tile of 256 px with waves of eosin and dots of hematoxylin, about as hard to compress as real tissue."""
    field = ndimage.gaussian_filter(random.standard_normal((TILE, TILE)), 6)
    fibres = np.sin(field / field.std() * 2 + np.linspace(0, 12, TILE))
    nuclei = ndimage.gaussian_filter((random.random((TILE, TILE)) > 0.9985).astype(float), 3)
    nuclei = np.clip(nuclei / nuclei.max() * 2, 0, 1)[..., None]
    eosin = np.array([222.0, 150, 190]) + fibres[..., None] * np.array([14.0, 24, 16])
    pixels = eosin * (1 - nuclei) + np.array([88.0, 60, 130]) * nuclei + random.normal(0, 3, (TILE, TILE, 3))
    return np.clip(pixels, 0, 255).astype(np.uint8)


def benchmark_slide(*, quick: bool, mpp: float = 0.5) -> Path:
    """Write the slide where it is missing: one level of YCbCr 4:2:0 JPEG tiles, as scanners write them."""
    side = QUICK_SIDE if quick else SIDE
    path = Path(tempfile.gettempdir()) / f"e2evit-benchmark-{side}-{mpp:g}.tiff"
    if path.is_file():
        return path
    random = np.random.default_rng(5)
    tiles = [
        imagecodecs.jpeg8_encode(
            tissue_texture(random), level=QUALITY, colorspace="RGB", outcolorspace="YCBCR", subsampling="420"
        )
        for _ in range(64)
    ]
    count = (side // TILE) ** 2
    order = random.integers(0, len(tiles), count)
    unfinished = path.with_suffix(".unfinished")
    with tifffile.TiffWriter(unfinished, bigtiff=False) as writer:
        writer.write(
            (tiles[i] for i in order),
            shape=(side, side, 3),
            dtype=np.uint8,
            tile=(TILE, TILE),
            photometric="ycbcr",
            compression="jpeg",
            subsampling=(2, 2),
            resolution=(1e4 / mpp, 1e4 / mpp),
            resolutionunit="CENTIMETER",
        )
    unfinished.replace(path)
    return path
