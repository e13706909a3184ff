"""Regions as GeoJSON that QuPath 0.4 and newer opens and writes.

A FeatureCollection; coordinates in level-0 pixels from the upper left corner; the properties are QuPath's: ``objectType``
"annotation", ``name``, ``classification`` with name and color, ``measurements`` as a map, ``metadata`` as a map of texts, where
"ANNOTATION_DESCRIPTION" is the note. What QuPath has no word for is kept in the metadata under keys of our own.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from e2evit_model.annotations.region import (
    CLASS_COLORS,
    Color,
    Points,
    Region,
    Shape,
    StripRole,
    area_mm2,
    new_area,
    new_key,
    new_line,
    new_points,
)
from e2evit_model.annotations.selection import TileSelection, polygon_of
from e2evit_model.annotations.slide_regions import SlideRegions
from e2evit_model.errors import AnnotationError
from e2evit_model.files import write_whole
from e2evit_model.tissue.polygons import Polygon

NOTE, ROLE = "ANNOTATION_DESCRIPTION", "E2EVIT_STRIP"
MOST_REGIONS = 50_000
_LEFT_OUT = ("exclude", "excluded", "ignore", "ignored")
_OBJECTS = ("annotation", "roi", "")  # detections, cells, tiles and TMA cores are no regions
_HINT = "Export the annotations of the slide from QuPath as GeoJSON (File, Export objects), and give that file."


@dataclass(frozen=True, kw_only=True)
class ReadRegions:
    """What a file held; ``passed_over`` counts objects that are no annotations (detections, cells, tiles)."""

    regions: tuple[Region, ...]
    passed_over: int = 0


def read_regions(path: Path) -> ReadRegions:
    """Read all annotations of a GeoJSON file: of QuPath, of this program, or of another that keeps to level-0 pixels.

    A class called "Ignore*" or "Exclude" leaves its tiles out of the strip, as QuPath leaves it out of its own measurements.

    Raises
    ------
    AnnotationError
        When the file cannot be read, is no GeoJSON, or holds no annotation.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise AnnotationError(f"{path.name} could not be read ({reason}).", hint="Check the file.") from error
    except (ValueError, RecursionError) as error:
        raise AnnotationError(f"{path.name} is not GeoJSON.", hint=_HINT) from error
    try:
        features = list(_features(content))
        wanted = [one for one in features if _object_type(one) in _OBJECTS]
        if len(wanted) > MOST_REGIONS:
            raise AnnotationError(
                f"{path.name} holds {len(wanted)} annotations; {MOST_REGIONS} are the most.",
                hint="Export fewer of them, or merge those of one class in QuPath.",
            )
        regions = tuple(region for feature in wanted for region in _regions_of(feature))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
        raise AnnotationError(f"{path.name} is not GeoJSON with annotations.", hint=_HINT) from error
    if not regions:
        raise AnnotationError(f"There is no annotation in {path.name}.", hint=_HINT)
    return ReadRegions(regions=_unique(regions), passed_over=len(features) - len(wanted))


def read_selection(path: Path) -> TileSelection:
    """Read which tiles the regions of a file keep.

    Raises
    ------
    AnnotationError
        As :func:`read_regions`; or when no region of the file is included or excluded.
    """
    selection = SlideRegions(regions=read_regions(path).regions).selection()
    if not selection:
        raise AnnotationError(
            f"No region of {path.name} is included or excluded.",
            hint=f'Give regions the class "Exclude", or the metadata {ROLE} "include" or "exclude".',
        )
    return selection


def features_of(
    regions: Sequence[Region], mpp: float | None, measured: Mapping[str, Mapping[str, float]] | None = None
) -> list[dict[str, Any]]:
    """Return one GeoJSON feature a region; ``measured`` adds measurements by the region's key."""
    more = measured or {}
    return [_feature(region, _measurements(region, mpp) | dict(more.get(region.key, {}))) for region in regions]


