"""GeoJSON: there and back, QuPath's own forms, and what is no GeoJSON."""

import json
import uuid

import numpy as np
import pytest

from e2evit_model.annotations.document import regions_from_document, regions_to_document
from e2evit_model.annotations.geojson import MOST_REGIONS, read_regions, write_regions
from e2evit_model.annotations.region import Shape, StripRole
from e2evit_model.annotations.selection import Correction, CorrectionKind
from e2evit_model.annotations.slide_regions import EMPTY, SlideRegions
from e2evit_model.errors import AnnotationError
from tests.annotations.shapes import every_kind, ring_with_hole, square

HINT = "Export the annotations of the slide from QuPath as GeoJSON (File, Export objects), and give that file."


def assert_same(one, other):
    assert (one.key, one.shape, one.class_name, one.color, one.name, one.note, one.role) == (
        other.key,
        other.shape,
        other.class_name,
        other.color,
        other.name,
        other.note,
        other.role,
    )
    for a, b in zip(one.rings, other.rings, strict=True):
        np.testing.assert_allclose(a, b)
    np.testing.assert_allclose(one.points, other.points)


def test_every_kind_comes_back_from_a_file_as_it_was(tmp_path):
    path = tmp_path / "regions.geojson"
    write_regions(every_kind(), path, mpp=0.25)
    read = read_regions(path)
    assert read.passed_over == 0
    for one, other in zip(read.regions, every_kind_with_keys(read), strict=True):
        assert_same(one, other)


def every_kind_with_keys(read):
    from dataclasses import replace

    return [replace(made, key=found.key) for made, found in zip(every_kind(), read.regions, strict=True)]


def test_the_file_has_the_form_that_qupath_documents(tmp_path):
    path = tmp_path / "regions.geojson"
    regions = every_kind()
    write_regions(regions, path, mpp=0.5, measured={regions[0].key: {"Attention share": 0.25, "Risk without": np.nan}})
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert collection["type"] == "FeatureCollection"
    kinds = [feature["geometry"]["type"] for feature in collection["features"]]
    assert kinds == ["Polygon", "Polygon", "MultiPolygon", "LineString", "MultiPoint", "Point"]
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert str(uuid.UUID(feature["id"])) == feature["id"]
        properties = feature["properties"]
        assert properties["objectType"] == "annotation"
        assert set(properties) <= {
            "objectType",
            "name",
            "color",
            "classification",
            "isLocked",
            "measurements",
            "metadata",
        }
        assert all(isinstance(value, float) for value in properties["measurements"].values())
        assert all(isinstance(value, str) for value in properties.get("metadata", {}).values())
    tumor, ring = collection["features"][0], collection["features"][1]
    assert tumor["properties"]["classification"] == {"name": "Tumor", "color": [200, 0, 0]}
    assert tumor["properties"]["metadata"] == {
        "ANNOTATION_DESCRIPTION": 'necrosis? "maybe"',
        "E2EVIT_STRIP": "include",
    }
    assert tumor["properties"]["measurements"] == pytest.approx(
        {"Area µm^2": 625, "Perimeter µm": 100, "Area mm^2": 0.000625, "Attention share": 0.25}
    )
    outer, hole = ring["geometry"]["coordinates"]
    assert outer[0] == outer[-1]
    assert hole[0] == hole[-1]
    assert len(outer) == len(hole) == 5
    assert ring["properties"]["classification"] == {"name": "Ours: second", "color": [1, 2, 250]}


QUPATH = {
    "type": "FeatureCollection",
    "features": [
        {  # version 0.5
            "type": "Feature",
            "id": "0b1e5a9e-6a2c-4f7e-9a2b-3f3a5b6c7d8e",
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [10, 0], [10, 5], [0, 5], [0, 0]]]},
            "properties": {
                "objectType": "annotation",
                "name": "A",
                "classification": {"names": ["Tumor", "Positive"], "color": [9, 8, 7]},
                "metadata": {"ANNOTATION_DESCRIPTION": "seen twice"},
                "measurements": {"Area": 50.0},
            },
        },
        {  # version 0.2
            "type": "Feature",
            "id": "PathAnnotationObject",
            "geometry": {"type": "MultiPolygon", "coordinates": [[[[0, 0], [9, 1], [4, 8], [0, 0]]]]},
            "properties": {"classification": {"name": "Ignore*", "colorRGB": -4934476}, "isLocked": False},
        },
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
            "properties": {"objectType": "detection"},
        },
        {
            "type": "Feature",
            "id": "PathCellObject",
            "geometry": {"type": "Point", "coordinates": [0, 0]},
            "properties": {},
        },
        {"type": "Feature", "geometry": {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}, "properties": None},
        {"type": "Feature", "geometry": None, "properties": {}},
    ],
}


