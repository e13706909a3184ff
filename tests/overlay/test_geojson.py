import json
import math

import numpy as np
import pytest

from e2evit_model.errors import OptionError, OutputError
from e2evit_model.overlay.geojson import write_tiles_geojson
from tests.overlay.grids import make_grid


def test_the_file_is_read_back_as_tiles_with_measurements(tmp_path):
    grid = make_grid([0, 3], [1, 2], width=450.5)
    attention = np.array([0.25, math.nan], np.float32)
    write_tiles_geojson(tmp_path / "tiles.geojson", grid, {"Attention": attention, "Tissue": grid.tissue})
    read = json.loads((tmp_path / "tiles.geojson").read_text(encoding="utf-8"))
    assert read["type"] == "FeatureCollection"
    first, second = read["features"]
    assert first["type"] == "Feature"
    assert first["properties"] == {
        "objectType": "tile",
        "name": "0",
        "measurements": {"Attention": 0.25, "Tissue": 1.0},
    }
    assert second["properties"]["measurements"] == {"Tissue": 1.0}
    ring = np.array(second["geometry"]["coordinates"][0])
    assert ring[0].tolist() == ring[-1].tolist() == [grid.x[1], grid.y[1]]
    assert (ring.max(axis=0) - ring.min(axis=0)).tolist() == [450.5, 450.5]
    x, y = ring[:-1, 0], ring[:-1, 1]
    assert 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) == pytest.approx(450.5**2)


def test_a_grid_without_tiles_is_an_empty_collection(tmp_path):
    write_tiles_geojson(tmp_path / "none.geojson", make_grid([], []), {})
    assert json.loads((tmp_path / "none.geojson").read_text(encoding="utf-8"))["features"] == []


def test_as_many_values_as_tiles_are_needed_and_nothing_is_left_half_written(tmp_path):
    with pytest.raises(OptionError) as caught:
        write_tiles_geojson(tmp_path / "t.geojson", make_grid([0, 1], [0, 0]), {"Attention": np.zeros(3)})
    assert caught.value.message == '"Attention" has 3 values for 2 tiles.'
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught:
        write_tiles_geojson(tmp_path / "file" / "t.geojson", make_grid([0], [0]), {})
    assert caught.value.message == "t.geojson could not be written: a file is in the way where a folder is needed."
