"""A ``SlideResult`` on disk and back, bit by bit: ``result.json``, ``tiles.parquet`` and ``mask.parquet`` in one folder."""

import hashlib
import json
import logging
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

from e2evit_model.errors import ProjectError
from e2evit_model.files import explain_write_error
from e2evit_model.inference.result import ModelSummary, SlideResult
from e2evit_model.project.entries import ResultEntry
from e2evit_model.project.paths import ProjectFolder, StoredResult
from e2evit_model.runs.records import RecordFault, from_record, read_json, refuse_newer, to_record, write_json
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.slides.scale import Scale
from e2evit_model.survival.prediction import SurvivalPrediction
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tissue.mask import TissueMask

log = logging.getLogger(__name__)

N = TypeVar("N", int, float)

SCHEMA_VERSION = 1
_AGAIN = "Analyze the slide again."
_PLAIN = ("column", "row", "x", "y", "tissue")


@dataclass(frozen=True, kw_only=True)
class _Tiles:
    """What ``tiles.parquet`` does not say by its columns."""

    width: float
    tile_px: int
    order: str
    scale: Scale
    layers_shape: tuple[int, ...]
    seen_shape: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class _Mask:
    """What ``mask.parquet`` does not say by its columns."""

    downsample: float
    mpp: float | None
    method: str
    width: int