def write_regions(
    regions: Sequence[Region],
    path: Path,
    *,
    mpp: float | None,
    measured: Mapping[str, Mapping[str, float]] | None = None,
) -> None:
    """Write regions as a FeatureCollection, whole or not at all.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    collection = {"type": "FeatureCollection", "features": features_of(regions, mpp, measured)}
    with write_whole(path) as temporary:
        temporary.write_text(json.dumps(collection, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def region_of(feature: Mapping[str, Any]) -> Region:
    """Build the one region of a feature that :func:`features_of` made.

    Raises
    ------
    KeyError, TypeError, ValueError, IndexError, AttributeError
        When it is none.
    """
    regions = list(_regions_of(feature))
    if len(regions) != 1:
        raise ValueError("a feature of a document is one region")
    return regions[0]


def _features(content: Any) -> Iterator[dict[str, Any]]:
    """Give all features; a file is a collection, a list of features, one feature or one geometry."""
    if isinstance(content, list):
        for feature in content:
            yield from _features(feature)
        return
    match content["type"]:
        case "FeatureCollection":
            yield from _features(content["features"])
        case "Feature":
            yield content
        case _:
            yield {"type": "Feature", "geometry": content, "properties": {}}


def _object_type(feature: Mapping[str, Any]) -> str:
    said = (feature.get("properties") or {}).get("objectType") or feature.get("id") or ""
    # before version 0.3 QuPath wrote the type as the feature's id
    known = {"PathAnnotationObject": "annotation", "PathDetectionObject": "detection", "PathCellObject": "cell"}
    said = known.get(str(said), str(said))
    return said if (feature.get("properties") or {}).get("objectType") or said in known.values() else ""


def _regions_of(feature: Mapping[str, Any]) -> Iterator[Region]:
    if feature["geometry"] is None:
        return
    properties = feature.get("properties") or {}
    said = {str(key): str(value) for key, value in (properties.get("metadata") or {}).items()}
    class_name, class_color = _class_of(properties)
    role = StripRole(said[ROLE]) if said.get(ROLE) in set(StripRole) else _role_of(class_name)
    key = str(feature.get("id") or "")
    for number, shape in enumerate(_shapes(feature["geometry"])):
        yield replace(
            shape,
            key=key if len(key) == 36 and not number else new_key(),
            class_name=class_name,
            color=_color(properties.get("color")) or (None if class_name in CLASS_COLORS else class_color),
            name=str(properties.get("name") or ""),
            note=said.get(NOTE, ""),
            role=role if shape.is_area else StripRole.NONE,
        )


def _role_of(class_name: str) -> StripRole:
    left_out = class_name.strip().rstrip("*").strip().lower() in _LEFT_OUT
    return StripRole.EXCLUDE if left_out else StripRole.NONE


def _class_of(properties: Mapping[str, Any]) -> tuple[str, Color | None]:
    """Return name and color of a class; QuPath has written it in three ways."""
    said = properties.get("classification") or {}
    if isinstance(said, str):
        return said, None
    names = said.get("names") or [said.get("name") or ""]
    packed = said.get("colorRGB")
    if packed is not None:
        # a Java integer with the alpha on top
        return ": ".join(map(str, names)), _color([int(packed) >> shift & 255 for shift in (16, 8, 0)])
    return ": ".join(map(str, names)), _color(said.get("color"))


def _color(said: Any) -> Color | None:
    if not isinstance(said, list) or len(said) < 3:
        return None
    red, green, blue = (min(max(int(part), 0), 255) for part in said[:3])
    return red, green, blue


def _shapes(geometry: Mapping[str, Any]) -> Iterator[Region]:
    """Give what a geometry is, without a class; collections and several lines are several."""
    coordinates = geometry.get("coordinates") or ()
    match geometry["type"]:
        case "Polygon":
            polygon = polygon_of(coordinates)
            yield new_area((polygon,), shape=Shape.RECTANGLE if _is_upright(polygon) else Shape.POLYGON)
        case "MultiPolygon" if coordinates:
            yield new_area(tuple(polygon_of(rings) for rings in coordinates))
        case "LineString" | "MultiLineString":
            lines = [coordinates] if geometry["type"] == "LineString" else coordinates
            yield from (new_line(_points(line, least=2)) for line in lines)
        case "Point":
            yield new_points(_points([coordinates], least=1))
        case "MultiPoint" if coordinates:
            yield new_points(_points(coordinates, least=1))
        case "GeometryCollection":
            for one in geometry["geometries"]:
                yield from _shapes(one)
        case other if other not in ("MultiPolygon", "MultiPoint"):
            raise ValueError(f"{other} is no geometry")


def _is_upright(polygon: Polygon) -> bool:
    """Say whether a polygon is a rectangle along the slide's sides."""
    outer = polygon.outer
    if polygon.holes or len(outer) != 4:
        return False
    sides = np.roll(outer, -1, axis=0) - outer
    return bool(((sides == 0).sum(axis=1) == 1).all() and (sides + np.roll(sides, -2, axis=0) == 0).all())


