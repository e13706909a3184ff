"""One region: its shape in level-0 pixels, its class, its note, and what it means for the strip."""

import uuid
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from e2evit_model.tissue.polygons import Polygon, Ring

Color = tuple[int, int, int]
Points = NDArray[np.float64]
"""(k, 2) x and y in level-0 pixels."""


class Shape(StrEnum):
    """What was drawn. An area is a rectangle while its four corners are one, else a polygon."""

    RECTANGLE = "rectangle"
    POLYGON = "polygon"
    LINE = "line"
    POINTS = "points"


class StripRole(StrEnum):
    """What an area means for the strip: nothing, only tiles in it are kept, or tiles in it are left out."""

    NONE = "none"
    INCLUDE = "include"
    EXCLUDE = "exclude"


CLASS_COLORS: dict[str, Color] = {
    "Tumor": (200, 0, 0),
    "Stroma": (150, 200, 150),
    "Immune cells": (160, 90, 160),
    "Necrosis": (50, 50, 50),
    "Region*": (0, 0, 180),
    "Ignore*": (180, 180, 180),
    "Positive": (250, 62, 62),
    "Negative": (112, 112, 225),
}
"""Classes that are offered, in the colors that QuPath users know them by."""

UNCLASSIFIED: Color = (255, 0, 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """A region; a change makes another one with the same ``key``.

    ``polygons`` are the parts of an area, each with its holes; ``points`` the corners of a line or single points. ``color`` None is
    that of the class.
    """

    key: str
    shape: Shape
    polygons: tuple[Polygon, ...] = ()
    points: Points
    class_name: str = ""
    color: Color | None = None
    name: str = ""
    note: str = ""
    role: StripRole = StripRole.NONE

    @property
    def is_area(self) -> bool:
        """Whether tiles can lie in it."""
        return bool(self.polygons)

    @property
    def shown_color(self) -> Color:
        """Its own color, else that of its class."""
        return self.color or CLASS_COLORS.get(self.class_name, UNCLASSIFIED)

    @property
    def rings(self) -> tuple[Ring, ...]:
        """All rings of an area, outer ones and holes."""
        return tuple(ring for polygon in self.polygons for ring in (polygon.outer, *polygon.holes))

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in level-0 pixels."""
        corners = np.concatenate([polygon.outer for polygon in self.polygons]) if self.polygons else self.points
        left, top = corners.min(axis=0).tolist()
        right, bottom = corners.max(axis=0).tolist()
        return left, top, right, bottom

    @cached_property
    def area_px(self) -> float:
        """The area in level-0 pixels, without the holes; parts are taken not to overlap."""
        return sum(
            ring_area(polygon.outer) - sum(ring_area(hole) for hole in polygon.holes) for polygon in self.polygons
        )

    @cached_property
    def length_px(self) -> float:
        """The length of a line, or of all rings of an area, in level-0 pixels."""
        if self.polygons:
            return sum(float(np.hypot(*(np.roll(ring, -1, axis=0) - ring).T).sum()) for ring in self.rings)
        return float(np.hypot(*np.diff(self.points, axis=0).T).sum()) if self.shape is Shape.LINE else 0.0

    def moved(self, dx: float, dy: float) -> Self:
        """Return the region at another place, by level-0 pixels."""
        step = np.array([dx, dy])
        polygons = tuple(
            Polygon(outer=polygon.outer + step, holes=tuple(hole + step for hole in polygon.holes))
            for polygon in self.polygons
        )
        return replace(self, polygons=polygons, points=self.points + step)

    def contains(self, x: float, y: float) -> bool:
        """Say whether a level-0 point lies in the area, and in no hole of it."""
        left, top, right, bottom = self.box
        if not self.polygons or not (left <= x <= right and top <= y <= bottom):
            return False
        return any(
            in_ring(polygon.outer, x, y) and not any(in_ring(hole, x, y) for hole in polygon.holes)
            for polygon in self.polygons
        )

    def distance_to(self, x: float, y: float) -> float:
        """Return how far a level-0 point is from the nearest side, corner or point, in level-0 pixels."""
        if self.polygons:
            return min(distance_to_line(np.vstack([ring, ring[:1]]), x, y) for ring in self.rings)
        if self.shape is Shape.LINE:
            return distance_to_line(self.points, x, y)
        return float(np.hypot(*(self.points - (x, y)).T).min())


def new_key() -> str:
    """Return a key that no other region has."""
    return str(uuid.uuid4())


def new_area(polygons: tuple[Polygon, ...], *, shape: Shape = Shape.POLYGON, key: str = "") -> Region:
    """Make a region of an area."""
    return Region(key=key or new_key(), shape=shape, polygons=polygons, points=np.zeros((0, 2)))


def new_line(points: ArrayLike, *, key: str = "") -> Region:
    """Make a line of (k, 2) points."""
    return Region(key=key or new_key(), shape=Shape.LINE, points=np.asarray(points, np.float64).reshape(-1, 2))


def new_points(points: ArrayLike, *, key: str = "") -> Region:
    """Make a set of (k, 2) single points."""
    return Region(key=key or new_key(), shape=Shape.POINTS, points=np.asarray(points, np.float64).reshape(-1, 2))


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    """Return the rectangle between two opposite corners."""
    left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    return Polygon(outer=np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64))


def ring_area(ring: Ring) -> float:
    """Return the area in a ring (shoelace formula), never negative."""
    # from its first corner, so that digits are not lost far from the origin
    x, y = (ring - ring[0]).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def in_ring(ring: Ring, x: float, y: float) -> bool:
    """Say whether a point lies in a ring (even-odd rule)."""
    x0, y0 = ring.T
    x1, y1 = np.roll(x0, -1), np.roll(y0, -1)
    across = (y0 > y) != (y1 > y)
    x0, y0, x1, y1 = x0[across], y0[across], x1[across], y1[across]
    return bool(np.count_nonzero(x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)) % 2)


def distance_to_line(points: Points, x: float, y: float) -> float:
    """Return how far a point is from a line through (k, 2) points."""
    begin, along = points[:-1], np.diff(points, axis=0)
    offset = np.array([x, y]) - begin
    if not len(along):
        return float(np.hypot(*(points - (x, y)).T).min())
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    place = np.clip((offset * along).sum(axis=1) / length, 0.0, 1.0)
    return float(np.hypot(*(offset - along * place[:, None]).T).min())


def area_mm2(region: Region, mpp: float | None) -> float | None:
    """Return the area in mm2, None when there is none or the resolution is unknown."""
    return region.area_px * (mpp / 1000) ** 2 if region.is_area and mpp is not None else None


def written_length(pixels: float, mpp: float | None) -> str:
    """Write a length: um, from 1000 um on mm, px when the resolution is unknown."""
    if mpp is None:
        return f"{pixels:,.0f} px".replace(",", "\u2009")
    length = pixels * mpp
    return f"{length / 1000:.3f} mm" if length >= 1000 else f"{length:.1f} µm"


def written_area(pixels: float, mpp: float | None) -> str:
    """Write an area: um2, from 10 000 um2 on mm2, px2 when the resolution is unknown."""
    if mpp is None:
        return f"{pixels:,.0f} px²".replace(",", "\u2009")
    area = pixels * mpp**2
    if area < 1e4:
        return f"{area:.0f} µm²"
    return f"{area / 1e6:.3f} mm²" if area < 1e6 else f"{area / 1e6:.2f} mm²"
