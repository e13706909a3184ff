"""The files of one slide's analysis: record, embedding, attention and pictures; each whole or not at all."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from e2evit_model.errors import OutputError
from e2evit_model.files import output_folder, write_whole
from e2evit_model.inference.result import SlideResult
from e2evit_model.progress import Progress, silent
from e2evit_model.report.overlay_figure import overlay_figure
from e2evit_model.report.strip_figure import strip_figure
from e2evit_model.report.tissue_figure import tissue_figure
from e2evit_model.slides.protocol import Slide

FILES = ("result.json", "embedding.csv", "attention.csv", "overlay.png", "tissue.png", "strip.png")


def write_slide_files(
    slide: Slide, result: SlideResult, folder: Path, *, progress: Progress = silent
) -> tuple[Path, ...]:
    """Write every file of an analysis into ``folder`` and return their paths in the order of :data:`FILES`.

    ``result.json`` is the provenance record with the risk, written last: where it stands, the others are complete.

    Raises
    ------
    OutputError
        When the folder cannot be written, or the disk is full.
    """
    output_folder(folder)
    tasks: tuple[tuple[str, Callable[[Path], None]], ...] = (
        ("embedding.csv", lambda path: _write_embedding(result, path)),
        ("attention.csv", lambda path: _write_attention(result, path)),
        ("overlay.png", lambda path: overlay_figure(slide, result, path)),
        ("tissue.png", lambda path: tissue_figure(slide, result.mask, path)),
        ("strip.png", lambda path: strip_figure(slide, result.grid, path, seen=result.seen)),
        ("result.json", lambda path: _write_record(result, path)),
    )
    # a record of an earlier run must not stand beside the files of this one
    _remove(folder / "result.json")
    for done, (name, write) in enumerate(tasks):
        progress("Writing the results", done, len(tasks))
        write(folder / name)
    progress("Writing the results", len(tasks), len(tasks))
    return tuple(folder / name for name in FILES)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"The old {path.name} could not be replaced.", hint="Choose another folder.") from error


def _write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with write_whole(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _write_embedding(result: SlideResult, path: Path) -> None:
    header = ["slide", "model_sha256", "mpp", "n_tiles", *(f"embedding_{i}" for i in range(len(result.embedding)))]
    identity = [result.info.fingerprint, result.model.weights_sha256, result.grid.scale.mpp, len(result.grid)]
    _write_table(path, header, [[*identity, *(f"{value:.8g}" for value in result.embedding)]])


def _write_attention(result: SlideResult, path: Path) -> None:
    grid = result.grid
    rows = (
        (tile, int(x), int(y), f"{grid.width:.10g}", f"{value:.8g}")
        for tile, (x, y, value) in enumerate(zip(grid.x, grid.y, result.attention, strict=True))
    )
    _write_table(path, ("tile", "x", "y", "width", "attention"), rows)


def _write_record(result: SlideResult, path: Path) -> None:
    with write_whole(path) as temporary:
        temporary.write_text(json.dumps(result.record, indent=2, allow_nan=False) + "\n", encoding="utf-8")
