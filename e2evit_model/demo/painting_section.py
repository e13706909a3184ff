"""The two planes of stain of a whole section: layers, glands, fat and vessels by blocks, then every cell."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage
from scipy.spatial import Voronoi

from e2evit_model.demo.painting_anatomy import MUCOSA, MUSCLE_COAT, MUSCLE_PLATE, SUBMUCOSA, Anatomy
from e2evit_model.demo.painting_fields import CELL_UM, FAT_UM, Field, Window, at, enlarge, grain, lattice, waves
from e2evit_model.demo.painting_stain import EOSIN_UNIT, HEMATOXYLIN_UNIT, RED_CELLS

BLOCK_PX = 1000
TEXTURE_SEED = 2
_TEXEL_UM = 0.5
_TEXTURE = 1024


@dataclass(frozen=True, kw_only=True)
class Tissue:
    """Coarse fields of how the tissue between the cells looks, on cells of ``CELL_UM``.

    ``along`` and ``across`` (um) are coordinates along and across fibers, less x and y; ``flow`` the fibers' direction in radians.
    ``eosin`` and ``haze`` are concentrations of eosin and hematoxylin, ``cleft`` the height of the bundle texture below which
    fibers part. ``fold`` multiplies both stains where the section lies double. ``secretion`` is high where lumens hold something.
    """

    along: Field
    across: Field
    flow: Field
    eosin: Field
    haze: Field
    cleft: Field
    fold: Field
    secretion: Field


@dataclass(frozen=True, kw_only=True)
class Textures:
    """Squares that repeat without a seam: fine fibers, bundles of them, and grain of two sizes."""

    fibers: Field
    bundles: Field
    fine: Field
    coarse: Field


@cache
def make_textures() -> Textures:
    """Filter noise into fibers (long along rows) and grain; the same for every slide, which warps them in its own way."""
    random = np.random.default_rng(TEXTURE_SEED)
    fibers = grain(random, _TEXTURE, (1.1, 14)) + 0.8 * grain(random, _TEXTURE, (2.0, 20))
    bundles = grain(random, _TEXTURE, (7.0, 42)) + 0.6 * grain(random, _TEXTURE, (3.0, 22))
    return Textures(
        fibers=fibers / fibers.std(),
        bundles=bundles / bundles.std(),
        fine=grain(random, _TEXTURE, 1.3),
        coarse=grain(random, _TEXTURE, 4.5),
    )


def tissue_looks(anatomy: Anatomy, random: np.random.Generator) -> Tissue:
    """Choose fibers, stain and clefts of every layer."""
    share, tumor = anatomy.share, anatomy.is_tumor & (anatomy.share > -0.01)
    layers = [
        share < MUCOSA,
        share < MUSCLE_PLATE,
        share < SUBMUCOSA,
        share < MUSCLE_COAT,
    ]
    # mucosa, muscle plate, submucosa, muscle coat, septa of fat, tumor, lymphoid tissue
    eosin = np.where(tumor, 0.15, np.select(layers, [0.105, 0.25, 0.165, 0.27], 0.16))
    cleft = np.where(tumor, -1.25, np.select(layers, [-1.7, -2.4, -0.75, -1.75], -0.7))
    swing = np.where(tumor, 40.0, np.select(layers, [34.0, 12.0, 40.0, 16.0], 40.0))
    haze = np.where(tumor, 0.045, np.select(layers, [0.05, 0.05, 0.02, 0.05], 0.02))
    # the walls of fat cells are thin and whole: no clefts between them
    fatty = anatomy.fat > -0.12
    cleft, eosin = np.where(fatty, -2.6, cleft), np.where(fatty, 0.18, eosin)
    soft = 2.0
    eosin = ndimage.gaussian_filter(eosin, soft) * (1 + 0.1 * waves(random, share.shape, 60))
    eosin = eosin * (1 - 0.45 * anatomy.lymphoid)
    cleft = ndimage.gaussian_filter(cleft, soft) - 1.2 * anatomy.lymphoid + 0.2 * waves(random, share.shape, 30)
    haze = ndimage.gaussian_filter(haze, soft) + 0.1 * anatomy.lymphoid
    swing = ndimage.gaussian_filter(swing, 8)
    along = swing * waves(random, share.shape, 42)
    rows = (np.arange(share.shape[0], dtype=np.float32)[:, None] + 0.5) * CELL_UM
    # fibers run along the wall, which is bent; a knife does not cut every bundle lengthwise
    bent = anatomy.depth - rows
    across = bent + swing * (
        waves(random, share.shape, 46) + 0.3 * waves(random, share.shape, 17) + 0.1 * waves(random, share.shape, 6)
    )
    rise_y, rise_x = np.gradient(across + rows, CELL_UM)
    flow = np.arctan2(rise_y, rise_x) + np.pi / 2
    return Tissue(
        along=along.astype(np.float32),
        across=across.astype(np.float32),
        flow=flow.astype(np.float32),
        eosin=eosin.astype(np.float32),
        haze=haze.astype(np.float32),
        cleft=cleft.astype(np.float32),
        fold=_fold(anatomy, random),
        secretion=1.4 * waves(random, share.shape, 55),
    )


def _fold(anatomy: Anatomy, random: np.random.Generator) -> Field:
    """Lay the section double along one short, narrow, curved band."""
    rows, columns = anatomy.share.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    away = np.abs(x - 0.4 * columns - 0.12 * (y - rows / 2) - 3.0 * waves(random, (rows, columns), 50))
    ends = np.clip(0.18 - np.abs(y / rows - 0.7), 0, 0.06) / 0.06
    double: Field = np.clip((4.0 * ends - away) / 1.2 + 0.5, 0, 1) * (ends > 0)
    return 1 + 0.7 * double.astype(np.float32)


def fat_cells(anatomy: Anatomy, random: np.random.Generator) -> NDArray[np.uint8]:
    """Draw the empty drops of fat cells, 255 inside, on pixels of ``FAT_UM``: rounded cells of a Voronoi diagram."""
    rows, columns = anatomy.fat.shape
    width, height = columns * CELL_UM, rows * CELL_UM
    points = lattice(random, width, height, 68.0)
    chosen = at(anatomy.fat, *points.T) > 0
    picture = Image.new("L", (int(width / FAT_UM), int(height / FAT_UM)))
    if np.count_nonzero(chosen) and len(points) > 4:
        cells = Voronoi(points)
        pen = ImageDraw.Draw(picture)
        for number in np.flatnonzero(chosen):
            region = cells.regions[cells.point_region[number]]
            if not region or -1 in region:
                continue
            corners = _rounded(cells.vertices[region])
            middle = corners.mean(axis=0)
            way = corners - middle
            way *= 1 - 1.3 / np.maximum(np.hypot(*way.T), 8)[:, None]  # half of the wall between two cells
            pen.polygon([(float(x), float(y)) for x, y in (middle + way) / FAT_UM], fill=255)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(1.3 / FAT_UM)))


def _rounded(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut the corners of a polygon twice, the second time as Chaikin (1974) does it, so that it becomes round."""
    for cut in (0.13, 0.25):
        following = np.roll(corners, -1, axis=0)
        both = [(1 - cut) * corners + cut * following, cut * corners + (1 - cut) * following]
        corners = np.stack(both, axis=1).reshape(-1, 2)
    return corners


