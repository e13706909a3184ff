"""``e2evit tiles``: the table of tiles of a slide."""

import json
from pathlib import Path

import click

from e2evit_model.cli.flags import SLIDE, flags_of, json_flag
from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.grandqc.finding import find_tissue
from e2evit_model.inference.settings import (
    DEFAULT_TILE_MPP,
    DEFAULT_TILE_PX,
    DEFAULT_TISSUE,
    DEFAULT_TISSUE_FRACTION,
    AnalysisSettings,
)
from e2evit_model.slides.opening import open_slide
from e2evit_model.tiling.making import make_grid
from e2evit_model.tiling.orders import Order
from e2evit_model.tiling.tables import write_tiles
from e2evit_model.tissue.mask import Finding


@click.command("tiles")
@click.argument("slide", type=SLIDE)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The table to write: .csv or .parquet.")
@flags_of(AnalysisSettings, only=("mpp", "tissue", "tissue_fraction", "order", "tile_mpp"))
@click.option(
    "--tile-px",
    type=click.IntRange(14, 4096),
    default=DEFAULT_TILE_PX,
    show_default=True,
    help="Side of a tile in pixels.",
)
@json_flag
def command(slide: Path, out: Path, *, tile_px: int, as_json: bool, **chosen: object) -> None:
    """Find the tissue of SLIDE and write its tiles, in strip order, with level-0 coordinates."""
    settings = AnalysisSettings.from_record(chosen)
    with open_slide(slide, mpp=settings.mpp) as opened, progress_bars() as progress:
        mask = find_tissue(opened, method=settings.tissue or DEFAULT_TISSUE, progress=progress)
        grid = make_grid(
            opened.info,
            mask,
            tile_px=tile_px,
            mpp=settings.tile_mpp or DEFAULT_TILE_MPP,
            fraction=DEFAULT_TISSUE_FRACTION if settings.tissue_fraction is None else settings.tissue_fraction,
            order=settings.order or Order.ROW,
        )
    write_tiles(grid, out)
    area = mask.area_mm2(Finding.TISSUE)
    if as_json:
        record = {
            "tiles": len(grid),
            "tile_width_level0_px": grid.width,
            "mpp": grid.scale.mpp,
            "tissue_mm2": area,
            "tissue": mask.method,
            "order": grid.order,
            "fingerprint": grid.fingerprint(),
            "note": grid.scale.note,
        }
        click.echo(json.dumps(record, indent=2))
        return
    click.echo(f"{len(grid)} tiles of {tile_px} px at {grid.scale.mpp:.4g} um per pixel, in order: {grid.order}.")
    if area is not None:
        click.echo(f"{area:.1f} mm2 of tissue.")
    if grid.scale.note:
        click.echo(grid.scale.note)
    click.echo(f"Written to {out}.")
