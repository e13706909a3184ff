"""Tissue from a file: a picture of the whole slide at any size, or GeoJSON polygons in level-0 pixels; and a mask as a picture."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from e2evit_model.errors import TissueError
from e2evit_model.files import write_whole
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.tissue.geojson import CLASS_COLORS, read_polygons
from e2evit_model.tissue.low_power import raster_over
from e2evit_model.tissue.mask import Finding, TissueMask
from e2evit_model.tissue.polygons import paint

GEOJSON_SUFFIXES = (".geojson", ".json")
PICTURE_FORMATS = ("PNG", "TIFF", "JPEG", "BMP")
MOST_PIXELS = 100_000_000
ASPECT_TOLERANCE = 0.01
MOST_LABELS = 8  # a picture whose values are all below is one of labels: everything but 0 is tissue
BEYOND = 0.1  # polygons that reach further beyond the slide, in shares of its size, are not of this slide
OWN_MARK = "e2evit findings"  # in a PNG written by mask_to_png


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What a file says: ``findings`` (h, w) of :class:`Finding` at ``downsample``, 0 where it says nothing.

    ``says_tissue`` is false when the file only says what to leave out.
    """

    findings: NDArray[np.uint8]
    downsample: float
    says_tissue: bool

    def laid_over(self, shape: tuple[int, ...], downsample: float) -> NDArray[np.uint8]:
        """Return the findings on another raster, at the centre of each of its pixels; 0 beyond its own."""
        picked = np.zeros(shape, dtype=np.uint8)
        rows, columns = (((np.arange(length) + 0.5) * downsample / self.downsample).astype(np.intp) for length in shape)
        rows, columns = rows[rows < self.findings.shape[0]], columns[columns < self.findings.shape[1]]
        picked[: len(rows), : len(columns)] = self.findings[np.ix_(rows, columns)]
        return picked


def read_mask_file(path: Path, info: SlideInfo) -> Drawn:
    """Read a mask file for a slide.

    In a picture, white is tissue: the larger of two values, every label but 0, or a gray above the middle. In GeoJSON every polygon
    is tissue, unless its class is called "Exclude", "Ignore", "Pen", "Debris", "Artifact" or "Background".

    Raises
    ------
    TissueError
        When the file cannot be read, or does not fit the slide.
    """
    if path.suffix.lower() in GEOJSON_SUFFIXES:
        return _from_polygons(path, info)
    return _from_picture(path, info)


def _from_polygons(path: Path, info: SlideInfo) -> Drawn:
    polygons = read_polygons(path)
    corners = np.concatenate([polygon.outer for _, polygon in polygons])
    size = np.array([info.width, info.height])
    if (corners < -BEYOND * size).any() or (corners > (1 + BEYOND) * size).any():
        raise TissueError(
            f"The polygons in {path.name} lie beyond the slide.",
            hint="They must be of this slide, and in pixels of its finest level, as QuPath exports them.",
        )
    raster = raster_over(info)
    findings = np.zeros((raster.height, raster.width), dtype=np.uint8)
    # what is left out is painted last: it wins, whatever the order in the file
    for finding, polygon in sorted(polygons, key=lambda entry: entry[0] != Finding.TISSUE):
        paint(findings, polygon, finding, raster.downsample)
    says_tissue = any(finding == Finding.TISSUE for finding, _ in polygons)
    return Drawn(findings=findings, downsample=raster.downsample, says_tissue=says_tissue)


def _from_picture(path: Path, info: SlideInfo) -> Drawn:
    values, own = _open_picture(path)
    height, width = values.shape
    downsample = info.width / width
    rows = info.height / downsample
    if abs(rows - height) > max(1.0, ASPECT_TOLERANCE * rows):
        raise TissueError(
            f"{path.name} does not fit the slide: the mask has {width} x {height} pixels, the slide {info.width} x {info.height}.",
            hint="A mask must show the whole slide, at any size.",
        )
    findings = values if own else _is_white(values).astype(np.uint8)
    wanted = math.ceil(rows)
    findings = np.pad(findings, ((0, max(0, wanted - height)), (0, 0)), mode="edge")[:wanted]
    return Drawn(findings=findings, downsample=downsample, says_tissue=True)


def _open_picture(path: Path) -> tuple[NDArray[np.uint8], bool]:
    """Return the values of a picture (h, w), and whether they are findings that this program wrote."""
    cannot = TissueError(
        f"{path.name} is neither a picture nor GeoJSON that can be read as a mask.",
        hint="Give a PNG in which tissue is white, or GeoJSON polygons from QuPath.",
    )
    try:
        with Image.open(path, formats=PICTURE_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_large(path)
            if OWN_MARK in picture.info and picture.mode == "P":
                values = np.array(picture, dtype=np.uint8)
                if values.max() < len(Finding):
                    return values, True
            if picture.mode in ("I", "I;16", "F"):
                return _scaled(np.asarray(picture, dtype=np.float64)), False
            gray = picture.convert("RGB").convert("L") if picture.mode == "P" else picture.convert("L")
            return np.array(gray, dtype=np.uint8), False
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise cannot from error


def _too_large(path: Path) -> TissueError:
    return TissueError(
        f"{path.name} has too many pixels for a mask.", hint="Save it at a tenth of the size; 10 um a pixel are enough."
    )


def _scaled(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Bring 16-bit, 32-bit and floating values to 0..255; labels stay as they are."""
    largest = float(np.nan_to_num(values).max())
    if largest <= MOST_LABELS and np.equal(values, np.round(values)).all():
        return values.astype(np.uint8)
    return np.clip(np.nan_to_num(values) * (255 / largest if largest > 0 else 0), 0, 255).astype(np.uint8)


def _is_white(values: NDArray[np.uint8]) -> NDArray[np.bool_]:
    present = np.unique(values)
    if len(present) == 2:
        return np.asarray(values == present[1], dtype=np.bool_)
    if present[-1] <= MOST_LABELS:
        return np.asarray(values > 0, dtype=np.bool_)
    return np.asarray(values > 127, dtype=np.bool_)


def mask_to_png(mask: TissueMask, path: Path) -> None:
    """Write a mask as a PNG with a color for each finding; :func:`read_mask_file` reads it back without loss.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    picture = Image.fromarray(mask.findings).convert("L")
    picture = Image.frombytes("P", picture.size, picture.tobytes())
    colors = [CLASS_COLORS.get(finding, (255, 255, 255)) for finding in Finding]
    picture.putpalette([part for color in colors for part in color])
    said = PngImagePlugin.PngInfo()
    said.add_text(OWN_MARK, json.dumps({finding.name.lower(): int(finding) for finding in Finding}))
    with write_whole(path) as temporary:
        picture.save(temporary, format="PNG", pnginfo=said, optimize=True)
