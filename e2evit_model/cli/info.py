"""``e2evit info``: what a slide file is."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from e2evit_model.cli.flags import SLIDE, json_flag
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.units import objective_of


@click.command("info")
@click.argument("slide", type=SLIDE)
@click.option("--mpp", type=float, help="Micrometres per pixel, where the file does not say it or says it wrongly.")
@json_flag
def command(slide: Path, mpp: float | None, *, as_json: bool) -> None:
    """Say what SLIDE is: format, size, resolution and where it is from, pyramid, scanner."""
    with open_slide(slide, mpp=mpp) as opened:
        info = opened.info
    if as_json:
        click.echo(json.dumps(asdict(info), indent=2))
        return
    for name, value in _lines(info):
        click.echo(f"{name:<12} {value}")


def _lines(info: SlideInfo) -> list[tuple[str, str]]:
    if info.mpp is None:
        resolution = "unknown (give it with --mpp)"
        size = f"{info.width} x {info.height} px"
    else:
        resolution = f"{info.mpp:.4g} um per pixel, about {objective_of(info.mpp):.3g}x (from: {info.mpp_source})"
        size = f"{info.width} x {info.height} px, {info.width * info.mpp / 1000:.1f} x {info.height * info.mpp / 1000:.1f} mm"
    lines = [
        ("Format", f"{info.format}, read by {info.reader}"),
        ("Size", size),
        ("Resolution", resolution),
        ("Objective", f"{info.objective:g}x, as the scanner says" if info.objective else "not stated"),
        ("Scanner", info.scanner or "not stated"),
    ]
    for number, level in enumerate(info.levels):
        lines.append((f"Level {number}", f"{level.width} x {level.height} px, 1 : {level.downsample:.4g}"))
    return lines + [("Note", note) for note in info.notes]
