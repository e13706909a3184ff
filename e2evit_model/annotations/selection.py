"""What regions mean for an analysis: which tiles are kept, and what was corrected on the tissue mask by hand."""

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError, TilingError, TissueError
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tiling.regions import tiles_in_regions
from e2evit_model.tissue.mask import Finding, TissueMask
from e2evit_model.tissue.polygons import Polygon, paint

BY_HAND = "corrected by hand"


class CorrectionKind(StrEnum):
    """What a stroke of the correcting brush does."""

    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, kw_only=True, eq=False)
class Correction:
    """One stroke on the tissue mask."""

    kind: CorrectionKind
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class TileSelection:
    """Everything drawn by hand that decides which tiles are analyzed; equal when all corners are.

    Tiles are kept whose centre lies in any area of ``include`` (all, when there is none) and in no area of ``exclude``.
    ``corrections`` change the tissue mask before the tiles are laid, one after the other.
    """

    include: tuple[Polygon, ...] = ()
    exclude: tuple[Polygon, ...] = ()
    corrections: tuple[Correction, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude or self.corrections)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TileSelection) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all corners, in hex; empty when nothing was drawn."""
        return hashlib.sha256(json.dumps(self.to_record()).encode()).hexdigest() if self else ""

    def kept(self, grid: TileGrid) -> NDArray[np.bool_]:
        """Say of each tile, (N,), whether it is kept; it may be that none is."""
        kept = tiles_in_regions(grid, self.include) if self.include else np.ones(len(grid), np.bool_)
        return kept & ~tiles_in_regions(grid, self.exclude)

    def kept_or_refused(self, grid: TileGrid) -> NDArray[np.bool_]:
        """Say of each tile, (N,), whether it is kept.

        Raises
        ------
        TilingError
            When none is.
        """
        kept = self.kept(grid)
        if not kept.any():
            raise TilingError(
                "No tile is left: the regions exclude all of them.",
                hint="Take a region out of the strip's way: set it to neither include nor exclude, or make it smaller.",
            )
        return kept

    def corrected(self, mask: TissueMask) -> TissueMask:
        """Return the mask with all corrections; what was removed is ``EXCLUDED``.

        Raises
        ------
        TissueError
            When no tissue is left.
        """
        if not self.corrections:
            return mask
        findings = mask.findings.copy()
        for correction in self.corrections:
            stroke = np.zeros_like(findings)
            for polygon in correction.polygons:
                paint(stroke, polygon, 1, mask.downsample)
            painted = stroke > 0
            if correction.kind is CorrectionKind.ADD:
                findings[painted] = Finding.TISSUE
            else:
                # glass stays glass: only what would be read is left out
                findings[painted & (findings == Finding.TISSUE)] = Finding.EXCLUDED
        if not (findings == Finding.TISSUE).any():
            raise TissueError(
                "No tissue is left: the corrections by hand remove all of it.",
                hint="Undo the last correction (Ctrl+Z).",
            )
        return replace(mask, findings=findings, method=f"{mask.method}, {BY_HAND}")

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values: corners in level-0 pixels."""
        return {
            "include": [polygon_record(one) for one in self.include],
            "exclude": [polygon_record(one) for one in self.exclude],
            "corrections": [correction_record(one) for one in self.corrections],
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        """Build from :meth:`to_record`.

        Raises
        ------
        OptionError
            When the record is no selection.
        """
        try:
            return cls(
                include=tuple(polygon_of(one) for one in record.get("include", ())),
                exclude=tuple(polygon_of(one) for one in record.get("exclude", ())),
                corrections=tuple(correction_of(one) for one in record.get("corrections", ())),
            )
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise OptionError("The regions of these settings are damaged.", hint="Draw the regions again.") from error


NOTHING = TileSelection()


def ring_of(corners: Any) -> NDArray[np.float64]:
    """Build a ring from a list of corners; a last corner that repeats the first is dropped.

    Raises
    ------
    ValueError
        When there are fewer than three, or what is no number.
    """
    ring = np.array([[corner[0], corner[1]] for corner in corners], dtype=np.float64)
    if len(ring) > 1 and (ring[0] == ring[-1]).all():
        ring = ring[:-1]
    if len(ring) < 3 or not np.isfinite(ring).all():
        raise ValueError("a ring needs three corners that are numbers")
    return ring


def polygon_of(rings: Any) -> Polygon:
    """Build a polygon from its rings, the outer one first.

    Raises
    ------
    ValueError, TypeError, IndexError
        When they are none.
    """
    return Polygon(outer=ring_of(rings[0]), holes=tuple(ring_of(hole) for hole in rings[1:]))


def polygon_record(polygon: Polygon) -> list[list[list[float]]]:
    """Return the rings of a polygon as lists of corners to a hundredth of a pixel, the outer one first."""
    return [np.round(ring, 2).tolist() for ring in (polygon.outer, *polygon.holes)]


def correction_record(correction: Correction) -> dict[str, Any]:
    """Return a correction as plain JSON values."""
    return {"kind": str(correction.kind), "polygons": [polygon_record(one) for one in correction.polygons]}


def correction_of(record: Any) -> Correction:
    """Build a correction from its record.

    Raises
    ------
    KeyError, TypeError, ValueError, IndexError
        When it is none.
    """
    polygons = tuple(polygon_of(one) for one in record["polygons"])
    return Correction(kind=CorrectionKind(record["kind"]), polygons=polygons)
