"""A whole five-fold fine-tuning on real tissue: seconds an epoch and the peak of memory, with the paper's settings.

``python -m tests.proofs.real_pixels --data FOLDER --weights FILE [--backbone ID] [--epochs N] [--out FOLDER]`` cuts the sections of
the data folder into pieces of 3 000 px and takes its regions whole, writes them as pyramids, and gives each a patient with a
survival drawn at random: what is measured is time and memory, and the C-index can only be that of no signal.
"""

import argparse
import csv
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from e2evit_model.cohort.check import check_cohort
from e2evit_model.cohort.fold_making import make_folds
from e2evit_model.report.run_metrics import read_metrics
from e2evit_model.report.run_report import write_report
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.cross_validation import cross_validate
from tests.slide_files import write_pyramid

PIECE_PX, SECTION_MPP, REGION_MPP = 3000, 0.688, 0.5
FOLDS = 5


def pieces(data):
    """Yield name, pixels and mpp: nine pieces a section, then the regions."""
    for path in sorted((data / "sections").glob("*.jpg")):
        pixels = np.asarray(Image.open(path).convert("RGB"))
        for row in range(pixels.shape[0] // PIECE_PX):
            for column in range(pixels.shape[1] // PIECE_PX):
                y, x = row * PIECE_PX, column * PIECE_PX
                yield f"{path.stem}-{row}{column}", pixels[y : y + PIECE_PX, x : x + PIECE_PX], SECTION_MPP
    for path in sorted([*(data / "regions").glob("*.png"), *(data / "regions").glob("*.jp*g")]):
        yield path.stem, np.asarray(Image.open(path).convert("RGB")), REGION_MPP


def write_cohort(data, folder):
    """Write the slides and a table with survival drawn at random; return both."""
    slides, table = folder / "slides", folder / "clinical.csv"
    slides.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    rows = []
    for name, pixels, mpp in pieces(data):
        path = slides / f"{name}.tiff"
        if not path.is_file():
            write_pyramid(path, np.ascontiguousarray(pixels), mpp=mpp)
        rows.append([name, name, f"{random.exponential(1000):.0f}", int(random.random() < 0.6)])
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case_id", "slide_id", "OS_days", "OS_event"])
        writer.writerows(rows)
    return table, slides


def main():
    """Cut, train, print a line a fold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--backbone")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=30, help="at most so many a fold; 30 as in the paper")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    out = given.out or Path(tempfile.mkdtemp(prefix="real-pixels-"))
    checked = check_cohort(*write_cohort(given.data, out))
    cohort = checked.accept()
    config = TrainingConfig(
        model=given.weights,
        backbone=given.backbone,
        epochs=given.epochs,
        threads=given.threads,
        device="cpu",
        skip_failed=True,
    )
    began = time.perf_counter()
    done = cross_validate(cohort, make_folds(cohort), config, out / "run", report=checked.to_record())
    seconds = time.perf_counter() - began
    run = RunFolder(out / "run")
    print(f"{len(cohort)} patients, {cohort.events} events; left out: {[slide.slide_id for slide in done.left_out]}")
    for fold in range(FOLDS):
        spent = [float(row["seconds"]) for row in csv.DictReader(run.fold(fold).log.open())]
        print(f"fold {fold}: {len(spent)} epochs, {np.mean(spent):.1f} s each ({min(spent):.1f} to {max(spent):.1f})")
    c = read_metrics(run, folds=FOLDS).harrell_c
    print(f"C {c.mean.value:.3f}, no signal {c.no_signal[0]:.3f} to {c.no_signal[1]:.3f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"in all {seconds:.0f} s, peak {peak:.2f} GB, {given.threads} threads; report: {write_report(run.path).name}")


if __name__ == "__main__":
    main()
