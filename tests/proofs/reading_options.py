"""What each way of reading a slide costs: core seconds and peak memory, as in the help page on options.

``python -m tests.proofs.reading_options --slide FILE --weights FILE [--backbone ID] [--after K ...] [--precision P]`` runs every
merger and detail on the slide, each in a process of its own, and in it all positions and 0.5 to 4 tokens a tile on the tokens that
were kept. Prints the table in Markdown; exits with 1 when an embedding, an attention or a layer is not finite.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np

from e2evit_model.convert.settings import Merger, Positions
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.models import load_model
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice

MERGERS = (Merger.MEAN, Merger.MAX)
TOKENS = (0.5, 1.0, 2.0, 4.0)


def is_finite(result):
    """Say whether every number of a result is one."""
    arrays = (result.embedding, result.attention, result.layers)
    return all(np.isfinite(array).all() for array in arrays if array is not None)


def measure(given):
    """Run one merger and detail: the first way, then all positions and tokens a tile; print one line of JSON."""
    base = AnalysisSettings(merger=given.merger, merge_after=given.one, precision=given.precision, device="cpu")
    model = load_model(ModelChoice(source=given.weights, backbone=given.backbone))
    began = time.process_time()
    finite = is_finite(analyze_slide(given.slide, base, model))
    first = time.process_time() - began
    again = []
    for positions, tokens in product(Positions, TOKENS):
        began = time.process_time()
        settings = replace(base, positions=positions, tokens_per_tile=tokens)
        finite = is_finite(analyze_slide(given.slide, settings, model)) and finite
        if tokens in (0.5, 1.0) and positions is not Positions.ALIBI:  # the kept tokens serve these
            again.append(time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"first": first, "again": float(np.median(again)), "peak": peak, "finite": finite}))


def main():
    """Measure every line in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slide", type=Path, required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--backbone")
    parser.add_argument("--after", type=int, nargs="+", default=[0, 6, 12])
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--merger", choices=[str(one) for one in MERGERS], help=argparse.SUPPRESS)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one is not None:
        measure(given)
        return
    print("| merger | after block | core seconds | again | peak memory |\n|---|---|---|---|---|", flush=True)
    fine = True
    for after, merger in product(given.after, MERGERS):
        with tempfile.TemporaryDirectory() as cache:
            words = [sys.executable, "-m", "tests.proofs.reading_options", *sys.argv[1:]]
            done = subprocess.run(
                [*words, "--one", str(after), "--merger", str(merger)],
                env={**os.environ, "E2EVIT_CACHE": cache},
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            print(f"| {merger} | {after} | failed: {done.stderr.strip().splitlines()[-1]} | | |", flush=True)
            fine = False
            continue
        found = json.loads(done.stdout.splitlines()[-1])
        again, peak = f"{found['again']:.1f}", f"{found['peak']:.2f} GB"
        print(f"| {merger} | {after} | {found['first']:.1f} | {again} | {peak} |", flush=True)
        fine = fine and found["finite"]
    print(f"\nevery number finite: {'yes' if fine else 'NO'}")
    raise SystemExit(0 if fine else 1)


if __name__ == "__main__":
    main()
