"""What lies in a region, and what the strip would need without what is left out. No widgets here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from e2evit_model.annotations.region import Region
from e2evit_model.inference.result import SlideResult
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tiling.regions import TileCentres


@dataclass(frozen=True, kw_only=True)
class InRegion:
    """What lies in a region.

    ``tiles`` counts all tiles of the slide in it; ``attention`` is their share of all attention, None without a result or
    where none of them was analyzed; ``uniform`` the share they would have if the model looked everywhere alike.
    """

    tiles: int
    attention: float | None = None
    uniform: float = 0.0


def numbers_in(centres: TileCentres, region: Region) -> NDArray[np.intp]:
    """Return the numbers of the tiles in a region, each once."""
    found = [centres.inside(polygon) for polygon in region.polygons]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.intp)


def tissue_in_tiles(grid: TileGrid, mpp: float) -> float:
    """Return how much tissue lies in tiles, in mm2: less than within the outline, whose edges lie in none."""
    return float(grid.tissue.sum()) * (grid.width * mpp / 1000) ** 2


class RegionFacts:
    """Count what lies in regions; the tiles are sorted once a grid."""

    def __init__(self) -> None:
        self._whole: TileCentres | None = None
        self._ran: TileCentres | None = None
        self._attention: NDArray[np.float32] = np.zeros(0, np.float32)
        self._known: dict[Region, InRegion] = {}

    def show_grid(self, whole: TileGrid | None) -> None:
        """Take all tiles of the slide, whether they are kept or not."""
        self._whole = TileCentres(whole) if whole is not None and len(whole) else None
        self._known.clear()

    def show_result(self, result: SlideResult | None) -> None:
        """Take what was analyzed last."""
        self._ran = TileCentres(result.grid) if result is not None else None
        self._attention = result.attention if result is not None else np.zeros(0, np.float32)
        self._known.clear()

    def of(self, region: Region) -> InRegion | None:
        """Return what lies in an area; None for lines and points, and before there are tiles."""
        if self._whole is None or not region.is_area:
            return None
        known = self._known.get(region)
        if known is None:
            if len(self._known) > 20_000:
                self._known.clear()
            known = self._known[region] = self._count(self._whole, region)
        return known

    def _count(self, whole: TileCentres, region: Region) -> InRegion:
        tiles = len(numbers_in(whole, region))
        if self._ran is None:
            return InRegion(tiles=tiles)
        inside = numbers_in(self._ran, region)
        total = float(np.nansum(self._attention))
        if not len(inside) or total <= 0:
            return InRegion(tiles=tiles)
        share = float(np.nansum(self._attention[inside])) / total
        return InRegion(tiles=tiles, attention=share, uniform=len(inside) / len(self._ran))
