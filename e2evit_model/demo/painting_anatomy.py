"""Where everything lies in a painted section: a piece of bowel wall with a tumor that grows into it, in micrometres.

From above: mucosa with crypts, the thin muscle under it, loose submucosa with vessels and lymphoid aggregates, the muscle coat,
fat. Thicknesses are shares of the wall's, so that a small slide shows all layers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from e2evit_model.demo.painting_fields import CELL_UM, Field, at, lattice, line, waves

MUCOSA, MUSCLE_PLATE, SUBMUCOSA, MUSCLE_COAT = 0.2, 0.226, 0.5, 0.79
"""Lower borders of the layers as shares of the wall; what lies deeper is fat."""


FAR = -40.0
"""Way from a gland or vessel beyond which nothing depends on it; a floor that keeps interpolation from ringing."""


@dataclass(frozen=True, kw_only=True)
class Anatomy:
    """Coarse fields (rows, columns) on cells of ``CELL_UM``; lengths in um.

    ``tissue`` is the way into the tissue from its border (negative outside), ``depth`` the way below the surface of the mucosa,
    ``share`` the same as a share of the wall. ``tumor`` is above 0 inside the tumor. ``epithelium`` is the way from the basement
    membrane towards the lumen (negative in stroma) and ``lumen_at`` where the lumen begins. ``vessel`` is the way into a vessel
    and ``wall`` its wall's thickness. ``lymphoid`` is 0..1, ``fat`` above 0 where there are fat cells.
    """

    tissue: Field
    depth: Field
    share: Field
    tumor: Field
    epithelium: Field
    lumen_at: Field
    vessel: Field
    wall: Field
    lymphoid: Field
    fat: Field

    @property
    def is_tumor(self) -> NDArray[np.bool_]:
        """Where there is tumor."""
        return self.tumor > 0


@dataclass(frozen=True)
class _Plan:
    """What all steps share: cell centers in um, the wall's thickness, the source of chance."""

    x: Field
    y: Field
    wall_um: float
    random: np.random.Generator

    @property
    def shape(self) -> tuple[int, int]:
        return self.x.shape[0], self.x.shape[1]

    @property
    def width_um(self) -> float:
        return self.shape[1] * CELL_UM

    @property
    def height_um(self) -> float:
        return self.shape[0] * CELL_UM


def lay_out(
    width_um: float, height_um: float, *, grade: float, lymphocytes: float, random: np.random.Generator
) -> Anatomy:
    """Lay out a section that fills most of a slide; ``grade`` and ``lymphocytes`` 0..1 as in ``Painting``."""
    rows, columns = int(np.ceil(height_um / CELL_UM)), int(np.ceil(width_um / CELL_UM))
    row, column = np.mgrid[0:rows, 0:columns].astype(np.float32)
    plan = _Plan((column + 0.5) * CELL_UM, (row + 0.5) * CELL_UM, 0.76 * height_um, random)
    depth, tissue = _outline(plan)
    share = (depth / plan.wall_um + 0.012 * waves(random, plan.shape, 40)).astype(np.float32)
    tumor = _tumor(plan, depth)
    epithelium, lumen_at = _glands(plan, depth, tumor, grade)
    vessel, wall = _vessels(plan, share, epithelium)
    lymphoid = _lymphoid(plan, share, tumor, lymphocytes)
    fat = _fat(plan, share, tumor, lymphoid, vessel)
    return Anatomy(
        tissue=tissue,
        depth=depth,
        share=share,
        tumor=tumor,
        epithelium=epithelium,
        lumen_at=lumen_at,
        vessel=vessel,
        wall=wall,
        lymphoid=lymphoid,
        fat=fat,
    )


def _outline(plan: _Plan) -> tuple[Field, Field]:
    """Return the depth below the mucosa's surface and the way into the tissue: a bent slab with cut, ragged ends."""
    random, columns = plan.random, plan.shape[1]
    surface = 0.13 * plan.height_um + 0.022 * plan.height_um * line(random, columns, columns / 5)
    surface = surface + 10 * line(random, columns, 45) + 4 * line(random, columns, 9)
    depth = plan.y - surface[None]
    bottom = plan.wall_um * (1 + 0.03 * line(random, columns, columns / 6)) + 12 * line(random, columns, 25)
    ragged = waves(random, plan.shape, 18)
    margin = 0.055 * plan.width_um
    left = plan.x - margin - 0.05 * depth + 14 * ragged
    right = plan.width_um - margin - plan.x - 0.07 * (plan.wall_um - depth) + 14 * ragged
    # the corners are round: a soft minimum of the four ways to the border
    ways = np.stack([depth, bottom[None] - depth + 10 * ragged, left, right])
    softness = 0.022 * plan.height_um
    lowest = ways.min(axis=0)
    tissue = lowest - softness * np.log(np.exp(-(ways - lowest) / softness).sum(axis=0))
    # a tear where the loose layer gave way
    tear = (
        np.abs(depth - 0.47 * plan.wall_um - 30 * waves(random, plan.shape, 60))
        - 14
        + 0.16 * np.abs(plan.x - 0.26 * plan.width_um)
    )
    return depth.astype(np.float32), np.minimum(tissue, np.maximum(tear, -20)).astype(np.float32)


