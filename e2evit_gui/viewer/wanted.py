"""Which tiles a view needs, the most urgent first."""

import math

from e2evit_gui.viewer.pyramid import Pyramid, TileKey
from e2evit_gui.viewer.viewport import Viewport


def wanted_tiles(pyramid: Pyramid, view: Viewport, level: int) -> list[TileKey]:
    """Order the tiles: a rough picture first, then what is seen from the middle outwards, then a ring around it."""
    right, bottom = view.x + view.width * view.scale, view.y + view.height * view.scale
    center_x, center_y = view.center
    keys: list[TileKey] = []
    rough = pyramid.rough_level(level)
    if rough < pyramid.coarsest:
        keys += pyramid.tiles_in(rough, view.x, view.y, right, bottom)

    def distance(key: TileKey) -> float:
        x0, y0, x1, y1 = pyramid.levels[key.level].rectangle(key.column, key.row)
        return math.hypot((x0 + x1) / 2 - center_x, (y0 + y1) / 2 - center_y)

    seen = pyramid.tiles_in(level, view.x, view.y, right, bottom)
    keys += sorted(seen, key=distance)
    one = pyramid.levels[level]
    ring_x, ring_y = one.tile_width * one.downsample, one.tile_height * one.downsample
    around = pyramid.tiles_in(level, view.x - ring_x, view.y - ring_y, right + ring_x, bottom + ring_y)
    inside = set(seen)
    keys += [key for key in around if key not in inside]
    return keys
