"""Paint a slide that looks like H&E: bowel wall with a tumor, as pixels or as a pyramidal TIFF file.

Nothing in it is of a patient: every nucleus is drawn. ``painting_anatomy`` lays the section out, ``painting_section`` and
``painting_nuclei`` fill two planes of stain, ``painting_stain`` colors them, ``painting_marks`` adds pen and dust.
"""

import logging
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from e2evit_model.demo.painting_anatomy import Anatomy, lay_out
from e2evit_model.demo.painting_cells import Cells, epithelial_cells, lumen_points, stromal_cells, vessel_cells
from e2evit_model.demo.painting_fields import CELL_UM, Field, Window
from e2evit_model.demo.painting_marks import Pen, cover_marks, dust, pen_stroke
from e2evit_model.demo.painting_nuclei import (
    COLUMNAR,
    DEBRIS,
    DIRECTIONS,
    ENDOTHELIUM,
    LYMPHOCYTE,
    MUSCLE,
    PLASMA,
    PLUMP,
    SPINDLE,
    Kind,
    Plane,
    make_bank,
    press,
    red_cells,
    tumor_kind,
    vacuoles,
)
from e2evit_model.demo.painting_section import BLOCK_PX, fat_cells, make_textures, section_block, tissue_looks
from e2evit_model.demo.painting_stain import stain, stain_table
from e2evit_model.files import write_whole
from e2evit_model.options import Options, option
from e2evit_model.progress import Progress, silent

logger = logging.getLogger(__name__)

JPEG_QUALITY = 85
TILE_PX = 256
LEVEL_STEP = 4


@dataclass(frozen=True, kw_only=True)
class Painting(Options):
    """What is painted; equal settings give equal pixels."""

    width_px: int = option(8000, label="Width", unit="px", minimum=600, maximum=40000, help="Width of the picture.")
    height_px: int = option(6000, label="Height", unit="px", minimum=600, maximum=40000, help="Height of the picture.")
    mpp: float = option(0.5, label="Resolution", unit="um/px", minimum=0.2, maximum=4, help="Micrometres per pixel.")
    seed: int = option(7, label="Seed", minimum=0, help="Another number paints another slide.")
    nuclear_grade: float = option(
        0.55,
        label="Nuclear grade",
        minimum=0,
        maximum=1,
        help="How large, dark and different from each other the tumor's nuclei are, and how irregular its glands.",
    )
    lymphocytes: float = option(
        0.5,
        label="Lymphocytes",
        minimum=0,
        maximum=1,
        help="How many lymphocytes lie under the mucosa and in the tumor.",
    )
    hematoxylin: float = option(1.0, label="Hematoxylin", minimum=0.3, maximum=2, help="Strength of the blue stain.")
    eosin: float = option(1.0, label="Eosin", minimum=0.3, maximum=2, help="Strength of the pink stain.")
    pen: Pen = option(Pen.GREEN, label="Pen mark", help="Color of the pen mark on the glass.")
    dust: bool = option(True, label="Dust", help="Whether dust and a hair lie on the glass.")


def paint_image(painting: Painting, *, progress: Progress = silent) -> NDArray[np.uint8]:
    """Paint the finest level: (height, width, 3) uint8 RGB."""
    layout, texture, cells, marks, noise = (
        np.random.default_rng(s) for s in np.random.SeedSequence(painting.seed).spawn(5)
    )
    width_um, height_um = painting.width_px * painting.mpp, painting.height_px * painting.mpp
    anatomy = lay_out(
        width_um, height_um, grade=painting.nuclear_grade, lymphocytes=painting.lymphocytes, random=layout
    )
    hematoxylin, eosin = _paint_planes(painting, anatomy, texture, cells, progress)
    stroke = pen_stroke(width_um, height_um, marks)
    dirt = dust(width_um, height_um, marks) * np.float32(painting.dust)
    table = stain_table(painting.hematoxylin, painting.eosin)
    camera = np.clip(np.round(noise.normal(0, 1.1, (BLOCK_PX, BLOCK_PX, 3))), -4, 4).astype(np.int8).view(np.uint8)
    pixels = np.empty((painting.height_px, painting.width_px, 3), np.uint8)
    for window in _windows(painting):
        place = np.s_[window.y : window.y + window.height, window.x : window.x + window.width]
        block = stain(hematoxylin[place], eosin[place], table)
        cover_marks(block, window, painting.pen, stroke, dirt)
        block += camera[: window.height, : window.width]
        pixels[place] = block
    return pixels