def _tumor(plan: _Plan, depth: Field) -> Field:
    """Return a field above 0 in the tumor: a ragged mass from the mucosa into the muscle coat."""
    across = (plan.x - 0.66 * plan.width_um) / (0.21 * plan.width_um)
    down = (depth - 0.24 * plan.wall_um) / (0.4 * plan.wall_um)
    ragged = 0.2 * waves(plan.random, plan.shape, 70) + 0.1 * waves(plan.random, plan.shape, 25)
    return (1 - across**2 - down**2 + ragged).astype(np.float32)


def _glands(plan: _Plan, depth: Field, tumor: Field, grade: float) -> tuple[Field, Field]:
    """Return the way from the basement membrane towards the lumen, and where the lumen begins, over all glands."""
    epithelium = np.full(plan.shape, FAR, np.float32)
    lumen_at = np.full(plan.shape, 24.0, np.float32)
    _crypts(plan, depth, tumor, (epithelium, lumen_at))
    _tumor_glands(plan, depth, tumor, grade, (epithelium, lumen_at))
    # the mucosa's surface is epithelium too, seen from the other side; over the tumor it is lost
    surface = np.where(tumor < 0.25, 22 - depth, FAR).astype(np.float32)
    np.copyto(lumen_at, 22.0, where=surface > epithelium)
    return np.maximum(epithelium, surface), ndimage.gaussian_filter(lumen_at, 1.5)


Place = tuple[slice, slice]


def _merge(all_of_them: tuple[Field, Field], place: Place, way_in: Field, thickness: float) -> None:
    """Add a gland or vessel, given on a window of the raster, to all: the way in, and the thickness of its wall."""
    ways, walls = all_of_them
    there = ways[place]
    inner = way_in > there
    walls[place][inner] = thickness
    np.maximum(there, way_in, out=there, casting="same_kind")


def _window_around(plan: _Plan, x: float, y: float, reach_x: float, reach_y: float) -> Place:
    rows, columns = plan.shape
    low = max(0, int((y - reach_y) / CELL_UM)), max(0, int((x - reach_x) / CELL_UM))
    high = min(rows, int((y + reach_y) / CELL_UM) + 1), min(columns, int((x + reach_x) / CELL_UM) + 1)
    return slice(low[0], max(low[0], high[0])), slice(low[1], max(low[1], high[1]))


def _crypts(plan: _Plan, depth: Field, tumor: Field, glands: tuple[Field, Field]) -> None:
    """Add test tubes side by side that open to the surface; some are cut across, as the knife meets them."""
    random = plan.random
    mucosa = MUCOSA * plan.wall_um
    place = random.uniform(0, 60)
    while place < plan.width_um:
        radius = random.uniform(30, 38)
        length = mucosa * random.uniform(0.8, 0.93) - radius
        lean, bend = random.normal(0, 0.07), random.normal(0, 0.16)
        begin = -20.0 if random.random() < 0.75 else mucosa * random.uniform(0.2, 0.5)
        top = float(depth[0, min(int(place / CELL_UM), plan.shape[1] - 1)])
        middle = (begin + length) / 2 - top  # depth there is 0 at y = -top
        around = _window_around(plan, place, middle, 110, length / 2 + 160)
        x, down = plan.x[around], depth[around]
        if x.size:
            along = np.clip(down, begin, length)
            axis = place + lean * along + bend * along * (along / mucosa) * 0.5
            wobble = 3 * np.sin(along / random.uniform(22, 34) + random.uniform(0, 6))
            way_in = radius * (0.86 + 0.14 * along / mucosa) - np.hypot(x - axis - wobble, down - along)
            way_in = np.where(tumor[around] < 0.05, way_in, FAR)
            _merge(glands, around, way_in, random.uniform(21, 25))
        place += 2 * radius + random.uniform(10, 34)


