"""The heat map as OME-TIFF: opened by tifffile alone, and laid on the slide by nothing but what stands in the file."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st

from e2evit_model.errors import OptionError
from e2evit_model.overlay.ome_tiff import BLOCK_PX, FINEST_TILE_PX, HeatMap, raster_over, write_heat_map
from tests.overlay.grids import make_grid

OME = "{http://www.openmicroscopy.org/Schemas/OME/2016-06}"


def written(path, grid, *, size=(9000, 6000), mpp=0.25, seed=0):
    random = np.random.default_rng(seed)
    values = random.uniform(0, 3, len(grid)).astype(np.float32)
    values[0] = np.nan
    colors = random.integers(0, 255, (len(grid), 4)).astype(np.uint8)
    colors[:, 3] = np.where(np.isnan(values), 0, 255)
    raster = raster_over(*size, grid.width)
    heat_map = HeatMap(values=values, colors=colors, name="Attention", about={"slide": "abc"})
    write_heat_map(path, heat_map, grid, raster, mpp=mpp)
    return values, colors


def read(path):
    """Everything a stranger finds in the file: two pyramids, and what is said of the first."""
    with tifffile.TiffFile(path) as file:
        pyramids = [[level.asarray() for level in series.levels] for series in file.series]
        image = ET.fromstring(file.ome_metadata).find(f"{OME}Image")
        said = {one.get("K"): one.text for one in ET.fromstring(file.ome_metadata).iter(f"{OME}M")}
    return pyramids, image, said


def matrix_of(said):
    return np.array([row.split() for row in said["affine_to_slide_level0_px"].split(";")], float)


def test_every_tile_lands_at_its_place_on_the_slide_in_every_level(tmp_path):
    random = np.random.default_rng(3)
    places = random.permutation(18 * 11)[:90]
    grid = make_grid(places % 18, places // 18, width=448.7, left=301, top=77)
    values, colors = written(tmp_path / "a.ome.tif", grid)
    (floats, pictures), _, said = read(tmp_path / "a.ome.tif")
    affine = matrix_of(said)
    assert len(floats) == len(pictures) > 2
    for level, (raw, picture) in enumerate(zip(floats, pictures, strict=True)):
        assert picture.dtype == np.uint8
        assert raw.dtype == np.float32
        to_level = np.linalg.inv(affine @ np.diag([2.0**level, 2.0**level, 1]))
        for number in range(len(grid)):
            middle = (grid.x[number] + grid.width / 2, grid.y[number] + grid.width / 2, 1)
            x, y, _ = (to_level @ middle).astype(int)
            np.testing.assert_equal(raw[y, x], values[number])
            assert picture[y, x].tolist() == (colors[number, :3].tolist() if number else [255] * 3)


@settings(max_examples=25, deadline=None)
@given(
    side=st.floats(20, 3000),
    left=st.integers(0, 5000),
    top=st.integers(0, 5000),
    seed=st.integers(0, 100),
)
def test_a_pixel_has_the_value_of_the_tile_at_its_middle(tmp_path_factory, side, left, top, seed):
    path = tmp_path_factory.mktemp("map") / "a.ome.tif"
    grid = make_grid([0, 1, 3, 1], [0, 0, 1, 2], width=side, left=left, top=top)
    size = (int(left + 4.6 * side) + 3, int(top + 3.2 * side) + 2)
    values, _ = written(path, grid, size=size, seed=seed)
    (floats, _), _, said = read(path)
    step = matrix_of(said)[0, 0]
    assert step * FINEST_TILE_PX <= max(side, FINEST_TILE_PX)
    raw = floats[0]
    assert 0 <= raw.shape[1] * step - size[0] < max(side, 1)
    assert 0 <= raw.shape[0] * step - size[1] < max(side, 1)
    for y, x in np.random.default_rng(seed).integers(0, raw.shape, (200, 2)):
        place = np.array([(x + 0.5) * step, (y + 0.5) * step])
        # corners of tiles are rounded to whole pixels: next to a border either side is right
        inside = [
            number
            for number in range(len(grid))
            if grid.x[number] + 1 <= place[0] < grid.x[number] + side - 1
            and grid.y[number] + 1 <= place[1] < grid.y[number] + side - 1
        ]
        near = [
            number
            for number in range(len(grid))
            if grid.x[number] - 1 <= place[0] < grid.x[number] + side + 1
            and grid.y[number] - 1 <= place[1] < grid.y[number] + side + 1
        ]
        if inside:
            np.testing.assert_equal(raw[y, x], values[inside[0]])
        elif not near:
            assert np.isnan(raw[y, x])


def test_levels_are_halves_in_subifds_and_sizes_are_said(tmp_path):
    grid = make_grid([0, 1], [0, 5], width=448)
    written(tmp_path / "a.ome.tif", grid, size=(60_001, 40_003), mpp=0.25)
    (floats, _), image, _ = read(tmp_path / "a.ome.tif")
    for finer, coarser in pairwise(floats):
        assert finer.shape == (2 * coarser.shape[0], 2 * coarser.shape[1])
    pixels = image.find(f"{OME}Pixels")
    assert (image.get("Name"), pixels.get("Type")) == ("Attention", "float")
    assert (pixels.get("PhysicalSizeX"), pixels.get("PhysicalSizeXUnit")) == ("4.0", "µm")
    with tifffile.TiffFile(tmp_path / "a.ome.tif") as file:
        assert len(file.pages) == 2
        assert [len(page.subifds) for page in file.pages] == [len(floats) - 1] * 2
        assert file.pages[0].tile == (BLOCK_PX, BLOCK_PX)
        assert file.pages[0].get_resolution("micrometer") == pytest.approx((0.25, 0.25))
        assert file.pages[0].software == "E2E-ViT Desktop"
    assert (tmp_path / "a.ome.tif").stat().st_size < 200_000


def test_without_a_resolution_no_size_is_said(tmp_path):
    written(tmp_path / "a.ome.tif", make_grid([0, 2], [0, 1]), mpp=None)
    _, image, said = read(tmp_path / "a.ome.tif")
    assert image.find(f"{OME}Pixels").get("PhysicalSizeX") is None
    assert said["level0_px_per_pixel"] == "16"
    assert said["slide"] == "abc"


def test_values_of_other_tiles_are_refused(tmp_path):
    grid = make_grid([0, 1], [0, 0])
    nothing = HeatMap(values=np.ones(3), colors=np.zeros((3, 4), np.uint8), name="x", about={})
    with pytest.raises(OptionError) as refused:
        write_heat_map(tmp_path / "a.ome.tif", nothing, grid, raster_over(900, 900, 448), mpp=None)
    assert refused.value.message == "There are 3 values for 2 tiles."
    assert not list(tmp_path.iterdir())
