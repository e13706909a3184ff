"""Sixty painted slides with a known signal: each way of training must find it, and must find nothing in permuted labels.

``python -m tests.proofs.planted_signal --weights FILE [--backbone ID] [--out FOLDER]`` paints the cohort, deals its labels to other
patients for the control, trains every method on both, and prints the C-index beside its no-signal range, seconds and memory.
"""

import argparse
import csv
import resource
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from e2evit_model.cohort.check import check_cohort
from e2evit_model.cohort.fold_making import make_folds
from e2evit_model.demo.cohort import paint_cohort, painted_patients
from e2evit_model.report.run_metrics import read_metrics
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.training.config import Method, TrainingConfig
from e2evit_model.training.cross_validation import cross_validate

PATIENTS, FOLDS = 60, 5
METHODS = (Method.LINEAR_COX, Method.LINEAR_NLL, Method.FINE_TUNE)


@dataclass(frozen=True)
class Found:
    """What one run found: cross-validated C and the range that labels without signal give, seconds, epochs of its folds."""

    method: str
    labels: str
    c: float
    low: float
    high: float
    seconds: float
    epochs: str

    @property
    def as_it_should_be(self) -> bool:
        """Above the range with the true labels, inside it with permuted ones."""
        return self.c > self.high if self.labels == "true" else self.low <= self.c <= self.high


def permuted_patients(patients, seed=0):
    """Deal times and events to other patients."""
    dealt = np.random.default_rng(seed).permutation(len(patients))
    return [
        replace(patient, time_days=patients[other].time_days, event=patients[other].event)
        for patient, other in zip(patients, dealt, strict=True)
    ]


def train(table, slides, config, run, method, labels):
    """Train as ``e2evit train`` does, and read what its metrics say."""
    checked = check_cohort(table, slides)
    cohort = checked.accept()
    began = time.perf_counter()
    cross_validate(cohort, make_folds(cohort), config, run, report=checked.to_record())
    seconds = time.perf_counter() - began
    folder = RunFolder(run)
    c = read_metrics(folder, folds=FOLDS).harrell_c
    return Found(method, labels, c.mean.value, *c.no_signal, seconds, epochs_of(folder))


def epochs_of(folder):
    """Count the epochs of each fold, where there are any."""
    logs = (folder.fold(index).log for index in range(FOLDS))
    counts = [sum(1 for _ in csv.DictReader(log.open())) for log in logs if log.is_file()]
    return "+".join(str(count) for count in counts)


def main():
    """Paint, train six times, print the table; exit with 1 when one is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--backbone")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    out = given.out or Path(tempfile.mkdtemp(prefix="planted-"))
    patients, found = painted_patients(PATIENTS), []
    began = time.perf_counter()
    tables = {}
    for labels, people in (("true", patients), ("permuted", permuted_patients(patients))):
        folder = out / labels
        folder.mkdir(parents=True, exist_ok=True)
        if labels == "permuted":  # the same pictures: only the table differs
            (folder / "slides").unlink(missing_ok=True)
            (folder / "slides").symlink_to(out / "true" / "slides")
        tables[labels] = paint_cohort(folder, people)
    print(f"painted {PATIENTS} slides in {time.perf_counter() - began:.0f} s, {sum(p.event for p in patients)} deaths")
    for method in METHODS:
        for labels, (table, slides) in tables.items():
            config = TrainingConfig(
                method=method, model=given.weights, backbone=given.backbone, folds_in_parallel=2, threads=1
            )
            found.append(train(table, slides, config, out / "runs" / f"{method.value}-{labels}", method.value, labels))
            print_row(found[-1])
    kilobytes = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"in all {time.perf_counter() - began:.0f} s, largest process {kilobytes / 1e6:.2f} GB")
    raise SystemExit(0 if all(one.as_it_should_be for one in found) else 1)


def print_row(one):
    """Print one run as it ends."""
    print(
        f"{one.method:12} {one.labels:9} C {one.c:.3f}  no signal {one.low:.3f} to {one.high:.3f}  "
        f"{one.seconds:5.0f} s  epochs {one.epochs or '-'}  {'ok' if one.as_it_should_be else 'NOT AS IT SHOULD BE'}",
        flush=True,
    )


if __name__ == "__main__":
    main()
