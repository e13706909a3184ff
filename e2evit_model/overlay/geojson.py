"""Tiles as GeoJSON for QuPath: objects of type "tile" with measurements, in level-0 pixels.

The form is that of QuPath 0.4 and newer (a FeatureCollection; ``objectType`` and a map of ``measurements`` in the properties),
as its class ``QuPathTypeAdapters`` reads and writes it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError
from e2evit_model.files import write_whole
from e2evit_model.tiling.grid import TileGrid


def tile_features(grid: TileGrid, measurements: Mapping[str, NDArray[Any]]) -> Iterator[dict[str, Any]]:
    """Give one GeoJSON feature a tile, in strip order, named by its number.

    ``measurements`` are (N,) each, by the name QuPath shows; a value that is not finite is left out, since JSON cannot say it.

    Raises
    ------
    OptionError
        When a measurement does not have as many values as there are tiles.
    """
    for name, values in measurements.items():
        if len(values) != len(grid):
            raise OptionError(
                f'"{name}" has {len(values)} values for {len(grid)} tiles.', hint="Analyze the slide again."
            )
    side = float(grid.width)
    for number, (x, y) in enumerate(zip(grid.x.tolist(), grid.y.tolist(), strict=True)):
        known = {name: float(values[number]) for name, values in measurements.items() if np.isfinite(values[number])}
        corners = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
        yield {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [corners]},
            "properties": {"objectType": "tile", "name": str(number), "measurements": known},
        }


def write_tiles_geojson(path: Path, grid: TileGrid, measurements: Mapping[str, NDArray[Any]]) -> None:
    """Write all tiles as a GeoJSON FeatureCollection that QuPath opens, one tile a line, whole or not at all.

    Raises
    ------
    OptionError
        When a measurement does not have as many values as there are tiles.
    OutputError
        When the file cannot be written.
    """
    with write_whole(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [\n')
        for number, feature in enumerate(tile_features(grid, measurements)):
            file.write((",\n" if number else "") + json.dumps(feature, allow_nan=False))
        file.write("\n]}\n")
