"""Slides whose risk hangs on texture alone: the mean color of every patch position of every tile says nothing about it.

``python -m tests.proofs.texture_signal --weights FILE [--backbone ID] [--merge-after 0,2,4,8] [--out FOLDER]`` paints sixty slides,
runs ``e2evit ablate`` over ``merge_after``, and prints its table. A grain is laid over each painted slide, fine where the patient
lives long and coarse where not, always equally strong; then it is taken out of the mean patch of each tile again, so that merging
before the first block leaves nothing of it. The files are lossless: JPEG would leave a trace of the grain in the means.
"""

import argparse
import csv
import tempfile
from pathlib import Path

import numpy as np
import tifffile
from scipy import ndimage

from e2evit_model.cli.main import run as e2evit
from e2evit_model.demo.cohort import painted_patients
from e2evit_model.demo.painting import Painting, paint_image

PATIENTS, TILE_PX, MPP = 60, 224, 0.5
FINE_PX, COARSE_PX, STRENGTH = 0.8, 4.0, 16.0
PATCHES = (14, 16)


def grain(shape, sigma, random):
    """Return noise of unit strength, filtered to ``sigma`` pixels."""
    noise = ndimage.gaussian_filter(random.normal(size=shape).astype(np.float32), sigma, mode="wrap")
    return noise / noise.std()


def mean_patches(tile, patch):
    """Return the mean patch (P, P, 3) of a tile."""
    count = TILE_PX // patch
    return tile.reshape(count, patch, count, patch, 3).mean((0, 2))


def lay_grain(pixels, sigma, random):
    """Add grain to whole tiles, and take out what it adds to their mean patches of every size; returns uint8."""
    grained = pixels.astype(np.float32)
    grained += STRENGTH * grain(pixels.shape[:2], sigma, random)[..., None]
    for y in range(0, pixels.shape[0] - TILE_PX + 1, TILE_PX):
        for x in range(0, pixels.shape[1] - TILE_PX + 1, TILE_PX):
            place = np.s_[y : y + TILE_PX, x : x + TILE_PX]
            plain, tile = pixels[place].astype(np.float32), grained[place]
            for _ in range(4):  # limits and the two patch sizes are met by going round
                np.clip(tile, 0, 255, out=tile)
                for patch in PATCHES:
                    wanted = mean_patches(plain, patch) - mean_patches(tile, patch)
                    tile += np.tile(wanted, (TILE_PX // patch, TILE_PX // patch, 1))
    return np.clip(np.rint(grained), 0, 255).astype(np.uint8)


def paint(folder, patients):
    """Write the slides and the clinical table; return both."""
    table, slides = folder / "clinical.csv", folder / "slides"
    slides.mkdir(parents=True, exist_ok=True)
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case_id", "slide_id", "OS_days", "OS_event"])
        writer.writerows([p.patient_id, p.slide_id, f"{p.time_days:.0f}", int(p.event)] for p in patients)
    for number, patient in enumerate(patients):
        path = slides / f"{patient.slide_id}.tiff"
        if path.is_file():
            continue
        # one look for all: only layout and cells are drawn anew, the grade goes into the grain alone
        painting = Painting(width_px=1600, height_px=1200, seed=5000 + number, pen="none", dust=False)
        sigma = FINE_PX * (COARSE_PX / FINE_PX) ** patient.grade
        pixels = lay_grain(paint_image(painting), sigma, np.random.default_rng(number))
        tifffile.imwrite(
            path,
            pixels,
            tile=(256, 256),
            photometric="rgb",
            compression="deflate",
            resolution=(1e4 / MPP, 1e4 / MPP),
            resolutionunit="CENTIMETER",
            metadata=None,
        )
    return table, slides


def main():
    """Paint, then ablate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--backbone")
    parser.add_argument("--merge-after", default="0,2,4,8")
    parser.add_argument("--method", default="linear-cox")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    out = given.out or Path(tempfile.mkdtemp(prefix="texture-"))
    table, slides = paint(out, painted_patients(PATIENTS))
    arguments = ["ablate", str(table), "--slides", str(slides), "--vary", f"merge_after={given.merge_after}"]
    arguments += ["--method", given.method, "--model", given.weights, "--out", str(out / f"ablation-{given.method}")]
    arguments += ["--backbone", given.backbone] if given.backbone else []
    raise SystemExit(e2evit(arguments))


if __name__ == "__main__":
    main()
