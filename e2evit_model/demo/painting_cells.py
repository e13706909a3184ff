"""Which cell lies where in a section, and in which direction."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from skimage.measure import find_contours

from e2evit_model.demo.painting_anatomy import MUCOSA, MUSCLE_COAT, MUSCLE_PLATE, SUBMUCOSA, Anatomy
from e2evit_model.demo.painting_fields import CELL_UM, FAT_UM, Field, at, lattice

Points = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Cells:
    """Cells of one kind: centers (n, 2) as x, y in um, and the direction (n,) of their long side in radians."""

    points: Points
    direction: NDArray[np.float64]


def along_contours(field: Field, level: float, spacing_um: float, random: np.random.Generator) -> Cells:
    """Set points at even distances, with some play, along the lines where a field has a value; directions are the field's slope."""
    found = []
    for contour in find_contours(field, level):
        line = (contour[:, ::-1] + 0.5) * CELL_UM
        steps = np.hypot(*np.diff(line, axis=0).T)
        length = np.concatenate([[0.0], np.cumsum(steps)])
        count = int(length[-1] / spacing_um)
        if count < 3:
            continue
        where = (np.arange(count) + random.uniform(-0.22, 0.22, count)) * length[-1] / count
        found.append(np.stack([np.interp(where, length, line[:, 0]), np.interp(where, length, line[:, 1])], axis=1))
    points = np.concatenate(found) if found else np.zeros((0, 2))
    rise_y, rise_x = (np.asarray(rise, dtype=np.float64) for rise in np.gradient(field))
    direction = np.arctan2(at(rise_y, *points.T), at(rise_x, *points.T))
    return Cells(points=points, direction=direction)


def _pick(cells: Cells, chosen: NDArray[np.bool_]) -> Cells:
    return Cells(points=cells.points[chosen], direction=cells.direction[chosen])


def _moved(cells: Cells, away_um: NDArray[np.float64]) -> Cells:
    """Move cells along their directions."""
    way = np.stack([np.cos(cells.direction), np.sin(cells.direction)], axis=1)
    return Cells(points=cells.points + way * away_um[:, None], direction=cells.direction)


def epithelial_cells(anatomy: Anatomy, grade: float, random: np.random.Generator) -> tuple[Cells, Cells]:
    """Return the nuclei of crypts and surface, and those of tumor glands: palisades, doubled where the grade is high."""
    # the play of a palisade: nuclei of neighbours stand at somewhat different heights
    base = along_contours(anatomy.epithelium, 7.5, 5.6, random)
    base = _moved(base, random.normal(0.6, 1.3, len(base.points)))
    in_tumor = at(anatomy.is_tumor, *base.points.T).astype(bool)
    shown = at(anatomy.tissue, *base.points.T) > 2
    normal = _pick(base, ~in_tumor & shown)
    rows = [_thin(_pick(base, in_tumor & shown), 0.85 - 0.2 * grade, random)]
    for level in (15.0, 25.0, 36.0, 47.0, 58.0, 69.0):
        row = along_contours(anatomy.epithelium, level, 9.0 + 2.5 * grade, random)
        row = _moved(row, random.normal(0, 2.0, len(row.points)))
        x, y = row.points.T
        room = at(anatomy.lumen_at, x, y) - level
        there = at(anatomy.is_tumor, x, y).astype(bool) & (room > 4) & (at(anatomy.tissue, x, y) > 2)
        share = np.where(at(anatomy.lumen_at, x, y) > 50, 0.85, 0.25 + 0.5 * grade)
        rows.append(_pick(row, there & (random.random(len(x)) < share)))
    points = np.concatenate([r.points for r in rows])
    direction = np.concatenate([r.direction for r in rows])
    direction = direction + random.normal(0, 0.12 + 0.5 * grade, len(direction))
    tumor = Cells(points=points, direction=direction)
    return normal, _apart(tumor, 4.4 + 3.2 * grade)


def _apart(cells: Cells, least_um: float) -> Cells:
    """Leave out the later of two cells that lie closer than ``least_um``."""
    if not len(cells.points):
        return cells
    close = cKDTree(cells.points).query_pairs(least_um, output_type="ndarray")
    keep = np.ones(len(cells.points), bool)
    keep[close.max(axis=1)] = False
    return _pick(cells, keep)


def _thin(cells: Cells, share: float, random: np.random.Generator) -> Cells:
    return _pick(cells, random.random(len(cells.points)) < share)


