"""Tables of tiles: written and read again, and everything that is no such table."""

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

from e2evit_model.errors import OutputError, TilingError
from e2evit_model.tiling.making import make_grid
from e2evit_model.tiling.orders import Order
from e2evit_model.tiling.tables import COLUMNS, read_tiles, write_tiles
from tests.tiling.slide_info import info_of
from tests.tiling.test_making import mask_over


@pytest.fixture
def grid():
    info = info_of(3000, 2500, mpp=0.2201)
    return make_grid(info, mask_over(info, seed=3), fraction=0.3, order=Order.HILBERT)


@pytest.mark.parametrize("name", ["tiles.csv", "tiles.parquet", "TILES.CSV"])
def test_a_table_is_read_as_it_was_written(grid, tmp_path, name):
    write_tiles(grid, tmp_path / name)
    table = read_tiles(tmp_path / name)
    assert tuple(table.columns) == COLUMNS
    np.testing.assert_array_equal(table.tile, np.arange(len(grid)))
    for column in ("column", "row", "x", "y", "tissue"):
        np.testing.assert_array_equal(table[column], getattr(grid, column))
    np.testing.assert_array_equal(table.width, grid.width)


def test_parquet_holds_the_record(grid, tmp_path):
    write_tiles(grid, tmp_path / "tiles.parquet")
    record = read_tiles(tmp_path / "tiles.parquet").attrs["e2evit"]
    assert record["fingerprint"] == grid.fingerprint()
    assert (record["tile_px"], record["order"]) == (224, "hilbert")
    assert record["scale"]["downsample"] == grid.scale.downsample


def test_csv_is_plain(grid, tmp_path):
    write_tiles(grid, tmp_path / "tiles.csv")
    lines = (tmp_path / "tiles.csv").read_text().splitlines()
    assert lines[0] == "tile,column,row,x,y,width,tissue"
    assert lines[1].startswith(f"0,{grid.column[0]},{grid.row[0]},{grid.x[0]},{grid.y[0]},")
    assert len(lines) == len(grid) + 1


def test_further_columns_are_kept(grid, tmp_path):
    write_tiles(grid, tmp_path / "tiles.csv")
    table = pd.read_csv(tmp_path / "tiles.csv")
    table["attention"] = 0.5
    table.to_csv(tmp_path / "more.csv", index=False)
    assert (read_tiles(tmp_path / "more.csv").attention == 0.5).all()


def refusal(call, *args):
    with pytest.raises(TilingError) as caught:
        call(*args)
    return caught.value.message, caught.value.hint


def test_another_ending_is_refused(grid, tmp_path):
    wanted = ('Tiles cannot be written or read as ".xlsx".', "Choose a file name that ends with .csv or .parquet.")
    assert refusal(write_tiles, grid, tmp_path / "tiles.xlsx") == wanted
    assert refusal(read_tiles, tmp_path / "tiles.xlsx") == wanted
    assert refusal(read_tiles, tmp_path / "tiles")[0] == 'Tiles cannot be written or read as "tiles".'
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["gone.csv", "gone.parquet"])
def test_a_missing_table(tmp_path, name):
    assert refusal(read_tiles, tmp_path / name) == (
        f"The table of tiles {name} was not found.",
        "Check its name and folder.",
    )


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe binary", b"tile,column\n1,2,3\n"])
@pytest.mark.parametrize("name", ["broken.csv", "broken.parquet"])
def test_a_damaged_table(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    message, _ = refusal(read_tiles, tmp_path / name)
    assert message in (
        f"{name} cannot be read as a table of tiles.",
        f"The table of tiles {name} lacks the column tile.",
    )


def test_a_parquet_file_cut_short(grid, tmp_path):
    path = tmp_path / "tiles.parquet"
    write_tiles(grid, path)
    path.write_bytes(path.read_bytes()[:-20])
    assert refusal(read_tiles, path)[0] == "tiles.parquet cannot be read as a table of tiles."


def test_a_column_that_is_missing(grid, tmp_path):
    write_tiles(grid, tmp_path / "tiles.csv")
    pd.read_csv(tmp_path / "tiles.csv").drop(columns="width").to_csv(tmp_path / "less.csv", index=False)
    assert refusal(read_tiles, tmp_path / "less.csv") == (
        "The table of tiles less.csv lacks the column width.",
        "It needs the columns tile, column, row, x, y, width, tissue.",
    )


@pytest.mark.parametrize("value", ["a", "", "inf"])
def test_a_column_with_what_is_no_number(grid, tmp_path, value):
    write_tiles(grid, tmp_path / "tiles.csv")
    lines = (tmp_path / "tiles.csv").read_text().splitlines()
    cells = lines[2].split(",")
    lines[2] = ",".join([*cells[:5], value, cells[6]])
    (tmp_path / "tiles.csv").write_text("\n".join(lines) + "\n")
    assert refusal(read_tiles, tmp_path / "tiles.csv")[0] == "The column width of tiles.csv holds what is no number."


def test_a_record_that_is_damaged(grid, tmp_path):
    write_tiles(grid, tmp_path / "tiles.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "tiles.parquet").replace_schema_metadata({"e2evit": "{"})
    pyarrow.parquet.write_table(table, tmp_path / "tiles.parquet")
    assert refusal(read_tiles, tmp_path / "tiles.parquet")[0] == "tiles.parquet cannot be read as a table of tiles."


def test_a_table_cannot_be_written_where_a_file_is_in_the_way(grid, tmp_path):
    (tmp_path / "taken").write_text("")
    for name in ("tiles.csv", "tiles.parquet"):
        with pytest.raises(OutputError, match=f"^{name} could not be written"):
            write_tiles(grid, tmp_path / "taken" / name)