def paint_slide(path: Path, painting: Painting | None = None, *, progress: Progress = silent) -> None:
    """Paint a slide into a tiled, pyramidal TIFF file (JPEG) with its resolution, as OpenSlide opens it; whole or not at all.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    chosen = Painting() if painting is None else painting
    write_pyramid(path, paint_image(chosen, progress=progress), chosen.mpp)


def write_pyramid(path: Path, pixels: NDArray[np.uint8], mpp: float) -> None:
    """Write RGB pixels (h, w, 3) uint8 of ``mpp`` um as a pyramid, each level a quarter as wide as the one before.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    per_cm = 1e4 / mpp
    with write_whole(path) as temporary, tifffile.TiffWriter(temporary) as writer:
        level, step = pixels, 1
        while True:
            writer.write(
                level,
                tile=(TILE_PX, TILE_PX),
                photometric="rgb",
                compression="jpeg",
                compressionargs={"level": JPEG_QUALITY},
                subfiletype=1 if step > 1 else 0,
                resolution=(per_cm / step, per_cm / step),
                resolutionunit="CENTIMETER",
                metadata=None,
                software="E2E-ViT Desktop",
            )
            if max(level.shape) <= 1024:
                break
            level = np.asarray(Image.fromarray(level).reduce(LEVEL_STEP))
            step *= LEVEL_STEP


def _windows(painting: Painting) -> list[Window]:
    corners = product(range(0, painting.height_px, BLOCK_PX), range(0, painting.width_px, BLOCK_PX))
    return [
        Window(
            x=x,
            y=y,
            width=min(BLOCK_PX, painting.width_px - x),
            height=min(BLOCK_PX, painting.height_px - y),
            mpp=painting.mpp,
        )
        for y, x in corners
    ]


def _paint_planes(
    painting: Painting,
    anatomy: Anatomy,
    texture: np.random.Generator,
    chance: np.random.Generator,
    progress: Progress,
) -> tuple[Plane, Plane]:
    """Return the planes of hematoxylin and eosin of the whole section, (height, width) uint8 each."""
    looks = tissue_looks(anatomy, texture)
    fat = fat_cells(anatomy, texture)
    textures = make_textures()
    shape = (painting.height_px, painting.width_px)
    hematoxylin, eosin = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    windows = _windows(painting)
    for number, window in enumerate(windows):
        progress("Painting a slide", number, len(windows))
        cells = window.mpp / CELL_UM
        top, left = int(window.y * cells), int(window.x * cells)
        bottom, right = int((window.y + window.height) * cells) + 2, int((window.x + window.width) * cells) + 2
        if float(anatomy.tissue[top:bottom, left:right].max()) < -6:
            continue
        place = np.s_[window.y : window.y + window.height, window.x : window.x + window.width]
        hematoxylin[place], eosin[place] = section_block(window, anatomy, looks, fat, textures)
    _press_cells(painting, anatomy, looks.flow, fat, planes=(hematoxylin, eosin), chance=chance)
    progress("Painting a slide", len(windows), len(windows))
    return hematoxylin, eosin


def _press_cells(
    painting: Painting,
    anatomy: Anatomy,
    flow: Field,
    fat: Plane,
    *,
    planes: tuple[Plane, Plane],
    chance: np.random.Generator,
) -> None:
    """Press every cell into the planes: mucus first, nuclei over it, red cells last."""
    (hematoxylin, eosin), mpp, grade = planes, painting.mpp, painting.nuclear_grade
    drops, debris = lumen_points(anatomy, chance)
    holes = vacuoles(mpp)
    pressed = [holes[n] for n in chance.integers(len(holes), size=len(drops))]
    press(eosin, pressed, drops / mpp, np.minimum)
    press(hematoxylin, pressed, drops / mpp, np.minimum)
    normal, tumor = epithelial_cells(anatomy, grade, chance)
    stroma = stromal_cells(anatomy, flow, fat, grade, chance)
    endothelium, blood = vessel_cells(anatomy, chance)
    anyhow = Cells(points=debris, direction=chance.uniform(0, np.pi, len(debris)))
    kinds: list[tuple[Kind, Cells]] = [
        (SPINDLE, stroma["spindle"]),
        (PLUMP, stroma["plump"]),
        (MUSCLE, stroma["muscle"]),
        (LYMPHOCYTE, stroma["lymphocyte"]),
        (PLASMA, stroma["plasma"]),
        (ENDOTHELIUM, endothelium),
        (COLUMNAR, normal),
        (tumor_kind(grade), tumor),
        (DEBRIS, anyhow),
    ]
    for kind, cells in kinds:
        bank = make_bank(kind, mpp)
        turn = np.round(cells.direction / np.pi * DIRECTIONS).astype(int) % DIRECTIONS
        shape = chance.integers(kind.shapes, size=len(turn))
        chosen = list(zip(shape.tolist(), turn.tolist(), strict=True))
        press(hematoxylin, [bank.hematoxylin[s][t] for s, t in chosen], cells.points / mpp, np.maximum)
        press(eosin, [bank.eosin[s][t] for s, t in chosen], cells.points / mpp, np.minimum)
        logger.debug("%d nuclei of %.3g um", len(turn), kind.length_um)
    discs = red_cells(mpp)
    press(eosin, [discs[n] for n in chance.integers(len(discs), size=len(blood))], blood / mpp, np.maximum)
