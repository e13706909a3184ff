"""What is kept of the strip, and corrections of the tissue, against asking tile by tile and pixel by pixel."""

import json
from dataclasses import replace

import numpy as np
import pytest

from e2evit_model.annotations.region import StripRole
from e2evit_model.annotations.selection import NOTHING, Correction, CorrectionKind, TileSelection
from e2evit_model.annotations.slide_regions import SlideRegions
from e2evit_model.errors import OptionError, TilingError, TissueError
from e2evit_model.tiling.making import make_grid
from e2evit_model.tissue.mask import Finding
from tests.annotations.shapes import every_kind, ring_with_hole, square
from tests.tiling.slide_info import info_of
from tests.tiling.test_making import mask_over

INFO = info_of(3000, 2500)
MASK = mask_over(INFO, tissue=True)
GRID = make_grid(INFO, MASK, tile_px=100)


def selection_of(*regions, corrections=()):
    return SlideRegions(regions=regions, corrections=corrections).selection()


def test_include_and_exclude_tile_by_tile():
    rng = np.random.default_rng(7)
    for _ in range(20):
        roles = rng.choice(list(StripRole), 6)
        regions = [
            ring_with_hole(*rng.uniform(0, 2500, 2), side=rng.uniform(200, 1500), hole=150, role=StripRole(role))
            for role in roles
        ]
        included = [one for one in regions if one.role is StripRole.INCLUDE]
        excluded = [one for one in regions if one.role is StripRole.EXCLUDE]
        wanted = [
            (not included or any(one.contains(x + 50, y + 50) for one in included))
            and not any(one.contains(x + 50, y + 50) for one in excluded)
            for x, y in zip(GRID.x.tolist(), GRID.y.tolist(), strict=True)
        ]
        np.testing.assert_array_equal(selection_of(*regions).kept(GRID), wanted)


def test_lines_points_and_regions_without_a_role_leave_the_strip_alone():
    assert not selection_of(*(replace(one, role=StripRole.NONE) for one in every_kind()))
    assert NOTHING.kept(GRID).all()
    assert NOTHING.corrected(MASK) is MASK


def test_nothing_left_is_a_sentence():
    with pytest.raises(TilingError) as refused:
        selection_of(square(-10, -10, 9000, role=StripRole.EXCLUDE)).kept_or_refused(GRID)
    assert refused.value.message == "No tile is left: the regions exclude all of them."


def test_corrections_are_painted_in_their_order():
    remove = Correction(kind=CorrectionKind.REMOVE, polygons=square(0, 0, 1600).polygons)
    add = Correction(kind=CorrectionKind.ADD, polygons=square(400, 400, 400).polygons)
    mask = selection_of(corrections=(remove, add)).corrected(MASK)
    assert mask.method == "test, corrected by hand" or mask.method.endswith(", corrected by hand")
    rows, columns = np.indices(mask.findings.shape)
    x, y = (columns + 0.5) * MASK.downsample, (rows + 0.5) * MASK.downsample
    removed = (x < 1600) & (y < 1600)
    added = (x > 400) & (x < 800) & (y > 400) & (y < 800)
    wanted = np.where(removed & ~added, Finding.EXCLUDED, Finding.TISSUE)
    np.testing.assert_array_equal(mask.findings, wanted)
    again = selection_of(corrections=(add, remove)).corrected(MASK)
    assert (again.findings == Finding.EXCLUDED).sum() == removed.sum()
    assert (MASK.findings == Finding.TISSUE).all(), "the mask that was given stays"


def test_removing_glass_leaves_it_glass():
    glass = mask_over(INFO, tissue=True)
    glass.findings[:, : glass.findings.shape[1] // 2] = Finding.BACKGROUND
    stroke = Correction(kind=CorrectionKind.REMOVE, polygons=square(0, 0, 1000).polygons)
    assert not (selection_of(corrections=(stroke,)).corrected(glass).findings == Finding.EXCLUDED).any()


def test_no_tissue_left_is_a_sentence():
    stroke = Correction(kind=CorrectionKind.REMOVE, polygons=square(-100, -100, 9000).polygons)
    with pytest.raises(TissueError) as refused:
        selection_of(corrections=(stroke,)).corrected(MASK)
    assert refused.value.message == "No tissue is left: the corrections by hand remove all of it."


def test_selections_are_equal_when_their_corners_are():
    stroke = Correction(kind=CorrectionKind.ADD, polygons=square(1, 1).polygons)
    one = selection_of(square(role=StripRole.INCLUDE), corrections=(stroke,))
    other = TileSelection.from_record(json.loads(json.dumps(one.to_record())))
    assert one == other
    assert hash(one) == hash(other)
    assert one != selection_of(square(role=StripRole.EXCLUDE), corrections=(stroke,))
    assert one != selection_of(square(role=StripRole.INCLUDE))
    assert NOTHING.fingerprint == ""
    assert TileSelection.from_record({}) == NOTHING


@pytest.mark.parametrize("record", [{"include": 3}, {"exclude": [[[1, 2]]]}, {"corrections": [{"kind": "paint"}]}])
def test_a_damaged_record_is_refused(record):
    with pytest.raises(OptionError) as refused:
        TileSelection.from_record(record)
    assert refused.value.message == "The regions of these settings are damaged."
