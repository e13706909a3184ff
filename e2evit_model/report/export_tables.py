"""Tables of results for other programs: tiles, regions, embeddings, risks; no path and no file name in them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from e2evit_model.annotations.region import Region, area_mm2
from e2evit_model.errors import OptionError
from e2evit_model.explain.maps import OcclusionMap, RolloutMap
from e2evit_model.files import write_whole
from e2evit_model.inference.result import SlideResult
from e2evit_model.overlay.values import times_uniform
from e2evit_model.spreadsheet import safe_cell
from e2evit_model.tiling.regions import tiles_in_regions
from e2evit_model.tiling.tables import grid_table

ANNDATA_MISSING = "AnnData files need the package anndata, which is not installed."


def tile_table(
    result: SlideResult, *, rollout: RolloutMap | None = None, occlusion: OcclusionMap | None = None
) -> pd.DataFrame:
    """Return one row a tile in strip order: where it lies, tissue, attention (share, times uniform), slide, model, mpp.

    Rollout, occlusion and disagreement of the folds have a column each where they were computed.
    """
    table = grid_table(result.grid)
    table["attention"] = result.attention
    table["times_uniform"] = times_uniform(result.attention)
    if rollout is not None:
        table["rollout"] = rollout.shares
    if occlusion is not None:
        table["occlusion"] = occlusion.by_tile(occlusion.change)
        if occlusion.disagreement is not None:
            table["disagreement"] = occlusion.by_tile(occlusion.disagreement)
    return _with_origin(table, [result] * len(table))


def embedding_table(results: Sequence[SlideResult]) -> pd.DataFrame:
    """Return one row a slide: slide, model, mpp, number of tiles, embedding_0 ..."""
    table = pd.DataFrame(
        np.stack([result.embedding for result in results]),
        columns=pd.Index([f"embedding_{number}" for number in range(len(results[0].embedding))]),
    )
    table.insert(0, "n_tiles", [len(result.grid) for result in results])
    return _with_origin(table, results)


def table_of_risks(results: Sequence[SlideResult]) -> pd.DataFrame:
    """Return one row a slide: risk, its spread over the members, percentile, group, S at the end of each time bin; or why none."""
    rows = []
    for result in results:
        risk = result.risk
        row: dict[str, object] = {
            "risk": risk.risk if risk else None,
            "lowest_member": min(risk.member_risks) if risk else None,
            "highest_member": max(risk.member_risks) if risk else None,
            "percentile": risk.percentile if risk else None,
            "group": risk.group if risk else None,
            "why_no_risk": result.why_no_risk,
            "n_tiles": len(result.grid),
        }
        if risk is not None:
            for edge, value in zip(risk.bin_edges_days[1:], risk.survival.mean(axis=0), strict=True):
                row[f"S_{edge:.0f}_days" if np.isfinite(edge) else "S_end"] = float(value)
        rows.append(row)
    return _with_origin(pd.DataFrame(rows), results)


def region_table(regions: Sequence[Region], result: SlideResult | None, mpp: float | None) -> pd.DataFrame:
    """Return one row a region: kind, class, what it means for the strip, area, length, tiles and share of attention, note."""
    rows = []
    for region in regions:
        inside = tiles_in_regions(result.grid, region.polygons) if result is not None and region.is_area else None
        total = float(np.nansum(result.attention)) if result is not None else 0.0
        rows.append(
            {
                "region": region.key,
                "kind": str(region.shape),
                "class": safe_cell(region.class_name),
                "name": safe_cell(region.name),
                "strip": str(region.role),
                "area_mm2": area_mm2(region, mpp),
                "area_px": region.area_px if region.is_area else None,
                "length_um": region.length_px * mpp if mpp is not None else None,
                "points": len(region.points),
                "tiles": int(inside.sum()) if inside is not None else None,
                "attention": float(np.nansum(result.attention[inside])) / total
                if inside is not None and result is not None and total > 0
                else None,
                "note": safe_cell(region.note),
            }
        )
    return pd.DataFrame(rows)


def _with_origin(table: pd.DataFrame, results: Sequence[SlideResult]) -> pd.DataFrame:
    """Put slide (its fingerprint), model and resolution in front of every row."""
    table.insert(0, "mpp", [result.grid.scale.mpp for result in results])
    table.insert(0, "model_sha256", [result.model.weights_sha256 for result in results])
    table.insert(0, "slide", [result.info.fingerprint for result in results])
    return table


def write_frame(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV or Parquet, by the file name's ending, whole or not at all.

    Raises
    ------
    OptionError
        When it ends with neither.
    OutputError
        When it cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".parquet"):
        raise OptionError(f'A table cannot be written as "{ending or path.name}".', hint="Choose .csv or .parquet.")
    with write_whole(path) as temporary:
        if ending == ".csv":
            table.to_csv(temporary, index=False)
        else:
            table.to_parquet(temporary, index=False)


def write_anndata(results: Sequence[SlideResult], path: Path) -> None:
    """Write embeddings as AnnData (.h5ad): one observation a slide, risks beside them; needs the extra "anndata".

    Raises
    ------
    OptionError
        When anndata is not installed.
    OutputError
        When the file cannot be written.
    """
    try:
        import anndata
    except ImportError as error:
        raise OptionError(
            ANNDATA_MISSING, hint='Install it with "pip install e2evit-desktop[anndata]", or choose .parquet.'
        ) from error
    risks = table_of_risks(results)
    for name in ("group", "why_no_risk"):
        # plain text: anndata does not write pandas' own kind of strings
        risks[name] = risks[name].astype(object).where(risks[name].notna(), "").astype(object)
    risks.index = pd.Index([str(number) for number in range(len(risks))])
    names = pd.DataFrame(index=[f"embedding_{number}" for number in range(len(results[0].embedding))])
    data = anndata.AnnData(np.stack([result.embedding for result in results]), obs=risks, var=names)
    with write_whole(path) as temporary:
        data.write_h5ad(temporary)
