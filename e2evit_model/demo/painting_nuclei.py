"""Nuclei, red cells and vacuoles: banks of small pictures, and where each is pressed into the planes of a section."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from e2evit_model.demo.painting_stain import EOSIN_UNIT, HEMATOXYLIN_UNIT

Plane = NDArray[np.uint8]
Press = Callable[..., object]

BANK_SEED = 1

DIRECTIONS = 24
"""Directions in half a turn in which each shape of a bank is drawn."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What nuclei of one kind look like: sizes in um with their spread, the hematoxylin they hold, how clumped it is.

    ``uneven`` bends the outline; ``nucleolus`` is the share of nuclei that show one; ``pale`` empties the middle (vesicular).
    """

    length_um: float
    width_um: float
    spread: float
    density: float
    clumped: float
    uneven: float = 0.05
    nucleolus: float = 0.0
    pale: float = 0.3
    shapes: int = 6


COLUMNAR = Kind(length_um=10.5, width_um=5.2, spread=0.1, density=0.62, clumped=0.10)
SPINDLE = Kind(length_um=15, width_um=3.0, spread=0.2, density=0.62, clumped=0.08, uneven=0.1)
PLUMP = Kind(length_um=13, width_um=4.6, spread=0.2, density=0.5, clumped=0.1, uneven=0.1, nucleolus=0.3, pale=0.4)
MUSCLE = Kind(length_um=19, width_um=2.8, spread=0.2, density=0.55, clumped=0.08, uneven=0.06)
LYMPHOCYTE = Kind(length_um=6.6, width_um=6.1, spread=0.09, density=0.72, clumped=0.14, pale=0.15)
PLASMA = Kind(length_um=7.4, width_um=6.2, spread=0.1, density=0.66, clumped=0.16, pale=0.2)
ENDOTHELIUM = Kind(length_um=10, width_um=2.4, spread=0.2, density=0.7, clumped=0.06)
DEBRIS = Kind(length_um=2.8, width_um=2.2, spread=0.4, density=0.95, clumped=0.05, uneven=0.05, pale=0.0)


def tumor_kind(grade: float) -> Kind:
    """Return the tumor's nuclei: a higher grade makes them larger, rounder, more different from each other and darker."""
    return Kind(
        length_um=10.5 + 3.5 * grade,
        width_um=5.6 + 4.0 * grade,
        spread=0.08 + 0.2 * grade,
        density=0.47 + 0.2 * grade,
        clumped=0.08 + 0.1 * grade,
        uneven=0.05 + 0.09 * grade,
        nucleolus=0.15 + 0.6 * grade,
        pale=0.35 + 0.15 * grade,
        shapes=14,
    )


@dataclass(frozen=True, kw_only=True)
class Bank:
    """Pictures of one kind, by shape and direction: the least hematoxylin and the most eosin of each pixel."""

    hematoxylin: list[list[Plane]]
    eosin: list[list[Plane]]


@lru_cache(maxsize=32)
def make_bank(kind: Kind, mpp: float) -> Bank:
    """Draw every shape of a kind in every direction; the same for every slide, so that a cohort is painted quickly."""
    random = np.random.default_rng(BANK_SEED)
    hematoxylin: list[list[Plane]] = []
    eosin: list[list[Plane]] = []
    for _ in range(kind.shapes):
        drawn = [
            _draw(kind, mpp, turn * np.pi / DIRECTIONS, seed, random)
            for seed in [_shape(kind, random)]
            for turn in range(DIRECTIONS)
        ]
        hematoxylin.append([h for h, _ in drawn])
        eosin.append([e for _, e in drawn])
    return Bank(hematoxylin=hematoxylin, eosin=eosin)


@dataclass(frozen=True)
class _Shape:
    length_um: float
    width_um: float
    density: float
    lobes: tuple[tuple[int, float, float], ...]
    nucleolus: tuple[float, float] | None


