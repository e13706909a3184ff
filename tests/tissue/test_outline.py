"""Outlines: painted again they give the mask back; QuPath's form of them."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from e2evit_model.errors import OutputError
from e2evit_model.tissue.geojson import CLASS_COLORS, read_polygons, write_findings
from e2evit_model.tissue.mask import Finding, TissueMask
from e2evit_model.tissue.outline import outline, outline_polygons
from e2evit_model.tissue.polygons import paint


def mask_of(findings, downsample=1.0):
    return TissueMask(findings=findings.astype(np.uint8), downsample=downsample, mpp=None, method="test")


def blobs(seed, smooth=2.0, shape=(60, 80)):
    return ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), smooth) > 0


def test_a_square_is_outlined_at_its_border():
    findings = np.zeros((10, 12))
    findings[2:7, 3:9] = Finding.TISSUE
    (ring,) = outline(mask_of(findings, 16.0))
    np.testing.assert_array_equal(ring[0], ring[-1])
    np.testing.assert_allclose(ring.min(axis=0), [3 * 16, 2 * 16])
    np.testing.assert_allclose(ring.max(axis=0), [9 * 16, 7 * 16])


def test_tissue_up_to_the_border_of_the_slide_is_outlined_there():
    (ring,) = outline(mask_of(np.ones((5, 6)), 10.0))
    np.testing.assert_allclose([ring.min(axis=0), ring.max(axis=0)], [[0, 0], [60, 50]])


def test_no_tissue_has_no_outline():
    assert outline(mask_of(np.zeros((5, 6)))) == []
    assert outline_polygons(mask_of(np.zeros((5, 6)))) == []


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), downsample=st.floats(0.5, 50))
def test_painting_the_outline_gives_the_mask_back(seed, downsample):
    tissue = blobs(seed)
    painted = np.zeros(tissue.shape, dtype=np.uint8)
    # a part may lie in another's hole: the larger first
    for polygon in outline_polygons(mask_of(tissue, downsample)):
        paint(painted, polygon, 1, downsample)
    different = np.count_nonzero(painted != tissue)
    edge = np.count_nonzero(tissue ^ ndimage.binary_erosion(tissue))
    assert different <= 0.1 * edge  # corners that were simplified


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_part_is_a_polygon_and_every_hole_a_hole(seed):
    tissue = blobs(seed, smooth=1.5)
    polygons = outline_polygons(mask_of(tissue))
    parts = ndimage.label(tissue)[1]
    holes = ndimage.label(np.pad(~tissue, 1, constant_values=True), np.ones((3, 3)))[1] - 1
    assert len(polygons) == parts
    assert sum(len(polygon.holes) for polygon in polygons) == holes
    assert len(outline(mask_of(tissue))) == parts + holes


def test_simplifying_leaves_few_corners():
    rows, columns = np.mgrid[:400, :400]
    disk = np.hypot(rows - 200, columns - 200) < 150
    (ring,) = outline(mask_of(disk, 16.0))
    assert len(ring) < 250
    distance = np.hypot(*(ring - 200.0 * 16 - 8).T) / 16
    assert np.abs(distance - 150).max() < 1.5


def test_geojson_for_qupath(tmp_path):
    findings = np.zeros((30, 40))
    findings[2:20, 3:30] = Finding.TISSUE
    findings[8:12, 8:14] = 0
    findings[22:28, 5:20] = Finding.PEN
    mask = mask_of(findings, 20.0)
    write_findings(mask, tmp_path / "tissue.geojson")
    content = json.loads((tmp_path / "tissue.geojson").read_text())
    assert content["type"] == "FeatureCollection"
    assert [f["properties"]["classification"]["name"] for f in content["features"]] == ["Tissue", "Pen"]
    for feature in content["features"]:
        assert feature["type"] == "Feature"
        assert feature["properties"]["objectType"] == "annotation"
        assert feature["geometry"]["type"] == "MultiPolygon"
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                assert len(ring) >= 4
                assert ring[0] == ring[-1]
    assert content["features"][0]["properties"]["classification"]["color"] == list(CLASS_COLORS[Finding.TISSUE])
    assert [len(polygon) for polygon in content["features"][0]["geometry"]["coordinates"]] == [2]

    painted = np.zeros_like(mask.findings)
    for finding, polygon in read_polygons(tmp_path / "tissue.geojson"):
        paint(painted, polygon, finding, 20.0)
    # the corners of rectangles are cut by half a pixel
    assert np.count_nonzero(painted != mask.findings) == 0


def test_an_outline_cannot_be_written_where_a_file_is_in_the_way(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match=r"^tissue.geojson could not be written"):
        write_findings(mask_of(np.ones((3, 3))), tmp_path / "taken" / "tissue.geojson")