@dataclass(frozen=True, kw_only=True)
class _Risk:
    """A prediction; the last edge of the bins, infinity, is left out."""

    risk: float
    member_risks: tuple[float, ...]
    survival: tuple[tuple[float, ...], ...]
    finite_edges_days: tuple[float, ...]
    percentile: float | None
    group: str | None
    votes: tuple[int, ...] | None = None
    cohort_range: tuple[float, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class _Stored:
    """``result.json``."""

    schema_version: int
    entry: ResultEntry
    info: SlideInfo
    tiles: _Tiles
    mask: _Mask
    model: ModelSummary
    embedding: tuple[float, ...]
    risk: _Risk | None
    why_no_risk: str
    notices: tuple[str, ...]
    seconds: Mapping[str, float]
    device: str
    record: Mapping[str, Any] = field(default_factory=dict)


def model_key(result: SlideResult) -> str:
    """Return what results must have in common to be compared: weights, conversion, and how the tiles were laid (hex)."""
    grid, model = result.grid, result.model
    said = [
        model.name,
        model.weights_sha256,
        dict(model.conversion),
        grid.tile_px,
        grid.order,
        round(grid.scale.mpp, 2),
    ]
    return hashlib.sha256(json.dumps(to_record(said), sort_keys=True, default=str).encode()).hexdigest()[:16]


def write_result(folder: ProjectFolder, slide_id: str, result: SlideResult) -> ResultEntry:
    """Write a result whole or not at all, and return its entry for the project; may be called from any process.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    entry = _entry(slide_id, result)
    place = folder.result(entry.id)
    half = StoredResult(place.path.with_name(f".{place.path.name}"))
    try:
        half.path.mkdir(parents=True)
        _write_tiles(result, half.tiles)
        _write_mask(result.mask, half.mask)
        write_json(half.record, _stored(entry, result))
        half.path.rename(place.path)
    except OSError as error:
        raise explain_write_error(error, place.record) from error
    finally:
        shutil.rmtree(half.path, ignore_errors=True)
    return entry


def read_result(folder: ProjectFolder, result_id: str) -> SlideResult:
    """Read a result back, equal in every bit to what was written.

    Raises
    ------
    ProjectError
        When its files are missing, damaged, or of a newer version.
    """
    place = folder.result(result_id)
    stored = _read_stored(place)
    try:
        grid, arrays = _read_tiles(place.tiles, stored.tiles)
        mask = _read_mask(place.mask, stored.mask)
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        log.debug("a stored result cannot be read", exc_info=error)
        raise ProjectError("A stored result of this slide is damaged.", hint=_AGAIN) from error
    return SlideResult(
        info=stored.info,
        mask=mask,
        grid=grid,
        model=stored.model,
        embedding=np.array(stored.embedding, np.float32),
        **arrays,
        risk=_prediction(stored.risk),
        why_no_risk=stored.why_no_risk,
        notices=stored.notices,
        seconds=stored.seconds,
        device=stored.device,
        record=stored.record,
    )


def read_embedding(folder: ProjectFolder, result_id: str) -> NDArray[np.float32]:
    """Read the embedding (C,) of a result alone.

    Raises
    ------
    ProjectError
        As :func:`read_result`.
    """
    return np.array(_read_stored(folder.result(result_id)).embedding, np.float32)


def read_attention(folder: ProjectFolder, result_id: str) -> tuple[TileGrid, NDArray[np.float32]]:
    """Read the tiles (N) of a result and their attention (N,) alone.

    Raises
    ------
    ProjectError
        As :func:`read_result`.
    """
    place = folder.result(result_id)
    stored = _read_stored(place)
    try:
        table = pa.parquet.read_table(place.tiles, columns=[*_PLAIN, "attention"])
        return _grid(table, stored.tiles), table["attention"].to_numpy().astype(np.float32)
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise ProjectError("A stored result of this slide is damaged.", hint=_AGAIN) from error


def _entry(slide_id: str, result: SlideResult) -> ResultEntry:
    risk = result.risk
    key = model_key(result)
    return ResultEntry(
        id=f"{slide_id[:12]}-{key[:8]}-{secrets.token_hex(4)}",
        slide=slide_id,
        model=result.model.name,
        model_key=key,
        backbone=result.model.backbone,
        risk=None if risk is None else risk.risk,
        percentile=None if risk is None else risk.percentile,
        group=None if risk is None else risk.group,
        tiles=len(result.grid),
        tissue_mm2=result.mask.area_mm2(),
        seconds=float(sum(result.seconds.values())),
        created=datetime.now(UTC).isoformat(timespec="milliseconds"),
    )


def _stored(entry: ResultEntry, result: SlideResult) -> _Stored:
    grid, mask, risk = result.grid, result.mask, result.risk
    layers, heads, _ = result.layers.shape
    return _Stored(
        schema_version=SCHEMA_VERSION,
        entry=entry,
        info=result.info,
        tiles=_Tiles(
            width=grid.width,
            tile_px=grid.tile_px,
            order=grid.order,
            scale=grid.scale,
            layers_shape=(layers, heads),
            seen_shape=tuple(result.seen.shape[1:]),
        ),
        mask=_Mask(downsample=mask.downsample, mpp=mask.mpp, method=mask.method, width=int(mask.findings.shape[1])),
        model=result.model,
        embedding=tuple(float(value) for value in result.embedding),
        risk=None
        if risk is None
        else _Risk(
            risk=risk.risk,
            member_risks=risk.member_risks,
            survival=tuple(tuple(float(value) for value in curve) for curve in risk.survival),
            finite_edges_days=risk.bin_edges_days[:-1],
            percentile=risk.percentile,
            group=risk.group,
            votes=risk.votes,
            cohort_range=risk.cohort_range,
        ),
        why_no_risk=result.why_no_risk,
        notices=result.notices,
        seconds=result.seconds,
        device=result.device,
        record=result.record,
    )


def _prediction(risk: _Risk | None) -> SurvivalPrediction | None:
    if risk is None:
        return None
    return SurvivalPrediction(
        risk=risk.risk,
        member_risks=risk.member_risks,
        survival=np.array(risk.survival, np.float64),
        bin_edges_days=(*risk.finite_edges_days, float("inf")),
        percentile=risk.percentile,
        group=risk.group,
        votes=_pair(risk.votes),
        cohort_range=_pair(risk.cohort_range),
    )


def _pair(values: tuple[N, ...] | None) -> tuple[N, N] | None:
    return (values[0], values[1]) if values is not None and len(values) == 2 else None


def _read_stored(place: StoredResult) -> _Stored:
    record = read_json(place.record, ProjectError, hint=_AGAIN)
    newest = "Install the newest version of E2E-ViT Desktop, or analyze the slide again."
    refuse_newer(record, SCHEMA_VERSION, ProjectError, made="A result of this slide was made", hint=newest)
    try:
        return from_record(_Stored, record)
    except RecordFault as fault:
        raise ProjectError(f"{place.record.name} {fault}.", hint=_AGAIN) from fault


def _rows(array: NDArray[Any]) -> pa.Array:
    """Return an array (N, ...) as N binary values of equal length."""
    flat = np.ascontiguousarray(array).reshape(len(array), -1).view(np.uint8).reshape(len(array), -1)
    kind = pa.binary(flat.shape[1])
    return pa.Array.from_buffers(kind, len(flat), [None, pa.py_buffer(flat.tobytes())])


def _from_rows(column: pa.ChunkedArray, dtype: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    data = b"".join(column.to_pylist())
    return np.frombuffer(data, dtype).reshape(len(column), *shape).copy()


def _write_tiles(result: SlideResult, path: Path) -> None:
    grid = result.grid
    columns = {name: getattr(grid, name) for name in _PLAIN} | {"attention": result.attention}
    columns |= {"layers": _rows(np.moveaxis(result.layers, 2, 0)), "seen": _rows(result.seen)}
    pa.parquet.write_table(pa.table(columns), path, compression="zstd")


def _grid(table: pa.Table, said: _Tiles) -> TileGrid:
    kinds = {"column": np.int32, "row": np.int32, "x": np.int64, "y": np.int64, "tissue": np.float32}
    plain = {name: table[name].to_numpy().astype(kind) for name, kind in kinds.items()}
    return TileGrid(**plain, width=said.width, tile_px=said.tile_px, order=said.order, scale=said.scale)


def _read_tiles(path: Path, said: _Tiles) -> tuple[TileGrid, dict[str, Any]]:
    table = pa.parquet.read_table(path)
    layers = _from_rows(table["layers"], np.float16, said.layers_shape)
    return _grid(table, said), {
        "attention": table["attention"].to_numpy().astype(np.float32),
        "layers": np.ascontiguousarray(np.moveaxis(layers, 0, 2)),
        "seen": _from_rows(table["seen"], np.uint8, said.seen_shape),
    }


def _write_mask(mask: TissueMask, path: Path) -> None:
    pa.parquet.write_table(pa.table({"findings": _rows(mask.findings)}), path, compression="zstd")


def _read_mask(path: Path, said: _Mask) -> TissueMask:
    findings = _from_rows(pa.parquet.read_table(path)["findings"], np.uint8, (said.width,))
    return TissueMask(findings=findings, downsample=said.downsample, mpp=said.mpp, method=said.method)
