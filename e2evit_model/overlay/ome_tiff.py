"""Values of tiles as an OME-TIFF pyramid that lies on the slide: for QuPath, napari and everything that reads OME-TIFF.

Two pictures in one file, each a pyramid in SubIFDs: the values (float32, NaN where there is no tile) and their colors (RGB, white
there). Both begin at the slide's upper left corner, and one of their pixels is a whole number of level-0 pixels wide, so that the
affine to the slide is a single factor. It stands in the OME-XML, beside the size of a pixel in um.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError
from e2evit_model.files import write_whole
from e2evit_model.overlay.picture import NO_TILE, paint_tiles
from e2evit_model.tiling.grid import TileGrid

NAMESPACE = "e2evit/heat-map"
"""Of the map annotation that holds the affine."""

FINEST_TILE_PX = 16  # a tile is at least so wide: its border is then right to a thirty-second of a tile
BLOCK_PX = 512
SMALLEST_LEVEL_PX = 256
WHITE = 255


@dataclass(frozen=True, kw_only=True)
class MapRaster:
    """Where the pixels of a heat map lie: ``width`` x ``height`` from the slide's corner on, each ``step`` level-0 pixels wide.

    Each of the ``levels`` has pixels twice as wide as the one before; width and height can be halved so often without a rest, so
    that no level is shifted. The last columns and rows may lie beyond the slide's right and lower border.
    """

    step: int
    width: int
    height: int
    levels: int

    def size(self, level: int) -> tuple[int, int]:
        """Width and height of a level."""
        return self.width >> level, self.height >> level

    @property
    def affine(self) -> tuple[tuple[float, float, float], ...]:
        """The matrix from a place in the finest level (x, y, 1; 0 is the outer border of its first pixel) to level-0 pixels."""
        return (float(self.step), 0.0, 0.0), (0.0, float(self.step), 0.0), (0.0, 0.0, 1.0)


def raster_over(slide_width: int, slide_height: int, tile_width: float) -> MapRaster:
    """Lay the raster of a heat map over a slide, all in level-0 pixels.

    A pixel is the largest power of two of which at least ``FINEST_TILE_PX`` fit into a tile; the coarsest level still has a pixel
    for every tile.
    """
    step = 1
    while step * 2 * FINEST_TILE_PX <= tile_width:
        step *= 2
    levels, coarsest = 1, step
    while max(slide_width, slide_height) / coarsest > SMALLEST_LEVEL_PX and coarsest * 2 <= tile_width:
        levels, coarsest = levels + 1, coarsest * 2
    parts = coarsest // step
    return MapRaster(
        step=step,
        width=-(-slide_width // coarsest) * parts,
        height=-(-slide_height // coarsest) * parts,
        levels=levels,
    )


class _Sampler:
    """Says which tile lies under the middle of a pixel, of any level."""

    def __init__(self, grid: TileGrid, raster: MapRaster) -> None:
        self._picture = paint_tiles(np.zeros(len(grid), np.float32), grid)
        # a border of nothing, for all that lies outside
        self._tiles = np.pad(self._picture.tile, 1, constant_values=NO_TILE)
        self._raster = raster

    def blocks(self, level: int, by_tile: NDArray[Any]) -> Iterator[NDArray[Any]]:
        """Give a level block by block; ``by_tile`` (N + 1, ...) has what stands where there is no tile at its end."""
        wide, high = self._raster.size(level)
        columns = self._places(wide, level, self._picture.x, self._tiles.shape[1])
        rows = self._places(high, level, self._picture.y, self._tiles.shape[0])
        for top in range(0, high, BLOCK_PX):
            for left in range(0, wide, BLOCK_PX):
                part = self._tiles[rows[top : top + BLOCK_PX, None], columns[None, left : left + BLOCK_PX]]
                lacking = ((0, BLOCK_PX - part.shape[0]), (0, BLOCK_PX - part.shape[1]))
                yield by_tile[np.pad(part, lacking, constant_values=NO_TILE)]

    def _places(self, count: int, level: int, origin: float, places: int) -> NDArray[np.int64]:
        middles = (np.arange(count) + 0.5) * (self._raster.step * 2**level)
        found: NDArray[np.int64] = np.floor((middles - origin) / self._picture.pixel).astype(np.int64) + 1
        return np.clip(found, 0, places - 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class HeatMap:
    """What is written: ``values`` (N,) raw, ``colors`` (N, 4) uint8 RGBA (not painted where the alpha is 0), and what they are.

    ``name`` is the layer's; ``about`` has what else is to stand in the file, as text by name.
    """

    values: NDArray[np.floating]
    colors: NDArray[np.uint8]
    name: str
    about: Mapping[str, str]


def write_heat_map(path: Path, heat_map: HeatMap, grid: TileGrid, raster: MapRaster, *, mpp: float | None) -> None:
    """Write a heat map as an OME-TIFF pyramid, whole or not at all.

    ``grid`` has the N tiles; ``mpp`` is the slide's um per level-0 pixel, None when unknown: then the file gives no size.

    Raises
    ------
    OptionError
        When there are not as many values as tiles.
    OutputError
        When the file cannot be written.
    """
    if len(heat_map.values) != len(grid):
        raise OptionError(
            f"There are {len(heat_map.values)} values for {len(grid)} tiles.", hint="Analyze the slide again."
        )
    import tifffile

    sampler = _Sampler(grid, raster)
    values = np.append(heat_map.values.astype(np.float32), np.float32(np.nan))
    painted = np.where(heat_map.colors[:, 3:] > 0, heat_map.colors[:, :3], np.uint8(WHITE))
    colors = np.vstack([painted, np.full((1, 3), WHITE, np.uint8)])
    with write_whole(path) as temporary, tifffile.TiffWriter(temporary, ome=True) as writer:
        _write_pyramid(writer, sampler, raster, values, name=heat_map.name, about=heat_map.about, mpp=mpp)
        _write_pyramid(writer, sampler, raster, colors, name=f"{heat_map.name}, colors", about=heat_map.about, mpp=mpp)


def _write_pyramid(
    writer: Any,
    sampler: _Sampler,
    raster: MapRaster,
    by_tile: NDArray[Any],
    *,
    name: str,
    about: Mapping[str, str],
    mpp: float | None,
) -> None:
    rgb = by_tile.ndim == 2
    for level in range(raster.levels):
        wide, high = raster.size(level)
        said: dict[str, Any] = {"axes": "YXS" if rgb else "YX"}
        if level == 0:
            said |= {"Name": name, "MapAnnotation": {"Namespace": NAMESPACE, "Value": _placed(raster) | dict(about)}}
            if mpp is not None:
                size = {"PhysicalSizeX": mpp * raster.step, "PhysicalSizeY": mpp * raster.step}
                said |= size | {"PhysicalSizeXUnit": "µm", "PhysicalSizeYUnit": "µm"}
        resolution: dict[str, Any] = {}
        if mpp is not None:
            a_centimetre = 1e4 / (mpp * raster.step * 2**level)
            resolution = {"resolution": (a_centimetre, a_centimetre), "resolutionunit": "CENTIMETER"}
        writer.write(
            sampler.blocks(level, by_tile),
            shape=(high, wide, 3) if rgb else (high, wide),
            dtype=by_tile.dtype,
            photometric="rgb" if rgb else "minisblack",
            tile=(BLOCK_PX, BLOCK_PX),
            compression="adobe_deflate",  # plain: not every reader knows the predictor for floats
            subifds=raster.levels - 1 if level == 0 else None,
            subfiletype=1 if level else 0,
            software="E2E-ViT Desktop",
            metadata=said if level == 0 else None,
            **resolution,
        )


def _placed(raster: MapRaster) -> dict[str, str]:
    """Say where the map lies, in words that a program can read, too."""
    matrix = "; ".join(" ".join(f"{one:g}" for one in row) for row in raster.affine)
    return {
        "affine_to_slide_level0_px": matrix,
        "level0_px_per_pixel": str(raster.step),
        "origin": "upper left corner of the slide; 0 is the outer border of the first pixel",
    }
