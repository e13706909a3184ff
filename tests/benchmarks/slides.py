"""The slides that the benchmarks read: tissue texture in JPEG tiles, made once and kept in the system's temporary folder."""

import struct
import tempfile
from pathlib import Path
from typing import BinaryIO

import imagecodecs
import numpy as np
import tifffile
from scipy import ndimage

SIDE, QUICK_SIDE, TILE = 20_480, 4_096, 256
HUGE = (100_096, 80_128)
KINDS = 64  # different tiles; the others are these again

QUALITY = 80
"""With the texture below a tile takes 0.157 bytes a pixel. On a real scan (Aperio, 20x, skin; CMU-1-Small-Region.svs of
OpenSlide's test data) it is 0.170 on average over the slide, 0.07 for the median tile and 0.42 for the tenth with most in it: the
benchmark is as hard to decode as a whole slide is on average, and easier than dense tissue alone."""


def tissue_texture(random: np.random.Generator) -> np.ndarray:
    """Make one tile of 256 px with waves of eosin and dots of hematoxylin, about as hard to compress as real tissue."""
    field = ndimage.gaussian_filter(random.standard_normal((TILE, TILE)), 6)
    fibres = np.sin(field / field.std() * 2 + np.linspace(0, 12, TILE))
    nuclei = ndimage.gaussian_filter((random.random((TILE, TILE)) > 0.9985).astype(float), 3)
    nuclei = np.clip(nuclei / nuclei.max() * 2, 0, 1)[..., None]
    eosin = np.array([222.0, 150, 190]) + fibres[..., None] * np.array([14.0, 24, 16])
    pixels = eosin * (1 - nuclei) + np.array([88.0, 60, 130]) * nuclei + random.normal(0, 3, (TILE, TILE, 3))
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _tiles(random: np.random.Generator) -> list[bytes]:
    return [
        imagecodecs.jpeg8_encode(
            tissue_texture(random), level=QUALITY, colorspace="RGB", outcolorspace="YCBCR", subsampling="420"
        )
        for _ in range(KINDS)
    ]


def benchmark_slide(*, quick: bool, mpp: float = 0.5, pyramid: bool = False, side: int | None = None) -> Path:
    """Write the slide where it is missing: YCbCr 4:2:0 JPEG tiles, as scanners write them; with a ``pyramid`` in steps of 4.

    ``side`` is in pixels, by default that of all benchmarks.
    """
    side = side or (QUICK_SIDE if quick else SIDE)
    path = Path(tempfile.gettempdir()) / f"e2evit-benchmark-{side}-{mpp:g}{'-pyramid' * pyramid}.tiff"
    return path if path.is_file() else _write(path, (side, side), mpp, downsamples=(1, 4, 16) if pyramid else (1,))


def huge_slide() -> Path:
    """Write a slide of 100 096 x 80 128 px with a pyramid where it is missing; its tiles share their data, so it has few MB."""
    path = Path(tempfile.gettempdir()) / "e2evit-benchmark-huge.tiff"
    if not path.is_file():
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            _write_shared(file, HUGE, 0.25, (1, 4, 16, 64))
        unfinished.replace(path)
    return path


def _write_shared(file: BinaryIO, size: tuple[int, int], mpp: float, downsamples: tuple[int, ...]) -> None:
    """Write a TIFF whose tables of tiles name the same few tiles over and over, which no library for TIFF does."""
    random = np.random.default_rng(5)
    file.write(struct.pack("<2sHI", b"II", 42, 0))
    places = []
    for tile in _tiles(random):
        places.append((file.tell(), len(tile)))
        file.write(tile + b"\0" * (len(tile) % 2))
    link = 4  # where the offset of the next directory stands
    for downsample in downsamples:
        width, height = size[0] // downsample, size[1] // downsample
        chosen = random.integers(0, len(places), -(-width // TILE) * -(-height // TILE))
        tables = []
        for column in (0, 1):
            tables.append(file.tell())
            file.write(np.array(places, np.uint32)[chosen, column].tobytes())
        bits, resolution = file.tell(), file.tell() + 6
        file.write(struct.pack("<3H2I", 8, 8, 8, round(1e4 / mpp / downsample * 100), 100))
        entries = [
            (254, 4, 1, int(downsample > 1)),
            (256, 4, 1, width),
            (257, 4, 1, height),
            (258, 3, 3, bits),
            (259, 3, 1, 7),
            (262, 3, 1, 6),
            (277, 3, 1, 3),
            (282, 5, 1, resolution),
            (283, 5, 1, resolution),
            (284, 3, 1, 1),
            (296, 3, 1, 3),
            (322, 4, 1, TILE),
            (323, 4, 1, TILE),
            (324, 4, len(chosen), tables[0]),
            (325, 4, len(chosen), tables[1]),
            (530, 3, 2, 2 | 2 << 16),
        ]
        here = file.tell()
        file.write(
            struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
        )
        file.seek(link)
        file.write(struct.pack("<I", here))
        link = here + 2 + 12 * len(entries)
        file.seek(0, 2)


def _write(path: Path, size: tuple[int, int], mpp: float, *, downsamples: tuple[int, ...]) -> Path:
    random = np.random.default_rng(5)
    tiles = _tiles(random)
    unfinished = path.with_suffix(".unfinished")
    with tifffile.TiffWriter(unfinished, bigtiff=False) as writer:
        for downsample in downsamples:
            width, height = size[0] // downsample, size[1] // downsample
            count = -(-width // TILE) * -(-height // TILE)
            writer.write(
                (tiles[i] for i in random.integers(0, len(tiles), count)),
                shape=(height, width, 3),
                dtype=np.uint8,
                tile=(TILE, TILE),
                photometric="ycbcr",
                compression="jpeg",
                subsampling=(2, 2),
                resolution=(1e4 / mpp / downsample, 1e4 / mpp / downsample),
                resolutionunit="CENTIMETER",
                subfiletype=int(downsample > 1),
                metadata=None,
            )
    unfinished.replace(path)
    return path
