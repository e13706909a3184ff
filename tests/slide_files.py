"""Write small tiled slides for tests: JPEG tiles in every flavour that the readers must tell apart, whole or damaged."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Place = tuple[int, int, int]
"""(level, column, row) of a tile."""

JPEG_TABLES_TAG = 347
CENTIMETRE_UM = 1e4


@dataclass(frozen=True, kw_only=True)
class JpegFlavour:
    """How the tiles are stored. ``subsampling`` (h, v) is of YCbCr; ``adobe_marker`` says RGB inside each tile."""

    color: str = "rgb"  # or "ycbcr"
    subsampling: tuple[int, int] = (1, 1)
    shared_tables: bool = False
    adobe_marker: bool = True
    bigtiff: bool = False
    byteorder: str = "<"
    sparse: Sequence[Place] = field(default=())
    damaged: Sequence[Place] = field(default=())  # overwritten in the middle
    cut: Sequence[Place] = field(default=())  # the data ends in the middle


def tissue_like(height: int, width: int, *, seed: int = 0) -> Image:
    """Make a smooth pink-violet picture with fine grain (no two tiles alike)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wave = np.sin(x / 37 + seed) + np.cos(y / 29) + np.sin((x + y) / 211)
    base = np.stack([205 + 18 * wave, 140 + 30 * wave, 180 + 16 * wave], axis=-1)
    return np.clip(base + rng.normal(0, 9, base.shape), 0, 255).astype(np.uint8)


def halve(image: Image) -> Image:
    """Average 2 x 2 pixels; an odd last row or column is left out, as pyramid writers do."""
    h, w = image.shape[0] // 2, image.shape[1] // 2
    quads = image[: 2 * h, : 2 * w].reshape(h, 2, w, 2, 3).astype(np.uint16)
    return ((quads.sum(axis=(1, 3)) + 2) // 4).astype(np.uint8)


def write_pyramid(
    path: Path,
    image: Image,
    *,
    mpp: float | None,
    tile: int = 256,
    levels: int = 3,
    quality: int = 90,
    left_out: Collection[int] = (),
) -> Path:
    """Write ``image`` (h, w, 3) as a pyramid of RGB JPEG tiles that OpenSlide opens as generic-tiff, with ``mpp`` um a pixel."""
    return write_jpeg_tiff(path, image, mpp=mpp, tile=tile, levels=levels, quality=quality, left_out=left_out)


def write_jpeg_tiff(
    path: Path,
    image: Image,
    *,
    mpp: float | None = 0.5,
    tile: int = 256,
    levels: int = 1,
    quality: int = 90,
    flavour: JpegFlavour = JpegFlavour(),
    description: str | None = None,
    icc: bytes | None = None,
    left_out: Collection[int] = (),
) -> Path:
    """Write ``image`` as a tiled JPEG TIFF of the given flavour; each further level is half the one before.

    Those with a number in ``left_out`` are not written.
    """
    with tifffile.TiffWriter(path, bigtiff=flavour.bigtiff, byteorder=flavour.byteorder) as writer:
        picture = image
        for level in range(levels):
            if level in left_out:
                picture = halve(picture)
                continue
            tiles = [encode_tile(part, quality, flavour) for part in tiles_of(picture, tile)]
            extra = []
            if flavour.shared_tables:
                tables = tables_of(tiles[0])
                extra.append((JPEG_TABLES_TAG, 7, len(tables), tables, True))
                tiles = [without_tables(data) for data in tiles]
            columns = -(-picture.shape[1] // tile)
            for at in range(len(tiles)):
                if (level, at % columns, at // columns) in flavour.sparse:
                    tiles[at] = b""
            resolution = {}
            if mpp is not None:
                per_cm = CENTIMETRE_UM / (mpp * 2**level)
                resolution = {"resolution": (per_cm, per_cm), "resolutionunit": "CENTIMETER"}
            writer.write(
                iter(tiles),
                shape=picture.shape,
                dtype=np.uint8,
                tile=(tile, tile),
                photometric=flavour.color,
                subsampling=flavour.subsampling if flavour.color == "ycbcr" else None,
                compression="jpeg",
                compressionargs={"outcolorspace": flavour.color},  # else the tag says YCbCr
                subfiletype=1 if level else 0,
                metadata=None,
                description=description if level == 0 else None,
                iccprofile=icc if level == 0 else None,
                extratags=extra,
                **resolution,
            )
            picture = halve(picture)
    for level, column, row in flavour.damaged:
        damage(path, level, column, row)
    for level, column, row in flavour.cut:
        damage(path, level, column, row, keep=0.5)
    return path


def tiles_of(image: Image, tile: int) -> Iterator[Image]:
    """Cut into whole tiles, row by row, the border repeated into the padding."""
    height, width = image.shape[:2]
    padded = np.pad(image, ((0, -height % tile), (0, -width % tile), (0, 0)), mode="edge")
    for y in range(0, height, tile):
        for x in range(0, width, tile):
            yield padded[y : y + tile, x : x + tile]


def encode_tile(pixels: Image, quality: int, flavour: JpegFlavour) -> bytes:
    """Encode one tile as a whole JPEG."""
    data: bytes = imagecodecs.jpeg8_encode(
        np.ascontiguousarray(pixels),
        level=quality,
        colorspace="rgb",
        outcolorspace=flavour.color,
        subsampling=flavour.subsampling if flavour.color == "ycbcr" else None,
    )
    return data if flavour.adobe_marker else without_color_words(data)


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk over the marker segments of a JPEG; the last one (SOS) holds all the rest."""
    at = 2
    while at < len(data):
        marker = data[at + 1]
        if marker == 0xDA:
            yield marker, data[at:]
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, data[at : at + 2 + length]
        at += 2 + length


def tables_of(data: bytes) -> bytes:
    """Return the quantisation and Huffman tables as an abbreviated JPEG."""
    return b"\xff\xd8" + b"".join(part for marker, part in segments(data) if marker in (0xDB, 0xC4)) + b"\xff\xd9"


def without_tables(data: bytes) -> bytes:
    """Return the JPEG without its tables."""
    return b"\xff\xd8" + b"".join(part for marker, part in segments(data) if marker not in (0xDB, 0xC4))


def without_color_words(data: bytes) -> bytes:
    """Leave out what says which colors are inside (APP0, APP14) and number the components 1, 2, 3, as scanners do."""
    parts = []
    for marker, part in segments(data):
        if marker in (0xE0, 0xEE):
            continue
        changed = bytearray(part)
        if marker == 0xC0:  # length 2, precision 1, size 4, count 1; then id, sampling, table
            for component in range(3):
                changed[10 + 3 * component] = component + 1
        if marker == 0xDA:  # length 2, count 1; then id, tables
            for component in range(3):
                changed[5 + 2 * component] = component + 1
        parts.append(bytes(changed))
    return b"\xff\xd8" + b"".join(parts)


def tile_place(path: Path, level: int, column: int, row: int) -> tuple[int, int]:
    """Return offset and length of a tile's data in the file."""
    with tifffile.TiffFile(path) as file:
        page = file.pages[level].aspage()
        at = row * -(-page.imagewidth // page.tilewidth) + column
        return page.dataoffsets[at], page.databytecounts[at]


def damage(path: Path, level: int, column: int, row: int, *, keep: float = 0.0) -> None:
    """Overwrite a tile's data with noise that is no JPEG, from a share ``keep`` of its length on (then: with zeros)."""
    offset, length = tile_place(path, level, column, row)
    start = int(length * keep)
    with path.open("r+b") as file:
        file.seek(offset + start)
        file.write((b"\x00" if keep else b"\x5a") * (length - start))
