"""Regions for tests."""

from dataclasses import replace

import numpy as np

from e2evit_model.annotations.region import Shape, StripRole, new_area, new_line, new_points, rectangle
from e2evit_model.tissue.polygons import Polygon


def square(left=0.0, top=0.0, side=100.0, **changes):
    """A square region."""
    return replace(new_area((rectangle(left, top, left + side, top + side),), shape=Shape.RECTANGLE), **changes)


def ring_with_hole(left=0.0, top=0.0, side=100.0, hole=40.0, **changes):
    """A square with a square hole in its middle."""
    inset = (side - hole) / 2
    inner = rectangle(left + inset, top + inset, left + inset + hole, top + inset + hole).outer
    return replace(
        new_area((Polygon(outer=rectangle(left, top, left + side, top + side).outer, holes=(inner,)),)), **changes
    )


def every_kind():
    """One region of each kind, with classes, notes, colors and roles."""
    two = new_area((rectangle(0, 0, 10, 10), rectangle(20.25, 0, 30, 10)))
    return (
        square(10, 20, 50, class_name="Tumor", name="front", note='necrosis? "maybe"', role=StripRole.INCLUDE),
        ring_with_hole(200, 300, class_name="Ours: second", color=(1, 2, 250), role=StripRole.EXCLUDE),
        replace(two, note="two pieces\nof one"),
        new_line([[0, 0], [30, 40], [30, 100]]),
        replace(new_points([[5.5, 6.25], [7, 8], [900, 1]]), class_name="Mitosis"),
        new_points(np.array([[1.0, 2.0]])),
    )
