"""The four-resolution check as a picture, a table and a record: maps of every size by kind of position, and how well they agree."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from e2evit_model.convert.settings import Positions
from e2evit_model.explain.extrapolation import SIZES, Extrapolation, KindOfPosition
from e2evit_model.files import output_folder, write_whole
from e2evit_model.report.run_canvas import INK, PAPER, SOFT, drawing
from e2evit_model.runs.records import write_json

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FILES = ("extrapolation.png", "extrapolation.csv", "extrapolation.json")
KINDS_IN_WORDS = {
    Positions.LEARNED: "learned positions",
    Positions.NONE: "no positions",
    Positions.ALIBI: "ALiBi, row by row",
    Positions.ALIBI_2D: "ALiBi, on the plane",
}
_DPI = 150
_CELL_IN, _GAP_IN, _LEFT_IN, _TOP_IN, _RIGHT_IN, _BELOW_IN = 1.45, 0.12, 1.55, 0.45, 1.6, 0.75
_CAPTION = (
    "CLS attention, last layer, mean over heads, by rank. The white square is the area that all four share. r: rank correlation "
    "with 448 px in it;\ncontrol: that of the 448 px map with another part of the largest square. Research use only."
)


def write_extrapolation_files(found: Extrapolation, folder: Path) -> tuple[Path, ...]:
    """Write picture, table and record into a folder; return the files.

    Raises
    ------
    OutputError
        When one cannot be written.
    """
    paths = tuple(output_folder(folder) / name for name in FILES)
    with write_whole(paths[0]) as temporary:
        _figure(found).savefig(temporary, format="png", dpi=_DPI, metadata={"Software": "E2E-ViT Desktop"})
    with write_whole(paths[1]) as temporary:
        temporary.write_text(_table(found), encoding="utf-8")
    write_json(paths[2], found.record)
    return paths


def _table(found: Extrapolation) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["positions", *(f"r_{size}_with_{SIZES[0]}" for size in SIZES[1:]), "mean_of_all_pairs", "control"])
    for kind in found.kinds:
        numbers = (*kind.with_smallest, kind.every_pair, kind.control)
        writer.writerow([str(kind.positions), *(f"{number:.4f}" for number in numbers)])
    return written.getvalue()


def _figure(found: Extrapolation) -> "Figure":
    from matplotlib.figure import Figure

    columns, rows = len(SIZES), len(found.kinds) + 1
    width = _LEFT_IN + columns * _CELL_IN + (columns - 1) * _GAP_IN + _RIGHT_IN
    height = _TOP_IN + rows * _CELL_IN + (rows - 1) * _GAP_IN + _BELOW_IN
    with drawing():
        figure = Figure(figsize=(width, height), facecolor=PAPER)
        for column, size in enumerate(SIZES):
            x = _LEFT_IN + column * (_CELL_IN + _GAP_IN)
            pixels = _middle(found.region.pixels, size)
            _cell(figure, (x, height - _TOP_IN - _CELL_IN), pixels, size)
            figure.text((x + _CELL_IN / 2) / width, 1 - 0.28 / height, f"{size} px", ha="center", color=INK)
        figure.text(
            (_LEFT_IN - 0.12) / width, 1 - (_TOP_IN + _CELL_IN / 2) / height, "the region", ha="right", va="center"
        )
        for row, kind in enumerate(found.kinds, start=1):
            bottom = height - _TOP_IN - row * (_CELL_IN + _GAP_IN) - _CELL_IN
            for column, (size, one) in enumerate(zip(SIZES, kind.maps, strict=True)):
                _cell(figure, (_LEFT_IN + column * (_CELL_IN + _GAP_IN), bottom), _by_rank(one), size)
            middle = (bottom + _CELL_IN / 2) / height
            figure.text((_LEFT_IN - 0.12) / width, middle, KINDS_IN_WORDS[kind.positions], ha="right", va="center")
            figure.text(1 - (_RIGHT_IN - 0.12) / width, middle, _agreement(kind), va="center", linespacing=1.5)
        figure.text(0.12 / width, 0.12 / height, _CAPTION, color=SOFT, fontsize=8, linespacing=1.4)
    return figure


def _cell(figure: "Figure", corner_in: tuple[float, float], picture: NDArray[Any], size: int) -> None:
    from matplotlib.patches import Rectangle

    width, height = figure.get_size_inches()
    axes = figure.add_axes((corner_in[0] / width, corner_in[1] / height, _CELL_IN / width, _CELL_IN / height))
    axes.imshow(picture, cmap="viridis", interpolation="nearest")
    axes.set_axis_off()
    side = picture.shape[0]
    shared = side * SIZES[0] / size
    begin = (side - shared) / 2 - 0.5
    axes.add_patch(Rectangle((begin, begin), shared, shared, fill=False, edgecolor="white", linewidth=1.2))


def _agreement(kind: KindOfPosition) -> str:
    lines = [f"r {size}: {r:.2f}" for size, r in zip(SIZES[1:], kind.with_smallest, strict=True)]
    return "\n".join([*lines, f"control: {kind.control:.2f}"])


def _by_rank(values: NDArray[np.float32]) -> NDArray[np.float64]:
    return values.ravel().argsort().argsort().reshape(values.shape) / max(values.size - 1, 1)


def _middle(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    begin = (len(pixels) - size) // 2
    return pixels[begin : begin + size, begin : begin + size]
