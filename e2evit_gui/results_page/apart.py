"""Move apart what would cover each other on a plane."""

import math
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

_TURN = 2.399963  # the golden angle: steps of a spiral that do not fall on each other
_STEPS = 12


def moved_apart(points: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """Return points (n, 2) of which those nearer than ``gap`` to one before them have moved to the next free place around.

    The others stay where they are. In a crowd, where there is no place for 12 steps around, a point stays, too.
    """
    moved = np.array(points, dtype=np.float64)
    taken: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)

    def is_free(x: float, y: float) -> bool:
        column, row = math.floor(x / gap), math.floor(y / gap)
        return not any(
            math.hypot(x - a, y - b) < gap
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for a, b in taken.get((column + across, row + down), ())
        )

    for index, (x, y) in enumerate(points.tolist()):
        for step in range(_STEPS + 1):
            far = gap * math.sqrt(step)
            place = (x + far * math.cos(_TURN * step), y + far * math.sin(_TURN * step))
            if is_free(*place):
                moved[index] = place
                break
        taken[math.floor(moved[index, 0] / gap), math.floor(moved[index, 1] / gap)].append(tuple(moved[index].tolist()))
    return moved