def _shape(kind: Kind, random: np.random.Generator) -> _Shape:
    size = float(np.exp(random.normal(0, kind.spread)))
    slim = float(np.exp(random.normal(0, kind.spread * 0.6)))
    lobes = tuple((order, random.normal(0, kind.uneven / order**0.5), random.uniform(0, 6.3)) for order in (2, 3, 4, 5))
    spot = (random.uniform(-0.35, 0.35), random.uniform(-0.25, 0.25)) if random.random() < kind.nucleolus else None
    density = kind.density * float(np.exp(random.normal(0, 0.1 + kind.spread * 0.4)))
    return _Shape(kind.length_um * size * slim, kind.width_um * size / slim, density, lobes, spot)


def _draw(kind: Kind, mpp: float, turn: float, shape: _Shape, random: np.random.Generator) -> tuple[Plane, Plane]:
    a, b = max(shape.length_um / mpp / 2, 0.8), max(shape.width_um / mpp / 2, 0.7)
    half = int(a * 1.25) + 2
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    angle = np.arctan2(across / b, along / a)
    outline = 1 + sum(size * np.cos(order * angle + phase) for order, size, phase in shape.lobes)
    way = np.hypot(along / a, across / b) / np.maximum(outline, 0.5)
    slope = np.hypot(along / a**2, across / b**2) / np.maximum(way, 1e-3)
    inside_px = (1 - way) / np.maximum(slope, 1 / a)
    cover = np.clip(0.5 + inside_px / 2.2, 0, 1)  # a soft edge, as a lens of middle aperture gives
    rim = np.exp(-((inside_px * mpp / 0.7) ** 2))
    clumps = ndimage.gaussian_filter(random.standard_normal(x.shape), 0.7 / mpp)
    clumps /= max(float(clumps.std()), 1e-6)
    amount = 1 - kind.pale * np.clip(1 - way, 0, 1) + 0.12 * rim + kind.clumped * clumps
    if shape.nucleolus is not None:
        spot = np.hypot(along - shape.nucleolus[0] * a, across - shape.nucleolus[1] * b) * mpp
        amount += 0.55 * np.exp(-((spot / 1.0) ** 2))
    hematoxylin = np.clip(cover * shape.density * amount * HEMATOXYLIN_UNIT, 0, 255)
    eosin = 255 - cover * (255 - 0.17 * EOSIN_UNIT)
    return np.round(hematoxylin).astype(np.uint8), np.round(eosin).astype(np.uint8)


def red_cells(mpp: float) -> list[Plane]:
    """Draw red blood cells: the least eosin of each pixel, for a few sizes."""
    drawn = []
    for diameter in (6.2, 6.8, 7.4):
        radius = diameter / mpp / 2
        half = int(radius) + 2
        y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
        way = np.hypot(x, y)
        cover = np.clip(0.5 + (radius - way) / 1.6, 0, 1)
        drawn.append(np.round(cover * (246 - 16 * np.exp(-((way / radius / 0.5) ** 2)))).astype(np.uint8))
    return drawn


def vacuoles(mpp: float) -> list[Plane]:
    """Draw drops of mucus: the most stain of each pixel, for a few sizes."""
    drawn = []
    for diameter in (8.0, 10.0, 12.5):
        radius = diameter / mpp / 2
        half = int(radius) + 2
        y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
        cover = np.clip(0.5 + (radius - np.hypot(x, y)) / 2.2, 0, 1)
        drawn.append(np.round(255 - cover * 225).astype(np.uint8))
    return drawn


def press(plane: Plane, pictures: list[Plane], points_px: NDArray[np.float64], how: Press) -> None:
    """Press one picture a point, centered there, into a plane with ``np.maximum`` or ``np.minimum``.

    What would reach over the plane's border is left out.
    """
    rows, columns = plane.shape
    for picture, (x, y) in zip(pictures, points_px.astype(np.int64).tolist(), strict=True):
        half = picture.shape[0] // 2
        top, left = y - half, x - half
        bottom, right = y + half + 1, x + half + 1
        if top < 0 or left < 0 or bottom > rows or right > columns:
            continue
        there = plane[top:bottom, left:right]
        how(there, picture, out=there)
