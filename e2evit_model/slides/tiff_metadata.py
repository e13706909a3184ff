"""What a TIFF says of its resolution and objective: OME-XML, ImageJ's note, or the resolution tags."""

import re

import tifffile

from e2evit_model.slides.resolution import UM_PER_INCH, UNKNOWN, Resolution, number_or_none, resolution_of

# attributes of two elements are all that is needed: no XML parser, which would have to be guarded against hostile documents
PIXELS = re.compile(r"<(?:\w+:)?Pixels\b[^>]*>")
OBJECTIVE = re.compile(r"<(?:\w+:)?Objective\b[^>]*\bNominalMagnification=\"([^\"]+)\"")
UM_PER_UNIT = {
    "": 1.0,
    "µm": 1.0,
    "μm": 1.0,
    "um": 1.0,
    "nm": 1e-3,
    "mm": 1e3,
    "cm": 1e4,
    "m": 1e6,
    "Å": 1e-4,
    "pm": 1e-6,
}
UM_PER_RESOLUTION_UNIT = {2: UM_PER_INCH, 3: 1e4}


def resolution_in(tiff: tifffile.TiffFile, page: tifffile.TiffPage, number: int) -> Resolution:
    """Return the resolution of a file's picture ``number``, whose first page is ``page``."""
    if tiff.is_ome:
        stated = _ome_resolution(tiff.ome_metadata or "", number)
        if stated is not None:
            return stated
    per_unit = [_per_pixel(page, tag) for tag in (282, 283)]
    if tiff.is_imagej and (tiff.imagej_metadata or {}).get("unit") in ("um", "micron", "µm", "\\u00B5m"):
        return resolution_of(*per_unit)
    unit = page.tags.get(296)
    um = UM_PER_RESOLUTION_UNIT.get(int(unit.value)) if unit is not None else None
    if um is None:
        return UNKNOWN
    return resolution_of(*(None if side is None else side * um for side in per_unit))


def objective_in(tiff: tifffile.TiffFile) -> float | None:
    """Return the objective's magnification that OME-XML states, ``None`` when there is none."""
    found = OBJECTIVE.search(tiff.ome_metadata or "") if tiff.is_ome else None
    return number_or_none(found.group(1)) if found else None


def _ome_resolution(xml: str, number: int) -> Resolution | None:
    elements = PIXELS.findall(xml)
    if number >= len(elements):
        return None
    sides = []
    for axis in ("X", "Y"):
        size = number_or_none(_attribute(elements[number], f"PhysicalSize{axis}"))
        um = UM_PER_UNIT.get(_attribute(elements[number], f"PhysicalSize{axis}Unit") or "")
        if size is None or um is None:
            return None
        sides.append(size * um)
    return resolution_of(*sides)


def _attribute(element: str, name: str) -> str | None:
    found = re.search(rf'\b{name}="([^"]*)"', element)
    return found.group(1).replace("&#181;", "µ").replace("&#xB5;", "µ") if found else None


def _per_pixel(page: tifffile.TiffPage, tag: int) -> float | None:
    """Return units a pixel from a tag that states pixels a unit."""
    value = page.tags.get(tag)
    if value is None:
        return None
    above, below = value.value
    return below / above if above > 0 and below > 0 else None