def stromal_cells(
    anatomy: Anatomy, flow: Field, drops: NDArray[np.uint8], grade: float, random: np.random.Generator
) -> dict[str, Cells]:
    """Return spindle, plump, muscle, lymphocyte and plasma cells of the stroma, by name.

    ``flow`` (rows, columns) is the direction of the fibers in radians; ``drops`` the picture of fat cells, on which no nucleus
    lies.
    """
    rows, columns = anatomy.tissue.shape
    points = lattice(random, columns * CELL_UM, rows * CELL_UM, 7.6)
    x, y = points.T
    share, lymphoid = at(anatomy.share, x, y), at(anatomy.lymphoid, x, y)
    tumor = at(anatomy.is_tumor, x, y).astype(bool)
    stroma = (at(anatomy.tissue, x, y) > 3) & (at(anatomy.epithelium, x, y) < -2.5) & (at(anatomy.vessel, x, y) < -2)
    stroma &= at(drops, x, y, cell_um=FAT_UM) < 40
    mucosa = (share < MUCOSA) & ~tumor
    muscle = (((share > MUCOSA) & (share < MUSCLE_PLATE)) | ((share > SUBMUCOSA) & (share < MUSCLE_COAT))) & ~tumor
    round_share = np.maximum(0.93 * lymphoid, np.where(mucosa, 0.3, np.where(muscle, 0.004, 0.012)))
    chance = random.random(len(points))
    is_round = stroma & (chance < round_share)
    plasma = is_round & mucosa & (random.random(len(points)) < 0.5) & (lymphoid < 0.5)
    chance = random.random(len(points))
    rest = stroma & ~is_round & (lymphoid < 0.75)
    spindle_share = np.where(mucosa, 0.1, np.where(tumor, 0.06, 0.035))
    turn = at(flow, x, y) + random.normal(0, 0.16, len(points))
    everything = Cells(points=points, direction=turn)
    return {
        "lymphocyte": _pick(everything, is_round & ~plasma),
        "plasma": _pick(everything, plasma),
        "spindle": _pick(everything, rest & ~muscle & (chance < spindle_share)),
        "plump": _pick(everything, rest & tumor & (chance > 1 - 0.05 - 0.05 * grade)),
        "muscle": _pick(everything, rest & muscle & (chance < 0.062)),
    }


def vessel_cells(anatomy: Anatomy, random: np.random.Generator) -> tuple[Cells, Points]:
    """Return the endothelium, lying flat, and the points of red cells inside vessels."""
    wall = along_contours(anatomy.vessel - anatomy.wall, -0.5, 17.0, random)
    shown = at(anatomy.tissue, *wall.points.T) > 2
    flat = Cells(points=wall.points[shown], direction=wall.direction[shown] + np.pi / 2)
    rows, columns = anatomy.tissue.shape
    points = lattice(random, columns * CELL_UM, rows * CELL_UM, 6.4)
    x, y = points.T
    inside = at(anatomy.vessel, x, y) - at(anatomy.wall, x, y)
    filled = (inside > 4) & (at(anatomy.tissue, x, y) > 5) & (random.random(len(points)) < 0.86)
    # blood settles: some vessels are full, others empty
    full = np.sin(0.004 * x + 1.3) + np.sin(0.0053 * y) > -0.6
    return flat, points[filled & full]


def lumen_points(anatomy: Anatomy, random: np.random.Generator) -> tuple[Points, Points]:
    """Return the points of mucus drops in crypts and of nuclear debris in the lumens of tumor glands."""
    drops = along_contours(anatomy.epithelium, 15.5, 9.5, random)
    x, y = drops.points.T
    mucous = ~at(anatomy.is_tumor, x, y).astype(bool) & (random.random(len(x)) < 0.62)
    rows, columns = anatomy.tissue.shape
    points = lattice(random, columns * CELL_UM, rows * CELL_UM, 9.0)
    x, y = points.T
    inside = at(anatomy.epithelium, x, y) - at(anatomy.lumen_at, x, y)
    dirty = at(anatomy.is_tumor, x, y).astype(bool) & (inside > 5) & (at(anatomy.tissue, x, y) > 2)
    dirty &= random.random(len(x)) < 0.06
    return drops.points[mucous & (at(anatomy.tissue, *drops.points.T) > 2)], points[dirty]