def _points(said: Any, *, least: int) -> Points:
    points = np.array([[point[0], point[1]] for point in said], dtype=np.float64).reshape(-1, 2)
    if len(points) < least or not np.isfinite(points).all():
        raise ValueError("points need coordinates that are numbers")
    return points


def _unique(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    """Give every region a key of its own: a file may repeat an id."""
    seen: set[str] = set()
    found = []
    for region in regions:
        one = replace(region, key=new_key()) if region.key in seen else region
        seen.add(one.key)
        found.append(one)
    return tuple(found)


def _measurements(region: Region, mpp: float | None) -> dict[str, float]:
    """Return area and length under the names that QuPath gives them."""
    unit, factor = ("px", 1.0) if mpp is None else ("µm", mpp)
    found = {}
    if region.is_area:
        found[f"Area {unit}^2"] = region.area_px * factor**2
        found[f"Perimeter {unit}"] = region.length_px * factor
        area = area_mm2(region, mpp)
        if area is not None:
            found["Area mm^2"] = area
    elif region.shape is Shape.LINE:
        found[f"Length {unit}"] = region.length_px * factor
    else:
        found["Num points"] = float(len(region.points))
    return found


def _feature(region: Region, measurements: Mapping[str, float]) -> dict[str, Any]:
    properties: dict[str, Any] = {"objectType": "annotation"}
    if region.name:
        properties["name"] = region.name
    if region.class_name:
        color = CLASS_COLORS.get(region.class_name, region.color)
        # without a color QuPath takes that of its own class of this name
        properties["classification"] = {"name": region.class_name} | ({"color": list(color)} if color else {})
    if region.color is not None:
        properties["color"] = list(region.color)
    properties["isLocked"] = False
    properties["measurements"] = {name: value for name, value in measurements.items() if np.isfinite(value)}
    said = {NOTE: region.note, ROLE: str(region.role) if region.role is not StripRole.NONE else ""}
    metadata = {key: value for key, value in said.items() if value}
    if metadata:
        properties["metadata"] = metadata
    return {"type": "Feature", "id": region.key, "geometry": _geometry(region), "properties": properties}


def _geometry(region: Region) -> dict[str, Any]:
    if region.is_area:
        parts = [[_closed(ring) for ring in (one.outer, *one.holes)] for one in region.polygons]
        if len(parts) == 1:
            return {"type": "Polygon", "coordinates": parts[0]}
        return {"type": "MultiPolygon", "coordinates": parts}
    points = np.round(region.points, 2).tolist()
    if region.shape is Shape.LINE:
        return {"type": "LineString", "coordinates": points}
    return (
        {"type": "MultiPoint", "coordinates": points}
        if len(points) > 1
        else {"type": "Point", "coordinates": points[0]}
    )


def _closed(ring: Points) -> list[list[float]]:
    corners: list[list[float]] = np.round(ring, 2).tolist()
    return corners if corners[0] == corners[-1] else [*corners, corners[0]]