def test_what_qupath_wrote_in_several_versions(tmp_path):
    path = tmp_path / "qupath.geojson"
    path.write_text(json.dumps(QUPATH), encoding="utf-8-sig")
    read = read_regions(path)
    assert read.passed_over == 2
    first, second, third = read.regions
    assert (first.key, first.shape, first.class_name, first.color, first.name, first.note) == (
        "0b1e5a9e-6a2c-4f7e-9a2b-3f3a5b6c7d8e",
        Shape.RECTANGLE,
        "Tumor: Positive",
        (9, 8, 7),
        "A",
        "seen twice",
    )
    assert first.role is StripRole.NONE
    assert (second.class_name, second.color, second.role) == ("Ignore*", None, StripRole.EXCLUDE)
    assert third.shape is Shape.POINTS
    assert len({region.key for region in read.regions}) == 3


@pytest.mark.parametrize(
    "content",
    [
        [QUPATH["features"][0]],
        QUPATH["features"][0],
        QUPATH["features"][0]["geometry"],
        {"type": "GeometryCollection", "geometries": [QUPATH["features"][0]["geometry"]]},
    ],
    ids=["list", "feature", "geometry", "collection"],
)
def test_other_ways_to_say_the_same(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    (region,) = read_regions(path).regions
    assert region.area_px == 50


def test_an_id_that_is_repeated_becomes_two_regions(tmp_path):
    path = tmp_path / "twice.geojson"
    path.write_text(json.dumps([QUPATH["features"][0]] * 2), encoding="utf-8")
    assert len({region.key for region in read_regions(path).regions}) == 2


BAD = {
    "words": ("not json", "bad.geojson is not GeoJSON."),
    "number": ("3", "bad.geojson is not GeoJSON with annotations."),
    "two corners": (
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}',
        "bad.geojson is not GeoJSON with annotations.",
    ),
    "no number": (
        '{"type": "LineString", "coordinates": [["a", 0], [1, 1]]}',
        "bad.geojson is not GeoJSON with annotations.",
    ),
    "infinite": (
        '{"type": "Point", "coordinates": [Infinity, 1]}',
        "bad.geojson is not GeoJSON with annotations.",
    ),
    "circle": ('{"type": "Circle", "coordinates": [1, 1]}', "bad.geojson is not GeoJSON with annotations."),
    "deep": ("[" * 100_000, "bad.geojson is not GeoJSON."),
    "empty": ('{"type": "FeatureCollection", "features": []}', "There is no annotation in bad.geojson."),
    "empty parts": ('{"type": "MultiPolygon", "coordinates": []}', "There is no annotation in bad.geojson."),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_a_sentence(tmp_path, name):
    content, sentence = BAD[name]
    path = tmp_path / "bad.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AnnotationError) as refused:
        read_regions(path)
    assert (refused.value.message, refused.value.hint) == (sentence, HINT)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(AnnotationError) as refused:
        read_regions(tmp_path / "gone.geojson")
    assert refused.value.message == "gone.geojson could not be read (No such file or directory)."


def test_far_too_many_are_refused(tmp_path):
    path = tmp_path / "many.geojson"
    path.write_text(json.dumps([{"type": "Point", "coordinates": [1, 1]}] * (MOST_REGIONS + 1)), encoding="utf-8")
    with pytest.raises(AnnotationError) as refused:
        read_regions(path)
    assert refused.value.message == f"many.geojson holds {MOST_REGIONS + 1} annotations; {MOST_REGIONS} are the most."


def test_a_document_keeps_regions_and_corrections():
    stroke = Correction(kind=CorrectionKind.REMOVE, polygons=ring_with_hole(3, 4).polygons)
    drawn = SlideRegions(regions=every_kind(), corrections=(stroke,))
    back = regions_from_document(json.loads(json.dumps(regions_to_document(drawn))))
    for one, other in zip(back.regions, drawn.regions, strict=True):
        assert_same(one, other)
    assert back.selection() == drawn.selection()
    assert back.corrections[0].kind is CorrectionKind.REMOVE


def test_documents_that_are_empty_damaged_or_newer():
    assert regions_from_document({}) is EMPTY
    with pytest.raises(AnnotationError) as newer:
        regions_from_document({"schema": 2})
    assert newer.value.message == "The regions of this slide were drawn with a newer version of this program."
    for damaged in ({"schema": 1}, {"schema": 1, "features": [{}], "corrections": []}, [1], "text", 4):
        with pytest.raises(AnnotationError) as refused:
            regions_from_document(damaged)
        assert refused.value.message == "The regions of this slide are damaged."


def test_regions_are_changed_by_key():
    one, two = square(class_name="one"), square(class_name="two")
    drawn = EMPTY.with_regions([one, two])
    moved = drawn.with_changed([one.moved(5, 0)])
    assert moved.regions[0].box[0] == 5
    assert moved.regions[1] is two
    assert drawn.find(two.key) is two
    assert drawn.find("nobody") is None
    assert drawn.without([one.key]).regions == (two,)
