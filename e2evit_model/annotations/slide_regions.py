"""All that was drawn on one slide."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from e2evit_model.annotations.region import Region, StripRole
from e2evit_model.annotations.selection import Correction, TileSelection


@dataclass(frozen=True, kw_only=True, eq=False)
class SlideRegions:
    """Regions in the order in which they are drawn, the last one on top, and corrections of the tissue, the last one counting."""

    regions: tuple[Region, ...] = ()
    corrections: tuple[Correction, ...] = ()

    def __len__(self) -> int:
        return len(self.regions)

    def find(self, key: str) -> Region | None:
        """Return the region with a key, None when there is none."""
        return next((region for region in self.regions if region.key == key), None)

    def with_regions(self, added: Iterable[Region]) -> Self:
        """Return all with some more on top."""
        return replace(self, regions=(*self.regions, *added))

    def with_changed(self, changed: Iterable[Region]) -> Self:
        """Return all with some replaced by those with the same key."""
        by_key = {region.key: region for region in changed}
        return replace(self, regions=tuple(by_key.get(region.key, region) for region in self.regions))

    def without(self, keys: Iterable[str]) -> Self:
        """Return all but some."""
        dropped = set(keys)
        return replace(self, regions=tuple(region for region in self.regions if region.key not in dropped))

    def with_correction(self, correction: Correction) -> Self:
        """Return all with one more correction of the tissue."""
        return replace(self, corrections=(*self.corrections, correction))

    def without_corrections(self) -> Self:
        """Return all with the tissue as it was found."""
        return replace(self, corrections=())

    def selection(self) -> TileSelection:
        """Return what this means for an analysis."""
        return TileSelection(
            include=tuple(p for r in self.regions if r.role is StripRole.INCLUDE for p in r.polygons),
            exclude=tuple(p for r in self.regions if r.role is StripRole.EXCLUDE for p in r.polygons),
            corrections=self.corrections,
        )


EMPTY = SlideRegions()