def section_block(
    window: Window, anatomy: Anatomy, looks: Tissue, fat: NDArray[np.uint8], textures: Textures
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the planes of hematoxylin and eosin of a window without its cells, (h, w) uint8 each."""
    fine, coarse = _tiled(textures.fine, window), _tiled(textures.coarse, window)
    eosin, hematoxylin = _stroma(window, looks, textures, fine)
    _add_epithelium(window, anatomy, looks, (hematoxylin, eosin), (fine, coarse))
    _add_vessels(window, anatomy, hematoxylin, eosin, coarse)
    _empty_fat(window, fat, hematoxylin, eosin)
    cover = enlarge(anatomy.tissue, window, smooth=True)
    cover += 1.6 * coarse
    cover *= 0.5
    cover = np.clip(cover, 0, 1, out=cover)
    fold = enlarge(looks.fold, window)
    cover *= fold
    hematoxylin *= cover
    hematoxylin *= HEMATOXYLIN_UNIT
    eosin *= cover
    eosin *= EOSIN_UNIT
    np.clip(eosin, 0, RED_CELLS - 4, out=eosin)
    np.clip(hematoxylin, 0, 255, out=hematoxylin)
    return hematoxylin.astype(np.uint8), eosin.astype(np.uint8)


def _tiled(texture: Field, window: Window) -> Field:
    side = texture.shape[0]
    top, left = window.y % side, window.x % side
    return np.roll(texture, (-top, -left), axis=(0, 1))[: window.height, : window.width]


def _stroma(window: Window, looks: Tissue, textures: Textures, fine: Field) -> tuple[Field, Field]:
    """Return eosin and hematoxylin of fibers: waves along the flow, with clefts between bundles."""
    scale = np.float32(1 / _TEXEL_UM)
    x = (np.arange(window.x, window.x + window.width, dtype=np.float32) + 0.5) * window.mpp
    y = (np.arange(window.y, window.y + window.height, dtype=np.float32) + 0.5) * window.mpp
    u, v = enlarge(looks.along, window), enlarge(looks.across, window)
    column = ((u + x[None]) * scale).astype(np.int32)
    row = ((v + y[:, None]) * scale).astype(np.int32)
    column &= _TEXTURE - 1
    row &= _TEXTURE - 1
    row *= _TEXTURE
    row += column
    gap = textures.bundles.ravel().take(row)
    gap -= enlarge(looks.cleft, window)
    gap *= 1.1
    gap += 0.5
    np.clip(gap, 0.1, 1, out=gap)
    eosin = textures.fibers.ravel().take(row)
    eosin *= 0.17
    eosin += 0.04 * fine
    eosin += 1
    eosin *= gap
    eosin *= enlarge(looks.eosin, window)
    hematoxylin = enlarge(looks.haze, window) * gap
    hematoxylin *= 1 + 0.15 * fine
    return eosin, hematoxylin


def _add_epithelium(
    window: Window, anatomy: Anatomy, looks: Tissue, planes: tuple[Field, Field], grains: tuple[Field, Field]
) -> None:
    """Lay cytoplasm over the stroma, open the lumens, draw the border of the cells and the cleft around tumor glands."""
    (hematoxylin, eosin), (fine, coarse) = planes, grains
    way_in = enlarge(anatomy.epithelium, window, smooth=True)
    if float(way_in.max()) < -6:
        return
    way_in += 0.7 * coarse
    to_lumen = enlarge(anatomy.lumen_at, window) - way_in
    inside = np.clip(way_in / 1.2 + 0.5, 0, 1)
    apical = np.clip(1 - to_lumen / 14, 0, 1)
    cytoplasm = 0.165 + 0.022 * coarse - 0.035 * apical
    cytoplasm += 0.1 * np.clip(1 - np.abs(to_lumen - 0.8), 0, 1)  # the brush border
    eosin *= np.clip(np.abs(way_in + 1.8) / 2.2, 0.45, 1)  # tissue shrinks away from glands a little
    eosin += (cytoplasm - eosin) * inside
    hematoxylin += (0.06 + 0.015 * fine + 0.015 * coarse - hematoxylin) * inside
    lumen = np.clip(0.5 - to_lumen / 1.2, 0, 1) * (way_in > 0)
    secretion = np.clip(enlarge(looks.secretion, window) - 0.7, 0, 0.35) * (0.25 + 0.06 * coarse)
    eosin += (secretion - eosin) * lumen
    hematoxylin += (0.2 * secretion - hematoxylin) * lumen


def _add_vessels(window: Window, anatomy: Anatomy, hematoxylin: Field, eosin: Field, coarse: Field) -> None:
    way_in = enlarge(anatomy.vessel, window, smooth=True)
    if float(way_in.max()) < -2:
        return
    way_in += 0.4 * coarse
    wall = enlarge(anatomy.wall, window)
    inside = np.clip(way_in / 1.5 + 0.5, 0, 1)
    muscle = np.clip((wall - way_in) / 1.5 + 0.5, 0, 1)
    eosin += ((0.25 + 0.03 * coarse) * muscle + 0.015 - eosin) * inside
    hematoxylin += (0.05 * muscle - hematoxylin) * inside


def _empty_fat(window: Window, fat: NDArray[np.uint8], hematoxylin: Field, eosin: Field) -> None:
    """Wash the stain out of fat cells; the walls between them stay, thin and pink."""
    cells = window.mpp / FAT_UM
    rows, columns = fat.shape
    box = (
        window.x * cells,
        window.y * cells,
        min((window.x + window.width) * cells, columns),
        min((window.y + window.height) * cells, rows),
    )
    part = Image.fromarray(fat).resize((window.width, window.height), Image.Resampling.BILINEAR, box=box)
    drop = np.asarray(part).astype(np.float32)
    if not drop.any():
        return
    drop -= 140
    drop /= 70
    np.clip(drop, 0, 1, out=drop)
    eosin *= 1 - 0.97 * drop
    hematoxylin *= 1 - 0.99 * drop
