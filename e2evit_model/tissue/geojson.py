"""GeoJSON as QuPath reads and writes it: polygons in level-0 pixels, with the name of their class."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from e2evit_model.errors import TissueError
from e2evit_model.files import write_whole
from e2evit_model.tissue.mask import Finding, TissueMask
from e2evit_model.tissue.outline import outline_polygons
from e2evit_model.tissue.polygons import Polygon, Ring

CLASS_NAMES = {
    Finding.TISSUE: "Tissue",
    Finding.PEN: "Pen",
    Finding.DEBRIS: "Debris",
    Finding.TOO_SMALL: "Too small",
    Finding.EXCLUDED: "Excluded",
    Finding.FOLD: "Fold",
    Finding.BUBBLE: "Bubble",
    Finding.BLUR: "Out of focus",
}

CLASS_COLORS = {
    Finding.TISSUE: (0, 158, 115),
    Finding.PEN: (230, 159, 0),
    Finding.DEBRIS: (110, 110, 110),
    Finding.TOO_SMALL: (86, 180, 233),
    Finding.EXCLUDED: (204, 121, 167),
    Finding.FOLD: (213, 94, 0),
    Finding.BUBBLE: (0, 114, 178),
    Finding.BLUR: (150, 110, 70),
}

# what people call what they leave out; QuPath marks classes that it ignores by a star
_LEFT_OUT = {
    "pen": Finding.PEN,
    "marker": Finding.PEN,
    "debris": Finding.DEBRIS,
    "artifact": Finding.DEBRIS,
    "artefact": Finding.DEBRIS,
    "too small": Finding.TOO_SMALL,
    "exclude": Finding.EXCLUDED,
    "excluded": Finding.EXCLUDED,
    "ignore": Finding.EXCLUDED,
    "ignored": Finding.EXCLUDED,
    "background": Finding.EXCLUDED,
    "fold": Finding.FOLD,
    "bubble": Finding.BUBBLE,
    "out of focus": Finding.BLUR,
    "blur": Finding.BLUR,
}


def finding_of(class_name: str) -> Finding:
    """Return what a class of that name is: tissue, unless the name is one for what is left out."""
    return _LEFT_OUT.get(class_name.strip().rstrip("*").strip().lower(), Finding.TISSUE)


def read_polygons(path: Path) -> list[tuple[Finding, Polygon]]:
    """Read all polygons of a GeoJSON file; points and lines are passed over.

    Raises
    ------
    TissueError
        When the file cannot be read, is no GeoJSON, or has no polygon.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TissueError(f"The mask file {path.name} could not be read ({reason}).", hint="Check the file.") from error
    except (ValueError, RecursionError) as error:
        raise _not_geojson(path) from error
    try:
        found = [(finding, polygon) for finding, geometry in _geometries(content) for polygon in _polygons(geometry)]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
        raise _not_geojson(path) from error
    if not found:
        raise TissueError(
            f"There is no polygon in {path.name}.", hint="Draw the tissue as polygons and export them again."
        )
    return found


def _not_geojson(path: Path) -> TissueError:
    return TissueError(
        f"{path.name} is not GeoJSON with polygons.",
        hint="Export the annotations of the slide from QuPath as GeoJSON, and give that file.",
    )


def _geometries(content: Any) -> Iterator[tuple[Finding, dict[str, Any]]]:
    """Give all geometries with what they are; a file is a collection, a list of features, one feature or one geometry."""
    if isinstance(content, list):
        for feature in content:
            yield from _geometries(feature)
        return
    match content["type"]:
        case "FeatureCollection":
            yield from _geometries(content["features"])
        case "Feature":
            finding = finding_of(_class_name(content.get("properties") or {}))
            if content["geometry"] is not None:
                yield from ((finding, geometry) for _, geometry in _geometries(content["geometry"]))
        case "GeometryCollection":
            yield from _geometries(content["geometries"])
        case _:
            yield Finding.TISSUE, content


def _class_name(properties: dict[str, Any]) -> str:
    """Return the name of a feature's class; QuPath has written it in three ways."""
    said = properties.get("classification") or {}
    if isinstance(said, str):
        return said
    names = said.get("names") or [said.get("name") or ""]
    return str(names[0])


def _polygons(geometry: dict[str, Any]) -> Iterator[Polygon]:
    match geometry["type"]:
        case "Polygon":
            rings = [_ring(ring) for ring in geometry["coordinates"]]
            if rings:
                yield Polygon(outer=rings[0], holes=tuple(rings[1:]))
        case "MultiPolygon":
            for rings in geometry["coordinates"]:
                yield from _polygons({"type": "Polygon", "coordinates": rings})
        case "Point" | "MultiPoint" | "LineString" | "MultiLineString":
            return
        case other:
            raise ValueError(f"{other} is no geometry")


def _ring(corners: list[list[float]]) -> Ring:
    ring = np.array([[corner[0], corner[1]] for corner in corners], dtype=np.float64)
    if len(ring) < 3 or not np.isfinite(ring).all():
        raise ValueError("a ring needs three corners that are numbers")
    return ring


def write_findings(mask: TissueMask, path: Path) -> None:
    """Write the outlines of tissue and of everything that was dropped, one annotation a class, as QuPath opens them.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    features = []
    for finding, name in CLASS_NAMES.items():
        polygons = outline_polygons(mask, finding)
        if not polygons:
            continue
        coordinates = [[_corners(polygon.outer), *map(_corners, polygon.holes)] for polygon in polygons]
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
                "properties": {
                    "objectType": "annotation",
                    "name": name,
                    "classification": {"name": name, "color": list(CLASS_COLORS[finding])},
                },
            }
        )
    with write_whole(path) as temporary:
        temporary.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def _corners(ring: Ring) -> list[list[float]]:
    """Return the corners of a ring, the first one again at the end, as GeoJSON wants it."""
    corners: list[list[float]] = np.round(ring, 1).tolist()
    return corners if corners[0] == corners[-1] else [*corners, corners[0]]
