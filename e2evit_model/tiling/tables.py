"""Tiles as a table: Parquet or CSV, one line a tile in strip order, in level-0 pixels."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from e2evit_model.errors import TilingError
from e2evit_model.files import write_whole
from e2evit_model.tiling.grid import TileGrid

COLUMNS = ("tile", "column", "row", "x", "y", "width", "tissue")
RECORD = "e2evit"  # the key of the record in a Parquet file, and in the attributes of a table that was read

_WHOLE = ("tile", "column", "row", "x", "y")


def grid_table(grid: TileGrid) -> pd.DataFrame:
    """Return a grid as a table: tile (number in the strip, from 0), column, row, x, y, width (level-0 pixels), tissue (0..1)."""
    return pd.DataFrame(
        {
            "tile": np.arange(len(grid)),
            "column": grid.column,
            "row": grid.row,
            "x": grid.x,
            "y": grid.y,
            "width": np.full(len(grid), grid.width),
            "tissue": grid.tissue,
        }
    )


def _is_parquet(path: Path) -> bool:
    match path.suffix.lower():
        case ".parquet":
            return True
        case ".csv":
            return False
        case other:
            raise TilingError(
                f'Tiles cannot be written or read as "{other or path.name}".',
                hint="Choose a file name that ends with .csv or .parquet.",
            )


def write_tiles(grid: TileGrid, path: Path) -> None:
    """Write a grid as Parquet or CSV, by the file name's ending.

    A Parquet file also holds a record: tile size, order, resolution, fingerprint.

    Raises
    ------
    TilingError
        When the name ends with neither .csv nor .parquet.
    OutputError
        When the file cannot be written.
    """
    as_parquet = _is_parquet(path)
    frame = grid_table(grid)
    with write_whole(path) as temporary:
        if as_parquet:
            record = {
                "tile_px": grid.tile_px,
                "order": grid.order,
                "scale": dataclasses.asdict(grid.scale),
                "fingerprint": grid.fingerprint(),
            }
            table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(
                {RECORD: json.dumps(record)}
            )
            pyarrow.parquet.write_table(table, temporary)
        else:
            frame.to_csv(temporary, index=False)


def read_tiles(path: Path) -> pd.DataFrame:
    """Read a table of tiles that :func:`write_tiles` wrote, or one with the same columns; further columns are kept.

    Returns
    -------
    pandas.DataFrame
        In the order of the file; ``attrs["e2evit"]`` is the record of a Parquet file, where it has one.

    Raises
    ------
    TilingError
        When the file cannot be read, lacks a column, or holds what is no number.
    """
    as_parquet = _is_parquet(path)
    try:
        table = pyarrow.parquet.read_table(path) if as_parquet else pyarrow.csv.read_csv(path)
        record = json.loads((table.schema.metadata or {}).get(RECORD.encode(), b"{}"))
        frame: pd.DataFrame = table.replace_schema_metadata(None).to_pandas()
    except FileNotFoundError as error:
        raise TilingError(
            f"The table of tiles {path.name} was not found.", hint="Check its name and folder."
        ) from error
    except (OSError, ValueError, pa.ArrowException) as error:
        raise TilingError(f"{path.name} cannot be read as a table of tiles.", hint="Write the tiles again.") from error
    _check_columns(frame, path.name)
    frame = frame.astype(dict.fromkeys(_WHOLE, np.int64) | {"width": np.float64, "tissue": np.float32})
    if record:
        frame.attrs[RECORD] = record
    return frame


def _check_columns(frame: pd.DataFrame, name: str) -> None:
    missing = [column for column in COLUMNS if column not in frame.columns]
    if missing:
        raise TilingError(
            f"The table of tiles {name} lacks the column {missing[0]}.",
            hint=f"It needs the columns {', '.join(COLUMNS)}.",
        )
    for column in COLUMNS:
        values = frame[column]
        if not pd.api.types.is_numeric_dtype(values) or not np.isfinite(values.to_numpy(dtype=np.float64)).all():
            raise TilingError(f"The column {column} of {name} holds what is no number.", hint="Write the tiles again.")
