"""What lies on a slide and is no tissue: a stroke of a pen on the glass, dust, a hair."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from e2evit_model.demo.painting_fields import CELL_UM, Field, Window, enlarge, line, waves


class Pen(StrEnum):
    """The color of the pen mark."""

    NONE = "none"
    GREEN = "green"
    BLUE = "blue"


_INK = {Pen.GREEN: np.array([0.62, 0.2, 0.42]), Pen.BLUE: np.array([0.72, 0.5, 0.12])}
"""Optical density of full ink in R, G, B."""

_DIRT = np.array([0.75, 0.8, 0.9])
"""Optical density of dust, a little brown."""


def pen_stroke(width_um: float, height_um: float, random: np.random.Generator) -> Field:
    """Draw a hand's arc of a felt pen at the upper right of a slide, 0..1 on cells of ``CELL_UM``."""
    rows, columns = int(np.ceil(height_um / CELL_UM)), int(np.ceil(width_um / CELL_UM))
    count = 1500
    way = np.linspace(0, 1, count)
    x = columns * (0.80 + 0.155 * np.sin(np.pi * (0.1 + 0.75 * way)) + 0.004 * line(random, count, 260))
    y = rows * (0.035 + 0.52 * way**1.1 + 0.006 * line(random, count, 260))
    far = np.ones((rows, columns), bool)
    far[np.clip(y.astype(int), 0, rows - 1), np.clip(x.astype(int), 0, columns - 1)] = False
    distance = ndimage.distance_transform_edt(far)
    half = 0.013 * rows + 4 + 1.2 * waves(random, (rows, columns), 60)
    body = np.clip((half - distance) / 2.2 + 0.5, 0, 1)
    # ink gathers at the border of a stroke, and streaks lie along it
    border = np.exp(-(((half - distance - 2) / 2.5) ** 2))
    streaks = 0.07 * np.sin(distance * 1.6 + 3 * waves(random, far.shape, 45)) * waves(random, far.shape, 30)
    ink = 0.66 + 0.3 * border + streaks + 0.07 * waves(random, far.shape, 12)
    return np.asarray(body * np.clip(ink, 0, 1.2), dtype=np.float32)


def dust(width_um: float, height_um: float, random: np.random.Generator) -> Field:
    """Scatter specks of dust and one hair, optical density on cells of ``CELL_UM``; most lies out of focus."""
    rows, columns = int(np.ceil(height_um / CELL_UM)), int(np.ceil(width_um / CELL_UM))
    dirt = np.zeros((rows, columns), np.float32)
    for _ in range(max(6, int(width_um * height_um / 5e5))):
        x, y = random.uniform(0.01, 0.99) * columns, random.uniform(0.01, 0.99) * rows
        radius, turn = random.uniform(1.2, 4.5), random.uniform(0, np.pi)
        reach = int(3 * radius) + 3
        top, left = max(0, int(y) - reach), max(0, int(x) - reach)
        dy, dx = np.mgrid[top : min(rows, int(y) + reach), left : min(columns, int(x) + reach)].astype(np.float32)
        dy, dx = dy - y, dx - x
        angle = np.arctan2(dy, dx)
        outline = radius * (
            1 + 0.25 * np.cos(2 * (angle - turn)) + 0.1 * np.cos(3 * angle + turn) + 0.06 * np.cos(7 * angle)
        )
        speck = random.uniform(0.25, 0.75) * np.clip((outline - np.hypot(dx, dy)) / random.uniform(0.8, 4) + 0.5, 0, 1)
        there = dirt[top : top + speck.shape[0], left : left + speck.shape[1]]
        np.maximum(there, speck, out=there, casting="same_kind")
    return np.maximum(dirt, _hair(rows, columns, random))


def _hair(rows: int, columns: int, random: np.random.Generator) -> Field:
    count = 1200
    size = min(rows, columns)
    turn = np.cumsum(line(random, count, 300)) * 0.004 + random.uniform(2.7, 3.2)
    x = 0.2 * columns + np.cumsum(np.cos(turn)) * size * 0.12 / count
    y = 0.95 * rows + np.cumsum(np.sin(turn)) * size * 0.12 / count
    drawn = np.zeros((rows, columns), np.float32)
    column, row = np.clip(x, 0, columns - 1).astype(int), np.clip(y, 0, rows - 1).astype(int)
    drawn[row, column] = 1
    thin = ndimage.gaussian_filter(drawn, 0.9)
    sharp = np.clip(1.6 * thin / max(float(thin.max()), 1e-6), 0, 1)
    return np.asarray(0.75 * sharp, dtype=np.float32)


def cover_marks(pixels: NDArray[np.uint8], window: Window, pen: Pen, stroke: Field, dirt: Field) -> None:
    """Darken the pixels of a window (h, w, 3) by ink and dust that lie on it."""
    for field, color in ((stroke, _INK.get(pen)), (dirt, _DIRT)):
        if color is None:
            continue
        amount = enlarge(field, window, smooth=True)
        covered = amount > 0.01
        if not covered.any():
            continue
        through = 10.0 ** (-amount[covered][:, None] * color[None])
        pixels[covered] = np.clip(pixels[covered] * through, 4, 251).astype(np.uint8)