def _tumor_glands(plan: _Plan, depth: Field, tumor: Field, grade: float, glands: tuple[Field, Field]) -> None:
    """Add irregular glands, some of them solid; a higher grade makes them more irregular and more often solid."""
    random = plan.random
    points = lattice(random, plan.width_um, plan.height_um, 150)
    inside = (at(tumor, *points.T) > 0.06) & (at(depth, *points.T) > 10) & (random.random(len(points)) < 0.86)
    for x, y in points[inside]:
        radius = random.uniform(48, 88)
        stretch = np.exp(random.normal(0, 0.2 + 0.15 * grade))
        turn = random.uniform(0, np.pi)
        around = _window_around(plan, x, y, 2.4 * radius, 2.4 * radius)
        dx, dy = plan.x[around] - x, plan.y[around] - y
        along, across = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
        angle = np.arctan2(across * stretch, along / stretch)
        lobes = sum(
            random.normal(0, (0.07 + 0.1 * grade) / order**0.5) * np.cos(order * angle + random.uniform(0, 6.3))
            for order in (2, 3, 4, 5, 7)
        )
        way_in = radius * np.clip(1 + lobes, 0.45, 1.6) - np.hypot(along / stretch, across * stretch)
        solid = random.random() < 0.04 + 0.4 * grade**1.5
        thickness = random.uniform(60, 120) if solid else random.uniform(24, 32)
        _merge(glands, around, way_in, thickness)


def _vessels(plan: _Plan, share: Field, epithelium: Field) -> tuple[Field, Field]:
    """Return the way into vessels and their walls' thickness: arteries and veins in the submucosa, capillaries everywhere."""
    random = plan.random
    vessel = np.full(plan.shape, FAR, np.float32)
    wall = np.full(plan.shape, 4.0, np.float32)
    area = plan.width_um * plan.wall_um / 1e6
    kinds = [(int(9 * area), 12, 22, 0.3, 3.0), (max(2, int(1.6 * area)), 28, 60, 0.5, 11.0)]
    for count, smallest, largest, spread, thickness in kinds:
        for _ in range(count):
            x, y = random.uniform(0, plan.width_um), random.uniform(0.1, 0.95) * plan.height_um
            radius, turn = random.uniform(smallest, largest), random.uniform(0, np.pi)
            stretch = np.exp(random.normal(0, spread * 0.7))
            around = _window_around(plan, x, y, 2.5 * radius, 2.5 * radius)
            if not share[around].size or not 0.02 < float(share[around].mean()) < 0.97:
                continue
            if radius > 25 and not MUSCLE_PLATE < float(share[around].mean()) < MUSCLE_COAT:
                continue
            dx, dy = plan.x[around] - x, plan.y[around] - y
            along, across = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
            way_in = radius - np.hypot(along / stretch, across * stretch)
            if float(epithelium[around][way_in > -12].max(initial=FAR)) > -8:
                continue
            _merge((vessel, wall), around, way_in, thickness * random.uniform(0.7, 1.4))
    return vessel, wall


def _lymphoid(plan: _Plan, share: Field, tumor: Field, lymphocytes: float) -> Field:
    """Return how dense lymphocytes lie, 0..1: aggregates under the mucosa and around the tumor, and a band at its border."""
    random = plan.random
    dense = np.zeros(plan.shape, np.float32)
    for _ in range(round((2 + 10 * lymphocytes) * plan.width_um / 4000)):
        x, radius = random.uniform(0.1, 0.9) * plan.width_um, random.uniform(70, 170)
        level = random.choice([0.19, 0.26, 0.3, 0.45])
        column = min(int(x / CELL_UM), plan.shape[1] - 1)
        y = float(np.argmin(np.abs(share[:, column] - level))) * CELL_UM
        way = np.hypot((plan.x - x) / 1.25, plan.y - y) / radius + 0.13 * waves(random, plan.shape, 12)
        np.maximum(dense, np.clip(3.2 * (1.1 - way), 0, 1), out=dense, casting="same_kind")
    patchy = np.clip(waves(random, plan.shape, 30) * 0.7 + 0.2, 0, 1)
    border = np.exp(-((tumor / 0.22) ** 2)) * (share > 0.02) * patchy
    within = (tumor > 0) * np.clip(waves(random, plan.shape, 22) - 1.1 + 1.1 * lymphocytes, 0, 1)
    infiltrate = np.clip(lymphocytes * (0.8 * border + 0.7 * within), 0, 1)
    return np.asarray(np.maximum(dense, infiltrate), dtype=np.float32)


def _fat(plan: _Plan, share: Field, tumor: Field, lymphoid: Field, vessel: Field) -> Field:
    """Return a field above 0 where there are fat cells: under the muscle coat, and in patches of the submucosa."""
    random = plan.random
    # fat cells lie in lobules with bands of fibrous tissue between them
    lobules = np.abs(waves(random, plan.shape, 95)) * 0.5 - 0.06
    deep = np.minimum((share - MUSCLE_COAT) * 8 - 0.1, lobules)
    between = 1 - np.abs(share - 0.39) / 0.085
    patch = np.minimum(waves(random, plan.shape, 90) - 0.75, between)
    fat = np.maximum(deep, patch)
    fat = np.minimum(fat, 0.4 - lymphoid)
    fat = np.minimum(fat, -0.02 * (vessel + 14))
    return np.asarray(np.minimum(fat, -0.5 * tumor), dtype=np.float32)
