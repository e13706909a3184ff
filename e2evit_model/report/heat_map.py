"""A layer of an analyzed slide as a heat map that other programs lay on the slide: OME-TIFF."""

from pathlib import Path
from typing import Any

from e2evit_model.inference.result import SlideResult
from e2evit_model.overlay.ome_tiff import HeatMap, MapRaster, raster_over, write_heat_map
from e2evit_model.report.sheet import RESEARCH_USE
from e2evit_model.report.tile_layers import PaintedLayer

HEAT_MAP_ENDINGS = (".ome.tiff", ".ome.tif")


def raster_of(result: SlideResult) -> MapRaster:
    """Return the raster of a slide's heat maps."""
    return raster_over(result.info.width, result.info.height, result.grid.width)


def write_layer(path: Path, painted: PaintedLayer, result: SlideResult) -> None:
    """Write a layer as an OME-TIFF pyramid: its values in the numbers of its scale, and their colors; whole or not at all.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    low, high = painted.limits
    about = {
        "values": painted.label,
        "scale": painted.scale.value,
        "colors": f"{painted.colors} from {low:.6g} to {high:.6g}",
        "caption": f"{painted.layer.caption} {RESEARCH_USE}".strip(),
        "slide_fingerprint": result.info.fingerprint,
        "model": result.model.name,
        "model_sha256": result.model.weights_sha256,
    }
    heat_map = HeatMap(values=painted.quantity, colors=painted.by_tile(), name=painted.layer.name, about=about)
    write_heat_map(path, heat_map, result.grid, raster_of(result), mpp=result.info.mpp)


def heat_map_record(painted: PaintedLayer, result: SlideResult) -> dict[str, Any]:
    """Return what the provenance says of a heat map: layer, scale, range, and the affine to the slide's level-0 pixels."""
    raster = raster_of(result)
    return {
        "layer": painted.layer.name,
        "values": painted.label,
        "scale": painted.scale.value,
        "range": list(painted.limits),
        "colors": painted.colors,
        "affine_to_slide_level0_px": [list(row) for row in raster.affine],
        "width": raster.width,
        "height": raster.height,
        "levels": raster.levels,
    }
