"""``e2evit extrapolate``: the check of the paper's premise on a region of one's own."""

import json
from pathlib import Path

import click

from e2evit_model.cli.flags import SLIDE, json_flag
from e2evit_model.cli.progress_bar import progress_bars
from e2evit_model.convert.settings import Device
from e2evit_model.files import output_folder
from e2evit_model.inference.settings import DEFAULT_TILE_MPP, ModelChoice
from e2evit_model.slides.opening import open_slide


class _Place(click.ParamType[tuple[int, int]]):
    name = "x,y"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Read two whole numbers."""
        try:
            x, y = (int(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f'"{value}" is not a place: write two whole numbers, like 12000,8000.', param, ctx)
        return x, y


@click.command("extrapolate")
@click.argument("slide", metavar="SLIDE|PICTURE", type=SLIDE)
@click.option("--model", required=True, help='A weight file, or the id of a backbone, like "dinov2-small".')
@click.option("--backbone", help="The backbone of a weight file, where the file does not say it by itself.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder for picture, table and record.")
@click.option(
    "--at",
    type=_Place(),
    metavar="X,Y",
    help="The middle of the region in level-0 pixels; where nothing is said, the place with most tissue.",
)
@click.option("--mpp", type=float, help="Micrometres per pixel of the slide, where the file does not say it.")
@click.option(
    "--device", type=click.Choice([str(device) for device in Device]), default=str(Device.AUTO), help="Where to run."
)
@json_flag
def command(
    slide: Path,
    *,
    model: str,
    backbone: str | None,
    out: Path,
    at: tuple[int, int] | None,
    mpp: float | None,
    device: str,
    as_json: bool,
) -> None:
    """Look at one region of SLIDE at 448, 672, 896 and 1120 px and compare where the model looks.

    The method rests on it that a vision transformer, given more than it was trained on, looks at the same things as before. This
    shows it for one region and one backbone, with its learned positions, with none, and with ALiBi.
    """
    output_folder(out)
    open_slide(slide, mpp=mpp).close()  # a file that is no slide is told before torch is imported

    from e2evit_model.explain.extrapolation import SIZES, extrapolate
    from e2evit_model.explain.region import read_square
    from e2evit_model.report.extrapolation_figure import KINDS_IN_WORDS, write_extrapolation_files

    with progress_bars() as progress:
        with open_slide(slide, mpp=mpp) as opened:
            region = read_square(opened, SIZES[-1], mpp=DEFAULT_TILE_MPP, at=at, progress=progress)
        found = extrapolate(
            region, ModelChoice(source=model, backbone=backbone), device=Device(device), progress=progress
        )
    paths = write_extrapolation_files(found, out)
    if as_json:
        click.echo(json.dumps(found.record, indent=2))
        return
    click.echo(f"{'rank correlation with 448 px':<30}{''.join(f'{size:>9}' for size in SIZES[1:])}{'control':>10}")
    for kind in found.kinds:
        numbers = "".join(f"{r:>9.2f}" for r in kind.with_smallest)
        click.echo(f"{KINDS_IN_WORDS[kind.positions]:<30}{numbers}{kind.control:>10.2f}")
    for path in paths:
        click.echo(f"Written to {path}.")
    click.echo("Research use only: not for diagnosis or treatment.")
